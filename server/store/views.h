/*
 * The views that the API answers from, one for each kind of row (list.h says how they are used).
 * A number of one view that counts rows of another has a filter there that gives exactly these.
 */
#ifndef VF_SERVER_STORE_VIEWS_H
#define VF_SERVER_STORE_VIEWS_H

#include "server/store/list.h"

extern const struct vf_list vf_view_project, vf_view_branch, vf_view_driver; /* inventory_read.c */
extern const struct vf_list vf_view_build, vf_view_image;                    /* build_read.c */
extern const struct vf_list vf_view_build_detail, vf_view_build_ref;
extern const struct vf_list vf_view_report_machine; /* of one build */
extern const struct vf_list vf_view_machine, vf_view_agent, vf_view_stream, vf_view_boot;
extern const struct vf_list vf_view_machine_detail;                  /* machine_read.c */
extern const struct vf_list vf_view_run;                             /* run_read.c */
extern const struct vf_list vf_view_finding, vf_view_finding_detail; /* finding_read.c */
extern const struct vf_list vf_view_finding_build, vf_view_finding_machine, vf_view_related;
extern const struct vf_list vf_view_occurrence, vf_view_occurrence_detail; /* occurrence_read.c */
extern const struct vf_list vf_view_user, vf_view_token, vf_view_enroll_token; /* access_read.c */
extern const struct vf_list vf_view_audit, vf_view_rejected;
extern const struct vf_list vf_view_dump; /* dump_read.c */

/* The columns of a reference to a build, its driver and its branch. */
#define VF_BUILD_REF_OF(member, b, d, br)                                                          \
	{member ".id", b ".id", VF_COL_INT}, {member ".driver", d ".name", VF_COL_TEXT},           \
		{member ".branch", br ".name", VF_COL_TEXT},                                       \
		{member ".seq", b ".seq", VF_COL_INT},                                             \
	{                                                                                          \
		member ".label", b ".label", VF_COL_TEXT                                           \
	}
#define VF_BUILD_REF(member) VF_BUILD_REF_OF(member, "b", "d", "br")

#define VF_MICROSECONDS(column) "(extract(epoch from " column ") * 1000000)::bigint"

#endif
