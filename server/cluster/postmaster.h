/* What PostgreSQL writes about itself in postmaster.pid, and whether that process still lives. */
#ifndef VF_SERVER_CLUSTER_POSTMASTER_H
#define VF_SERVER_CLUSTER_POSTMASTER_H

#include <stdbool.h>
#include <sys/types.h>

#include "verifleet/status.h"

struct vf_postmaster {
	pid_t pid;
	char socket_dir[1024];
	bool ready, stopping;
};

/* False when the file is missing, or not yet whole. */
VF_MUST bool vf_postmaster_read(const char *pg_dir, struct vf_postmaster *out);
/* True when the process lives and works in `pg_dir`: a number that was given out again does not. */
VF_MUST bool vf_postmaster_alive(const struct vf_postmaster *, const char *pg_dir);
/*
 * Puts this process's number in place of that of a postmaster which is dead. PostgreSQL refuses to
 * start while any process of its user has the number in the file, and the system gives numbers out
 * again; the number of its parent it knows to be stale. The rest of the file stays, for with it
 * PostgreSQL makes sure that no session of the dead one still uses the shared memory.
 * The caller holds the lock of the data directory. A file that is missing is fine.
 */
VF_MUST enum vf_status vf_postmaster_disown(const char *pg_dir, struct vf_err *);

#endif
