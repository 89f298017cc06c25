#include "server/http/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/api/problem.h"
#include "server/http/builtin.h"
#include "server/http/metrics.h"
#include "server/http/state.h"
#include "server/http/work.h"
#include "server/runtime/clock.h"
#include "server/runtime/hex.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"

/* An over-long body is read and dropped up to here, so that the client gets to see the answer. */
#define DISCARD_MAX (16u * 1024u * 1024u)

const struct vf_http_settings *vf_http_settings(const struct vf_http *h)
{
	return &h->set;
}

/* ------------------------------------------------------------------ birth and end */

static void peer_address(struct vf_exchange *x)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(x->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *sa = info ? info->client_addr : NULL;
	const void *bytes = NULL;

	snprintf(x->addr, sizeof x->addr, "0.0.0.0");
	if (!sa)
		return;
	if (sa->sa_family == AF_INET)
		bytes = &((const struct sockaddr_in *)sa)->sin_addr;
	else if (sa->sa_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)sa)->sin6_addr;
	if (bytes && inet_ntop(sa->sa_family, bytes, x->addr, sizeof x->addr) &&
		!strncmp(x->addr, "::ffff:", 7) && strchr(x->addr, '.'))
		memmove(x->addr, x->addr + 7, strlen(x->addr + 7) + 1);
}

static const char *header_of(const struct vf_request *req, const char *name)
{
	return MHD_lookup_connection_value(req->header_arg, MHD_HEADER_KIND, name);
}

/* Called with the raw target, before anything else is known of the request. */
static void *begin(void *arg, const char *target, struct MHD_Connection *conn)
{
	struct vf_http *h = arg;
	struct vf_exchange *x = calloc(1, sizeof *x);
	unsigned char id[8];

	if (!x)
		return NULL;
	x->http = h;
	x->conn = conn;
	x->begin_us = vf_mono_us();
	vf_arena_init(&x->arena, h->set.arena_max);
	vf_buf_init(&x->body, 0);
	vf_random(id, sizeof id);
	vf_hex(id, sizeof id, x->id);
	peer_address(x);
	x->res.file_fd = -1;
	x->req.target = vf_arena_strdup(&x->arena, target);
	x->req.arena = &x->arena;
	x->req.header = header_of;
	x->req.header_arg = conn;
	x->req.remote_addr = x->addr;
	x->req.request_id = x->id;
	x->req.env = h->set.env;
	return x;
}

static void log_access(const struct vf_exchange *x, int64_t us)
{
	char ms[32], status[16], bytes[24];
	const struct vf_log_field field[] = {{"req", x->id}, {"peer", x->addr},
		{"method", vf_method_name(x->req.method)}, {"target", x->req.target},
		{"status", status}, {"ms", ms}, {"bytes", bytes},
		{"who", x->req.who.kind == VF_WHO_NOBODY ? NULL : x->req.who.name}};

	enum vf_log_level level = VF_LOG_INFO;

	if (x->res.status >= 500)
		level = VF_LOG_WARN;
	else if (x->req.who.kind == VF_WHO_AGENT && x->res.status < 300)
		level = VF_LOG_DEBUG; /* thousands of them, each every few seconds */
	snprintf(ms, sizeof ms, "%.1f", (double)us / 1000);
	snprintf(status, sizeof status, "%d", x->res.status);
	snprintf(bytes, sizeof bytes, "%zu", x->res.body_len);
	vf_log_fields(level, "http", field, VF_ARRAY_LEN(field));
}

static void forget_body(struct vf_exchange *x)
{
	atomic_fetch_sub(&x->http->body_bytes, x->body_counted);
	x->body_counted = 0;
}

static void finish(
	void *arg, struct MHD_Connection *conn, void **con_cls, enum MHD_RequestTerminationCode how)
{
	struct vf_exchange *x = *con_cls;
	int64_t us;

	(void)arg;
	(void)conn;
	(void)how;
	if (!x)
		return;
	*con_cls = NULL;
	us = vf_mono_us() - x->begin_us;
	if (x->counted) {
		if (x->res.status) {
			log_access(x, us);
			vf_metrics_request(x->route, x->res.status, us);
		}
		atomic_fetch_sub(&x->http->in_flight, 1);
	}
	if (x->res.file_fd >= 0)
		close(x->res.file_fd);
	forget_body(x);
	vf_buf_release(&x->body);
	vf_arena_release(&x->arena);
	free(x);
}

