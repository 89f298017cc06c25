#include <inttypes.h>

#include "server/admin/admin.h"
#include "server/admin/command.h"
#include "server/domain/access.h"
#include "server/runtime/random.h"
#include "server/runtime/secret.h"
#include "server/store/account.h"
#include "server/store/db.h"

#define ONE_TIME_LEN 20

static enum vf_status add_user(struct vf_db *db, const struct vf_actor *who, const char *name,
	int role, char password[ONE_TIME_LEN + 1], struct vf_err *err)
{
	char hash[VF_PASSWORD_HASH];
	enum vf_status st;
	int64_t id;

	vf_random_word(password, ONE_TIME_LEN);
	st = vf_password_hash(password, hash, err);
	if (st)
		return st;
	st = vf_tx_begin(db, err);
	if (!st)
		st = vf_account_add(db, name, hash, role, true, &id, err);
	if (!st)
		st = vf_audit(db, who, "user.add", "user", name,
			json_pack("{s:s}", "role", vf_role_name(role)), err);
	if (!st)
		st = vf_tx_commit(db, err);
	if (st)
		vf_tx_rollback(db);
	return st;
}

static void print_password(const char *name, const char *password)
{
	printf("user %s has the one-time password %s (shown only now; to be changed at the first "
	       "sign-in)\n",
		name, password);
	fflush(stdout);
}

enum vf_status vf_admin_first_user(struct vf_db *db, struct vf_err *err)
{
	const struct vf_actor who = {.kind = "system", .name = "first start"};
	char password[ONE_TIME_LEN + 1];
	enum vf_status st;
	int64_t n;

	st = vf_account_count(db, &n, err);
	if (st || n)
		return st;
	st = add_user(db, &who, "admin", VF_ROLE_ADMINISTRATOR, password, err);
	if (st == VF_E_CONFLICT)
		return VF_OK; /* another server on this database was first */
	if (st)
		return st;
	print_password("admin", password);
	printf("when it is lost: verifleetd user reset admin\n");
	fflush(stdout);
	return VF_OK;
}

int vf_user_add(struct vf_command *c)
{
	const char *role_text = vf_command_option(c, "--role"), *name = vf_command_only(c);
	char password[ONE_TIME_LEN + 1];
	int role = VF_ROLE_VIEWER;

	if (!name || (role_text && !vf_role_parse(role_text, &role)))
		return VF_USAGE;
	if (add_user(c->db, &c->who, name, role, password, &c->err))
		return vf_command_failed(c);
	print_password(name, password);
	return 0;
}

int vf_user_list(struct vf_command *c)
{
	struct vf_rows *rows;

	if (!vf_command_empty(c))
		return VF_USAGE;
	if (vf_query(c->db, NULL,
		    "select name, role, case when disabled_at is not null then 'disabled' "
		    "when must_change then 'one-time password' else 'active' end, "
		    "coalesce(to_char(last_sign_in_at, 'YYYY-MM-DD HH24:MI'), 'never') from "
		    "app_user "
		    "order by lower(name)",
		    NULL, &rows, &c->err))
		return vf_command_failed(c);
	printf("%-24s %-14s %-18s %s\n", "NAME", "ROLE", "STATE", "LAST SIGN-IN (UTC)");
	for (int i = 0; i < vf_rows_count(rows); i++)
		printf("%-24s %-14s %-18s %s\n", vf_row_text(rows, i, 0),
			vf_role_name((int)vf_row_i64(rows, i, 1)), vf_row_text(rows, i, 2),
			vf_row_text(rows, i, 3));
	vf_rows_free(rows);
	return 0;
}

int vf_user_reset(struct vf_command *c)
{
	const char *name = vf_command_only(c);
	char password[ONE_TIME_LEN + 1], hash[VF_PASSWORD_HASH];
	struct vf_account user;
	enum vf_status st;

	if (!name)
		return VF_USAGE;
	vf_random_word(password, ONE_TIME_LEN);
	st = vf_password_hash(password, hash, &c->err);
	if (!st)
		st = vf_tx_begin(c->db, &c->err);
	if (!st)
		st = vf_account_by_name(c->db, name, &user, &c->err);
	if (!st)
		st = vf_account_set_password(c->db, user.id, hash, true, NULL, &c->err);
	if (!st)
		st = vf_audit(c->db, &c->who, "user.reset", "user", user.name, NULL, &c->err);
	if (!st)
		st = vf_tx_commit(c->db, &c->err);
	if (st) {
		vf_tx_rollback(c->db);
		return vf_command_failed(c);
	}
	print_password(user.name, password);
	return 0;
}

int vf_user_disable(struct vf_command *c)
{
	const char *name = vf_command_only(c);
	struct vf_account user;
	enum vf_status st;

	if (!name)
		return VF_USAGE;
	st = vf_tx_begin(c->db, &c->err);
	if (!st)
		st = vf_account_by_name(c->db, name, &user, &c->err);
	if (!st)
		st = vf_account_disable(c->db, user.id, &c->err);
	if (!st)
		st = vf_audit(c->db, &c->who, "user.disable", "user", user.name, NULL, &c->err);
	if (!st)
		st = vf_tx_commit(c->db, &c->err);
	if (st) {
		vf_tx_rollback(c->db);
		return vf_command_failed(c);
	}
	printf("user %s is disabled and signed out everywhere\n", user.name);
	return 0;
}
