/* Statements and transactions of one connection. */
#include "server/runtime/log.h"
#include "server/store/db_impl.h"

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

static enum vf_status failed(
	struct vf_db *db, const PGresult *res, const char *what, struct vf_err *err)
{
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	enum vf_status st = from_sqlstate(state);
	char line[200];

	vf_db_first_line(res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL, line);
	if (!state || !*line)
		vf_db_first_line(PQerrorMessage(db->conn), line);
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
	return vf_db_ensure_open(db, err);
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
	struct vf_prepared *p;
	PGresult *res;

	for (size_t i = name_hash;; i++) {
		p = &db->prepared[i & (VF_MAX_PREPARED - 1)];
		if (!p->name)
			break;
		if (p->name == name_hash)
			return p->sql == sql_hash ? VF_OK
						  : vf_fail(err, VF_E_INVALID,
							    "two statements are called %s", name);
	}
	if (db->n_prepared >= VF_MAX_PREPARED / 2) {
		/* Lists have more combinations of filters than are worth keeping: start again. */
		st = simple(db, "deallocate all", err);
		if (st)
			return st;
		db->n_prepared = 0;
		memset(db->prepared, 0, sizeof db->prepared);
		p = &db->prepared[name_hash & (VF_MAX_PREPARED - 1)];
	}
	res = PQprepare(db->conn, name, sql, 0, NULL);
	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		st = failed(db, res, name, err);
	PQclear(res);
	if (!st) {
		*p = (struct vf_prepared){name_hash, sql_hash};
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
		vf_db_close(db);
}
