/*
 * A lane of worker threads: a bounded queue of suspended exchanges. Each is handled by
 * vf_work_handle() and then resumed. Any thread may push; start and stop belong to one.
 */
#ifndef VF_SERVER_HTTP_WORK_H
#define VF_SERVER_HTTP_WORK_H

#include <pthread.h>

#include "server/http/exchange.h"

struct vf_lane {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct vf_exchange *first, **last;
	int queued, queue_max, n_threads;
	bool stopping;
	pthread_t *thread;
};

VF_MUST enum vf_status vf_lane_start(
	struct vf_lane *, int threads, int queue_max, const char *name, struct vf_err *);
/* False when the queue is full: the caller answers 503. The connection must be suspended. */
VF_MUST bool vf_lane_push(struct vf_lane *, struct vf_exchange *);
/* Handles what is queued, then ends the threads; a push is refused from here on. */
void vf_lane_stop(struct vf_lane *);
void vf_lane_release(struct vf_lane *); /* when nobody can push any more */
int vf_lane_depth(struct vf_lane *);

/* handle.c: connection, sign-in, handler, answer. */
void vf_work_handle(struct vf_exchange *);

#endif
