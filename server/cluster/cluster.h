/*
 * The private PostgreSQL 15 cluster of one data directory:
 *   <data>/pg             the cluster (initdb: C.UTF-8, checksums), <data>/pg/log its own log
 *   <data>/postgres.log   what PostgreSQL says before its own log is open
 *   <data>/verifleetd.lock  held by the one process that supervises the cluster
 *   <socket dir>          unix socket, mode 0700; there is no TCP
 *
 * PostgreSQL runs in a session of its own, so that Ctrl-C reaches it only through us, after the
 * drain. When the server was killed and PostgreSQL went on, the next start adopts it, or stops it
 * when it listens elsewhere. Not thread safe: one thread starts, ticks and stops.
 */
#ifndef VF_SERVER_CLUSTER_CLUSTER_H
#define VF_SERVER_CLUSTER_CLUSTER_H

#include <stdbool.h>

#include "verifleet/status.h"

struct vf_cluster;

struct vf_cluster_config {
	const char *data_dir;   /* absolute, exists, ours */
	const char *socket_dir; /* absolute, exists, ours */
	const char *bin_dir;    /* NULL: look for it */
};

/* VF_E_CONFLICT when another process supervises this cluster. */
VF_MUST enum vf_status vf_cluster_start(
	const struct vf_cluster_config *, struct vf_cluster **out, struct vf_err *);
/* Looks after the process; call it about twice a second. Restarts it, with growing pauses. */
void vf_cluster_tick(struct vf_cluster *);
/* Clean stop, `hurry` gives open sessions no time; then frees. NULL is fine. */
void vf_cluster_stop(struct vf_cluster *, bool hurry);
/* True when the start found PostgreSQL running, left behind by a server that was killed. */
bool vf_cluster_adopted(const struct vf_cluster *);

/* "host=… port=… user=… dbname=<dbname>" of the cluster with this socket directory. */
VF_MUST enum vf_status vf_cluster_conninfo(
	const char *socket_dir, const char *dbname, char *out, size_t cap, struct vf_err *);
/* A unix socket has 107 bytes for its whole path. */
VF_MUST enum vf_status vf_cluster_check_socket_dir(const char *socket_dir, struct vf_err *);

#endif
