#include "server/maintain.h"

#include <pthread.h>
#include <time.h>

#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/store/account.h"
#include "server/store/db.h"
#include "server/store/partition.h"

#define MINUTE_US (60 * INT64_C(1000000))

struct vf_maintain {
	struct vf_pool *pool;
	pthread_mutex_t lock;
	pthread_cond_t stop;
	bool stopping;
	pthread_t thread;
	int64_t next_upkeep;
};

static void once(struct vf_maintain *m)
{
	struct vf_db *db = NULL;
	struct vf_err err;
	enum vf_status st = vf_pool_get(m->pool, &db, &err);

	if (!st)
		st = vf_access_sweep(db, &err);
	if (!st && vf_mono_us() >= m->next_upkeep) {
		st = vf_store_upkeep(db, &err);
		m->next_upkeep = vf_mono_us() + (st ? MINUTE_US : 60 * MINUTE_US);
	}
	vf_pool_put(m->pool, db);
	if (st)
		vf_log(VF_LOG_WARN, "maintain", "%s", err.text);
}

static void *run(void *arg)
{
	struct vf_maintain *m = arg;
	struct timespec until;

	pthread_mutex_lock(&m->lock);
	while (!m->stopping) {
		pthread_mutex_unlock(&m->lock);
		once(m);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += MINUTE_US / 1000000;
		pthread_mutex_lock(&m->lock);
		while (!m->stopping && !pthread_cond_timedwait(&m->stop, &m->lock, &until))
			;
	}
	pthread_mutex_unlock(&m->lock);
	return NULL;
}

enum vf_status vf_maintain_start(struct vf_pool *pool, struct vf_maintain **out, struct vf_err *err)
{
	struct vf_maintain *m = calloc(1, sizeof *m);
	pthread_condattr_t attr;

	*out = NULL;
	if (!m)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	m->pool = pool;
	pthread_mutex_init(&m->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&m->stop, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&m->thread, NULL, run, m)) {
		free(m);
		return vf_fail(err, VF_E_AGAIN, "cannot start the maintenance thread");
	}
	*out = m;
	return VF_OK;
}

void vf_maintain_stop(struct vf_maintain *m)
{
	if (!m)
		return;
	pthread_mutex_lock(&m->lock);
	m->stopping = true;
	pthread_cond_signal(&m->stop);
	pthread_mutex_unlock(&m->lock);
	pthread_join(m->thread, NULL);
	pthread_cond_destroy(&m->stop);
	pthread_mutex_destroy(&m->lock);
	free(m);
}
