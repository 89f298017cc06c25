/* Problem documents (RFC 9457) for failures that a handler hands back. Pure. */
#ifndef VF_SERVER_API_PROBLEM_H
#define VF_SERVER_API_PROBLEM_H

#include "server/api/request.h"

/* "Not Found" and friends: reason phrase of an HTTP status. */
const char *vf_http_reason(int status);
/* vf_res_problem() with members of its own ("expected_seq"); takes `extra`. */
VF_MUST enum vf_status vf_res_problem_with(struct vf_request *, struct vf_response *, int status,
	const char *slug, const char *field, const char *detail, json_t *extra);
/* Makes the answer of a handler that returned `st`: the table in request.h. */
void vf_res_failure(
	struct vf_request *, struct vf_response *, enum vf_status st, const struct vf_err *);

#endif
