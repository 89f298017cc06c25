#include "server/store/stream.h"

enum vf_status vf_store_stream_lock(
	struct vf_db *db, const struct vf_stream_key *key, uint64_t *acked, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, key->agent_id);
	vf_arg_bytes(&args, key->stream, 16);
	vf_arg_i64(&args, key->lane);
	st = vf_query(db, "stream_make",
		"insert into agent_stream (agent_id, stream_id, lane) values ($1, $2, $3)"
		" on conflict (agent_id, stream_id) do nothing",
		&args, NULL, err);
	if (!st)
		st = vf_query(db, "stream_lock",
			"select acked_seq, lane = $3 from agent_stream"
			" where agent_id = $1 and stream_id = $2 for update",
			&args, &rows, err);
	if (!st && !vf_row_bool(rows, 0, 1))
		st = vf_fail(err, VF_E_INVALID, "the stream belongs to the other lane");
	if (!st)
		*acked = (uint64_t)vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_store_stream_advance(struct vf_db *db, const struct vf_stream_key *key,
	const struct vf_stream_step *step, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, key->agent_id);
	vf_arg_bytes(&args, key->stream, 16);
	vf_arg_u64(&args, step->acked);
	vf_arg_u64(&args, step->stored);
	vf_arg_u64(&args, step->rejected);
	vf_arg_u64(&args, step->lost);
	vf_arg_i64(&args, step->clock_offset_us);
	vf_arg_i64(&args, key->machine_id);
	return vf_query(db, "stream_advance",
		"with a as (update agent set last_seen_at = now(), clock_offset_us = $7"
		" where id = $1), m as (update machine set last_seen_at = now() where id = $8)"
		" update agent_stream set acked_seq = $3, stored = stored + $4,"
		" rejected = rejected + $5, lost = lost + $6, updated_at = now()"
		" where agent_id = $1 and stream_id = $2",
		&args, NULL, err);
}

enum vf_status vf_store_rejected(struct vf_db *db, const struct vf_stream_key *key,
	const struct vf_rejected *r, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, key->project_id);
	vf_arg_i64(&args, key->agent_id);
	vf_arg_bytes(&args, key->stream, 16);
	vf_arg_u64(&args, r->seq);
	vf_arg_text(&args, r->kind);
	vf_arg_text(&args, r->reason);
	vf_arg_text(&args, r->field);
	vf_arg_text(&args, r->raw);
	vf_arg_u64(&args, r->raw_size);
	return vf_query(db, "rejected",
		"insert into rejected_record (project_id, agent_id, stream_id, seq, kind, reason,"
		" field, raw, raw_size) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		&args, NULL, err);
}

enum vf_status vf_store_incident(struct vf_db *db, const struct vf_stream_key *key,
	const struct vf_incident_row *in, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, key->project_id);
	vf_arg_i64(&args, key->machine_id);
	vf_arg_i64(&args, key->agent_id);
	vf_arg_text(&args, in->class);
	vf_arg_time(&args, in->at_us);
	vf_arg_text(&args, in->detail);
	return vf_query(db, "incident",
		"insert into incident (project_id, machine_id, agent_id, class, occurred_at, "
		"detail)"
		" values ($1, $2, $3, $4, $5, $6::jsonb)",
		&args, NULL, err);
}

static enum vf_status previous_boot(struct vf_db *db, const struct vf_stream_key *key,
	const struct vf_boot_row *in, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, key->project_id);
	vf_arg_i64(&args, key->machine_id);
	vf_arg_i64(&args, key->agent_id);
	vf_arg_text(&args, in->previous_uuid);
	vf_arg_text(&args, in->previous_end);
	/* A bug check that was seen is not made unseen by what the next boot believes. */
	return vf_query(db, "boot_previous",
		"insert into boot (project_id, machine_id, agent_id, boot_uuid, end_kind)"
		" values ($1, $2, $3, $4::uuid, $5) on conflict (machine_id, boot_uuid) do update"
		" set end_kind = excluded.end_kind"
		" where boot.end_kind is null or boot.end_kind = 'unknown'",
		&args, NULL, err);
}

