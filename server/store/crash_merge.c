/* Evidence that meets a crash which is stored already: completed, reread, or simply known. */
#include "server/store/crash_impl.h"

enum vf_status vf_crash_known(struct vf_db *db, int64_t occurrence_id, const char *received_at,
	struct vf_known_crash *out, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	*out = (struct vf_known_crash){.occurrence_id = occurrence_id};
	snprintf(out->received_at, sizeof out->received_at, "%s", received_at);
	vf_args_init(&args);
	vf_arg_i64(&args, occurrence_id);
	vf_arg_text(&args, received_at);
	st = vf_query(db, "crash_known",
		"select o.project_id, o.finding_id, array_position(array['eventlog', 'dump',"
		" 'both']::evidence_source[], o.source) - 1, array_position(enum_range("
		"null::attribution_kind), o.attribution) - 1, array_position(enum_range("
		"null::evidence_role), o.role) - 1, coalesce(o.build_id, 0), coalesce(o.run_id, 0),"
		" coalesce(u.build_id, 0), o.dump_sha256 is not null,"
		" exists (select from occurrence_detail d where d.occurrence_id = o.id"
		" and d.report is not null)"
		" from occurrence o left join run u on u.id = o.run_id"
		" where o.received_at = $2::timestamptz and o.id = $1 for update of o",
		&args, &rows, err);
	if (!st && vf_rows_count(rows)) {
		out->project_id = vf_row_i64(rows, 0, 0);
		out->finding_id = vf_row_i64(rows, 0, 1);
		out->source = (enum vf_evidence_source)vf_row_i64(rows, 0, 2);
		out->attribution.attribution = (enum vf_attribution)vf_row_i64(rows, 0, 3);
		out->attribution.role = (enum vf_evidence_role)vf_row_i64(rows, 0, 4);
		out->attribution.build_id = vf_row_i64(rows, 0, 5);
		out->run_id = vf_row_i64(rows, 0, 6);
		out->run_build.id = vf_row_i64(rows, 0, 7);
		out->has_dump = vf_row_bool(rows, 0, 8);
		out->has_report = vf_row_bool(rows, 0, 9);
		if (out->attribution.attribution == VF_ATTRIBUTION_EXPLICIT)
			out->explicit_build.id = out->attribution.build_id;
	}
	vf_rows_free(rows);
	return st;
}

static enum vf_status driver_name(
	struct vf_crash_work *w, struct vf_build_ref *build, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	if (!build->id)
		return VF_OK;
	vf_args_init(&args);
	vf_arg_i64(&args, build->id);
	st = vf_query(w->db, "crash_driver_name",
		"select d.name from build b join driver d on d.id = b.driver_id where b.id = $1",
		&args, &rows, err);
	if (!st && vf_rows_count(rows))
		build->driver_name = vf_arena_strdup(w->arena, vf_row_text(rows, 0, 0));
	vf_rows_free(rows);
	return st;
}

/* The key that this row took points at the crash that it turned out to be. */
static enum vf_status point_key(struct vf_crash_work *w, const struct vf_crash *in,
	const struct vf_known_crash *known, struct vf_err *err)
{
	struct vf_args args;

	if (!in->has_dump)
		return VF_OK;
	vf_args_init(&args);
	vf_arg_i64(&args, w->scope.project_id);
	vf_arg_bytes(&args, in->sha256, sizeof in->sha256);
	vf_arg_i64(&args, known->occurrence_id);
	vf_arg_text(&args, known->received_at);
	return vf_query(w->db, "crash_point_key",
		"update crash_key set occurrence_id = $3, received_at = $4::timestamptz"
		" where project_id = $1 and dump_sha256 = $2 and occurrence_id <> $3",
		&args, NULL, err);
}

static enum vf_status add_detail(struct vf_crash_work *w, int64_t occurrence_id,
	const struct vf_crash *in, struct vf_err *err)
{
	const char *text;
	struct vf_args args;
	enum vf_status st;

	st = vf_json_text(w->arena,
		json_pack("{sO* sO*}", "decoded", in->decoded, "report", in->report), &text, err);
	if (st)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, occurrence_id);
	vf_arg_text(&args, text);
	return vf_query(w->db, "crash_add_detail",
		"insert into occurrence_detail as d (occurrence_id, decoded, report)"
		" select $1, $2::jsonb->'decoded', $2::jsonb->'report'"
		" on conflict (occurrence_id) do update set"
		" decoded = coalesce(excluded.decoded, d.decoded),"
		" report = coalesce(d.report, excluded.report)",
		&args, NULL, err);
}

