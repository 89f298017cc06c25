/* Connections: opened, watched, handed out one thread at a time. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>

#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"
#include "server/store/db_impl.h"

#define BACKOFF_MIN_MS 50
#define BACKOFF_MAX_MS 1000

struct vf_pool {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	char *conninfo;
	int size, wait_ms, statement_timeout_ms;
	struct vf_db *slot; /* `size` of them */
	struct vf_db *idle;
	int in_use, waiting;
	int backoff_ms;        /* 0 while the server answers */
	int64_t not_before_us; /* no connection attempt before this moment */
	uint64_t gets, timeouts, reconnects, failures;
};

void vf_db_first_line(const char *text, char out[200])
{
	snprintf(out, 200, "%s", text && *text ? text : "no reason given");
	out[strcspn(out, "\n")] = 0;
}

void vf_db_close(struct vf_db *db)
{
	if (db->conn)
		PQfinish(db->conn);
	db->conn = NULL;
	db->n_prepared = 0;
	memset(db->prepared, 0, sizeof db->prepared);
}

static void notice(void *arg, const PGresult *res)
{
	char line[200];

	(void)arg;
	vf_db_first_line(PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY), line);
	vf_log(VF_LOG_DEBUG, "db", "%s", line);
}

static enum vf_status open_conn(struct vf_db *db, struct vf_err *err)
{
	char line[200], options[160];
	const char *keys[] = {"dbname", "connect_timeout", "tcp_user_timeout", "keepalives",
		"application_name", "client_encoding", "options", NULL};
	const char *values[] = {
		db->pool->conninfo, "5", "10000", "1", "verifleetd", "UTF8", options, NULL};

	snprintf(options, sizeof options,
		"-c TimeZone=UTC -c DateStyle=ISO,YMD -c IntervalStyle=iso_8601"
		" -c extra_float_digits=1 -c jit=off" /* compiling takes longer than our statements */
		" -c statement_timeout=%d",
		db->pool->statement_timeout_ms);
	db->conn = PQconnectdbParams(keys, values, 1);
	if (!db->conn)
		return vf_fail(err, VF_E_NOMEM, "out of memory while connecting to the database");
	if (PQstatus(db->conn) != CONNECTION_OK) {
		vf_db_first_line(PQerrorMessage(db->conn), line);
		vf_db_close(db);
		return vf_fail(err, VF_E_AGAIN, "the database cannot be reached: %s", line);
	}
	PQsetNoticeReceiver(db->conn, notice, NULL);
	return VF_OK;
}

/*
 * An idle connection has nothing to say: if it has, the server said goodbye (or told a new setting,
 * for which a fresh connection does as well).
 */
