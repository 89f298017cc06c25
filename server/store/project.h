/*
 * Removal of a whole project: what it holds, from its dumps to itself. Runs inside the caller's
 * transaction, which it keeps busy for as long as the project is large. A dump that another
 * project knows too stays. Raw dump files are not touched: `dumps` lists those that nobody knows
 * any more, for the caller to remove once the transaction is committed.
 */
#ifndef VF_SERVER_STORE_PROJECT_H
#define VF_SERVER_STORE_PROJECT_H

#include <stdint.h>

#include "verifleet/status.h"

struct vf_db;
struct vf_rows;

struct vf_project_removal {
	int64_t machines, builds, findings, occurrences, dumps;
	struct vf_rows *dump_list; /* one column, sha256 as 64 digits; vf_rows_free() it */
};

VF_MUST enum vf_status vf_project_remove(
	struct vf_db *, int64_t project_id, struct vf_project_removal *out, struct vf_err *);

#endif
