/* Prometheus text: requests by route and status, durations, pool, and every vf_metric. */
#ifndef VF_SERVER_HTTP_METRICS_H
#define VF_SERVER_HTTP_METRICS_H

#include "server/http/router.h"

struct vf_http;

void vf_metrics_attach(struct vf_http *); /* whose gauges are shown; NULL at stop */
void vf_metrics_request(const struct vf_route *, int status, int64_t us);
void vf_metrics_overflow(void);
vf_handler vf_metrics_handler;

#endif
