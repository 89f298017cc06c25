#include "server/admin/admin.h"

#include <inttypes.h>
#include <pwd.h>
#include <unistd.h>

#include "server/admin/command.h"
#include "server/runtime/number.h"

static const struct {
	const char *name, *verb; /* verb NULL: the command has none */
	int (*run)(struct vf_command *);
	const char *usage;
} commands[] = {
	{"user", "add", vf_user_add, "NAME [--role viewer|operator|administrator]"},
	{"user", "list", vf_user_list, ""},
	{"user", "reset", vf_user_reset, "NAME                 a new one-time password"},
	{"user", "disable", vf_user_disable, "NAME               `reset` enables again"},
	{"token", "create", vf_token_create,
		"NAME --scopes read,import[,operate,dumps,admin] [--expires 90d|never] [--project "
		"SLUG]"},
	{"token", "list", vf_token_list, ""},
	{"token", "revoke", vf_token_revoke, "PREFIX"},
	{"enroll-token", "create", vf_enroll_create,
		"[--project SLUG] [--expires 24h] [--uses 1] [--networks CIDR,CIDR] [--note TEXT]"},
	{"enroll-token", "list", vf_enroll_list, ""},
	{"enroll-token", "revoke", vf_enroll_revoke, "PREFIX"},
	{"demo", "create", vf_demo_create, "              the project of a simulated lab"},
	{"demo", "remove", vf_demo_remove,
		"              every simulated project, with all it holds"},
	{"migrate", NULL, vf_migrate_command, "[--dry-run] [--allow-destructive]"},
};

bool vf_admin_knows(const char *command)
{
	for (size_t i = 0; i < VF_ARRAY_LEN(commands); i++)
		if (!strcmp(commands[i].name, command))
			return true;
	return false;
}

void vf_admin_usage(void)
{
	for (size_t i = 0; i < VF_ARRAY_LEN(commands); i++)
		printf("       verifleetd %s%s%s %s\n", commands[i].name,
			commands[i].verb ? " " : "", commands[i].verb ? commands[i].verb : "",
			commands[i].usage);
}

static int wrong_usage(const char *name)
{
	fputs("usage:\n", stderr);
	for (size_t i = 0; i < VF_ARRAY_LEN(commands); i++)
		if (!strcmp(commands[i].name, name))
			fprintf(stderr, "  verifleetd %s%s%s %s\n", name,
				commands[i].verb ? " " : "",
				commands[i].verb ? commands[i].verb : "", commands[i].usage);
	return 2;
}

int vf_admin_run(struct vf_db *db, const struct vf_migrations *set, const char *dump_dir, int argc,
	char **argv)
{
	const struct passwd *pw = getpwuid(getuid());
	struct vf_command c = {.db = db,
		.migrations = set,
		.dump_dir = dump_dir,
		.who = {.kind = "console", .name = pw ? pw->pw_name : "unknown"}};
	int code;

	for (size_t i = 0; i < VF_ARRAY_LEN(commands); i++) {
		int skip = commands[i].verb ? 3 : 2;

		if (strcmp(commands[i].name, argv[1]) != 0 || argc < skip ||
			(commands[i].verb && strcmp(commands[i].verb, argv[2]) != 0))
			continue;
		c.argc = argc - skip;
		c.argv = argv + skip;
		code = commands[i].run(&c);
		return code == VF_USAGE ? wrong_usage(argv[1]) : code;
	}
	return wrong_usage(argv[1]);
}

/* ------------------------------------------------------------------ arguments */

static void take_out(struct vf_command *c, int at, int n)
{
	for (int i = at; i + n < c->argc; i++)
		c->argv[i] = c->argv[i + n];
	c->argc -= n;
}

const char *vf_command_option(struct vf_command *c, const char *name)
{
	size_t len = strlen(name);
	const char *value;

	for (int i = 0; i < c->argc; i++) {
		if (strncmp(c->argv[i], name, len) != 0)
			continue;
		if (c->argv[i][len] == '=') {
			value = c->argv[i] + len + 1;
			take_out(c, i, 1);
			return value;
		}
		if (!c->argv[i][len] && i + 1 < c->argc) {
			value = c->argv[i + 1];
			take_out(c, i, 2);
			return value;
		}
	}
	return NULL;
}

bool vf_command_flag(struct vf_command *c, const char *name)
{
	for (int i = 0; i < c->argc; i++)
		if (!strcmp(c->argv[i], name)) {
			take_out(c, i, 1);
			return true;
		}
	return false;
}

const char *vf_command_only(struct vf_command *c)
{
	return c->argc == 1 && strncmp(c->argv[0], "--", 2) != 0 ? c->argv[0] : NULL;
}

bool vf_command_empty(const struct vf_command *c)
{
	return c->argc == 0;
}

bool vf_command_expiry(const char *text, int64_t now_us, int64_t *out)
{
	static const struct {
		char unit;
		int64_t seconds, max;
	} units[] = {{'m', 60, 525600}, {'h', 3600, 87600}, {'d', 86400, 3650}};
	size_t len = strlen(text);
	char digits[16];
	int64_t n;

	if (!strcmp(text, "never")) {
		*out = INT64_MIN;
		return true;
	}
	if (len < 2 || len >= sizeof digits)
		return false;
	memcpy(digits, text, len - 1);
	digits[len - 1] = 0;
	for (size_t i = 0; i < VF_ARRAY_LEN(units); i++)
		if (units[i].unit == text[len - 1] && vf_parse_i64(digits, 1, units[i].max, &n)) {
			*out = now_us + n * units[i].seconds * 1000000;
			return true;
		}
	return false;
}

int vf_command_failed(struct vf_command *c)
{
	fprintf(stderr, "verifleetd: %s\n", c->err.text);
	return 1;
}
