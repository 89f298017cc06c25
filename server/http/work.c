#include "server/http/work.h"

#include "server/runtime/log.h"

static void *run(void *arg)
{
	struct vf_lane *lane = arg;
	struct vf_exchange *x;

	for (;;) {
		pthread_mutex_lock(&lane->lock);
		while (!lane->first && !lane->stopping)
			pthread_cond_wait(&lane->filled, &lane->lock);
		x = lane->first;
		if (x) {
			lane->first = x->next;
			if (!lane->first)
				lane->last = &lane->first;
			lane->queued--;
		}
		pthread_mutex_unlock(&lane->lock);
		if (!x)
			return NULL;
		vf_log_request(x->id);
		vf_work_handle(x);
		vf_http_prepare(x);
		vf_log_request(NULL);
		MHD_resume_connection(x->conn); /* from here on x is the listener's again */
	}
}

enum vf_status vf_lane_start(
	struct vf_lane *lane, int threads, int queue_max, const char *name, struct vf_err *err)
{
	*lane = (struct vf_lane){.queue_max = queue_max};
	lane->last = &lane->first;
	lane->thread = calloc((size_t)threads, sizeof *lane->thread);
	if (!lane->thread)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	pthread_mutex_init(&lane->lock, NULL);
	pthread_cond_init(&lane->filled, NULL);
	for (int i = 0; i < threads; i++) {
		if (pthread_create(&lane->thread[i], NULL, run, lane)) {
			vf_lane_stop(lane);
			return vf_fail(err, VF_E_AGAIN, "cannot start a %s thread", name);
		}
		pthread_setname_np(lane->thread[i], name);
		lane->n_threads++;
	}
	return VF_OK;
}

bool vf_lane_push(struct vf_lane *lane, struct vf_exchange *x)
{
	bool room;

	pthread_mutex_lock(&lane->lock);
	room = lane->queued < lane->queue_max && !lane->stopping;
	if (room) {
		x->next = NULL;
		*lane->last = x;
		lane->last = &x->next;
		lane->queued++;
		pthread_cond_signal(&lane->filled);
	}
	pthread_mutex_unlock(&lane->lock);
	return room;
}

int vf_lane_depth(struct vf_lane *lane)
{
	int n;

	pthread_mutex_lock(&lane->lock);
	n = lane->queued;
	pthread_mutex_unlock(&lane->lock);
	return n;
}

void vf_lane_stop(struct vf_lane *lane)
{
	if (!lane->thread)
		return;
	pthread_mutex_lock(&lane->lock);
	lane->stopping = true;
	pthread_cond_broadcast(&lane->filled);
	pthread_mutex_unlock(&lane->lock);
	for (int i = 0; i < lane->n_threads; i++)
		pthread_join(lane->thread[i], NULL);
	lane->n_threads = 0;
}

void vf_lane_release(struct vf_lane *lane)
{
	if (!lane->thread)
		return;
	vf_lane_stop(lane);
	pthread_cond_destroy(&lane->filled);
	pthread_mutex_destroy(&lane->lock);
	free(lane->thread);
	lane->thread = NULL;
}
