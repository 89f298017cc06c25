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

#endif
