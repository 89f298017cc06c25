/*
 * Raw dumps: which ones crashes name, and how far each has come. The bytes lie in files; whoever
 * writes them holds the row's lock (vf_store_dump_lock) until the transaction ends.
 */
#ifndef VF_SERVER_STORE_DUMP_H
#define VF_SERVER_STORE_DUMP_H

#include "server/store/crash.h"

struct vf_dump_row {
	int64_t id, size, received;
	bool complete, deleted;
	char file_name[264]; /* empty = unknown */
};

/* VF_E_NOTFOUND when no crash of the project (0 = of any) names it. */
VF_MUST enum vf_status vf_store_dump_find(struct vf_db *, int64_t project_id,
	const unsigned char sha256[32], struct vf_dump_row *out, struct vf_err *);
/* The same, and locked. Inside the caller's transaction. */
VF_MUST enum vf_status vf_store_dump_lock(struct vf_db *, int64_t project_id,
	const unsigned char sha256[32], struct vf_dump_row *out, struct vf_err *);
/* How much is there now; complete also says when. */
VF_MUST enum vf_status vf_store_dump_received(
	struct vf_db *, const struct vf_dump_row *, struct vf_err *);
VF_MUST enum vf_status vf_store_dump_deleted(struct vf_db *, int64_t id, struct vf_err *);
/* How many projects besides this one know the dump. */
VF_MUST enum vf_status vf_store_dump_others(struct vf_db *, int64_t project_id,
	const unsigned char sha256[32], int64_t *out, struct vf_err *);

/*
 * Another reading of a dump (sha256, decoder, decoded and facts of `crash`), for the crash of every
 * project that knows it (project_id 0) or of one. Findings, attributions and roll-ups follow.
 * `crash` tells about the first of them; `moved` whether any went to another finding.
 */
VF_MUST enum vf_status vf_store_redecode(struct vf_db *, struct vf_arena *, int64_t project_id,
	struct vf_crash *crash, bool *moved, struct vf_err *);

/* The machine of that name, made as an imported one when there is none. */
VF_MUST enum vf_status vf_store_import_machine(
	struct vf_db *, int64_t project_id, const char *name, int64_t *machine_id, struct vf_err *);
/* VF_E_NOTFOUND when there is no such build or it is not the project's (0 = any). */
VF_MUST enum vf_status vf_store_build_home(
	struct vf_db *, int64_t build_id, int64_t project_id, int64_t *home, struct vf_err *);

#endif
