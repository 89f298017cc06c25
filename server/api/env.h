/* What handlers need from the running server, set once at start and then only read. */
#ifndef VF_SERVER_API_ENV_H
#define VF_SERVER_API_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vf_pool;

struct vf_api_env {
	const char *public_url; /* without a slash at the end: what commands on pages use */
	const char *dump_dir;   /* raw dumps by SHA-256: <dir>/<first two digits>/<64 digits> */
	const char *web_dir;
	const char *openapi; /* openapi.json, read before rights were dropped */
	size_t openapi_len;
	uint64_t dump_max; /* bytes of one raw dump */
	int64_t started_us;
	int session_hours;  /* a sign-in ends after this time without use */
	bool cookie_secure; /* TLS is on: the session cookie carries Secure */
	struct vf_pool *pool;
};

#endif
