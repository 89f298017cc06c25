#include "server/store/project.h"

#include "server/store/db.h"

static enum vf_status ask(struct vf_db *db, const char *sql, int64_t project_id,
	struct vf_rows **rows, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, project_id);
	return vf_query(db, NULL, sql, &args, rows, err);
}

enum vf_status vf_project_remove(
	struct vf_db *db, int64_t project_id, struct vf_project_removal *out, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	enum vf_status st;

	*out = (struct vf_project_removal){0};
	st = vf_exec_script(db, "set local statement_timeout = 0", err);
	if (!st)
		st = ask(db,
			"select (select count(*) from machine where project_id = p.id),"
			" (select count(*) from build where project_id = p.id),"
			" (select count(*) from finding where project_id = p.id),"
			" (select count(*) from occurrence where project_id = p.id)"
			" from project p where id = $1 for update",
			project_id, &rows, err);
	if (!st && !vf_rows_count(rows))
		st = vf_fail(err, VF_E_NOTFOUND, "there is no such project");
	if (!st) {
		out->machines = vf_row_i64(rows, 0, 0);
		out->builds = vf_row_i64(rows, 0, 1);
		out->findings = vf_row_i64(rows, 0, 2);
		out->occurrences = vf_row_i64(rows, 0, 3);
		st = ask(db, "select encode(sha, 'hex') from project_remove($1) as sha", project_id,
			&out->dump_list, err);
	}
	if (!st)
		out->dumps = vf_rows_count(out->dump_list);
	vf_rows_free(rows);
	return st;
}
