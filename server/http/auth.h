/*
 * Who asks, and may they: session cookie, bearer token or agent signature, then the scope of the
 * route. Fills req->who. `allowed` stays false when the answer (401, 403, 429) already stands.
 */
#ifndef VF_SERVER_HTTP_AUTH_H
#define VF_SERVER_HTTP_AUTH_H

#include "server/http/exchange.h"

VF_MUST enum vf_status vf_auth(struct vf_exchange *, bool *allowed, struct vf_err *);

#endif
