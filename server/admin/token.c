#include <inttypes.h>

#include "server/admin/command.h"
#include "server/domain/access.h"
#include "server/runtime/clock.h"
#include "server/runtime/number.h"
#include "server/runtime/secret.h"
#include "server/store/account.h"
#include "server/store/db.h"

static int done(struct vf_command *c, enum vf_status st)
{
	if (!st)
		st = vf_tx_commit(c->db, &c->err);
	if (!st)
		return 0;
	vf_tx_rollback(c->db);
	return vf_command_failed(c);
}

int vf_token_create(struct vf_command *c)
{
	const char *scopes_text = vf_command_option(c, "--scopes");
	const char *expires = vf_command_option(c, "--expires");
	const char *project = vf_command_option(c, "--project");
	const char *name = vf_command_only(c);
	struct vf_api_token_new t = {.name = name};
	struct vf_token token;
	enum vf_status st;
	int code;

	if (!name || !scopes_text || !vf_scopes_parse(scopes_text, &t.scopes) ||
		!vf_command_expiry(expires ? expires : "90d", vf_now_us(), &t.expires_us))
		return VF_USAGE;
	vf_token_new(&token, "vf");
	t.prefix = token.prefix;
	t.secret_hash = token.secret_hash;
	t.role = vf_scopes_role(t.scopes);
	st = vf_tx_begin(c->db, &c->err);
	if (!st && project)
		st = vf_project_id(c->db, project, &t.project_id, &c->err);
	if (!st)
		st = vf_api_token_add(c->db, &t, NULL, &c->err);
	if (!st)
		st = vf_audit(c->db, &c->who, "token.create", "token", token.prefix,
			json_pack("{s:s, s:s, s:s*}", "name", name, "scopes", scopes_text,
				"project", project),
			&c->err);
	code = done(c, st);
	if (!code)
		printf("%s\n", token.text);
	return code;
}

/* Both kinds have prefix, expiry and revocation; `sql` gives six text columns. */
static int list(struct vf_command *c, const char *sql, const char *const head[6])
{
	static const char format[] = "%-10s %-24s %-28s %-12s %-17s %s\n";
	struct vf_rows *rows;
	char scopes[64];

	if (!vf_command_empty(c))
		return VF_USAGE;
	if (vf_query(c->db, NULL, sql, NULL, &rows, &c->err))
		return vf_command_failed(c);
	printf(format, head[0], head[1], head[2], head[3], head[4], head[5]);
	for (int i = 0; i < vf_rows_count(rows); i++) {
		int64_t mask;
		const char *third = vf_row_text(rows, i, 2);

		if (!strcmp(head[2], "SCOPES") && vf_parse_i64(third, 0, UINT32_MAX, &mask)) {
			vf_scopes_text((uint32_t)mask, scopes, sizeof scopes);
			third = scopes;
		}
		printf(format, vf_row_text(rows, i, 0), vf_row_text(rows, i, 1), third,
			vf_row_text(rows, i, 3), vf_row_text(rows, i, 4), vf_row_text(rows, i, 5));
	}
	vf_rows_free(rows);
	return 0;
}

#define STATE                                                                                      \
	"case when t.revoked_at is not null then 'revoked' when t.expires_at <= now() then "       \
	"'expired' else 'active' end"
#define UNTIL "coalesce(to_char(t.expires_at, 'YYYY-MM-DD HH24:MI'), 'never')"

int vf_token_list(struct vf_command *c)
{
	static const char *const head[] = {
		"PREFIX", "NAME", "SCOPES", "STATE", "EXPIRES (UTC)", "LAST USED (UTC)"};

	return list(c,
		"select t.prefix, t.name, t.scopes_mask, " STATE ", " UNTIL
		", coalesce(to_char(t.last_used_at, 'YYYY-MM-DD HH24:MI'), 'never') from api_token "
		"t "
		"order by t.id",
		head);
}

int vf_enroll_list(struct vf_command *c)
{
	static const char *const head[] = {
		"PREFIX", "PROJECT", "NOTE", "STATE", "EXPIRES (UTC)", "USED"};

	return list(c,
		"select t.prefix, p.slug, coalesce(t.note, '-'), " STATE ", " UNTIL
		", t.uses || ' of ' || t.max_uses from enroll_token t join project p on p.id = "
		"t.project_id order by t.id",
		head);
}

static int revoke(struct vf_command *c, const char *find_sql,
	enum vf_status (*revoke_one)(struct vf_db *, int64_t, struct vf_err *), const char *kind)
{
	const char *prefix = vf_command_only(c);
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;
	char action[40];
	int code;

	if (!prefix)
		return VF_USAGE;
	vf_args_init(&args);
	vf_arg_text(&args, prefix);
	st = vf_tx_begin(c->db, &c->err);
	if (!st)
		st = vf_query(c->db, NULL, find_sql, &args, &rows, &c->err);
	if (!st && !vf_rows_count(rows))
		st = vf_fail(
			&c->err, VF_E_NOTFOUND, "there is no token with the prefix %.40s", prefix);
	if (!st)
		st = revoke_one(c->db, vf_row_i64(rows, 0, 0), &c->err);
	snprintf(action, sizeof action, "%s.revoke", kind);
	if (!st)
		st = vf_audit(c->db, &c->who, action, kind, prefix, NULL, &c->err);
	code = done(c, st);
	vf_rows_free(rows);
	if (!code)
		printf("revoked %s\n", prefix);
	return code;
}

int vf_token_revoke(struct vf_command *c)
{
	return revoke(
		c, "select id from api_token where prefix = $1", vf_api_token_revoke, "token");
}

int vf_enroll_revoke(struct vf_command *c)
{
	return revoke(c, "select id from enroll_token where prefix = $1", vf_enroll_token_revoke,
		"enroll_token");
}

int vf_enroll_create(struct vf_command *c)
{
	const char *project = vf_command_option(c, "--project");
	const char *expires = vf_command_option(c, "--expires");
	const char *uses_text = vf_command_option(c, "--uses");
	const char *networks = vf_command_option(c, "--networks");
	const char *note = vf_command_option(c, "--note");
	struct vf_enroll_token_new t = {.note = note};
	struct vf_token token;
	char array[1024];
	int64_t uses = 1;
	enum vf_status st;
	int code;

	if (!vf_command_empty(c) || (uses_text && !vf_parse_i64(uses_text, 1, 100000, &uses)) ||
		!vf_command_expiry(expires ? expires : "24h", vf_now_us(), &t.expires_us) ||
		t.expires_us == INT64_MIN)
		return VF_USAGE;
	if (networks && (strpbrk(networks, "{}\"\\") || snprintf(array, sizeof array, "{%s}",
								networks) >= (int)sizeof array))
		return VF_USAGE;
	vf_token_new(&token, "vfe");
	t.prefix = token.prefix;
	t.secret_hash = token.secret_hash;
	t.max_uses = (int)uses;
	t.networks = networks ? array : NULL;
	st = vf_tx_begin(c->db, &c->err);
	if (!st)
		st = vf_project_id(c->db, project ? project : "default", &t.project_id, &c->err);
	if (!st)
		st = vf_enroll_token_add(c->db, &t, NULL, &c->err);
	if (!st)
		st = vf_audit(c->db, &c->who, "enroll_token.create", "enroll_token", token.prefix,
			json_pack("{s:s, s:I}", "project", project ? project : "default", "uses",
				(json_int_t)uses),
			&c->err);
	code = done(c, st);
	if (!code)
		printf("%s\n", token.text);
	return code;
}
