/* Addresses that are no part of the API: /healthz, /readyz, /metrics; and what routes need. */
#ifndef VF_SERVER_HTTP_BUILTIN_H
#define VF_SERVER_HTTP_BUILTIN_H

#include "server/http/exchange.h"

/* Route of /healthz, /readyz or /metrics, else NULL. */
const struct vf_route *vf_builtin_route(const char *path, enum vf_method);
void vf_builtin_healthz(struct vf_exchange *);
/* True when the route wants a known caller and the request holds nothing that could name one. */
bool vf_builtin_needs_sign_in(const struct vf_exchange *);
/* Sign-ins: slow on purpose, handled in a lane of their own. */
bool vf_builtin_slow(const struct vf_route *);

#endif
