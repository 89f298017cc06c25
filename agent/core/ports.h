/*
 * What the agent's pure core needs from the world: small tables of functions, one a kind of effect.
 * agent/posix implements them for Linux; tests/support holds in-memory ones that can lose power.
 *
 * Every table carries a `ctx` that is passed back as the first argument. A table and what it points
 * to outlive everything that was given them. Nothing here is called from two threads at once unless
 * its implementation says that it may be. Paths are UTF-8 and use '/'.
 */
#ifndef VF_AGENT_CORE_PORTS_H
#define VF_AGENT_CORE_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/core/buf.h"
#include "verifleet/status.h"

/* Wall clock for what people read, monotonic clock for waiting. Both in microseconds. */
struct vf_clock {
	void *ctx;
	int64_t (*wall_us)(void *ctx); /* since 1970, UTC; may jump */
	int64_t (*mono_us)(void *ctx); /* never goes back; its zero is the start of the boot */
};

struct vf_file; /* an open file, made and released by its port */

struct vf_file_info {
	uint64_t size;
	int64_t mtime_us;
	bool is_dir;
};

/*
 * Files. A write is durable after sync() of the file; a name that was made, renamed or removed is
 * durable after sync_dir() of its folder. replace() does both. VF_E_NOTFOUND means that the name
 * does not exist, VF_E_AGAIN that another process holds the lock, VF_E_IO everything else.
 */
struct vf_files {
	void *ctx;
	VF_MUST enum vf_status (*open)(
		void *ctx, const char *path, struct vf_file **out, struct vf_err *err);
	VF_MUST enum vf_status (*write_at)(void *ctx, struct vf_file *f, uint64_t offset,
		const void *data, size_t len, struct vf_err *err);
	VF_MUST enum vf_status (*sync)(void *ctx, struct vf_file *f, struct vf_err *err);
	void (*close)(void *ctx, struct vf_file *f);

	/* Whole file, refused with VF_E_LIMIT when it does not fit into the room of `out`. */
	VF_MUST enum vf_status (*read_all)(
		void *ctx, const char *path, struct vf_buf *out, struct vf_err *err);
	VF_MUST enum vf_status (*read_at)(void *ctx, const char *path, uint64_t offset, void *data,
		size_t len, size_t *got, struct vf_err *err);
	/* The file has either its old content or all of the new one, whatever happens. Mode 0600. */
	VF_MUST enum vf_status (*replace)(
		void *ctx, const char *path, const void *data, size_t len, struct vf_err *err);
	VF_MUST enum vf_status (*rename)(
		void *ctx, const char *from, const char *to, struct vf_err *err);
	VF_MUST enum vf_status (*remove)(void *ctx, const char *path, struct vf_err *err);
	VF_MUST enum vf_status (*make_dir)(void *ctx, const char *path, struct vf_err *err);
	VF_MUST enum vf_status (*sync_dir)(void *ctx, const char *path, struct vf_err *err);
	VF_MUST enum vf_status (*info)(
		void *ctx, const char *path, struct vf_file_info *out, struct vf_err *err);
	/* Calls each() for every name in a folder, in no order; each() returning false stops. */
	VF_MUST enum vf_status (*list)(void *ctx, const char *path,
		bool (*each)(void *arg, const char *name), void *arg, struct vf_err *err);
	/* One holder a path, given back by unlock() or by the end of the process. */
	VF_MUST enum vf_status (*lock)(
		void *ctx, const char *path, struct vf_file **out, struct vf_err *err);
	void (*unlock)(void *ctx, struct vf_file *f);
};

/* Unpredictable bytes. Failing to get them ends the program: nothing sensible can go on. */
struct vf_random {
	void *ctx;
	void (*bytes)(void *ctx, void *out, size_t len);
};

#define VF_SHA256_LEN    32
#define VF_SIGNATURE_MAX 80 /* bytes of an ECDSA P-256 signature in DER */

/* The agent's key pair lives behind this table; its private half never comes out. */
struct vf_crypto {
	void *ctx;
	void (*sha256)(void *ctx, const void *data, size_t len, uint8_t out[VF_SHA256_LEN]);
	/* A whole file, without holding it in memory. */
	VF_MUST enum vf_status (*sha256_file)(void *ctx, const char *path,
		uint8_t out[VF_SHA256_LEN], uint64_t *size, struct vf_err *err);
	/* ECDSA P-256 with SHA-256 over `data`, DER. */
	VF_MUST enum vf_status (*sign)(void *ctx, const void *data, size_t len,
		uint8_t out[VF_SIGNATURE_MAX], size_t *out_len, struct vf_err *err);
	/* SubjectPublicKeyInfo as PEM. */
	VF_MUST enum vf_status (*public_pem)(void *ctx, struct vf_buf *out, struct vf_err *err);
};

#define VF_HTTP_HEADERS_MAX 10

struct vf_http_request {
	const char *method;                       /* GET, HEAD, POST, PUT, DELETE */
	const char *path;                         /* path with query, begins with '/' */
	const char *headers[VF_HTTP_HEADERS_MAX]; /* "Name: value", NULL ends the list early */
	const void *body;
	size_t body_len;
	int timeout_ms; /* for the whole exchange; 0 = the port's default */
};

struct vf_http_response {
	int status;         /* 100..599 */
	struct vf_buf body; /* the caller inits it: its ceiling is the ceiling of the answer */
};

/* One server. VF_E_AGAIN: it was not reached or did not answer; the exchange may have happened. */
struct vf_http {
	void *ctx;
	VF_MUST enum vf_status (*exchange)(void *ctx, const struct vf_http_request *req,
		struct vf_http_response *res, struct vf_err *err);
};

#endif
