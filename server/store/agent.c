#include "server/store/agent.h"

enum vf_status vf_store_agent_key(
	struct vf_db *db, const char *agent_uuid, struct vf_agent_key *out, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;
	const char *key;

	vf_args_init(&args);
	vf_arg_text(&args, agent_uuid);
	st = vf_query(db, "agent_key",
		"select a.id, m.id, m.project_id, a.public_key from agent a"
		" join machine m on m.id = a.machine_id"
		" where a.agent_uuid = $1::uuid and a.retired_at is null",
		&args, &rows, err);
	if (st)
		goto out_rows;
	if (vf_rows_count(rows) != 1) {
		st = vf_fail(err, VF_E_NOTFOUND, "no such agent is enrolled");
		goto out_rows;
	}
	out->agent_id = vf_row_i64(rows, 0, 0);
	out->machine_id = vf_row_i64(rows, 0, 1);
	out->project_id = vf_row_i64(rows, 0, 2);
	key = vf_row_text(rows, 0, 3);
	if (strlen(key) > VF_AGENT_KEY_MAX) {
		st = vf_fail(
			err, VF_E_CORRUPT, "the stored key of agent %s is too long", agent_uuid);
		goto out_rows;
	}
	memcpy(out->public_key, key, strlen(key) + 1);
out_rows:
	vf_rows_free(rows);
	return st;
}

/* Why was it not taken? Asked only after the update found nothing. */
static enum vf_status token_refusal(
	struct vf_db *db, const void *secret_hash, const char *remote_addr, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_bytes(&args, secret_hash, 32);
	vf_arg_text(&args, remote_addr);
	st = vf_query(db, "enroll_token_refusal",
		"select case when revoked_at is not null then 'was revoked'"
		" when expires_at <= now() then 'has expired'"
		" when uses >= max_uses then 'is used up'"
		" else 'does not allow the address ' || host($2::inet) end"
		" from enroll_token where secret_hash = $1",
		&args, &rows, err);
	if (!st)
		st = vf_fail(err, VF_E_DENIED, "this enrolment token %s; make a new one",
			vf_rows_count(rows) ? vf_row_text(rows, 0, 0) : "is not known");
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_store_enroll_token_use(struct vf_db *db, const void *secret_hash,
	const char *remote_addr, int64_t *project_id, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_bytes(&args, secret_hash, 32);
	vf_arg_text(&args, remote_addr);
	st = vf_query(db, "enroll_token_use",
		"update enroll_token set uses = uses + 1 where secret_hash = $1"
		" and revoked_at is null and expires_at > now() and uses < max_uses"
		" and (networks = '{}' or exists (select from unnest(networks) n"
		" where $2::inet <<= n)) returning project_id",
		&args, &rows, err);
	if (!st && vf_rows_count(rows) == 1)
		*project_id = vf_row_i64(rows, 0, 0);
	else if (!st)
		st = token_refusal(db, secret_hash, remote_addr, err);
	vf_rows_free(rows);
	return st;
}

/* The machine that shows all of the evidence given, and whether its agent is alive. */
static enum vf_status find_machine(struct vf_db *db, const struct vf_enrolment *in,
	int64_t *machine_id, bool *alive, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	*machine_id = 0;
	*alive = false;
	/* A disk or GUID alone says little; two agreeing, or firmware alone, say enough. */
	vf_args_init(&args);
	vf_arg_i64(&args, in->project_id);
	vf_arg_text(&args, in->smbios_uuid);
	vf_arg_text(&args, in->machine_guid);
	vf_arg_text(&args, in->disk_serial);
	st = vf_query(db, "enroll_find_machine",
		"select m.id, coalesce(max(a.last_seen_at) filter (where a.retired_at is null)"
		" > now() - interval '2 minutes', false) as alive"
		" from machine m left join agent a on a.machine_id = m.id"
		" where m.project_id = $1 and m.kind = 'lab' and num_nonnulls($2::text, $3::text,"
		" $4::text) > 0 and ($2::text is null or m.smbios_uuid = $2)"
		" and ($3::text is null or m.machine_guid = $3)"
		" and ($4::text is null or m.disk_serial = $4)"
		" group by m.id order by alive, m.id limit 1",
		&args, &rows, err);
	if (!st && vf_rows_count(rows)) {
		*machine_id = vf_row_i64(rows, 0, 0);
		*alive = vf_row_bool(rows, 0, 1);
	}
	vf_rows_free(rows);
	return st;
}

/* The wanted name, or the first free `name-2`, `name-3`, … A lock keeps two from taking one. */
static enum vf_status insert_machine(
	struct vf_db *db, const struct vf_enrolment *in, int64_t *machine_id, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, in->project_id);
	vf_arg_text(&args, in->name);
	vf_arg_text(&args, in->smbios_uuid);
	vf_arg_text(&args, in->machine_guid);
	vf_arg_text(&args, in->disk_serial);
	st = vf_query(db, "enroll_insert_machine",
		"insert into machine (project_id, name, smbios_uuid, machine_guid, disk_serial)"
		" select $1, n.name, $3, $4, $5 from (select case when i = 1 then $2::text"
		" else left($2, 120) || '-' || i end as name, i from generate_series(1, 10000) i) n"
		" where not exists (select from machine m where m.project_id = $1"
		" and lower(m.name) = lower(n.name)) order by n.i limit 1 returning id",
		&args, &rows, err);
	if (!st && vf_rows_count(rows) != 1)
		st = vf_fail(err, VF_E_CONFLICT, "no free name like %s", in->name);
	if (!st)
		*machine_id = vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

static enum vf_status insert_agent(struct vf_db *db, const struct vf_enrolment *in,
	struct vf_enrolled *out, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, out->machine_id);
	vf_arg_text(&args, in->public_key);
	vf_arg_text(&args, in->version);
	vf_arg_i64(&args, in->env_id);
	/* The agent that stood here before is silent: its streams stay, its key ends. */
	st = vf_query(db, "enroll_insert_agent",
		"with old as (update agent set retired_at = now() where machine_id = $1"
		" and retired_at is null), m as (update machine set last_seen_at = now(),"
		" env_id = coalesce(nullif($4::bigint, 0), env_id) where id = $1"
		" returning id, machine_uuid, name)"
		" insert into agent (machine_id, public_key, version) values ($1, $2, $3)"
		" returning id, agent_uuid, (select machine_uuid from m), (select name from m)",
		&args, &rows, err);
	if (!st) {
		out->agent_id = vf_row_i64(rows, 0, 0);
		snprintf(out->agent_uuid, sizeof out->agent_uuid, "%s", vf_row_text(rows, 0, 1));
		snprintf(
			out->machine_uuid, sizeof out->machine_uuid, "%s", vf_row_text(rows, 0, 2));
		snprintf(out->machine, sizeof out->machine, "%s", vf_row_text(rows, 0, 3));
	}
	vf_rows_free(rows);
	return st;
}

