/*
 * The database of a running program: the private cluster (or the server that database_url names),
 * a pool of connections, and the shape that the migrations give it.
 */
#ifndef VF_SERVER_DATABASE_H
#define VF_SERVER_DATABASE_H

#include "server/config.h"
#include "server/home.h"

struct vf_cluster;
struct vf_pool;

struct vf_database {
	struct vf_cluster *cluster; /* NULL with database_url, or when another process has it */
	struct vf_pool *pool;
	char conninfo[1536];
};

/* Starts what must be started and applies the migrations, as the server does. */
VF_MUST enum vf_status vf_database_open(
	struct vf_database *, const struct vf_config *, const struct vf_home *, struct vf_err *);
/*
 * For administration: joins a running server's cluster, or starts it for a moment. The shape must
 * be current; `any_version` is for the command that makes it so.
 */
VF_MUST enum vf_status vf_database_join(struct vf_database *, const struct vf_config *,
	const struct vf_home *, bool any_version, struct vf_err *);
void vf_database_tick(struct vf_database *);
/* Ends the statements that run, so that nobody waits for them; only close() may follow. */
void vf_database_interrupt(struct vf_database *);
void vf_database_close(struct vf_database *, bool hurry);

#endif
