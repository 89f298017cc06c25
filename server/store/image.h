/* Driver images of builds: registered once, they claim the crashes that belong to them. */
#ifndef VF_SERVER_STORE_IMAGE_H
#define VF_SERVER_STORE_IMAGE_H

#include "server/store/db.h"

struct vf_image_row {
	int64_t build_id;
	const char *name;
	uint32_t timestamp;
	int64_t size, checksum; /* checksum -1 = unknown */
};

/*
 * Inside the caller's transaction. An image that is registered already stays with its build, since
 * one file cannot be two builds. `claimed` (may be NULL) counts the crashes that moved to this one.
 */
VF_MUST enum vf_status vf_store_image(
	struct vf_db *, const struct vf_image_row *, int64_t *claimed, struct vf_err *);

#endif
