/*
 * The shape of the database: numbered SQL files, applied once each, in order, forward only.
 *
 * A set is loaded into memory first, because the files may become unreadable when the server drops
 * its rights. Each file runs in its own transaction together with the row that records it; an
 * advisory lock keeps two servers from migrating at once. Refused: a file that was applied and has
 * changed since, a hole or a double in the numbers, a database that is newer than the files, and,
 * unless allowed, a file with the header line `-- destructive: yes`.
 */
#ifndef VF_SERVER_STORE_MIGRATE_H
#define VF_SERVER_STORE_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>

#include "verifleet/status.h"

struct vf_db;

struct vf_migration {
	int version;
	char *name; /* file name */
	char *sql;
	unsigned char sha256[32];
	bool destructive;
};

struct vf_migrations {
	struct vf_migration *item;
	size_t n;
};

VF_MUST enum vf_status vf_migrations_load(
	const char *dir, struct vf_migrations *out, struct vf_err *);
void vf_migrations_release(struct vf_migrations *);

struct vf_migrate_options {
	bool dry_run, allow_destructive;
	/* Called before each file that is (or, in a dry run, would be) applied; may be NULL. */
	void (*report)(void *arg, const struct vf_migration *);
	void *arg;
};

/* `applied` (may be NULL) counts the files that were, or would be, applied. */
VF_MUST enum vf_status vf_migrate(struct vf_db *, const struct vf_migrations *,
	const struct vf_migrate_options *, int *applied, struct vf_err *);
/* Highest version that is recorded, 0 for an empty database. */
VF_MUST enum vf_status vf_migrate_version(struct vf_db *, int *out, struct vf_err *);

#endif
