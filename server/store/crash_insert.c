/* New crashes into finding, occurrence_detail and occurrence: one statement each. */
#include "server/runtime/hex.h"
#include "server/store/crash_impl.h"

static json_t *parts(const struct vf_identity *id)
{
	json_t *list = json_array();

	for (size_t i = 0; i < id->n_parts; i++)
		json_array_append_new(list,
			json_pack("{ss ss}", "name", id->part[i].name, "value", id->part[i].value));
	return list;
}

static json_t *finding(const struct vf_crash_row *row, size_t i)
{
	const struct vf_identity *id = &row->identity;
	const struct vf_crash_facts *f = &row->in->facts;
	json_t *o = json_pack("{sI si si so ss so sb ss ss* ss* sI ss*}", "i", (json_int_t)i,
		"kind", (int)id->kind, "version", (int)id->version, "fp",
		vf_json_hex(id->fingerprint, sizeof id->fingerprint), "text", id->text, "parts",
		parts(id), "weak", id->weak, "title", id->title, "driver", id->driver, "module",
		f->culprit_module, "code", (json_int_t)id->bugcheck_code, "rule", id->rule);

	if (f->culprit_module && f->has_offset)
		json_object_set_new(o, "at", vf_json_u64(f->offset));
	if (id->has_sub_code)
		json_object_set_new(o, "sub", json_integer(id->sub_code));
	if (id->dma_class)
		json_object_set_new(o, "dma", json_integer(id->dma_class));
	return o;
}

/* Found or made. The update locks the row: it cannot vanish before its occurrence is there. */
enum vf_status vf_crash_findings(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_json_rows list = {0};
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;
	const char *text;

	for (size_t i = 0; i < w->n; i++)
		if (!w->row[i].settled)
			vf_json_rows_add(&list, finding(&w->row[i], i));
	st = vf_json_rows_text(w->arena, &list, &text, err);
	if (st || !text)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, w->scope.project_id);
	vf_arg_text(&args, text);
	st = vf_query(w->db, "crash_findings",
		"with want as (select r.*, decode(r.fp, 'hex') as key from"
		" jsonb_to_recordset($2::jsonb) as r(i int, kind smallint, version smallint,"
		" fp text, text text, parts jsonb, weak boolean, title text, driver text,"
		" module text, at bigint, code bigint, sub bigint, dma smallint, rule text)),"
		" done as (insert into finding (project_id, kind, fp_version, fingerprint, fp_text,"
		" fp_parts, weak, title, driver_name, culprit_module, culprit_offset,"
		" bugcheck_code, sub_code, dma_class, rule) select distinct on (kind, version, key)"
		" $1, kind, version, key, text, parts, weak, title, driver, module, at, code, sub,"
		" dma, rule from want order by kind, version, key, i"
		" on conflict (project_id, kind, fp_version, fingerprint) do update set"
		" fp_version = excluded.fp_version returning id, kind, fp_version, fingerprint)"
		" select w.i, d.id from want w join done d on (d.kind, d.fp_version, d.fingerprint)"
		" = (w.kind, w.version, w.key)",
		&args, &rows, err);
	for (int i = 0; !st && i < vf_rows_count(rows); i++)
		w->row[vf_row_i64(rows, i, 0)].in->finding_id = vf_row_i64(rows, i, 1);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_crash_details(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_json_rows list = {0};
	struct vf_args args;
	enum vf_status st;
	const char *text;

	for (size_t i = 0; i < w->n; i++) {
		const struct vf_crash *in = w->row[i].in;

		if (!w->row[i].settled && (in->decoded || in->report))
			vf_json_rows_add(&list,
				json_pack("{sI sO* sO*}", "id", (json_int_t)in->occurrence_id,
					"decoded", in->decoded, "report", in->report));
	}
	st = vf_json_rows_text(w->arena, &list, &text, err);
	if (st || !text)
		return st;
	vf_args_init(&args);
	vf_arg_text(&args, text);
	return vf_query(w->db, "crash_details",
		"insert into occurrence_detail (occurrence_id, decoded, report) select id, decoded,"
		" report from jsonb_to_recordset($1::jsonb) as r(id bigint, decoded jsonb,"
		" report jsonb)",
		&args, NULL, err);
}

static json_t *occurrence(const struct vf_crash_row *row)
{
	static const char *const sources[] = {"eventlog", "dump", "both"};
	const struct vf_crash *in = row->in;
	const struct vf_crash_facts *f = &in->facts;
	json_t *o = json_pack("{sI so sI sI sI sI so so so so ss ss ss}", "id",
		(json_int_t)in->occurrence_id, "at", vf_json_when(in->occurred_us), "finding",
		(json_int_t)in->finding_id, "boot", (json_int_t)row->boot_id, "code",
		(json_int_t)row->identity.bugcheck_code, "raw", (json_int_t)f->raw_code, "p1",
		vf_json_u64(f->parameter[0]), "p2", vf_json_u64(f->parameter[1]), "p3",
		vf_json_u64(f->parameter[2]), "p4", vf_json_u64(f->parameter[3]), "attribution",
		vf_attribution_word(in->attribution.attribution), "role",
		vf_evidence_role_word(in->attribution.role), "source", sources[in->source]);

	if (in->attribution.build_id)
		json_object_set_new(o, "build", json_integer(in->attribution.build_id));
	if (row->run_id)
		json_object_set_new(o, "run", json_integer(row->run_id));
	if (in->uptime_us >= 0)
		json_object_set_new(o, "uptime", json_integer(in->uptime_us));
	if (in->has_dump)
		json_object_set_new(o, "dump", vf_json_hex(in->sha256, sizeof in->sha256));
	return o;
}

enum vf_status vf_crash_occurrences(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_json_rows list = {0};
	struct vf_args args;
	enum vf_status st;
	const char *text;

	for (size_t i = 0; i < w->n; i++)
		if (!w->row[i].settled)
			vf_json_rows_add(&list, occurrence(&w->row[i]));
	st = vf_json_rows_text(w->arena, &list, &text, err);
	if (st || !text)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, w->scope.project_id);
	vf_arg_i64(&args, w->scope.machine_id);
	vf_arg_text(&args, text);
	return vf_query(w->db, "crash_occurrences",
		"insert into occurrence (id, received_at, occurred_at, project_id, finding_id,"
		" boot_id, machine_id, build_id, run_id, bugcheck_code, raw_code, p1, p2, p3, p4,"
		" uptime_us, attribution, role, source, dump_sha256)"
		" select id, now(), at, $1, finding, boot, $2, build, run, code, raw, p1, p2, p3,"
		" p4, uptime, attribution, role, source, decode(dump, 'hex')"
		" from jsonb_to_recordset($3::jsonb) as r(id bigint, at timestamptz,"
		" finding bigint, boot bigint, build bigint, run bigint, code bigint, raw bigint,"
		" p1 bigint, p2 bigint, p3 bigint, p4 bigint, uptime bigint,"
		" attribution attribution_kind, role evidence_role, source evidence_source,"
		" dump text)",
		&args, NULL, err);
}
