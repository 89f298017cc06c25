#include "server/store/report.h"

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

enum vf_status vf_store_changes(struct vf_db *db, int64_t txid, int64_t id, int limit,
	struct vf_rows **rows, bool *reset, struct vf_err *err)
{
	struct vf_args args;
	struct vf_rows *end;
	enum vf_status st;

	*rows = NULL;
	*reset = false;
	st = vf_query(db, "changes.horizon",
		"select pg_snapshot_xmax(pg_current_snapshot())::text::bigint", NULL, &end, err);
	if (!st)
		*reset = txid >= vf_row_i64(end, 0, 0);
	vf_rows_free(end);
	if (st)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, txid);
	vf_arg_i64(&args, id);
	vf_arg_i64(&args, limit);
	return vf_query(db, "changes.since",
		"select topic, entity_id, txid, id from change_since($1, $2, $3::integer)", &args,
		rows, err);
}

enum vf_status vf_store_changes_end(
	struct vf_db *db, int64_t *txid, int64_t *id, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st = vf_query(db, "changes.end",
		"select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1", NULL, &rows,
		err);

	*txid = st ? 0 : vf_row_i64(rows, 0, 0);
	*id = INT64_MAX;
	vf_rows_free(rows);
	return st;
}
