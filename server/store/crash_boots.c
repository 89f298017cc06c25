/* The boots and runs that crashes belong to: found, or made when nobody has told of them. */
#include "server/store/crash_impl.h"

void vf_crash_args(struct vf_args *args, const struct vf_crash_work *w)
{
	vf_args_init(args);
	vf_arg_i64(args, w->scope.project_id);
	vf_arg_i64(args, w->scope.machine_id);
	vf_arg_i64(args, w->scope.agent_id);
}

/* Boots that the crashes ended. One that nobody has reported yet is made. */
enum vf_status vf_crash_boots(struct vf_crash_work *w, struct vf_err *err)
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
	vf_crash_args(&args, w);
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
enum vf_status vf_crash_make_boots(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_json_rows list = {0};
	const char *text;
	struct vf_args args;
	enum vf_status st;

	for (size_t i = 0; i < w->n; i++)
		if (!w->row[i].settled && !w->row[i].boot_id) {
			const struct vf_crash *in = w->row[i].in;
			json_t *o = vf_crash_signature(&w->row[i], i);

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
	vf_crash_args(&args, w);
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

/* The run that was named, made when nobody has told of it yet; else the one its boot is in. */
enum vf_status vf_crash_runs(struct vf_crash_work *w, struct vf_err *err)
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
