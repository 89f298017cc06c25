/*
 * Who asks, and may they: an agent's signature, a bearer token or the session cookie, then the
 * scope of the route (one of its bits is enough). Fills req->who. `allowed` stays false when the
 * answer (401, 403) already stands.
 */
#ifndef VF_SERVER_HTTP_AUTH_H
#define VF_SERVER_HTTP_AUTH_H

#include "server/http/exchange.h"

VF_MUST enum vf_status vf_auth(struct vf_exchange *, bool *allowed, struct vf_err *);
/* Whether a browser says that one of our own pages sent the request. Any of them may be NULL. */
VF_MUST bool vf_same_origin(const char *fetch_site, const char *origin, const char *host);

#endif
