/* From the answer of a handler to the answer on the wire. */
#include <unistd.h>
#include <zlib.h>

#include "server/http/exchange.h"
#include "server/http/headers.h"
#include "server/http/state.h"

#define GZIP_FROM 1024u

/* True when the client takes gzip: named and not with q=0. */
static bool accepts_gzip(struct vf_exchange *x)
{
	const char *accept = MHD_lookup_connection_value(
		x->conn, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_ENCODING);
	const char *p = accept ? strstr(accept, "gzip") : NULL;

	if (!p)
		return false;
	p += 4;
	p += strspn(p, " \t");
	if (*p != ';')
		return *p == ',' || !*p;
	p += 1 + strspn(p + 1, " \t");
	if (strncmp(p, "q=0", 3) != 0)
		return true;
	return p[3] == '.' && strspn(p + 4, "0") != strcspn(p + 4, ",; \t");
}

static bool compressible(const struct vf_response *res)
{
	return !res->content_type || strstr(res->content_type, "json") ||
	       !strncmp(res->content_type, "text/", 5);
}

static void compress_body(struct vf_exchange *x)
{
	struct vf_response *res = &x->res;
	z_stream z = {0};
	uLong bound;
	void *out;

	if (deflateInit2(&z, 4, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	bound = deflateBound(&z, (uLong)res->body_len);
	out = vf_arena_alloc(&x->arena, bound);
	if (out) {
		z.next_in = (Bytef *)res->body;
		z.avail_in = (uInt)res->body_len;
		z.next_out = out;
		z.avail_out = (uInt)bound;
		if (deflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out < res->body_len) {
			res->body = out;
			res->body_len = z.total_out;
			x->gzipped = true;
		}
	}
	deflateEnd(&z);
}

/* A gzip answer is another representation: its tag is the plain one with "-gz" inside the quotes.
 */
static const char *tag_of_gzip(struct vf_exchange *x, const char *etag)
{
	return vf_arena_printf(&x->arena, "%.*s-gz\"", (int)(strlen(etag) - 1), etag);
}

static bool etag_matches(struct vf_exchange *x, const char *etag)
{
	const char *held = MHD_lookup_connection_value(
		x->conn, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
	size_t len = strlen(etag) - 1; /* without the closing quote: either representation */

	if (!held)
		return false;
	if (!strcmp(held, "*"))
		return true;
	for (const char *p = held; (p = strstr(p, etag[0] == '"' ? "\"" : "W/")); p++)
		if (!strncmp(p, etag, len) && (p[len] == '"' || !strncmp(p + len, "-gz\"", 4)))
			return true;
	return false;
}

void vf_http_prepare(struct vf_exchange *x)
{
	struct vf_response *res = &x->res;

	if (!res->status)
		res->status = 200;
	x->stage = VF_STAGE_ANSWER;
	if (res->status == 200 && res->etag && x->req.method <= VF_HEAD &&
		etag_matches(x, res->etag)) {
		res->status = 304;
		res->body = NULL;
		res->body_len = 0;
		if (res->file_fd >= 0)
			close(res->file_fd);
		res->file_fd = -1;
		return;
	}
	if (res->file_fd < 0 && res->body_len > GZIP_FROM && res->body_len < 1u << 30 &&
		!x->gzipped && compressible(res) && accepts_gzip(x))
		compress_body(x);
}

static void add(struct MHD_Response *r, const char *name, const char *value)
{
	if (value)
		MHD_add_response_header(r, name, value);
}

static void add_headers(struct vf_exchange *x, struct MHD_Response *r)
{
	const struct vf_response *res = &x->res;
	struct vf_header_kind kind = {.page = x->public_page,
		.download = res->disposition != NULL,
		.tls = vf_http_settings(x->http)->tls};
	char seconds[16];

	vf_headers_add(r, kind);
	if (res->status != 204 && res->status != 304)
		add(r, MHD_HTTP_HEADER_CONTENT_TYPE,
			res->content_type ? res->content_type : "application/json");
	add(r, MHD_HTTP_HEADER_CACHE_CONTROL, res->cache_control ? res->cache_control : "no-store");
	if (res->etag)
		add(r, MHD_HTTP_HEADER_ETAG, x->gzipped ? tag_of_gzip(x, res->etag) : res->etag);
	if (x->gzipped)
		add(r, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	if (compressible(res))
		add(r, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
	add(r, MHD_HTTP_HEADER_LOCATION, res->location);
	add(r, MHD_HTTP_HEADER_SET_COOKIE, res->set_cookie);
	add(r, MHD_HTTP_HEADER_CONTENT_DISPOSITION, res->disposition);
	add(r, MHD_HTTP_HEADER_ALLOW, x->allow);
	if (res->status == 401)
		add(r, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"verifleet\"");
	if (res->retry_after_s) {
		snprintf(seconds, sizeof seconds, "%d", res->retry_after_s);
		add(r, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	}
	if (x->close || atomic_load(&x->http->draining))
		add(r, MHD_HTTP_HEADER_CONNECTION, "close");
	add(r, "X-Request-Id", x->id);
}

enum MHD_Result vf_http_send(struct vf_exchange *x)
{
	struct vf_response *res = &x->res;
	struct MHD_Response *r;
	enum MHD_Result queued;

	if (res->file_fd >= 0) {
		r = MHD_create_response_from_fd64(res->file_len, res->file_fd);
		if (!r)
			close(res->file_fd);
		res->file_fd = -1; /* the response closes it */
	} else {
		/* The body lives in the arena of the exchange, which outlasts the sending. */
		r = MHD_create_response_from_buffer(
			res->body_len, (void *)res->body, MHD_RESPMEM_PERSISTENT);
	}
	if (!r)
		return MHD_NO;
	add_headers(x, r);
	queued = MHD_queue_response(x->conn, (unsigned)res->status, r);
	MHD_destroy_response(r);
	return queued;
}
