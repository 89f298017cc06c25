/*
 * Projects, branches, drivers, builds and images as people and CI register them. Every function
 * runs inside the caller's transaction. What exists already is VF_E_CONFLICT, what is named but
 * does not exist VF_E_NOTFOUND; err->text says which.
 */
#ifndef VF_SERVER_STORE_INVENTORY_H
#define VF_SERVER_STORE_INVENTORY_H

#include "server/store/db.h"

VF_MUST enum vf_status vf_store_project_new(struct vf_db *, const char *slug, const char *name,
	bool simulated, int64_t *id, struct vf_err *);
/* `parent` NULL: a root; else the branch forks after `fork_seq` of it. */
VF_MUST enum vf_status vf_store_branch_new(struct vf_db *, int64_t project_id, const char *name,
	const char *parent, int64_t fork_seq, int64_t *id, struct vf_err *);
VF_MUST enum vf_status vf_store_driver_new(
	struct vf_db *, int64_t project_id, const char *name, int64_t *id, struct vf_err *);

/* The row with this name, made when there is none. */
VF_MUST enum vf_status vf_store_branch_get(
	struct vf_db *, int64_t project_id, const char *name, int64_t *id, struct vf_err *);
VF_MUST enum vf_status vf_store_driver_get(
	struct vf_db *, int64_t project_id, const char *name, int64_t *id, struct vf_err *);

struct vf_build_new {
	int64_t project_id, driver_id, branch_id, seq;
	const char *label, *commit, *origin, *external_id; /* NULL = none, but for origin */
};
/*
 * Registers a build, or finds it: `made` tells. The same driver, branch and sequence with another
 * label, commit, origin or external id is VF_E_CONFLICT. Locks the row until the transaction ends.
 */
VF_MUST enum vf_status vf_store_build_put(
	struct vf_db *, const struct vf_build_new *, int64_t *id, bool *made, struct vf_err *);

struct vf_image_new {
	const char *name;
	int64_t timestamp, size, checksum; /* checksum -1 = unknown */
	const void *sha256;                /* 32 bytes, or NULL */
};
/*
 * Registers one image of a build, or finds it there: `made` tells. VF_E_CONFLICT when another
 * build has it, or when it is known with another checksum or SHA-256.
 */
VF_MUST enum vf_status vf_store_image_put(struct vf_db *, int64_t build_id,
	const struct vf_image_new *, int64_t *id, bool *made, struct vf_err *);

/* Project of a build; VF_E_NOTFOUND when there is no such build in `project_id` (0 = any). */
VF_MUST enum vf_status vf_store_build_project(
	struct vf_db *, int64_t build_id, int64_t project_id, int64_t *out, struct vf_err *);

#endif
