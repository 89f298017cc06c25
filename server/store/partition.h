/* Upkeep of tables that grow with time: partitions made ahead, the change feed kept short. */
#ifndef VF_SERVER_STORE_PARTITION_H
#define VF_SERVER_STORE_PARTITION_H

#include "server/store/db.h"

#define VF_PARTITION_WEEKS_AHEAD 4
/* A page that slept longer reads everything anew. */
#define VF_CHANGE_KEEP_DAYS 3

/*
 * Call it at start and every hour or so. Cheap when nothing is due. VF_E_AGAIN when the partition
 * lock could not be had at once: try again later; until then rows go to the default partition.
 */
VF_MUST enum vf_status vf_store_upkeep(struct vf_db *, struct vf_err *);

#endif
