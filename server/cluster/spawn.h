/*
 * Other programs, started without a shell. A child gets no descriptor of ours beyond the three
 * standard ones, default signals and an empty signal mask.
 */
#ifndef VF_SERVER_CLUSTER_SPAWN_H
#define VF_SERVER_CLUSTER_SPAWN_H

#include <sys/types.h>

#include "verifleet/status.h"

/*
 * Starts `program` in a session of its own, input and output from /dev/null, errors appended to
 * `log` (NULL: /dev/null).
 */
VF_MUST enum vf_status vf_spawn(const char *program, const char *const argv[], const char *log,
	pid_t *out, struct vf_err *);
/* The same, and waits: VF_E_IO when it fails or takes longer than `timeout_ms`. */
VF_MUST enum vf_status vf_spawn_wait(const char *program, const char *const argv[], const char *log,
	int timeout_ms, struct vf_err *);

#endif
