/*
 * The only door to PostgreSQL. A pool hands out connections; a connection runs named, prepared
 * statements with text or binary-safe parameters and gives back rows.
 *
 * Threads: a pool may be shared, a vf_db belongs to one thread between get and put.
 * Errors: SQLSTATE decides the status. 08, 57P01..03, 40001, 40P01, 25006, 55P03 -> VF_E_AGAIN;
 * 22, 23 -> VF_E_INVALID (23505 -> VF_E_CONFLICT); the rest VF_E_IO. The words of the server are
 * logged with the request id; vf_err.text carries only the primary message.
 * A connection that failed or was left inside a transaction is repaired by vf_pool_put().
 */
#ifndef VF_SERVER_STORE_DB_H
#define VF_SERVER_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verifleet/status.h"

struct vf_pool;
struct vf_db;
struct vf_rows;

struct vf_pool_config {
	const char *conninfo;
	int size;                 /* connections at most */
	int wait_ms;              /* how long a get may wait for one; then VF_E_AGAIN */
	int statement_timeout_ms; /* 0 = none */
};

VF_MUST enum vf_status vf_pool_new(
	const struct vf_pool_config *, struct vf_pool **out, struct vf_err *);
void vf_pool_free(struct vf_pool *); /* every connection must have been put back */
VF_MUST enum vf_status vf_pool_get(struct vf_pool *, struct vf_db **out, struct vf_err *);
void vf_pool_put(struct vf_pool *, struct vf_db *); /* NULL is fine */
struct vf_pool_stats {
	int size, in_use, waiting;
	uint64_t gets, timeouts, reconnects, failures;
};
void vf_pool_stats(struct vf_pool *, struct vf_pool_stats *out);

/* Parameters of one statement, in order $1, $2, … Pointers are borrowed until the query returns. */
#define VF_MAX_ARGS 32
struct vf_args {
	int n;
	bool overflow; /* one argument too many: the query refuses to run */
	const char *value[VF_MAX_ARGS];
	int len[VF_MAX_ARGS];
	int binary[VF_MAX_ARGS];
	char num[VF_MAX_ARGS][32];
};
void vf_args_init(struct vf_args *);
void vf_arg_text(struct vf_args *, const char *text); /* NULL -> SQL NULL; json, uuid, arrays too */
void vf_arg_bytes(struct vf_args *, const void *bytes, size_t len); /* bytea; NULL -> SQL NULL */
void vf_arg_i64(struct vf_args *, int64_t value);
void vf_arg_u64(struct vf_args *, uint64_t value); /* same 64 bits as a signed bigint */
void vf_arg_bool(struct vf_args *, bool value);
void vf_arg_null(struct vf_args *);
void vf_arg_time(struct vf_args *, int64_t utc_us); /* timestamptz; INT64_MIN -> SQL NULL */

/*
 * Runs `sql`, prepared under `name` on first use of the connection (name NULL = unprepared).
 * `rows` may be NULL when none are wanted; else vf_rows_free() it, also after a failure (NULL).
 */
VF_MUST enum vf_status vf_query(struct vf_db *, const char *name, const char *sql,
	const struct vf_args *args, struct vf_rows **rows, struct vf_err *);
/* Several statements without parameters: migrations. */
VF_MUST enum vf_status vf_exec_script(struct vf_db *, const char *sql, struct vf_err *);

void vf_rows_free(struct vf_rows *);
int vf_rows_count(const struct vf_rows *);        /* of the result set */
int64_t vf_rows_affected(const struct vf_rows *); /* by insert, update, delete */
bool vf_row_null(const struct vf_rows *, int row, int col);
int64_t vf_row_i64(const struct vf_rows *, int row, int col); /* 0 for NULL */
double vf_row_f64(const struct vf_rows *, int row, int col);
bool vf_row_bool(const struct vf_rows *, int row, int col);
const char *vf_row_text(const struct vf_rows *, int row, int col); /* NULL for NULL; borrowed */
size_t vf_row_len(const struct vf_rows *, int row, int col);
/* bytea into the caller's buffer; VF_E_LIMIT when it does not fit. */
VF_MUST enum vf_status vf_row_bytes(
	const struct vf_rows *, int row, int col, void *out, size_t cap, size_t *len);

/* One level only; a begin inside a transaction is a programming error and fails. */
VF_MUST enum vf_status vf_tx_begin(struct vf_db *, struct vf_err *);
VF_MUST enum vf_status vf_tx_commit(struct vf_db *, struct vf_err *);
void vf_tx_rollback(struct vf_db *); /* safe to call when none is open */

#endif
