#include "server/store/db.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <libpq-fe.h>

#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"

#define MAX_PREPARED   512u /* a power of two: statements of one connection */
#define BACKOFF_MIN_MS 50
#define BACKOFF_MAX_MS 1000

struct prepared {
	uint64_t name, sql; /* hashes; name 0 = free slot */
};

struct vf_db {
	PGconn *conn; /* NULL: must be opened before the next use */
	struct vf_db *next_idle;
	struct vf_pool *pool;
	bool in_tx; /* stays set when the connection breaks inside: nothing may run before a
		       rollback */
	unsigned n_prepared;
	struct prepared prepared[MAX_PREPARED];
};

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

struct vf_rows {
	PGresult *res;
};

/* ------------------------------------------------------------------ connections */

static enum vf_status from_sqlstate(const char *state)
{
	static const char *const again[] = {
		"57P01", "57P02", "57P03", "40001", "40P01", "25006", "55P03"};

	if (!state)
		return VF_E_AGAIN; /* no answer of the server: the connection broke */
	if (!strncmp(state, "08", 2))
		return VF_E_AGAIN;
	for (size_t i = 0; i < VF_ARRAY_LEN(again); i++)
		if (!strcmp(state, again[i]))
			return VF_E_AGAIN;
	if (!strcmp(state, "23505"))
		return VF_E_CONFLICT;
	if (!strncmp(state, "22", 2) || !strncmp(state, "23", 2))
		return VF_E_INVALID;
	return VF_E_IO;
}

/* One line: what libpq and the server say may hold several. */
static void first_line(const char *text, char out[200])
{
	snprintf(out, 200, "%s", text && *text ? text : "no reason given");
	out[strcspn(out, "\n")] = 0;
}

static void close_conn(struct vf_db *db)
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
	first_line(PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY), line);
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
		first_line(PQerrorMessage(db->conn), line);
		close_conn(db);
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
static enum vf_status ensure_open(struct vf_db *db, struct vf_err *err)
{
	struct vf_pool *pool = db->pool;
	enum vf_status st;
	bool wait;

	if (db->conn && PQstatus(db->conn) == CONNECTION_OK && !hung_up(db))
		return VF_OK;
	close_conn(db);
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
		close_conn(&pool->slot[i]);
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
	st = ensure_open(db, err);
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
		close_conn(db);
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

/* ------------------------------------------------------------------ statements */

static enum vf_status failed(
	struct vf_db *db, const PGresult *res, const char *what, struct vf_err *err)
{
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	enum vf_status st = from_sqlstate(state);
	char line[200];

	first_line(res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL, line);
	if (!state || !*line)
		first_line(PQerrorMessage(db->conn), line);
	vf_log(VF_LOG_WARN, "db", "statement %s: %s (SQLSTATE %s)", what, line,
		state ? state : "none");
	if (PQstatus(db->conn) != CONNECTION_OK)
		st = VF_E_AGAIN;
	return vf_fail(err, st, "%s", line);
}

/* Opens a broken connection again, but never silently inside a transaction. */
static enum vf_status usable(struct vf_db *db, struct vf_err *err)
{
	if (PQtransactionStatus(db->conn) != PQTRANS_UNKNOWN)
		return VF_OK;
	if (db->in_tx)
		return vf_fail(
			err, VF_E_AGAIN, "the database connection broke inside a transaction");
	return ensure_open(db, err);
}

static uint64_t hash_text(const char *text)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211u;
	return h ? h : 1;
}

static enum vf_status simple(struct vf_db *db, const char *sql, struct vf_err *err)
{
	PGresult *res = PQexec(db->conn, sql);
	enum vf_status st = VF_OK;

	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		st = failed(db, res, sql, err);
	PQclear(res);
	return st;
}

static enum vf_status prepare(
	struct vf_db *db, const char *name, const char *sql, struct vf_err *err)
{
	uint64_t name_hash = hash_text(name), sql_hash = hash_text(sql);
	enum vf_status st = VF_OK;
	struct prepared *p;
	PGresult *res;

	for (size_t i = name_hash;; i++) {
		p = &db->prepared[i & (MAX_PREPARED - 1)];
		if (!p->name)
			break;
		if (p->name == name_hash)
			return p->sql == sql_hash ? VF_OK
						  : vf_fail(err, VF_E_INVALID,
							    "two statements are called %s", name);
	}
	if (db->n_prepared >= MAX_PREPARED / 2) {
		/* Lists have more combinations of filters than are worth keeping: start again. */
		st = simple(db, "deallocate all", err);
		if (st)
			return st;
		db->n_prepared = 0;
		memset(db->prepared, 0, sizeof db->prepared);
		p = &db->prepared[name_hash & (MAX_PREPARED - 1)];
	}
	res = PQprepare(db->conn, name, sql, 0, NULL);
	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		st = failed(db, res, name, err);
	PQclear(res);
	if (!st) {
		*p = (struct prepared){name_hash, sql_hash};
		db->n_prepared++;
	}
	return st;
}

