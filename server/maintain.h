/*
 * What the server does on its own, on a thread of its own: ended sessions and old nonces go every
 * minute; partitions of the weeks to come are made and the change feed is cut every hour. A failure is logged and tried again.
 */
#ifndef VF_SERVER_MAINTAIN_H
#define VF_SERVER_MAINTAIN_H

#include "verifleet/status.h"

struct vf_pool;
struct vf_maintain;

VF_MUST enum vf_status vf_maintain_start(
	struct vf_pool *, struct vf_maintain **out, struct vf_err *);
void vf_maintain_stop(struct vf_maintain *); /* waits for its last statement; NULL is fine */

#endif
