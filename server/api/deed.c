#include "server/api/deed.h"

#include <inttypes.h>

#include "server/store/account.h"
#include "server/store/audit.h"

static const char *const kinds[] = {
	[VF_WHO_NOBODY] = "system",
	[VF_WHO_USER] = "user",
	[VF_WHO_TOKEN] = "token",
	[VF_WHO_AGENT] = "agent",
};

enum vf_status vf_deed_record(struct vf_request *req, const char *action, const char *object_kind,
	int64_t object_id, json_t *detail, struct vf_err *err)
{
	const struct vf_actor who = {
		kinds[req->who.kind], req->who.id, req->who.name, req->remote_addr};
	char id[24];

	snprintf(id, sizeof id, "%" PRId64, object_id);
	return vf_audit(req->db, &who, action, object_kind, id, detail, err);
}

enum vf_status vf_deed_project(struct vf_request *req, struct vf_response *res, const char *slug,
	int64_t *id, struct vf_err *err)
{
	enum vf_status st;

	*id = 0;
	if (!slug && req->who.project_id) {
		*id = req->who.project_id;
		return VF_OK;
	}
	st = vf_project_id(req->db, slug ? slug : "default", id, err);
	/* A caller bound to one project does not learn which others there are. */
	if (!st && req->who.project_id && *id != req->who.project_id)
		st = VF_E_NOTFOUND;
	if (st != VF_E_NOTFOUND)
		return st;
	*id = 0;
	return vf_res_problem(req, res, 422, "invalid", "project", "there is no such project");
}
