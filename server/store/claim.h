/*
 * Attribution looked at again, when something was learned after the crash: an image was
 * registered, or a run turned out to belong to a build. Roll-ups move along by trigger.
 *
 * Inside the caller's transaction. Works through the candidates in pages, so memory stays bounded;
 * reads the details of every crash of the project that is not its build's own already.
 */
#ifndef VF_SERVER_STORE_CLAIM_H
#define VF_SERVER_STORE_CLAIM_H

#include "server/store/db.h"

/* After the row of driver_image was inserted. `claimed` (may be NULL) counts the occurrences that
 * now belong to the image's build and did not before. */
VF_MUST enum vf_status vf_store_claim_image(
	struct vf_db *, int64_t image_id, int64_t *claimed, struct vf_err *);

/* After run.build_id was set. The run's machine sends its records in order, so no lock is needed. */
VF_MUST enum vf_status vf_store_claim_run(struct vf_db *, int64_t run_id, struct vf_err *);

#endif
