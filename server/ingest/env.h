/* An environment as told, to the row that stands for it. */
#ifndef VF_SERVER_INGEST_ENV_H
#define VF_SERVER_INGEST_ENV_H

#include "server/ingest/decode.h"
#include "server/store/db.h"

/* `env_id` is 0 when nothing was told. */
VF_MUST enum vf_status vf_env_store(
	struct vf_db *, const struct vf_env_facts *, int64_t *env_id, struct vf_err *);

#endif
