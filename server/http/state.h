/* The running HTTP side, for the files of this folder only. */
#ifndef VF_SERVER_HTTP_STATE_H
#define VF_SERVER_HTTP_STATE_H

#include <stdatomic.h>

#include "server/http/listener.h"
#include "server/http/work.h"

struct vf_http {
	struct vf_http_settings set;
	struct MHD_Daemon *daemon[VF_LISTEN_MAX];
	bool quiet[VF_LISTEN_MAX];
	struct vf_lane fast, slow;
	_Atomic bool draining; /* answers from here on end their connections */
	_Atomic int in_flight;
	_Atomic size_t body_bytes;
};

/* Paths and queries stay encoded: decode.c is stricter than microhttpd. */
size_t vf_http_keep_escapes(void *arg, struct MHD_Connection *, char *text);

#endif
