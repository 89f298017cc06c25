/*
 * One HTTP exchange as the handlers see it: no sockets, no microhttpd. server/http fills a request
 * from the wire and sends the response; tests fill it by hand.
 *
 * Everything a request points to lives in its arena, and so does the response body: a handler
 * allocates from req->arena and never frees. A handler runs on one thread, owns `db` for the call
 * and returns VF_OK whenever it has filled `res`, also with an error answer; any other status
 * becomes a problem document by the table in problem.c (INVALID 422, LIMIT 413, NOTFOUND 404,
 * CONFLICT 409, DENIED 403, AGAIN 503 with Retry-After, anything else 500) with err->text as
 * detail.
 */
#ifndef VF_SERVER_API_REQUEST_H
#define VF_SERVER_API_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "server/domain/access.h"
#include "server/runtime/arena.h"
#include "verifleet/status.h"

struct vf_db;

enum vf_method { VF_GET, VF_HEAD, VF_POST, VF_PUT, VF_PATCH, VF_DELETE };

/* Who asks. Set by server/http before the handler runs. */
struct vf_principal {
	enum { VF_WHO_NOBODY, VF_WHO_USER, VF_WHO_TOKEN, VF_WHO_AGENT } kind;
	int64_t id;         /* app_user.id, api_token.id or agent.id */
	int64_t machine_id; /* agents only, else 0 */
	int64_t project_id; /* agents, and tokens bound to one project; 0 = every project */
	enum vf_role role;
	uint32_t scopes;
	char name[128]; /* for the audit: user name, token prefix or agent uuid */
};

struct vf_pair {
	const char *name, *value; /* decoded, valid UTF-8, no control characters */
};

#define VF_MAX_PARAMS 8
#define VF_MAX_QUERY  32

struct vf_request {
	enum vf_method method;
	const char *path;                    /* without the query, as matched */
	const char *target;                  /* path and query as sent: what an agent signs */
	struct vf_pair param[VF_MAX_PARAMS]; /* {id} and friends of the route */
	size_t n_param;
	struct vf_pair query[VF_MAX_QUERY];
	size_t n_query;
	const char *(*header)(const struct vf_request *, const char *name); /* NULL when absent */
	void *header_arg;
	const unsigned char *body; /* as sent, after the route's limit; NULL when empty */
	size_t body_len;
	const char *content_encoding; /* NULL or "gzip"; the body is not yet decompressed */
	const char *remote_addr;      /* numeric address of the peer */
	const char *request_id;       /* 16 hex digits, in every log line and problem document */
	int64_t now_us;               /* UTC microseconds */
	struct vf_principal who;
	struct vf_arena *arena;
	struct vf_db *db;       /* a connection for this request, autocommit until vf_tx_begin() */
	struct vf_api_env *env; /* paths, limits and settings that handlers need (api/env.h) */
};

struct vf_response {
	int status;               /* 200 when the handler leaves it 0 */
	const char *content_type; /* application/json when NULL */
	const void *body;
	size_t body_len;
	int file_fd; /* -1, or an open file whose file_len bytes are the body; closed by http */
	uint64_t file_len;
	const char *etag; /* strong, with quotes; http answers 304 when If-None-Match holds it */
	const char *location;
	const char *set_cookie;
	const char *disposition;   /* Content-Disposition of a download */
	const char *cache_control; /* "no-store" when NULL */
	int retry_after_s;         /* 0 = no header */
};

typedef enum vf_status vf_handler(struct vf_request *, struct vf_response *, struct vf_err *);

/* First value of a query member, NULL when absent. */
const char *vf_req_query(const struct vf_request *, const char *name);
/* A path parameter as a positive 63-bit id; VF_E_NOTFOUND when it is none. */
VF_MUST enum vf_status vf_req_id(
	const struct vf_request *, const char *name, int64_t *out, struct vf_err *);
/* The body as a JSON object: no duplicate keys, depth and size limited; freed with the arena. */
VF_MUST enum vf_status vf_req_json(struct vf_request *, json_t **out, struct vf_err *);

/*
 * Takes `value` (also when it is NULL or cannot be encoded) and makes it the body. What a GET gets
 * with 200 is tagged by its content, unless the handler has set a tag.
 */
VF_MUST enum vf_status vf_res_json(
	struct vf_request *, struct vf_response *, int status, json_t *value, struct vf_err *);
/* Tags a body by its content: a BLAKE2b of it, so that equal bodies have equal tags. */
VF_MUST enum vf_status vf_res_tag(struct vf_request *, struct vf_response *, struct vf_err *);
/* RFC 9457: type "about:blank" or "/problems/<slug>", title, detail, field and request id. */
VF_MUST enum vf_status vf_res_problem(struct vf_request *, struct vf_response *, int status,
	const char *slug, const char *field, const char *detail);

#endif