enum vf_status vf_store_boot(struct vf_db *db, const struct vf_stream_key *key,
	const struct vf_boot_row *in, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, key->project_id);
	vf_arg_i64(&args, key->machine_id);
	vf_arg_i64(&args, key->agent_id);
	vf_arg_text(&args, in->boot_uuid);
	vf_arg_i64(&args, in->ordinal);
	vf_arg_text(&args, in->previous_uuid);
	vf_arg_time(&args, in->started_us);
	vf_arg_i64(&args, in->env_id);
	st = vf_query(db, "boot",
		"with b as (insert into boot (project_id, machine_id, agent_id, boot_uuid, ordinal,"
		" previous_uuid, started_at, env_id) values ($1, $2, $3, $4::uuid,"
		" nullif($5::bigint, -1), $6::uuid, $7, nullif($8::bigint, 0))"
		" on conflict (machine_id, boot_uuid) do update set agent_id = excluded.agent_id,"
		" ordinal = coalesce(excluded.ordinal, boot.ordinal),"
		" previous_uuid = coalesce(excluded.previous_uuid, boot.previous_uuid),"
		" started_at = coalesce(excluded.started_at, boot.started_at),"
		" env_id = coalesce(excluded.env_id, boot.env_id))"
		" update machine m set env_id = $8 where m.id = $2 and $8::bigint <> 0"
		" and not exists (select from boot o where o.machine_id = $2 and o.ordinal > $5)",
		&args, NULL, err);
	if (!st && in->previous_uuid)
		st = previous_boot(db, key, in, err);
	return st;
}

enum vf_status vf_store_build_named(struct vf_db *db, int64_t project_id,
	const struct vf_build_name *in, int64_t *build_id, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	/* Each statement sees what others made while the one before waited for them. */
	vf_args_init(&args);
	vf_arg_i64(&args, project_id);
	vf_arg_text(&args, in->driver);
	vf_arg_text(&args, in->branch);
	st = vf_query(db, "build_named_parents",
		"with d as (insert into driver (project_id, name) select $1, $2 where not exists"
		" (select from driver where project_id = $1 and lower(name) = lower($2))"
		" on conflict (project_id, lower(name)) do nothing)"
		" insert into branch (project_id, name) select $1, $3 where not exists"
		" (select from branch where project_id = $1 and name = $3)"
		" on conflict (project_id, name) do nothing",
		&args, NULL, err);
	vf_arg_i64(&args, in->seq);
	vf_arg_text(&args, in->label);
	if (!st)
		st = vf_query(db, "build_named_insert",
			"insert into build (project_id, driver_id, branch_id, seq, label, origin)"
			" select $1, d.id, b.id, $4, $5, 'agent' from driver d, branch b"
			" where d.project_id = $1 and lower(d.name) = lower($2)"
			" and b.project_id = $1 and b.name = $3 and not exists (select from build x"
			" where x.driver_id = d.id and x.branch_id = b.id and x.seq = $4)"
			" on conflict (driver_id, branch_id, seq) do nothing",
			&args, NULL, err);
	args.n--; /* the label is no part of the name */
	if (!st)
		st = vf_query(db, "build_named_find",
			"select x.id from build x join driver d on d.id = x.driver_id"
			" join branch b on b.id = x.branch_id where x.project_id = $1"
			" and lower(d.name) = lower($2) and b.name = $3 and x.seq = $4",
			&args, &rows, err);
	if (!st && vf_rows_count(rows) != 1)
		st = vf_fail(err, VF_E_AGAIN, "the build was being made by another");
	if (!st)
		*build_id = vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_store_run(struct vf_db *db, const struct vf_stream_key *key,
	const struct vf_run_row *in, int64_t *run_id, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, key->project_id);
	vf_arg_i64(&args, key->machine_id);
	vf_arg_text(&args, in->run);
	vf_arg_i64(&args, in->build_id);
	vf_arg_time(&args, in->outcome ? INT64_MIN : in->at_us);
	vf_arg_time(&args, in->outcome ? in->at_us : INT64_MIN);
	vf_arg_text(&args, in->outcome);
	st = vf_query(db, "run",
		"insert into run (project_id, machine_id, external_id, build_id, started_at,"
		" ended_at, outcome) values ($1, $2, $3, nullif($4::bigint, 0), $5, $6, $7)"
		" on conflict (machine_id, external_id) do update set"
		" build_id = coalesce(run.build_id, excluded.build_id),"
		" started_at = coalesce(run.started_at, excluded.started_at),"
		" ended_at = coalesce(run.ended_at, excluded.ended_at),"
		" outcome = coalesce(run.outcome, excluded.outcome) returning id",
		&args, &rows, err);
	if (!st)
		*run_id = vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	if (st || !in->boot_uuid)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, *run_id);
	vf_arg_i64(&args, key->machine_id);
	vf_arg_text(&args, in->boot_uuid);
	return vf_query(db, "run_boot",
		"insert into run_boot (run_id, boot_id) select $1, id from boot"
		" where machine_id = $2 and boot_uuid = $3::uuid on conflict do nothing",
		&args, NULL, err);
}
