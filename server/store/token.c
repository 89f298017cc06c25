/* Tokens of programs and of agents that enrol, and the nonces of enrolled agents. */
#include "server/runtime/secret.h"
#include "server/store/account.h"
#include "server/store/db.h"

static void arg_optional_id(struct vf_args *args, int64_t id)
{
	if (id)
		vf_arg_i64(args, id);
	else
		vf_arg_null(args);
}

static enum vf_status added(struct vf_db *db, const char *name, const char *sql,
	const struct vf_args *args, int64_t *id, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st = vf_query(db, name, sql, args, &rows, err);

	if (!st && !vf_rows_count(rows))
		st = vf_fail(err, VF_E_NOTFOUND, "there is no such token");
	if (!st && id)
		*id = vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_api_token_add(
	struct vf_db *db, const struct vf_api_token_new *t, int64_t *id, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_text(&args, t->prefix);
	vf_arg_bytes(&args, t->secret_hash, 32);
	vf_arg_text(&args, t->name);
	vf_arg_i64(&args, t->scopes);
	vf_arg_i64(&args, t->role);
	arg_optional_id(&args, t->project_id);
	arg_optional_id(&args, t->created_by);
	vf_arg_time(&args, t->expires_us);
	return added(db, "api_token_add",
		"insert into api_token (prefix, secret_hash, name, scopes_mask, role, project_id, "
		"created_by, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
		&args, id, err);
}

static enum vf_status read_token(const struct vf_rows *rows, const unsigned char secret_hash[32],
	struct vf_api_token *out, struct vf_err *err)
{
	unsigned char hash[32];
	size_t len = 0;

	if (!vf_rows_count(rows) || vf_row_bytes(rows, 0, 1, hash, sizeof hash, &len) ||
		len != sizeof hash || !vf_secret_equal(hash, secret_hash, sizeof hash))
		return vf_fail(err, VF_E_NOTFOUND, "there is no such token");
	out->id = vf_row_i64(rows, 0, 0);
	snprintf(out->name, sizeof out->name, "%s", vf_row_text(rows, 0, 2));
	out->scopes = (uint32_t)vf_row_i64(rows, 0, 3);
	out->role = (int)vf_row_i64(rows, 0, 4);
	out->project_id = vf_row_i64(rows, 0, 5);
	return VF_OK;
}

enum vf_status vf_api_token_find(struct vf_db *db, const char *prefix,
	const unsigned char secret_hash[32], struct vf_api_token *out, struct vf_err *err)
{
	struct vf_rows *rows;
	struct vf_args args;
	bool stale = false;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_text(&args, prefix);
	st = vf_query(db, "api_token_find",
		"select id, secret_hash, name, scopes_mask, role, project_id, "
		"coalesce(last_used_at < now() - interval '1 minute', true) from api_token "
		"where prefix = $1 and revoked_at is null and (expires_at is null or expires_at > "
		"now())",
		&args, &rows, err);
	if (!st)
		st = read_token(rows, secret_hash, out, err);
	if (!st) {
		snprintf(out->prefix, sizeof out->prefix, "%s", prefix);
		stale = vf_row_bool(rows, 0, 6);
	}
	vf_rows_free(rows);
	if (st || !stale)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, out->id);
	return vf_query(db, "api_token_used",
		"update api_token set last_used_at = now() where id = $1", &args, NULL, err);
}

enum vf_status vf_api_token_revoke(struct vf_db *db, int64_t id, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, id);
	return added(db, "api_token_revoke",
		"update api_token set revoked_at = coalesce(revoked_at, now()) where id = $1 "
		"returning id",
		&args, NULL, err);
}

enum vf_status vf_enroll_token_add(
	struct vf_db *db, const struct vf_enroll_token_new *t, int64_t *id, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_text(&args, t->prefix);
	vf_arg_bytes(&args, t->secret_hash, 32);
	vf_arg_i64(&args, t->project_id);
	arg_optional_id(&args, t->created_by);
	vf_arg_time(&args, t->expires_us);
	vf_arg_i64(&args, t->max_uses);
	vf_arg_text(&args, t->networks ? t->networks : "{}");
	vf_arg_text(&args, t->note);
	return added(db, "enroll_token_add",
		"insert into enroll_token (prefix, secret_hash, project_id, created_by, "
		"expires_at, "
		"max_uses, networks, note) values ($1, $2, $3, $4, $5, $6, $7::cidr[], $8) "
		"returning id",
		&args, id, err);
}

enum vf_status vf_enroll_token_revoke(struct vf_db *db, int64_t id, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, id);
	return added(db, "enroll_token_revoke",
		"update enroll_token set revoked_at = coalesce(revoked_at, now()) where id = $1 "
		"returning id",
		&args, NULL, err);
}

enum vf_status vf_project_id(struct vf_db *db, const char *slug, int64_t *out, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_text(&args, slug);
	st = added(db, "project_id", "select id from project where slug = $1", &args, out, err);
	return st == VF_E_NOTFOUND ? vf_fail(err, st, "there is no project %.80s", slug) : st;
}

enum vf_status vf_agent_nonce_use(
	struct vf_db *db, int64_t agent_id, const unsigned char nonce[16], struct vf_err *err)
{
	struct vf_rows *rows;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, agent_id);
	vf_arg_bytes(&args, nonce, 16);
	st = vf_query(db, "agent_nonce_use",
		"insert into agent_nonce (agent_id, nonce) values ($1, $2) on conflict do nothing",
		&args, &rows, err);
	if (!st && vf_rows_affected(rows) == 0)
		st = vf_fail(err, VF_E_CONFLICT, "the nonce was used before");
	vf_rows_free(rows);
	return st;
}