/* ------------------------------------------------------------------ stages of a request */

static void problem(struct vf_exchange *x, int status, const char *slug, const char *detail)
{
	enum vf_status st = vf_res_problem(&x->req, &x->res, status, slug, NULL, detail);

	(void)st; /* always VF_OK */
	vf_http_prepare(x);
}

/* Answers before the body was read: small bodies are dropped, larger ones end the connection. */
static enum MHD_Result refuse(
	struct vf_exchange *x, int status, const char *slug, const char *detail)
{
	const char *length = MHD_lookup_connection_value(
		x->conn, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
	const char *expect =
		MHD_lookup_connection_value(x->conn, MHD_HEADER_KIND, MHD_HTTP_HEADER_EXPECT);

	problem(x, status, slug, detail);
	if (expect || (length && strtoull(length, NULL, 10) > DISCARD_MAX))
		return vf_http_send(x);
	x->stage = VF_STAGE_DISCARD;
	return MHD_YES;
}

static bool serve_file(struct vf_exchange *x)
{
	const struct vf_static_file *f = vf_static_files_find(x->http->set.files, x->req.path);
	struct vf_response *res = &x->res;
	const char *accept;

	if (!f)
		return false;
	res->content_type = f->mime;
	res->body = f->bytes;
	res->body_len = f->len;
	res->etag = f->etag;
	res->cache_control = f->immutable ? "public, max-age=31536000, immutable" : "no-cache";
	x->public_page = true;
	accept = header_of(&x->req, MHD_HTTP_HEADER_ACCEPT_ENCODING);
	if (f->gz_len && accept && strstr(accept, "gzip") && !strstr(accept, "gzip;q=0")) {
		res->body = f->gz;
		res->body_len = f->gz_len;
		x->gzipped = true;
	}
	vf_http_prepare(x);
	return true;
}

/* What needs neither a body nor a worker. True when the answer stands. */
static bool answer_inline(struct vf_exchange *x)
{
	struct vf_http *h = x->http;

	if (!strcmp(x->req.path, "/healthz")) {
		vf_builtin_healthz(x);
		vf_http_prepare(x);
		return true;
	}
	if (!x->route && serve_file(x))
		return true;
	if (!x->route) {
		problem(x, 404, NULL,
			vf_static_files_count(h->set.files)
				? "There is nothing at this address."
				: "There is nothing at this address, and the pages are not built: "
				  "run "
				  "`make web` and start the server again.");
		return true;
	}
	return false;
}

static enum MHD_Result see_headers(struct vf_exchange *x, const char *method)
{
	struct vf_http *h = x->http;
	const union MHD_ConnectionInfo *fd =
		MHD_get_connection_info(x->conn, MHD_CONNECTION_INFO_CONNECTION_FD);
	const char *length = header_of(&x->req, MHD_HTTP_HEADER_CONTENT_LENGTH);
	bool known_path = false;
	char allow[64] = "";
	struct vf_err err;
	size_t path_len, limit;
	char *path;

