/*
 * Counters and gauges of the whole process, printed by /metrics. A metric is a static object that
 * registers itself before main(); adding to it is one atomic addition, from any thread.
 *
 *   VF_COUNTER(stored, "verifleet_ingest_records_total", "Records by what became of them.",
 *              "result=\"stored\"");
 *   vf_metric_add(&stored, n);
 *
 * Metrics of one name share their help and differ in labels; names follow promtool's lint.
 */
#ifndef VF_SERVER_RUNTIME_METRIC_H
#define VF_SERVER_RUNTIME_METRIC_H

#include <stdatomic.h>
#include <stdint.h>

struct vf_metric {
	const char *name, *help, *labels; /* labels NULL or without braces */
	enum { VF_METRIC_COUNTER, VF_METRIC_GAUGE } type;
	double (*read)(void); /* instead of `value`, for what is known elsewhere; may be NULL */
	_Atomic int64_t value;
	struct vf_metric *next;
};

void vf_metric_register(struct vf_metric *);
/* All of them, sorted by name, then in the order of registration reversed. */
const struct vf_metric *vf_metric_first(void);

static inline void vf_metric_add(struct vf_metric *m, int64_t n)
{
	atomic_fetch_add_explicit(&m->value, n, memory_order_relaxed);
}

static inline void vf_metric_set(struct vf_metric *m, int64_t value)
{
	atomic_store_explicit(&m->value, value, memory_order_relaxed);
}

#define VF_METRIC(var, kind, metric_name, metric_help, metric_labels)                              \
	static struct vf_metric var = {.name = (metric_name),                                      \
		.help = (metric_help),                                                             \
		.labels = (metric_labels),                                                         \
		.type = (kind)};                                                                   \
	__attribute__((constructor)) static void var##_register(void)                              \
	{                                                                                          \
		vf_metric_register(&var);                                                          \
	}                                                                                          \
	static struct vf_metric var
#define VF_COUNTER(var, name, help, labels) VF_METRIC(var, VF_METRIC_COUNTER, name, help, labels)
#define VF_GAUGE(var, name, help, labels)   VF_METRIC(var, VF_METRIC_GAUGE, name, help, labels)

#endif
