#include "server/store/database.h"

#include "server/store/db.h"

enum vf_status vf_database_ensure(const char *conninfo, struct vf_err *err)
{
	const struct vf_pool_config config = {.conninfo = conninfo, .size = 1, .wait_ms = 1000};
	struct vf_rows *rows = NULL;
	struct vf_db *db = NULL;
	struct vf_pool *pool;
	enum vf_status st;

	st = vf_pool_new(&config, &pool, err);
	if (st)
		return st;
	st = vf_pool_get(pool, &db, err);
	if (!st)
		st = vf_query(db, NULL,
			"select 1 from pg_database where datname = '" VF_DATABASE_NAME "'", NULL,
			&rows, err);
	if (!st && !vf_rows_count(rows))
		st = vf_exec_script(
			db, "create database " VF_DATABASE_NAME " template template0", err);
	vf_rows_free(rows);
	vf_pool_put(pool, db);
	vf_pool_free(pool);
	return st;
}