static bool hung_up(struct vf_db *db)
{
	struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

/*
 * Opens the connection unless it stands. After a refusal nobody tries again before a moment that
 * lies further away with each refusal, so that a database that comes back is not met by a herd.
 */
enum vf_status vf_db_ensure_open(struct vf_db *db, struct vf_err *err)
{
	struct vf_pool *pool = db->pool;
	enum vf_status st;
	bool wait;

	if (db->conn && PQstatus(db->conn) == CONNECTION_OK && !hung_up(db))
		return VF_OK;
	vf_db_close(db);
	pthread_mutex_lock(&pool->lock);
	wait = pool->backoff_ms && vf_mono_us() < pool->not_before_us;
	pthread_mutex_unlock(&pool->lock);
	if (wait)
		return vf_fail(err, VF_E_AGAIN, "the database cannot be reached");
	st = open_conn(db, err);
	pthread_mutex_lock(&pool->lock);
	if (!st) {
		pool->reconnects++;
		pool->backoff_ms = 0;
	} else {
		int next = pool->backoff_ms ? pool->backoff_ms * 2 : BACKOFF_MIN_MS;

		pool->failures++;
		pool->backoff_ms = next > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : next;
		pool->not_before_us =
			vf_mono_us() + (int64_t)(pool->backoff_ms / 2 +
						 (int)vf_random_below((uint32_t)pool->backoff_ms)) *
					       1000;
	}
	pthread_mutex_unlock(&pool->lock);
	return st;
}

/* ------------------------------------------------------------------ pool */

enum vf_status vf_pool_new(
	const struct vf_pool_config *config, struct vf_pool **out, struct vf_err *err)
{
	struct vf_pool *pool;
	pthread_condattr_t attr;

	*out = NULL;
	if (config->size < 1 || config->size > 1000)
		return vf_fail(err, VF_E_INVALID, "a pool holds 1 to 1000 connections");
	pool = calloc(1, sizeof *pool);
	if (!pool)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	pool->conninfo = strdup(config->conninfo);
	pool->slot = calloc((size_t)config->size, sizeof *pool->slot);
	if (!pool->conninfo || !pool->slot) {
		free(pool->conninfo);
		free(pool->slot);
		free(pool);
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	pool->size = config->size;
	pool->wait_ms = config->wait_ms;
	pool->statement_timeout_ms = config->statement_timeout_ms;
	for (int i = 0; i < pool->size; i++) {
		pool->slot[i].pool = pool;
		pool->slot[i].next_idle = pool->idle;
		pool->idle = &pool->slot[i];
	}
	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->freed, &attr);
	pthread_condattr_destroy(&attr);
	*out = pool;
	return VF_OK;
}

void vf_pool_free(struct vf_pool *pool)
{
	if (!pool)
		return;
	for (int i = 0; i < pool->size; i++)
		vf_db_close(&pool->slot[i]);
	pthread_cond_destroy(&pool->freed);
	pthread_mutex_destroy(&pool->lock);
	free(pool->slot);
	free(pool->conninfo);
	free(pool);
}

static struct vf_db *take_idle(struct vf_pool *pool)
{
	int64_t until = vf_mono_us() + (int64_t)pool->wait_ms * 1000;
	struct timespec t = {.tv_sec = until / 1000000, .tv_nsec = (until % 1000000) * 1000};
	struct vf_db *db;

	pthread_mutex_lock(&pool->lock);
	pool->gets++;
	pool->waiting++;
	while (!pool->idle)
		if (pthread_cond_timedwait(&pool->freed, &pool->lock, &t) == ETIMEDOUT)
			break;
	pool->waiting--;
	db = pool->idle;
	if (db) {
		pool->idle = db->next_idle;
		pool->in_use++;
	} else {
		pool->timeouts++;
	}
	pthread_mutex_unlock(&pool->lock);
	return db;
}

enum vf_status vf_pool_get(struct vf_pool *pool, struct vf_db **out, struct vf_err *err)
{
	struct vf_db *db = take_idle(pool);
	enum vf_status st;

	*out = NULL;
	if (!db)
		return vf_fail(err, VF_E_AGAIN, "every database connection is busy");
	st = vf_db_ensure_open(db, err);
	if (st)
		vf_pool_put(pool, db);
	else
		*out = db;
	return st;
}

void vf_pool_put(struct vf_pool *pool, struct vf_db *db)
{
	if (!db)
		return;
	vf_tx_rollback(db);
	if (db->conn && (PQstatus(db->conn) != CONNECTION_OK ||
				PQtransactionStatus(db->conn) != PQTRANS_IDLE))
		vf_db_close(db);
	pthread_mutex_lock(&pool->lock);
	db->next_idle = pool->idle;
	pool->idle = db;
	pool->in_use--;
	pthread_cond_signal(&pool->freed);
	pthread_mutex_unlock(&pool->lock);
}

void vf_pool_stats(struct vf_pool *pool, struct vf_pool_stats *out)
{
	pthread_mutex_lock(&pool->lock);
	*out = (struct vf_pool_stats){.size = pool->size,
		.in_use = pool->in_use,
		.waiting = pool->waiting,
		.gets = pool->gets,
		.timeouts = pool->timeouts,
		.reconnects = pool->reconnects,
		.failures = pool->failures};
	pthread_mutex_unlock(&pool->lock);
}
