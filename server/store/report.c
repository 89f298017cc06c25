#include "server/store/report.h"

#include "server/store/partition.h"

const struct vf_column vf_report_kind_column[] = {
	{"kind", NULL, VF_COL_KIND},
	{"new", NULL, VF_COL_INT},
	{"own", NULL, VF_COL_INT},
	{"other", NULL, VF_COL_INT},
	{"occurrences", NULL, VF_COL_INT},
};
const size_t vf_report_kind_columns = VF_ARRAY_LEN(vf_report_kind_column);

enum vf_status vf_store_report_kinds(
	struct vf_db *db, int64_t build_id, struct vf_rows **rows, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, build_id);
	return vf_query(db, "report.kinds",
		"select f.kind,"
		" count(distinct f.id) filter (where f.id in (select "
		"build_new_findings($1::bigint))),"
		" count(distinct f.id) filter (where fb.role = 'own'),"
		" count(distinct f.id) filter (where fb.role in ('loaded', 'other')),"
		" sum(fb.occurrences)::bigint"
		" from finding_build fb join finding f on f.id = fb.finding_id"
		" where fb.build_id = $1::bigint group by f.kind order by f.kind",
		&args, rows, err);
}

/* True when the feed cannot tell everything that came after the position. */
static enum vf_status is_lost(
	struct vf_db *db, const struct vf_change_position *after, bool *lost, struct vf_err *err)
{
	struct vf_args args;
	struct vf_rows *rows;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, after->txid);
	vf_arg_time(&args, after->at_us);
	vf_arg_i64(&args, VF_CHANGE_KEEP_DAYS * 24 - 1); /* an hour for what takes long to commit */
	st = vf_query(db, "changes.lost",
		"select $1::bigint >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
		" or $2::timestamptz < now() - $3::integer * interval '1 hour'",
		&args, &rows, err);
	*lost = !st && vf_row_bool(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_store_changes(struct vf_db *db, const struct vf_change_position *after, int limit,
	struct vf_rows **rows, bool *reset, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st = is_lost(db, after, reset, err);

	*rows = NULL;
	if (st || *reset)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, after->txid);
	vf_arg_i64(&args, after->id);
	vf_arg_i64(&args, limit);
	return vf_query(db, "changes.since",
		"select topic, entity_id, txid, id, (extract(epoch from at) * 1000000)::bigint"
		" from change_since($1, $2, $3::integer)",
		&args, rows, err);
}

enum vf_status vf_store_changes_end(
	struct vf_db *db, struct vf_change_position *out, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st = vf_query(db, "changes.end",
		"select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1,"
		" (extract(epoch from now()) * 1000000)::bigint",
		NULL, &rows, err);

	*out = (struct vf_change_position){.id = INT64_MAX};
	if (!st) {
		out->txid = vf_row_i64(rows, 0, 0);
		out->at_us = vf_row_i64(rows, 0, 1);
	}
	vf_rows_free(rows);
	return st;
}
