/*
 * The HTTP side of the server. microhttpd threads read requests and send answers; a request that
 * needs the database is suspended and handled by one of a fixed number of workers, each with a
 * connection of its own while it works. Sign-ins, which cost memory and time on purpose, have a
 * lane of their own, so that nobody can stop the others with them.
 *
 * Start and stop from one thread. vf_http_drain() lets what is in flight finish.
 */
#ifndef VF_SERVER_HTTP_LISTENER_H
#define VF_SERVER_HTTP_LISTENER_H

#include <stdbool.h>
#include <stddef.h>

#include "server/api/env.h"
#include "server/http/static_files.h"
#include "verifleet/status.h"

#define VF_LISTEN_MAX 8

struct vf_http_settings {
	int listen_fd[VF_LISTEN_MAX]; /* bound and listening; owned by the server once it started */
	size_t n_listen;
	bool tls;
	const char *tls_cert_pem, *tls_key_pem;
	int threads, workers, queue_max, connection_max, per_address_max, idle_timeout_s;
	size_t header_max, body_memory_max, arena_max;
	int schema_version; /* what /readyz wants to find */
	struct vf_api_env *env;
	struct vf_static_files *files; /* borrowed */
};

struct vf_http;

VF_MUST enum vf_status vf_http_start(
	const struct vf_http_settings *, struct vf_http **out, struct vf_err *);
const struct vf_http_settings *vf_http_settings(const struct vf_http *);
/* No new connections from here on; waits at most `timeout_ms`; true when nothing is in flight. */
bool vf_http_drain(struct vf_http *, int timeout_ms);
void vf_http_stop(struct vf_http *); /* NULL is fine */

#endif
