/* A write of the API: one transaction, one audit row that says who did it from where. */
#ifndef VF_SERVER_API_DEED_H
#define VF_SERVER_API_DEED_H

#include "server/api/request.h"

/* Adds the audit row, in the open transaction. Takes `detail` (NULL = nothing more to say). */
VF_MUST enum vf_status vf_deed_record(struct vf_request *, const char *action,
	const char *object_kind, int64_t object_id, json_t *detail, struct vf_err *);
/*
 * The project that a write is for: `slug`, or when it is NULL the caller's own or `default`.
 * Fills `res` with 422 (`field` project) and leaves *id 0 when there is none or it is not for this
 * caller.
 */
VF_MUST enum vf_status vf_deed_project(
	struct vf_request *, struct vf_response *, const char *slug, int64_t *id, struct vf_err *);

#endif
