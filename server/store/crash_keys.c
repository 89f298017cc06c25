/*
 * Keys of crashes: whoever inserts one first stores the crash, whoever comes second waits for the
 * first and completes what is stored.
 */
#include "server/store/crash_impl.h"

/* Reads (row index, occurrence, received_at) of what is known and merges each row into it. The
 * rows come in the order of occurrences, so that two transactions lock them in one order. */
static enum vf_status merge_all(
	struct vf_crash_work *w, const struct vf_rows *rows, struct vf_err *err)
{
	for (int i = 0; i < vf_rows_count(rows); i++) {
		struct vf_crash_row *row = &w->row[vf_row_i64(rows, i, 0)];
		struct vf_known_crash known;
		enum vf_status st;

		st = vf_crash_known(
			w->db, vf_row_i64(rows, i, 1), vf_row_text(rows, i, 2), &known, err);
		if (!st)
			st = vf_crash_merge(w, row, &known, err);
		if (st)
			return st;
	}
	return VF_OK;
}

/*
 * The dump's key is taken first: whoever comes second, also in another transaction that runs at
 * the same time, waits and then finds the crash stored.
 */
enum vf_status vf_crash_dump_keys(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_json_rows list = {0};
	const char *text;
	struct vf_args args;
	enum vf_status st;

	for (size_t i = 0; i < w->n; i++)
		if (w->row[i].in->has_dump)
			vf_json_rows_add(
				&list, json_pack("{sI so sI sI ss* sI}", "i", (json_int_t)i, "sha",
					       vf_json_hex(w->row[i].in->sha256, 32), "id",
					       (json_int_t)w->row[i].in->occurrence_id, "size",
					       (json_int_t)w->row[i].in->dump_size, "name",
					       w->row[i].in->file_name, "decoder",
					       (json_int_t)w->row[i].in->decoder));
	st = vf_json_rows_text(w->arena, &list, &text, err);
	if (st || !text)
		return st;
	vf_args_init(&args);
	vf_arg_text(&args, text);
	/* A dump that was deleted on purpose stays deleted: its row is not touched. */
	st = vf_query(w->db, "crash_dump_rows",
		"insert into dump (sha256, size, file_name, decoder)"
		" select decode(sha, 'hex'), size, name, decoder from jsonb_to_recordset($1::jsonb)"
		" as r(sha text, size bigint, name text, decoder int)"
		" order by 1 on conflict (sha256) do nothing",
		&args, NULL, err);
	vf_args_init(&args);
	vf_arg_i64(&args, w->scope.project_id);
	vf_arg_text(&args, text);
	if (!st)
		st = vf_query(w->db, "crash_take_dump_keys",
			"with want as (select i, decode(sha, 'hex') as sha, id from"
			" jsonb_to_recordset($2::jsonb) as r(i int, sha text, id bigint)),"
			" got as (insert into crash_key (project_id, dump_sha256, occurrence_id,"
			" received_at) select $1, sha, id, now() from want order by sha"
			" on conflict (project_id, dump_sha256) do nothing returning dump_sha256)"
			" select i, encode(sha, 'hex') from want w where not exists"
			" (select from got where got.dump_sha256 = w.sha)",
			&args, &rows, err);
	if (!st && vf_rows_count(rows)) {
		struct vf_rows *known = NULL;

		st = vf_query(w->db, "crash_known_dumps",
			"select r.i, k.occurrence_id, k.received_at from"
			" jsonb_to_recordset($2::jsonb) as r(i int, sha text, id bigint)"
			" join crash_key k on k.project_id = $1 and k.dump_sha256 = decode(r.sha,"
			" 'hex') where k.occurrence_id <> r.id order by 2",
			&args, &known, err);
		if (!st)
			st = merge_all(w, known, err);
		vf_rows_free(known);
	}
	vf_rows_free(rows);
	return st;
}

json_t *vf_crash_signature(const struct vf_crash_row *row, size_t i)
{
	const struct vf_crash_facts *f = &row->in->facts;

	return json_pack("{sI sI sI so so so so so sI so sb}", "i", (json_int_t)i, "id",
		(json_int_t)row->in->occurrence_id, "code",
		(json_int_t)vf_bugcheck_code(f->raw_code), "p1", vf_json_u64(f->parameter[0]), "p2",
		vf_json_u64(f->parameter[1]), "p3", vf_json_u64(f->parameter[2]), "p4",
		vf_json_u64(f->parameter[3]), "at", vf_json_when(row->in->occurred_us), "boot",
		(json_int_t)row->boot_id, "start",
		row->in->uptime_us < 0 ? json_null()
				       : vf_json_when(row->in->occurred_us - row->in->uptime_us),
		"dump", row->in->has_dump);
}