	/* A client that sends headers and body apart must not wait for a delayed acknowledgement.
	 */
	if (fd)
		(void)setsockopt(fd->connect_fd, IPPROTO_TCP, TCP_QUICKACK, &(int){1}, sizeof(int));
	x->counted = true;
	atomic_fetch_add(&h->in_flight, 1);
	x->req.now_us = vf_now_us();
	x->stage = VF_STAGE_BODY;
	if (!x->req.target)
		return MHD_NO;
	path_len = strcspn(x->req.target, "?");
	x->req.path = path = vf_arena_memdup(&x->arena, x->req.target, path_len);
	if (!path)
		return MHD_NO;
	if (!vf_method_parse(method, &x->req.method)) {
		x->allow = "GET, HEAD, POST, PUT, PATCH, DELETE";
		return refuse(x, 405, NULL, "This method is not used here.");
	}
	/* Two lengths: something before us may have believed the other one (RFC 9112, 6.1). */
	if (length && header_of(&x->req, MHD_HTTP_HEADER_TRANSFER_ENCODING)) {
		x->close = true;
		return refuse(x, 400, NULL,
			"A request has either Content-Length or Transfer-Encoding, not both.");
	}
	x->head = x->req.method == VF_HEAD;
	x->route = vf_builtin_route(path, x->req.method);
	if (!x->route)
		x->route = vf_route_find(x->req.method, path, allow, &known_path);
	if (vf_http_decode_target(x, &err))
		return refuse(x, err.code == VF_E_LIMIT ? 414 : 400, NULL, err.text);
	if (!x->route && (known_path || x->req.method > VF_HEAD)) {
		x->allow = known_path ? vf_arena_strdup(&x->arena, allow) : "GET, HEAD";
		return refuse(x, known_path || strncmp(path, "/api/", 5) != 0 ? 405 : 404, NULL,
			known_path ? "This address does not take this method."
				   : "There is nothing at this address.");
	}
	limit = x->route ? x->route->body_max : 0;
	if (length && strtoull(length, NULL, 10) > limit)
		return refuse(x, 413, NULL,
			vf_arena_printf(&x->arena, "The body may have %zu bytes at most.", limit));
	if (x->route && vf_builtin_needs_sign_in(x))
		return refuse(x, 401, "sign-in-needed", "Sign in, or send a token.");
	vf_buf_init(&x->body, limit);
	return MHD_YES;
}

static enum MHD_Result take_body(struct vf_exchange *x, const char *data, size_t *len)
{
	struct vf_http *h = x->http;
	size_t n = *len;

	*len = 0;
	if (x->stage == VF_STAGE_DISCARD) {
		x->discarded += n;
		return x->discarded > DISCARD_MAX ? MHD_NO : MHD_YES;
	}
	if (atomic_fetch_add(&h->body_bytes, n) + n > h->set.body_memory_max) {
		atomic_fetch_sub(&h->body_bytes, n);
		x->res.retry_after_s = 2;
		problem(x, 503, NULL, "Too many large requests at once.");
		x->stage = VF_STAGE_DISCARD;
	} else {
		x->body_counted += n;
		switch (vf_buf_add(&x->body, data, n)) {
		case VF_OK: return MHD_YES;
		case VF_E_LIMIT:
			problem(x, 413, NULL,
				vf_arena_printf(&x->arena, "The body may have %zu bytes at most.",
					x->body.max));
			break;
		default: problem(x, 503, NULL, "The server is out of memory."); break;
		}
		x->stage = VF_STAGE_DISCARD;
	}
	forget_body(x);
	vf_buf_release(&x->body);
	return MHD_YES;
}

static enum MHD_Result hand_over(struct vf_exchange *x)
{
	struct vf_http *h = x->http;
	struct vf_lane *lane = vf_builtin_slow(x->route) ? &h->slow : &h->fast;

