/* The routes that are a list and nothing else. */
#include "server/api/list.h"
#include "server/store/views.h"

#define LIST(handler, view)                                                                        \
	vf_handler handler;                                                                        \
	enum vf_status handler(                                                                    \
		struct vf_request *req, struct vf_response *res, struct vf_err *err)               \
	{                                                                                          \
		return vf_list_answer(req, res, &(view), err);                                     \
	}

LIST(vf_api_projects, vf_view_project)
LIST(vf_api_branches, vf_view_branch)
LIST(vf_api_drivers, vf_view_driver)
LIST(vf_api_builds, vf_view_build)
LIST(vf_api_machines, vf_view_machine)
LIST(vf_api_runs, vf_view_run)
LIST(vf_api_findings, vf_view_finding)
LIST(vf_api_occurrences, vf_view_occurrence)
LIST(vf_api_users, vf_view_user)
LIST(vf_api_tokens, vf_view_token)
LIST(vf_api_enroll_tokens, vf_view_enroll_token)
LIST(vf_api_audit, vf_view_audit)
LIST(vf_api_rejected, vf_view_rejected)
