#include "server/store/dump.h"

#include "server/store/crash_impl.h"

static enum vf_status dump_row(struct vf_db *db, const char *name, const char *sql,
	const struct vf_args *args, struct vf_dump_row *out, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	enum vf_status st = vf_query(db, name, sql, args, &rows, err);
	const char *file_name;

	*out = (struct vf_dump_row){0};
	if (!st && !vf_rows_count(rows))
		st = vf_fail(err, VF_E_NOTFOUND, "no crash names this dump");
	if (!st) {
		out->id = vf_row_i64(rows, 0, 0);
		out->size = vf_row_i64(rows, 0, 1);
		out->received = vf_row_i64(rows, 0, 2);
		out->complete = vf_row_bool(rows, 0, 3);
		out->deleted = vf_row_bool(rows, 0, 4);
		file_name = vf_row_text(rows, 0, 5);
		snprintf(out->file_name, sizeof out->file_name, "%s", file_name ? file_name : "");
	}
	vf_rows_free(rows);
	return st;
}

#define DUMP_SQL                                                                                   \
	"select d.id, d.size, d.received, d.uploaded_at is not null, d.deleted_at is not null,"    \
	" d.file_name from dump d where d.sha256 = $1 and exists (select from crash_key k"         \
	" where k.dump_sha256 = d.sha256 and ($2::bigint = 0 or k.project_id = $2::bigint))"

static void dump_args(struct vf_args *args, int64_t project_id, const unsigned char sha256[32])
{
	vf_args_init(args);
	vf_arg_bytes(args, sha256, 32);
	vf_arg_i64(args, project_id);
}

enum vf_status vf_store_dump_find(struct vf_db *db, int64_t project_id,
	const unsigned char sha256[32], struct vf_dump_row *out, struct vf_err *err)
{
	struct vf_args args;

	dump_args(&args, project_id, sha256);
	return dump_row(db, "dump_find", DUMP_SQL, &args, out, err);
}

enum vf_status vf_store_dump_lock(struct vf_db *db, int64_t project_id,
	const unsigned char sha256[32], struct vf_dump_row *out, struct vf_err *err)
{
	struct vf_args args;

	dump_args(&args, project_id, sha256);
	return dump_row(db, "dump_lock", DUMP_SQL " for update of d", &args, out, err);
}

enum vf_status vf_store_dump_received(
	struct vf_db *db, const struct vf_dump_row *row, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, row->id);
	vf_arg_i64(&args, row->size);
	vf_arg_i64(&args, row->received);
	vf_arg_bool(&args, row->complete);
	return vf_query(db, "dump_received",
		"update dump set size = $2, received = $3, uploaded_at = case when $4::boolean"
		" then now() end where id = $1",
		&args, NULL, err);
}

enum vf_status vf_store_dump_deleted(struct vf_db *db, int64_t id, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, id);
	return vf_query(db, "dump_deleted",
		"update dump set deleted_at = coalesce(deleted_at, now()) where id = $1", &args,
		NULL, err);
}

enum vf_status vf_store_dump_others(struct vf_db *db, int64_t project_id,
	const unsigned char sha256[32], int64_t *out, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	dump_args(&args, project_id, sha256);
	st = vf_query(db, "dump_others",
		"select count(*) from crash_key where dump_sha256 = $1 and project_id <> "
		"$2::bigint",
		&args, &rows, err);
	if (!st)
		*out = vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

static enum vf_status redecode_one(struct vf_crash_work *w, struct vf_crash_row *row,
	const struct vf_rows *rows, int i, struct vf_err *err)
{
	struct vf_known_crash known;
	enum vf_status st;

	st = vf_crash_known(w->db, vf_row_i64(rows, i, 1), vf_row_text(rows, i, 2), &known, err);
	if (st || !known.finding_id)
		return st;
	w->scope.project_id = known.project_id;
	row->in->occurrence_id = known.occurrence_id;
	st = vf_crash_reread(w, row, &known, err);
	row->in->merged = row->in->merged || row->in->finding_id != known.finding_id;
	return st;
}

enum vf_status vf_store_redecode(struct vf_db *db, struct vf_arena *arena, int64_t project_id,
	struct vf_crash *crash, bool *moved, struct vf_err *err)
{
	struct vf_crash_row row = {.in = crash};
	struct vf_crash_work w = {.db = db, .arena = arena, .row = &row, .n = 1};
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_identity_of_crash(&crash->facts, &row.identity);
	dump_args(&args, project_id, crash->sha256);
	/* The first one last, so that `crash` tells about it. */
	st = vf_query(db, "redecode_crashes",
		"select project_id, occurrence_id, received_at from crash_key where dump_sha256 = "
		"$1"
		" and ($2::bigint = 0 or project_id = $2::bigint) order by project_id desc",
		&args, &rows, err);
	if (!st && !vf_rows_count(rows))
		st = vf_fail(err, VF_E_NOTFOUND, "no crash names this dump");
	for (int i = 0; !st && i < vf_rows_count(rows); i++)
		st = redecode_one(&w, &row, rows, i, err);
	vf_rows_free(rows);
	*moved = crash->merged;
	if (st)
		return st;
	vf_args_init(&args);
	vf_arg_bytes(&args, crash->sha256, 32);
	vf_arg_i64(&args, crash->decoder);
	return vf_query(db, "redecode_dump", "update dump set decoder = $2 where sha256 = $1",
		&args, NULL, err);
}

enum vf_status vf_store_import_machine(struct vf_db *db, int64_t project_id, const char *name,
	int64_t *machine_id, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, project_id);
	vf_arg_text(&args, name);
	st = vf_query(db, "import_machine_make",
		"insert into machine (project_id, name, kind) select $1::int, $2, 'imported'"
		" where not exists (select from machine where project_id = $1::int"
		" and lower(name) = lower($2)) on conflict (project_id, lower(name)) do nothing",
		&args, NULL, err);
	if (!st)
		st = vf_query(db, "import_machine_find",
			"select id from machine where project_id = $1::int and lower(name) = "
			"lower($2)",
			&args, &rows, err);
	if (!st && vf_rows_count(rows) != 1)
		st = vf_fail(err, VF_E_AGAIN, "the machine was being made by another");
	if (!st)
		*machine_id = vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_store_build_home(
	struct vf_db *db, int64_t build_id, int64_t project_id, int64_t *home, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, build_id);
	vf_arg_i64(&args, project_id);
	st = vf_query(db, "build_home",
		"select project_id from build where id = $1 and ($2::bigint = 0"
		" or project_id = $2::bigint)",
		&args, &rows, err);
	if (!st && vf_rows_count(rows) != 1)
		st = vf_fail(err, VF_E_NOTFOUND, "there is no build %lld", (long long)build_id);
	if (!st)
		*home = vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}
