/*
 * How far the server has acknowledged one stream, in a file of two slots.
 *
 * The slots are written in turn and each is in a disk sector of its own, so a write that is cut off
 * harms only the older truth. The file also names the stream, which makes it possible to tell whose
 * a segment is when its records are damaged. A value is durable when the call has returned.
 */
#ifndef VF_AGENT_CORE_WATERMARK_H
#define VF_AGENT_CORE_WATERMARK_H

#include "agent/core/ports.h"
#include "agent/core/segment.h"

struct vf_watermark {
	uint8_t stream[VF_STREAM_ID_LEN];
	uint8_t lane;
	uint64_t acked;
	uint64_t turn; /* grows with every write; turn & 1 is the slot that holds it */
};

/* Makes the file with both slots filled. The caller makes its name durable. */
VF_MUST enum vf_status vf_watermark_create(const struct vf_files *files, const char *path,
	const struct vf_watermark *w, struct vf_err *err);
/* VF_E_CORRUPT when neither slot is intact, VF_E_NOTFOUND when there is no file. */
VF_MUST enum vf_status vf_watermark_load(const struct vf_files *files, const char *path,
	struct vf_watermark *out, struct vf_err *err);
VF_MUST enum vf_status vf_watermark_move(const struct vf_files *files, const char *path,
	struct vf_watermark *w, uint64_t acked, struct vf_err *err);

#endif