	x->req.body = x->body.len ? (unsigned char *)x->body.data : NULL;
	x->req.body_len = x->body.len;
	x->req.content_encoding = header_of(&x->req, MHD_HTTP_HEADER_CONTENT_ENCODING);
	x->stage = VF_STAGE_WORK;
	MHD_suspend_connection(x->conn);
	if (!vf_lane_push(lane, x)) {
		vf_metrics_overflow();
		x->res.retry_after_s = 2;
		problem(x, 503, NULL, "The server has more to do than it can; try again.");
		MHD_resume_connection(x->conn);
	}
	return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *conn, const char *url,
	const char *method, const char *version, const char *data, size_t *len, void **con_cls)
{
	struct vf_exchange *x = *con_cls;

	(void)arg;
	(void)conn;
	(void)url;
	(void)version;
	if (!x)
		return MHD_NO;
	if (x->stage == VF_STAGE_NEW)
		return see_headers(x, method);
	if (*len)
		return take_body(x, data, len);
	if (x->stage == VF_STAGE_BODY && answer_inline(x))
		return vf_http_send(x);
	if (x->stage == VF_STAGE_BODY)
		return hand_over(x);
	return vf_http_send(x);
}

/* ------------------------------------------------------------------ daemons */

static void mhd_log(void *arg, const char *fmt, va_list ap)
{
	char line[512];

	(void)arg;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	vsnprintf(line, sizeof line, fmt, ap);
#pragma GCC diagnostic pop
	line[strcspn(line, "\n")] = 0;
	vf_log(VF_LOG_DEBUG, "mhd", "%s", line);
}

static struct MHD_Daemon *start_daemon(struct vf_http *h, int fd)
{
	const struct vf_http_settings *s = &h->set;
	unsigned flags =
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem item[16];
	size_t n = 0;

#define OPTION(name, number, pointer)                                                              \
	item[n++] = (struct MHD_OptionItem){name, (intptr_t)(number), (void *)(pointer)}
	OPTION(MHD_OPTION_LISTEN_SOCKET, fd, NULL);
	OPTION(MHD_OPTION_THREAD_POOL_SIZE, s->threads > 1 ? s->threads : 0, NULL);
	OPTION(MHD_OPTION_CONNECTION_LIMIT, s->connection_max, NULL);
	OPTION(MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->per_address_max, NULL);
	OPTION(MHD_OPTION_CONNECTION_TIMEOUT, s->idle_timeout_s, NULL);
	OPTION(MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->header_max, NULL);
	OPTION(MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL);
	OPTION(MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, NULL);
	OPTION(MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)finish, h);
	OPTION(MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)begin, h);
	OPTION(MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)vf_http_keep_escapes, NULL);
	if (s->tls) {
		flags |= MHD_USE_TLS;
		OPTION(MHD_OPTION_HTTPS_MEM_CERT, 0, s->tls_cert_pem);
		OPTION(MHD_OPTION_HTTPS_MEM_KEY, 0, s->tls_key_pem);
		OPTION(MHD_OPTION_HTTPS_PRIORITIES, 0,
			"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE");
	}
	OPTION(MHD_OPTION_END, 0, NULL);
#undef OPTION
	return MHD_start_daemon(flags, 0, NULL, NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER,
		mhd_log, NULL, MHD_OPTION_ARRAY, item, MHD_OPTION_END);
}

size_t vf_http_keep_escapes(void *arg, struct MHD_Connection *conn, char *text)
{
	(void)arg;
	(void)conn;
	return strlen(text);
}

enum vf_status vf_http_start(
	const struct vf_http_settings *settings, struct vf_http **out, struct vf_err *err)
{
	struct vf_http *h = calloc(1, sizeof *h);
	enum vf_status st;

	*out = NULL;
	if (!h)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	h->set = *settings;
	vf_metrics_attach(h);
	st = vf_lane_start(&h->fast, settings->workers, settings->queue_max, "worker", err);
	if (!st)
		st = vf_lane_start(&h->slow, 1, 64, "sign-in", err);
	for (size_t i = 0; !st && i < settings->n_listen; i++) {
		h->daemon[i] = start_daemon(h, settings->listen_fd[i]);
		if (!h->daemon[i])
			st = vf_fail(err, VF_E_IO, "the HTTP listener could not start%s",
				settings->tls ? ": check that certificate and key are PEM and "
						"belong together"
					      : "");
	}
	if (st) {
		vf_http_stop(h);
		return st;
	}
	*out = h;
	return VF_OK;
}

bool vf_http_drain(struct vf_http *h, int timeout_ms)
{
	int64_t until = vf_mono_us() + (int64_t)timeout_ms * 1000;

	atomic_store(&h->draining, true);
	for (size_t i = 0; i < h->set.n_listen; i++) {
		if (h->daemon[i] && !h->quiet[i]) {
			MHD_socket fd = MHD_quiesce_daemon(h->daemon[i]);

			if (fd != MHD_INVALID_SOCKET)
				close(fd);
			h->quiet[i] = true;
		}
	}
	while (atomic_load(&h->in_flight) > 0 && vf_mono_us() < until)
		vf_sleep_ms(10);
	return atomic_load(&h->in_flight) == 0;
}

void vf_http_stop(struct vf_http *h)
{
	if (!h)
		return;
	/* The lanes first: they resume what they hold, and microhttpd wants nothing suspended. */
	vf_lane_stop(&h->fast);
	vf_lane_stop(&h->slow);
	vf_metrics_attach(NULL);
	for (size_t i = 0; i < h->set.n_listen; i++)
		if (h->daemon[i])
			MHD_stop_daemon(h->daemon[i]);
	vf_lane_release(&h->fast);
	vf_lane_release(&h->slow);
	free(h);
}
