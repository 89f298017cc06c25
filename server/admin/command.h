/* What the subcommands share: arguments, the actor, one place for refusals. */
#ifndef VF_SERVER_ADMIN_COMMAND_H
#define VF_SERVER_ADMIN_COMMAND_H

#include "server/store/audit.h"
#include "server/store/migrate.h"

struct vf_command {
	struct vf_db *db;
	const struct vf_migrations *migrations;
	const char *dump_dir; /* raw dumps: <dir>/<first two digits>/<64 digits> */
	int argc;             /* after the name and the verb */
	char **argv;
	struct vf_err err;
	struct vf_actor who;
};

/* The value of `--name VALUE` or `--name=VALUE`, taken out of the arguments; NULL when absent. */
const char *vf_command_option(struct vf_command *, const char *name);
VF_MUST bool vf_command_flag(struct vf_command *, const char *name);
/* The only argument that is left, or NULL (then it is a wrong usage). */
const char *vf_command_only(struct vf_command *);
/* True when nothing is left. */
VF_MUST bool vf_command_empty(const struct vf_command *);
/* "30d", "12h", "45m", "never" -> UTC microseconds, INT64_MIN for never. */
VF_MUST bool vf_command_expiry(const char *text, int64_t now_us, int64_t *out);
int vf_command_failed(struct vf_command *); /* prints err.text; 1 */

#define VF_USAGE (-1) /* a subcommand was called wrongly */

int vf_user_add(struct vf_command *);
int vf_user_list(struct vf_command *);
int vf_user_reset(struct vf_command *);
int vf_user_disable(struct vf_command *);
int vf_token_create(struct vf_command *);
int vf_token_list(struct vf_command *);
int vf_token_revoke(struct vf_command *);
int vf_enroll_create(struct vf_command *);
int vf_enroll_list(struct vf_command *);
int vf_enroll_revoke(struct vf_command *);
int vf_demo_create(struct vf_command *);
int vf_demo_remove(struct vf_command *);
int vf_migrate_command(struct vf_command *);

#endif
