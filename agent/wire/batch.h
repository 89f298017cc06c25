/*
 * The body of POST /api/v1/ingest: a header line and the records of one batch, and its gzip form.
 */
#ifndef VF_AGENT_WIRE_BATCH_H
#define VF_AGENT_WIRE_BATCH_H

#include "agent/core/spool.h"

struct vf_wire_header {
	int64_t sent_at_us, uptime_us;
	const char *boot_uuid;
};

/* Appends; the buffer's ceiling should be VF_WIRE_PLAIN_MAX. `b` is not empty. */
VF_MUST enum vf_status vf_wire_batch(struct vf_buf *out, const struct vf_spool_batch *b,
	const struct vf_wire_header *h, struct vf_err *err);
VF_MUST enum vf_status vf_wire_gzip(
	struct vf_buf *out, const void *data, size_t len, struct vf_err *err);
VF_MUST enum vf_status vf_wire_gunzip(
	struct vf_buf *out, const void *data, size_t len, struct vf_err *err);

#endif
