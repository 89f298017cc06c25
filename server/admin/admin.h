/*
 * Administration from the command line, on the database itself. Everything that changes something
 * is written to the audit with actor "console". Answers go to standard output, reasons to standard
 * error; the result is the exit status of the process (0 done, 1 refused, 2 wrong usage).
 */
#ifndef VF_SERVER_ADMIN_ADMIN_H
#define VF_SERVER_ADMIN_ADMIN_H

#include <stdbool.h>

#include "server/store/migrate.h"
#include "verifleet/status.h"

struct vf_db;

/* True when `command` (argv[1]) is one of ours: then the database is needed. */
VF_MUST bool vf_admin_knows(const char *command);
/* `argv` as given to main, without the options that are settings. */
int vf_admin_run(
	struct vf_db *, const struct vf_migrations *, const char *dump_dir, int argc, char **argv);
void vf_admin_usage(void);
/* On a database without users: makes `admin` and prints its one-time password, once. */
VF_MUST enum vf_status vf_admin_first_user(struct vf_db *, struct vf_err *);

#endif