static enum vf_status set_source_both(
	struct vf_crash_work *w, const struct vf_known_crash *known, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, known->occurrence_id);
	vf_arg_text(&args, known->received_at);
	return vf_query(w->db, "crash_source_both",
		"update occurrence set source = 'both'"
		" where received_at = $2::timestamptz and id = $1",
		&args, NULL, err);
}

/* The row that stands for the crash now; roll-ups move by the trigger on occurrence. */
static enum vf_status rewrite(struct vf_crash_work *w, struct vf_crash_row *row,
	const struct vf_known_crash *known, struct vf_err *err)
{
	const struct vf_crash *in = row->in;
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, known->occurrence_id);
	vf_arg_text(&args, known->received_at);
	vf_arg_i64(&args, in->finding_id);
	vf_arg_i64(&args, in->attribution.build_id);
	vf_arg_text(&args, vf_attribution_word(in->attribution.attribution));
	vf_arg_text(&args, vf_evidence_role_word(in->attribution.role));
	vf_arg_time(&args, in->occurred_us);
	vf_arg_i64(&args, in->uptime_us);
	vf_arg_i64(&args, in->facts.raw_code);
	vf_arg_bytes(&args, in->sha256, sizeof in->sha256);
	vf_arg_bool(&args, known->source != VF_SOURCE_DUMP || in->report != NULL);
	vf_arg_i64(&args, row->identity.bugcheck_code);
	for (size_t i = 0; i < 4; i++)
		vf_arg_u64(&args, in->facts.parameter[i]);
	return vf_query(w->db, "crash_rewrite",
		"update occurrence set finding_id = $3, build_id = nullif($4::bigint, 0),"
		" attribution = $5::attribution_kind, role = $6::evidence_role, occurred_at = "
		"coalesce($7, occurred_at),"
		" uptime_us = coalesce(nullif($8::bigint, -1), uptime_us), raw_code = $9, "
		"bugcheck_code = $12, p1 = $13, p2 = $14, p3 = $15, p4 = $16,"
		" dump_sha256 = coalesce(dump_sha256, $10),"
		" source = case when $11::boolean then 'both' else 'dump' end::evidence_source"
		" where received_at = $2::timestamptz and id = $1",
		&args, NULL, err);
}

enum vf_status vf_crash_reread(struct vf_crash_work *w, struct vf_crash_row *row,
	const struct vf_known_crash *known, struct vf_err *err)
{
	struct vf_crash_work one = {
		.db = w->db, .arena = w->arena, .scope = w->scope, .row = row, .n = 1};
	enum vf_status st;

	/* What a person says now outranks what was said before. */
	row->explicit_build = row->in->build_id ? (struct vf_build_ref){0} : known->explicit_build;
	row->run_build = known->run_build;
	st = driver_name(w, &row->explicit_build, err);
	if (!st)
		st = driver_name(w, &row->run_build, err);
	if (!st)
		st = vf_crash_attribute(&one, err);
	if (!st)
		st = vf_crash_findings(&one, err);
	if (!st)
		st = add_detail(w, known->occurrence_id, row->in, err);
	if (!st)
		st = rewrite(w, row, known, err);
	return st;
}

enum vf_status vf_crash_merge(struct vf_crash_work *w, struct vf_crash_row *row,
	const struct vf_known_crash *known, struct vf_err *err)
{
	struct vf_crash *in = row->in;
	bool adds_dump = in->has_dump && !known->has_dump && known->finding_id;
	bool adds_report = in->report && !known->has_report && known->finding_id;
	bool other_build = known->finding_id && in->build_id &&
			   (known->attribution.attribution != VF_ATTRIBUTION_EXPLICIT ||
				   known->attribution.build_id != in->build_id);
	enum vf_status st;

	st = point_key(w, in, known, err);
	if (!st && (adds_dump || other_build)) {
		st = vf_crash_reread(w, row, known, err);
	} else {
		in->finding_id = known->finding_id;
		in->attribution = known->attribution;
		if (!st && adds_report)
			st = add_detail(w, known->occurrence_id, in, err);
		if (!st && adds_report && known->source == VF_SOURCE_DUMP)
			st = set_source_both(w, known, err);
	}
	in->occurrence_id = known->occurrence_id;
	in->duplicate = true;
	in->merged = adds_dump || adds_report || other_build;
	if (known->attribution.build_id != in->attribution.build_id)
		in->moved_from = known->attribution.build_id;
	row->settled = true;
	return st;
}
