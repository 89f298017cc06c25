#include "server/store/account.h"

#include "server/store/db.h"

#define USER_COLUMNS                                                                               \
	"u.id, u.name, u.password_hash, u.role, u.must_change, u.disabled_at is not null"

bool vf_account_name_ok(const char *name)
{
	static const char first[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@-";
	size_t len = strlen(name);

	return len >= 1 && len <= 63 && !strchr("._@-", name[0]) && strspn(name, first) == len;
}

static void read_account(const struct vf_rows *rows, struct vf_account *out)
{
	out->id = vf_row_i64(rows, 0, 0);
	snprintf(out->name, sizeof out->name, "%s", vf_row_text(rows, 0, 1));
	snprintf(out->password_hash, sizeof out->password_hash, "%s", vf_row_text(rows, 0, 2));
	out->role = (int)vf_row_i64(rows, 0, 3);
	out->must_change = vf_row_bool(rows, 0, 4);
	out->disabled = vf_row_bool(rows, 0, 5);
}

static enum vf_status find_account(struct vf_db *db, const char *name, const char *sql,
	const struct vf_args *args, struct vf_account *out, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st = vf_query(db, name, sql, args, &rows, err);

	if (!st && !vf_rows_count(rows))
		st = vf_fail(err, VF_E_NOTFOUND, "there is no such user");
	if (!st)
		read_account(rows, out);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_account_by_name(
	struct vf_db *db, const char *name, struct vf_account *out, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_text(&args, name);
	return find_account(db, "account_by_name",
		"select " USER_COLUMNS " from app_user u where lower(u.name) = lower($1)", &args,
		out, err);
}

enum vf_status vf_account_by_id(
	struct vf_db *db, int64_t id, struct vf_account *out, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, id);
	return find_account(db, "account_by_id",
		"select " USER_COLUMNS " from app_user u where u.id = $1", &args, out, err);
}

/* Runs a statement that returns one id. */
static enum vf_status one_id(struct vf_db *db, const char *name, const char *sql,
	const struct vf_args *args, int64_t *id, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st = vf_query(db, name, sql, args, &rows, err);

	if (!st && !vf_rows_count(rows))
		st = vf_fail(err, VF_E_NOTFOUND, "there is no such row");
	if (!st && id)
		*id = vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_account_add(struct vf_db *db, const char *name, const char *password_hash,
	int role, bool must_change, int64_t *id, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;

	if (!vf_account_name_ok(name))
		return vf_fail(err, VF_E_INVALID,
			"a user name has 1 to 63 letters, digits, dots, dashes, underscores or @, "
			"and starts "
			"with a letter or digit");
	vf_args_init(&args);
	vf_arg_text(&args, name);
	vf_arg_text(&args, password_hash);
	vf_arg_i64(&args, role);
	vf_arg_bool(&args, must_change);
	st = one_id(db, "account_add",
		"insert into app_user (name, password_hash, role, must_change) values ($1, $2, $3, "
		"$4) "
		"returning id",
		&args, id, err);
	return st == VF_E_CONFLICT ? vf_fail(err, st, "there is a user %s already", name) : st;
}

enum vf_status vf_account_count(struct vf_db *db, int64_t *out, struct vf_err *err)
{
	return one_id(db, NULL, "select count(*) from app_user", NULL, out, err);
}

enum vf_status vf_account_set_password(struct vf_db *db, int64_t id, const char *password_hash,
	bool must_change, const unsigned char keep[32], struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, id);
	vf_arg_text(&args, password_hash);
	vf_arg_bool(&args, must_change);
	vf_arg_bytes(&args, keep, 32);
	return one_id(db, "account_set_password",
		"with ended as (delete from session where user_id = $1 and token_hash is distinct "
		"from $4) "
		"update app_user set password_hash = $2, must_change = $3, disabled_at = null "
		"where id = $1 returning id",
		&args, NULL, err);
}

enum vf_status vf_account_disable(struct vf_db *db, int64_t id, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, id);
	st = one_id(db, "account_disable",
		"with last as (select count(*) = 0 as is_last from app_user where role = 3 and "
		"disabled_at is null and id <> $1), ended as (delete from session where user_id = "
		"$1 and "
		"not (select is_last from last)) update app_user set disabled_at = now() where id "
		"= $1 and "
		"(role < 3 or not (select is_last from last)) returning id",
		&args, NULL, err);
	return st == VF_E_NOTFOUND
		       ? vf_fail(err, VF_E_CONFLICT, "the last administrator cannot be disabled")
		       : st;
}

enum vf_status vf_account_signed_in(struct vf_db *db, int64_t id, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, id);
	return vf_query(db, "account_signed_in",
		"update app_user set last_sign_in_at = now() where id = $1", &args, NULL, err);
}

/* ------------------------------------------------------------------ sessions */

enum vf_status vf_session_add(struct vf_db *db, const unsigned char hash[32], int64_t user_id,
	const char *csrf, int64_t expires_us, const char *remote_addr, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_bytes(&args, hash, 32);
	vf_arg_i64(&args, user_id);
	vf_arg_text(&args, csrf);
	vf_arg_time(&args, expires_us);
	vf_arg_text(&args, remote_addr);
	return vf_query(db, "session_add",
		"insert into session (token_hash, user_id, csrf, expires_at, remote_addr) "
		"values ($1, $2, $3, $4, $5::inet)",
		&args, NULL, err);
}

enum vf_status vf_session_find(struct vf_db *db, const unsigned char hash[32], int hours,
	struct vf_session *out, struct vf_err *err)
{
	struct vf_rows *rows;
	struct vf_args args;
	enum vf_status st;
	bool stale = false;

	vf_args_init(&args);
	vf_arg_bytes(&args, hash, 32);
	st = vf_query(db, "session_find",
		"select " USER_COLUMNS ", s.csrf, s.last_seen_at < now() - interval '5 minutes' "
		"from session s join app_user u on u.id = s.user_id "
		"where s.token_hash = $1 and s.expires_at > now() and u.disabled_at is null",
		&args, &rows, err);
	if (!st && !vf_rows_count(rows))
		st = vf_fail(err, VF_E_NOTFOUND, "there is no such session");
	if (!st) {
		read_account(rows, &out->user);
		snprintf(out->csrf, sizeof out->csrf, "%s", vf_row_text(rows, 0, 6));
		stale = vf_row_bool(rows, 0, 7);
	}
	vf_rows_free(rows);
	if (st || !stale)
		return st;
	vf_arg_i64(&args, hours);
	return vf_query(db, "session_touch",
		"update session set last_seen_at = now(), expires_at = now() + make_interval(hours "
		"=> $2) "
		"where token_hash = $1",
		&args, NULL, err);
}

enum vf_status vf_session_end(struct vf_db *db, const unsigned char hash[32], struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_bytes(&args, hash, 32);
	return vf_query(
		db, "session_end", "delete from session where token_hash = $1", &args, NULL, err);
}

enum vf_status vf_access_sweep(struct vf_db *db, struct vf_err *err)
{
	enum vf_status st = vf_query(db, "session_sweep",
		"delete from session where expires_at < now()", NULL, NULL, err);

	if (!st)
		st = vf_query(db, "nonce_sweep",
			"delete from agent_nonce where at < now() - interval '10 minutes'", NULL,
			NULL, err);
	return st;
}
