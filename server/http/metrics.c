#include "server/http/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>

#include "server/http/state.h"
#include "server/runtime/buf.h"
#include "server/runtime/clock.h"
#include "server/runtime/metric.h"
#include "server/store/db.h"
#include "verifleet/version.h"

#define MAX_ROUTES 128
#define TEXT_MAX   (4u * 1024u * 1024u)

static const int statuses[] = {
	200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 429, 500, 503};
#define N_STATUS (VF_ARRAY_LEN(statuses) + 1) /* the last one counts every other */

static const double bounds[] = {
	0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
#define N_BOUND VF_ARRAY_LEN(bounds)

/* Row 0 is everything outside the API: pages, files, unknown addresses. */
static _Atomic uint64_t requests[MAX_ROUTES][N_STATUS];
static _Atomic uint64_t buckets[N_BOUND + 1], duration_us;
static struct vf_http *attached;

VF_COUNTER(overflows, "verifleet_http_overflows_total",
	"Requests refused because the queue of the workers was full.", NULL);

void vf_metrics_attach(struct vf_http *h)
{
	attached = h;
}

void vf_metrics_overflow(void)
{
	vf_metric_add(&overflows, 1);
}

static size_t row_of(const struct vf_route *route)
{
	size_t n;
	const struct vf_route *table = vf_routes(&n);

	if (!route || route < table || route >= table + n || route - table >= MAX_ROUTES - 1)
		return 0;
	return (size_t)(route - table) + 1;
}

void vf_metrics_request(const struct vf_route *route, int status, int64_t us)
{
	double seconds = (double)us / 1e6;
	size_t s = 0, b = 0;

	while (s < VF_ARRAY_LEN(statuses) && statuses[s] != status)
		s++;
	while (b < N_BOUND && seconds > bounds[b])
		b++;
	atomic_fetch_add_explicit(&requests[row_of(route)][s], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&buckets[b], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&duration_us, (uint64_t)us, memory_order_relaxed);
}

static void head(struct vf_buf *b, const char *name, const char *type, const char *help)
{
	vf_buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_requests(struct vf_buf *b)
{
	size_t n;
	const struct vf_route *table = vf_routes(&n);

	head(b, "verifleet_http_requests_total", "counter", "Answers by route and status.");
	for (size_t r = 0; r <= n && r < MAX_ROUTES; r++)
		for (size_t s = 0; s < N_STATUS; s++) {
			uint64_t v = atomic_load_explicit(&requests[r][s], memory_order_relaxed);
			char code[8] = "other";

			if (!v)
				continue;
			if (s < VF_ARRAY_LEN(statuses))
				snprintf(code, sizeof code, "%d", statuses[s]);
			vf_buf_printf(b,
				"verifleet_http_requests_total{method=\"%s\",route=\"%s\",status="
				"\"%s\"} "
				"%" PRIu64 "\n",
				r ? vf_method_name(table[r - 1].method) : "any",
				r ? table[r - 1].pattern : "other", code, v);
		}
}

static void print_durations(struct vf_buf *b)
{
	uint64_t sum = 0;

	head(b, "verifleet_http_request_duration_seconds", "histogram",
		"From the first line of a request to the end of its answer.");
	for (size_t i = 0; i <= N_BOUND; i++) {
		char le[16] = "+Inf";

		if (i < N_BOUND)
			snprintf(le, sizeof le, "%g", bounds[i]);
		sum += atomic_load_explicit(&buckets[i], memory_order_relaxed);
		vf_buf_printf(b,
			"verifleet_http_request_duration_seconds_bucket{le=\"%s\"} %" PRIu64 "\n",
			le, sum);
	}
	vf_buf_printf(b,
		"verifleet_http_request_duration_seconds_sum %.6f\n"
		"verifleet_http_request_duration_seconds_count %" PRIu64 "\n",
		(double)atomic_load_explicit(&duration_us, memory_order_relaxed) / 1e6, sum);
}

static void one(struct vf_buf *b, const char *name, const char *type, const char *help, double v)
{
	head(b, name, type, help);
	vf_buf_printf(b, "%s %.17g\n", name, v);
}

static void print_state(struct vf_buf *b, struct vf_http *h)
{
	struct vf_pool_stats p;

	one(b, "verifleet_http_requests_in_flight", "gauge", "Requests that are being handled.",
		atomic_load(&h->in_flight));
	one(b, "verifleet_http_queue_length", "gauge", "Requests that wait for a worker.",
		vf_lane_depth(&h->fast) + vf_lane_depth(&h->slow));
	one(b, "verifleet_http_body_bytes", "gauge", "Memory of request bodies.",
		(double)atomic_load(&h->body_bytes));
	if (!h->set.env->pool)
		return;
	vf_pool_stats(h->set.env->pool, &p);
	one(b, "verifleet_db_pool_connections", "gauge", "Database connections at most.", p.size);
	one(b, "verifleet_db_pool_in_use", "gauge", "Database connections in use.", p.in_use);
	one(b, "verifleet_db_pool_waiting", "gauge", "Threads that wait for a connection.",
		p.waiting);
	one(b, "verifleet_db_pool_gets_total", "counter", "Connections handed out.",
		(double)p.gets);
	one(b, "verifleet_db_pool_timeouts_total", "counter",
		"Waits that ended without a connection.", (double)p.timeouts);
	one(b, "verifleet_db_pool_reconnects_total", "counter", "Connections opened.",
		(double)p.reconnects);
	one(b, "verifleet_db_pool_failures_total", "counter",
		"Connections that could not be opened.", (double)p.failures);
}

static void print_registered(struct vf_buf *b)
{
	const char *last = "";

	for (const struct vf_metric *m = vf_metric_first(); m; m = m->next) {
		bool counter = m->type == VF_METRIC_COUNTER;

		if (strcmp(last, m->name) != 0)
			head(b, m->name, counter ? "counter" : "gauge", m->help);
		last = m->name;
		vf_buf_printf(b, "%s%s%s%s %.17g\n", m->name, m->labels ? "{" : "",
			m->labels ? m->labels : "", m->labels ? "}" : "",
			m->read ? m->read()
				: (double)atomic_load_explicit(&m->value, memory_order_relaxed));
	}
}

static void free_text(void *arg)
{
	free(arg);
}

enum vf_status vf_metrics_handler(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_buf b;
	char *text;

	vf_buf_init(&b, TEXT_MAX);
	head(&b, "verifleet_build_info", "gauge", "Version of the server.");
	vf_buf_printf(&b, "verifleet_build_info{version=\"%s\"} 1\n", VF_VERSION);
	one(&b, "verifleet_start_time_seconds", "gauge", "When the server started, in Unix time.",
		(double)req->env->started_us / 1e6);
	print_requests(&b);
	print_durations(&b);
	if (attached)
		print_state(&b, attached);
	print_registered(&b);
	text = vf_buf_take(&b, &res->body_len);
	if (!text || vf_arena_defer(req->arena, free_text, text)) {
		free(text);
		return vf_fail(err, VF_E_NOMEM, "the metrics did not fit");
	}
	res->body = text;
	res->content_type = "text/plain; version=0.0.4; charset=utf-8";
	return VF_OK;
}