/* As with the dump: taking the key decides who stores and who completes. */
enum vf_status vf_crash_boot_keys(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL, *known = NULL;
	int64_t wanted = 0;
	struct vf_json_rows list = {0};
	const char *text;
	struct vf_args args;
	enum vf_status st;

	for (size_t i = 0; i < w->n; i++)
		if (!w->row[i].settled && w->row[i].boot_id && !w->row[i].keyed) {
			vf_json_rows_add(&list, vf_crash_signature(&w->row[i], i));
			w->row[i].keyed = true;
			wanted++;
		}
	st = vf_json_rows_text(w->arena, &list, &text, err);
	if (st || !text)
		return st;
	vf_args_init(&args);
	vf_arg_text(&args, text);
	st = vf_query(w->db, "crash_take_boot_keys",
		"with got as (insert into boot_crash (boot_id, bugcheck_code, p1, p2, p3, p4,"
		" occurrence_id, received_at) select boot, code, p1, p2, p3, p4, id, now() from"
		" jsonb_to_recordset($1::jsonb) as r(id bigint, boot bigint, code bigint,"
		" p1 bigint, p2 bigint, p3 bigint, p4 bigint) order by 1, 2, 3, 4, 5, 6"
		" on conflict do nothing returning 1) select count(*) from got",
		&args, &rows, err);
	if (!st && vf_row_i64(rows, 0, 0) < wanted)
		st = vf_query(w->db, "crash_known_boots",
			"select r.i, k.occurrence_id, k.received_at from"
			" jsonb_to_recordset($1::jsonb) as r(i int, id bigint, boot bigint,"
			" code bigint, p1 bigint, p2 bigint, p3 bigint, p4 bigint)"
			" join boot_crash k on (k.boot_id, k.bugcheck_code, k.p1, k.p2, k.p3, "
			"k.p4) ="
			" (r.boot, r.code, r.p1, r.p2, r.p3, r.p4) where k.occurrence_id <> r.id "
			"order by 2",
			&args, &known, err);
	if (!st && known)
		st = merge_all(w, known, err);
	vf_rows_free(known);
	vf_rows_free(rows);
	return st;
}

/* One at a time for each machine: pieces of one crash that find each other by time have no key
 * that both would take. */
enum vf_status vf_crash_lock_machine(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, w->scope.machine_id);
	st = vf_query(w->db, "crash_lock_machine",
		"select pg_advisory_xact_lock(hashtextextended('crashes of a machine', id))"
		" from machine where id = $1 and kind = 'lab'",
		&args, &rows, err);
	w->watched = !st && vf_rows_count(rows);
	vf_rows_free(rows);
	return st;
}

/* Event and dump of one crash, when their sender could not tell the boot: they agree on code and
 * parameters, and either on the time or, being of different kinds, within an hour. */
enum vf_status vf_crash_by_time(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_json_rows list = {0};
	const char *text;
	struct vf_args args;
	enum vf_status st;

	for (size_t i = 0; i < w->n; i++)
		if (!w->row[i].settled && !w->row[i].boot_id && w->watched)
			vf_json_rows_add(&list, vf_crash_signature(&w->row[i], i));
	st = vf_json_rows_text(w->arena, &list, &text, err);
	if (st || !text)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, w->scope.project_id);
	vf_arg_i64(&args, w->scope.machine_id);
	vf_arg_text(&args, text);
	st = vf_query(w->db, "crash_find_by_time",
		"select distinct on (r.i) r.i, k.occurrence_id, k.received_at"
		" from jsonb_to_recordset($3::jsonb) as r(i int, code bigint, p1 bigint, p2 bigint,"
		" p3 bigint, p4 bigint, at timestamptz, dump boolean)"
		" join boot b on b.machine_id = $2 and b.project_id = $1 and b.kind = 'imported'"
		" and b.ended_at between r.at - interval '1 hour' and r.at + interval '1 hour'"
		" join boot_crash k on k.boot_id = b.id and (k.bugcheck_code, k.p1, k.p2, k.p3,"
		" k.p4) = (r.code, r.p1, r.p2, r.p3, r.p4)"
		" join occurrence o on o.received_at = k.received_at and o.id = k.occurrence_id"
		" where b.ended_at = r.at or (o.dump_sha256 is null) = r.dump"
		" order by r.i, abs(extract(epoch from b.ended_at - r.at))",
		&args, &rows, err);
	if (!st)
		st = merge_all(w, rows, err);
	vf_rows_free(rows);
	return st;
}
