#include "server/admin/command.h"

static void report(void *arg, const struct vf_migration *m)
{
	const bool *dry = arg;

	printf("%s %s%s\n", *dry ? "would apply" : "applying", m->name,
		m->destructive ? " (removes data)" : "");
	fflush(stdout);
}

int vf_migrate_command(struct vf_command *c)
{
	bool dry = vf_command_flag(c, "--dry-run");
	struct vf_migrate_options options = {.dry_run = dry,
		.allow_destructive = vf_command_flag(c, "--allow-destructive"),
		.report = report,
		.arg = &dry};
	int n;

	if (!vf_command_empty(c))
		return VF_USAGE;
	if (vf_migrate(c->db, c->migrations, &options, &n, &c->err))
		return vf_command_failed(c);
	if (n)
		printf("%d migration%s %s\n", n, n == 1 ? "" : "s", dry ? "to apply" : "applied");
	else
		printf("the database is up to date (version %zu)\n", c->migrations->n);
	return 0;
}
