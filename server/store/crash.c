#include "server/store/crash.h"

#include "server/runtime/clock.h"
#include "server/runtime/hex.h"
#include "server/store/crash_impl.h"

enum vf_status vf_json_text(
	struct vf_arena *arena, json_t *take, const char **out, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	char *text;

	*out = NULL;
	if (!take)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	text = json_dumps(take, JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(take);
	if (!text || vf_arena_defer(arena, free, text)) {
		free(text);
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
	} else {
		*out = text;
	}
	return st;
}

void vf_json_rows_add(struct vf_json_rows *rows, json_t *take)
{
	if (!rows->list)
		rows->list = json_array();
	if (json_array_append_new(rows->list, take))
		rows->bad = true;
}

enum vf_status vf_json_rows_text(
	struct vf_arena *arena, struct vf_json_rows *rows, const char **out, struct vf_err *err)
{
	*out = NULL;
	if (rows->bad) {
		json_decref(rows->list);
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	return rows->list ? vf_json_text(arena, rows->list, out, err) : VF_OK;
}

json_t *vf_json_u64(uint64_t value)
{
	json_int_t same;

	memcpy(&same, &value, sizeof same);
	return json_integer(same);
}

json_t *vf_json_when(int64_t utc_us)
{
	char text[32];

	if (utc_us == INT64_MIN)
		return json_null();
	vf_time_text(utc_us, text);
	return json_string(text);
}

json_t *vf_json_hex(const void *bytes, size_t len)
{
	char text[129];

	vf_hex(bytes, len, text);
	return json_string(text);
}

bool vf_crash_same(const struct vf_crash *a, const struct vf_crash *b)
{
	if (a->has_dump && b->has_dump && !memcmp(a->sha256, b->sha256, sizeof a->sha256))
		return true;
	if (vf_bugcheck_code(a->facts.raw_code) != vf_bugcheck_code(b->facts.raw_code) ||
		memcmp(a->facts.parameter, b->facts.parameter, sizeof a->facts.parameter) != 0)
		return false;
	/* Without a boot they may still meet by time. */
	return !a->crash_boot_uuid || !b->crash_boot_uuid ||
	       vf_same_name(a->crash_boot_uuid, b->crash_boot_uuid);
}

static void args_scope(struct vf_args *args, const struct vf_crash_work *w)
{
	vf_args_init(args);
	vf_arg_i64(args, w->scope.project_id);
	vf_arg_i64(args, w->scope.machine_id);
	vf_arg_i64(args, w->scope.agent_id);
}

static enum vf_status take_ids(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, (int64_t)w->n);
	st = vf_query(w->db, "crash_ids",
		"select nextval('occurrence_id_seq') from generate_series(1, $1::bigint)", &args,
		&rows, err);
	for (size_t i = 0; !st && i < w->n; i++)
		w->row[i].in->occurrence_id = vf_row_i64(rows, (int)i, 0);
	vf_rows_free(rows);
	return st;
}

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
static enum vf_status take_dump_keys(struct vf_crash_work *w, struct vf_err *err)
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
	vf_arg_i64(&args, w->scope.project_id);
	vf_arg_text(&args, text);
	/* A dump that was deleted on purpose stays deleted: its row is not touched. */
	st = vf_query(w->db, "crash_dump_rows",
		"insert into dump (sha256, size, file_name, decoder)"
		" select decode(sha, 'hex'), size, name, decoder from jsonb_to_recordset($2::jsonb)"
		" as r(sha text, size bigint, name text, decoder int) where $1::int > 0"
		" order by 1 on conflict (sha256) do nothing",
		&args, NULL, err);
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

/* Boots that the crashes ended. One that nobody has reported yet is made. */
static enum vf_status find_boots(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_json_rows list = {0};
	const char *text;
	struct vf_args args;
	enum vf_status st;

	for (size_t i = 0; i < w->n; i++)
		if (!w->row[i].settled && w->row[i].in->crash_boot_uuid)
			vf_json_rows_add(&list, json_pack("{sI ss so}", "i", (json_int_t)i, "uuid",
							w->row[i].in->crash_boot_uuid, "at",
							vf_json_when(w->row[i].in->occurred_us)));
	st = vf_json_rows_text(w->arena, &list, &text, err);
	if (st || !text)
		return st;
	args_scope(&args, w);
	vf_arg_text(&args, text);
	st = vf_query(w->db, "crash_find_boots",
		"with want as (select * from jsonb_to_recordset($4::jsonb)"
		" as r(i int, uuid uuid, at timestamptz)), done as (insert into boot (project_id,"
		" machine_id, agent_id, boot_uuid, ended_at, end_kind)"
		" select $1, $2, nullif($3::bigint, 0), uuid, min(at), 'bugcheck' from want"
		" group by uuid order by uuid on conflict (machine_id, boot_uuid) do update set"
		" end_kind = 'bugcheck', ended_at = coalesce(boot.ended_at, excluded.ended_at)"
		" returning id, boot_uuid)"
		" select want.i, done.id from want join done on done.boot_uuid = want.uuid",
		&args, &rows, err);
	for (int i = 0; !st && i < vf_rows_count(rows); i++)
		w->row[vf_row_i64(rows, i, 0)].boot_id = vf_row_i64(rows, i, 1);
	vf_rows_free(rows);
	return st;
}

static json_t *signature(const struct vf_crash_row *row, size_t i)
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

/* One at a time for each machine: pieces of one crash that find each other by time have no key
 * that both would take. */
static enum vf_status lock_machine(struct vf_crash_work *w, struct vf_err *err)
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
static enum vf_status find_by_time(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_json_rows list = {0};
	const char *text;
	struct vf_args args;
	enum vf_status st;

	for (size_t i = 0; i < w->n; i++)
		if (!w->row[i].settled && !w->row[i].boot_id && w->watched)
			vf_json_rows_add(&list, signature(&w->row[i], i));
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

static json_t *environment(const struct vf_crash *in)
{
	json_t *env = json_pack("{ss*}", "arch", in->arch);

	if (in->facts.os_build)
		json_object_set_new(env, "os_build", json_integer(in->facts.os_build));
	if (in->cpus)
		json_object_set_new(env, "cpus", json_integer(in->cpus));
	return env;
}

/* A crash of a boot that nobody saw gets a boot of its own, of kind `imported`. */
static enum vf_status make_boots(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_json_rows list = {0};
	const char *text;
	struct vf_args args;
	enum vf_status st;

	for (size_t i = 0; i < w->n; i++)
		if (!w->row[i].settled && !w->row[i].boot_id) {
			const struct vf_crash *in = w->row[i].in;
			json_t *o = signature(&w->row[i], i);

			if (in->facts.os_build || in->arch)
				json_object_set_new(o, "env", environment(in));
			vf_json_rows_add(&list, o);
		}
	st = vf_json_rows_text(w->arena, &list, &text, err);
	if (st || !text)
		return st;
	vf_args_init(&args);
	vf_arg_text(&args, text);
	st = vf_query(w->db, "crash_make_envs",
		"insert into env_snapshot (sha256, os_build, arch, body)"
		" select distinct on (1) sha256(convert_to(env::text, 'UTF8')),"
		" (env->>'os_build')::int, env->>'arch', env from jsonb_to_recordset($1::jsonb)"
		" as r(env jsonb) where env is not null order by 1 on conflict (sha256) do nothing",
		&args, NULL, err);
	args_scope(&args, w);
	vf_arg_text(&args, text);
	if (!st)
		st = vf_query(w->db, "crash_make_boots",
			"with want as (select r.*, gen_random_uuid() as uuid from"
			" jsonb_to_recordset($4::jsonb) as r(i int, at timestamptz, start "
			"timestamptz,"
			" env jsonb)), done as (insert into boot (project_id, machine_id, agent_id,"
			" boot_uuid, kind, started_at, ended_at, end_kind, env_id) select $1, $2,"
			" nullif($3::bigint, 0), uuid, 'imported', start, at, 'bugcheck', (select "
			"e.id"
			" from env_snapshot e where e.sha256 = sha256(convert_to(want.env::text,"
			" 'UTF8'))) from want returning id, boot_uuid, env_id), known as (update "
			"machine"
			" m set env_id = (select max(env_id) from done) where m.id = $2 and "
			"m.env_id is"
			" null) select want.i, done.id from want join done on done.boot_uuid ="
			" want.uuid",
			&args, &rows, err);
	for (int i = 0; !st && i < vf_rows_count(rows); i++)
		w->row[vf_row_i64(rows, i, 0)].boot_id = vf_row_i64(rows, i, 1);
	vf_rows_free(rows);
	return st;
}

/* As with the dump: taking the key decides who stores and who completes. */
static enum vf_status take_boot_keys(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL, *known = NULL;
	int64_t wanted = 0;
	struct vf_json_rows list = {0};
	const char *text;
	struct vf_args args;
	enum vf_status st;

	for (size_t i = 0; i < w->n; i++)
		if (!w->row[i].settled && w->row[i].boot_id && !w->row[i].keyed) {
			vf_json_rows_add(&list, signature(&w->row[i], i));
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

/* The run that was named, made when nobody has told of it yet; else the one its boot is in. */
static enum vf_status find_runs(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_json_rows list = {0};
	const char *text;
	struct vf_args args;
	enum vf_status st;

	for (size_t i = 0; i < w->n; i++)
		if (!w->row[i].settled && w->scope.agent_id)
			vf_json_rows_add(&list,
				json_pack("{sI sI ss* so}", "i", (json_int_t)i, "boot",
					(json_int_t)w->row[i].boot_id, "run", w->row[i].in->run,
					"at", vf_json_when(w->row[i].in->occurred_us)));
	st = vf_json_rows_text(w->arena, &list, &text, err);
	if (st || !text)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, w->scope.project_id);
	vf_arg_i64(&args, w->scope.machine_id);
	vf_arg_text(&args, text);
	st = vf_query(w->db, "crash_make_runs",
		"insert into run (project_id, machine_id, external_id) select distinct $1::int,"
		" $2::bigint, run from jsonb_to_recordset($3::jsonb) as r(run text)"
		" where run is not null order by 3 on conflict (machine_id, external_id) do "
		"nothing",
		&args, NULL, err);
	if (!st)
		st = vf_query(w->db, "crash_find_runs",
			"with want as (select * from jsonb_to_recordset($3::jsonb)"
			" as r(i int, boot bigint, run text, at timestamptz)), found as (select "
			"w.i,"
			" w.boot, case when w.run is not null then (select id from run where"
			" machine_id = $2 and external_id = w.run) else (select u.id from run_boot "
			"rb"
			" join run u on u.id = rb.run_id where rb.boot_id = w.boot and "
			"(u.started_at is"
			" null or u.started_at <= w.at) and (u.ended_at is null or u.ended_at >= "
			"w.at)"
			" order by u.started_at desc nulls last, u.id desc limit 1) end as run_id"
			" from want w), linked as (insert into run_boot (run_id, boot_id) select"
			" distinct run_id, boot from found where run_id is not null order by 1, 2"
			" on conflict do nothing) select f.i, u.id, coalesce(b.id, 0), d.name"
			" from found f join run u on u.id = f.run_id and u.project_id = $1"
			" left join build b on b.id = u.build_id left join driver d on d.id = "
			"b.driver_id",
			&args, &rows, err);
	for (int i = 0; !st && i < vf_rows_count(rows); i++) {
		struct vf_crash_row *row = &w->row[vf_row_i64(rows, i, 0)];
		const char *name = vf_row_text(rows, i, 3);

		row->run_id = vf_row_i64(rows, i, 1);
		row->run_build.id = vf_row_i64(rows, i, 2);
		row->run_build.driver_name = name ? vf_arena_strdup(w->arena, name) : NULL;
	}
	vf_rows_free(rows);
	return st;
}

static enum vf_status store(struct vf_crash_work *w, struct vf_err *err)
{
	static enum vf_status (*const step[])(struct vf_crash_work *, struct vf_err *) = {
		lock_machine,
		take_ids,
		take_dump_keys,
		find_boots,
		take_boot_keys,
		find_by_time,
		make_boots,
		take_boot_keys,
		find_runs,
		vf_crash_attribute,
		vf_crash_findings,
		vf_crash_details,
		vf_crash_occurrences,
	};
	enum vf_status st = VF_OK;

	for (size_t i = 0; !st && i < VF_ARRAY_LEN(step); i++)
		st = step[i](w, err);
	return st;
}

enum vf_status vf_store_crashes(struct vf_db *db, struct vf_arena *arena,
	const struct vf_crash_scope *scope, struct vf_crash **crash, size_t n, struct vf_err *err)
{
	struct vf_crash_work w = {.db = db, .arena = arena, .scope = *scope, .n = n};

	if (!n)
		return VF_OK;
	if (n > VF_CRASH_SET_MAX)
		return vf_fail(err, VF_E_LIMIT, "more than %d crashes at once", VF_CRASH_SET_MAX);
	w.row = vf_arena_alloc(arena, n * sizeof *w.row);
	if (!w.row)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		w.row[i].in = crash[i];
		crash[i]->duplicate = crash[i]->merged = false;
		crash[i]->moved_from = 0;
		vf_identity_of_crash(&crash[i]->facts, &w.row[i].identity);
	}
	return store(&w, err);
}
