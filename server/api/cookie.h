/* The session cookie: 256 random bits as hexadecimal text, kept by the server only as a SHA-256. */
#ifndef VF_SERVER_API_COOKIE_H
#define VF_SERVER_API_COOKIE_H

#include "server/api/request.h"

/* False when the request carries no well-formed session cookie. */
VF_MUST bool vf_cookie_hash(const struct vf_request *, unsigned char hash[32]);
/* A new value: `set_cookie` is the header, in the arena; NULL when out of memory. */
VF_MUST char *vf_cookie_new(struct vf_request *, int max_age_s, unsigned char hash[32]);
VF_MUST char *vf_cookie_clear(struct vf_request *);

#endif