enum vf_status vf_query(struct vf_db *db, const char *name, const char *sql,
	const struct vf_args *args, struct vf_rows **rows, struct vf_err *err)
{
	int n = args ? args->n : 0;
	enum vf_status st;
	PGresult *res;

	if (rows)
		*rows = NULL;
	if (args && args->overflow)
		return vf_fail(
			err, VF_E_INVALID, "statement %s has too many arguments", name ? name : "");
	st = usable(db, err);
	if (st)
		return st;
	if (name) {
		st = prepare(db, name, sql, err);
		if (st)
			return st;
		res = PQexecPrepared(db->conn, name, n, args ? args->value : NULL,
			args ? args->len : NULL, args ? args->binary : NULL, 0);
	} else {
		res = PQexecParams(db->conn, sql, n, NULL, args ? args->value : NULL,
			args ? args->len : NULL, args ? args->binary : NULL, 0);
	}
	switch (PQresultStatus(res)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK: st = VF_OK; break;
	default: st = failed(db, res, name ? name : "(unnamed)", err); break;
	}
	if (!st && rows) {
		*rows = malloc(sizeof **rows);
		if (*rows) {
			(*rows)->res = res;
			return VF_OK;
		}
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	PQclear(res);
	return st;
}

enum vf_status vf_exec_script(struct vf_db *db, const char *sql, struct vf_err *err)
{
	enum vf_status st = usable(db, err);
	PGresult *res;

	if (st)
		return st;
	res = PQexec(db->conn, sql);
	switch (PQresultStatus(res)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_EMPTY_QUERY: break;
	default: st = failed(db, res, "(script)", err); break;
	}
	PQclear(res);
	return st;
}

/* ------------------------------------------------------------------ transactions */

enum vf_status vf_tx_begin(struct vf_db *db, struct vf_err *err)
{
	enum vf_status st;

	if (db->in_tx)
		return vf_fail(err, VF_E_INVALID, "a transaction is open already");
	st = usable(db, err);
	if (!st)
		st = simple(db, "BEGIN", err);
	db->in_tx = !st;
	return st;
}

/* COMMIT of a failed transaction answers ROLLBACK without an error: that is a failure here. */
enum vf_status vf_tx_commit(struct vf_db *db, struct vf_err *err)
{
	enum vf_status st;

	switch (PQtransactionStatus(db->conn)) {
	case PQTRANS_INTRANS:
		st = simple(db, "COMMIT", err);
		db->in_tx = st != VF_OK;
		return st;
	case PQTRANS_UNKNOWN:
		return vf_fail(
			err, VF_E_AGAIN, "the database connection broke inside a transaction");
	default:
		vf_tx_rollback(db);
		return vf_fail(err, VF_E_INVALID, "no transaction that could be committed");
	}
}

void vf_tx_rollback(struct vf_db *db)
{
	struct vf_err ignored;
	enum vf_status st;

	db->in_tx = false;
	if (!db->conn || PQstatus(db->conn) != CONNECTION_OK)
		return;
	if (PQtransactionStatus(db->conn) == PQTRANS_IDLE)
		return;
	st = simple(db, "ROLLBACK", &ignored);
	if (st)
		close_conn(db);
}

/* ------------------------------------------------------------------ rows */

void vf_rows_free(struct vf_rows *rows)
{
	if (!rows)
		return;
	PQclear(rows->res);
	free(rows);
}

int vf_rows_count(const struct vf_rows *rows)
{
	return PQntuples(rows->res);
}

int64_t vf_rows_affected(const struct vf_rows *rows)
{
	return strtoll(PQcmdTuples(rows->res), NULL, 10);
}

bool vf_row_null(const struct vf_rows *rows, int row, int col)
{
	return PQgetisnull(rows->res, row, col);
}

int64_t vf_row_i64(const struct vf_rows *rows, int row, int col)
{
	return strtoll(PQgetvalue(rows->res, row, col), NULL, 10);
}

double vf_row_f64(const struct vf_rows *rows, int row, int col)
{
	return strtod(PQgetvalue(rows->res, row, col), NULL);
}

bool vf_row_bool(const struct vf_rows *rows, int row, int col)
{
	return PQgetvalue(rows->res, row, col)[0] == 't';
}

const char *vf_row_text(const struct vf_rows *rows, int row, int col)
{
	return PQgetisnull(rows->res, row, col) ? NULL : PQgetvalue(rows->res, row, col);
}

size_t vf_row_len(const struct vf_rows *rows, int row, int col)
{
	return (size_t)PQgetlength(rows->res, row, col);
}
