/* Problem documents (RFC 9457) for failures that a handler hands back. Pure. */
#ifndef VF_SERVER_API_PROBLEM_H
#define VF_SERVER_API_PROBLEM_H

#include "server/api/request.h"

/* "Not Found" and friends: reason phrase of an HTTP status. */
const char *vf_http_reason(int status);
/* Makes the answer of a handler that returned `st`: the table in request.h. */
void vf_res_failure(
	struct vf_request *, struct vf_response *, enum vf_status st, const struct vf_err *);

#endif
