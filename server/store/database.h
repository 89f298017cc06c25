/* Makes the database itself, on a cluster that has none of ours yet. */
#ifndef VF_SERVER_STORE_DATABASE_H
#define VF_SERVER_STORE_DATABASE_H

#include "verifleet/status.h"

#define VF_DATABASE_NAME "verifleet"

/* `conninfo` leads to any database of the cluster ("postgres"). */
VF_MUST enum vf_status vf_database_ensure(const char *conninfo, struct vf_err *);

#endif