static enum vf_status note_conflict(struct vf_db *db, const struct vf_enrolment *in,
	const struct vf_enrolled *out, int64_t other, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, in->project_id);
	vf_arg_i64(&args, out->machine_id);
	vf_arg_i64(&args, out->agent_id);
	vf_arg_i64(&args, other);
	return vf_query(db, "enroll_conflict",
		"insert into incident (project_id, machine_id, agent_id, class, occurred_at, "
		"detail)"
		" select $1, $2, $3, 'identity_conflict', now(), jsonb_build_object("
		"'machine', m.name, 'machine_uuid', m.machine_uuid) from machine m where m.id = $4",
		&args, NULL, err);
}

enum vf_status vf_store_enroll(struct vf_db *db, const struct vf_enrolment *in,
	struct vf_enrolled *out, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;
	int64_t other;
	bool alive;

	*out = (struct vf_enrolled){0};
	vf_args_init(&args);
	vf_arg_i64(&args, in->project_id);
	st = vf_query(db, "enroll_lock",
		"select pg_advisory_xact_lock(hashtextextended('enroll', $1::bigint))", &args, NULL,
		err);
	if (!st)
		st = find_machine(db, in, &other, &alive, err);
	if (st)
		return st;
	out->known_machine = other && !alive;
	out->conflict = alive;
	out->machine_id = other;
	if (!out->known_machine)
		st = insert_machine(db, in, &out->machine_id, err);
	if (!st)
		st = insert_agent(db, in, out, err);
	if (!st && out->conflict)
		st = note_conflict(db, in, out, other, err);
	return st;
}

enum vf_status vf_store_heartbeat(
	struct vf_db *db, const struct vf_heartbeat *in, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, in->agent_id);
	vf_arg_i64(&args, in->machine_id);
	vf_arg_i64(&args, in->spool_records);
	vf_arg_i64(&args, in->spool_bytes);
	vf_arg_time(&args, in->spool_oldest_us);
	return vf_query(db, "heartbeat",
		"with m as (update machine set last_seen_at = now() where id = $2)"
		" update agent set last_seen_at = now(), spool_records = $3, spool_bytes = $4,"
		" spool_oldest_at = $5 where id = $1",
		&args, NULL, err);
}

enum vf_status vf_store_env(
	struct vf_db *db, const struct vf_env *env, int64_t *env_id, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_text(&args, env->body);
	vf_arg_text(&args, env->os_name);
	vf_arg_i64(&args, env->os_build);
	vf_arg_text(&args, env->arch);
	/* jsonb has one text for equal objects: its hash is the identity. The last branch finds the
	 * row in nearly every case, and writes nothing. */
	st = vf_query(db, "env",
		"with want as (select $1::jsonb as body, sha256(convert_to($1::jsonb::text, "
		"'UTF8'))"
		" as sha), fresh as (insert into env_snapshot (sha256, os_name, os_build, arch, "
		"body)"
		" select sha, $2, nullif($3::int, 0), $4, body from want where not exists"
		" (select from env_snapshot e where e.sha256 = want.sha)"
		" on conflict (sha256) do update set os_name = excluded.os_name returning id)"
		" select id from fresh union all select e.id from env_snapshot e join want"
		" on want.sha = e.sha256",
		&args, &rows, err);
	if (!st && vf_rows_count(rows) < 1)
		st = vf_fail(err, VF_E_AGAIN, "the environment was being stored by another");
	if (!st)
		*env_id = vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}
