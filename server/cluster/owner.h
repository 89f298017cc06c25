/*
 * Whose rights the server runs with. Root prepares the directories, then becomes user `verifleet`
 * for good; PostgreSQL refuses to run as root, and so does `peer` for a connection.
 * Call before any thread exists.
 */
#ifndef VF_SERVER_CLUSTER_OWNER_H
#define VF_SERVER_CLUSTER_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

#include "verifleet/status.h"

#define VF_OWNER_NAME "verifleet"

bool vf_owner_is_root(void);
/*
 * Who shall own the data: ourselves; for root the owner of data that a user made before, else the
 * system user, who is made when missing.
 */
VF_MUST enum vf_status vf_owner_choose(
	const char *data_dir, uid_t *uid, gid_t *gid, struct vf_err *);
/* Makes `path` and its missing parents; the last part gets the owner and mode 0700. */
VF_MUST enum vf_status vf_owner_make_dir(const char *path, uid_t, gid_t, struct vf_err *);
/* Groups, group and user, for good: an attempt to come back is tried and must fail. */
VF_MUST enum vf_status vf_owner_become(uid_t, gid_t, struct vf_err *);

#endif
