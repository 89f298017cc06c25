/*
 * Bytes that grow up to a ceiling which is named at birth.
 *
 * A failed append releases the content and poisons the buffer: later appends do nothing, so code
 * may append many times and look at vf_buf_ok() once. `data` is NULL while empty, else it carries
 * a NUL behind `len` bytes, so text can be used as a string. Not for use by two threads.
 */
#ifndef VF_AGENT_CORE_BUF_H
#define VF_AGENT_CORE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verifleet/status.h"

struct vf_buf {
	uint8_t *data;
	size_t len, room, max;
	enum vf_status failed; /* VF_OK, VF_E_NOMEM or VF_E_LIMIT */
};

void vf_buf_init(struct vf_buf *b, size_t max);
void vf_buf_release(
	struct vf_buf *b);           /* frees; the buffer can be used again with the same ceiling */
void vf_buf_reset(struct vf_buf *b); /* empties, keeps the memory, heals a poisoned buffer */
void vf_buf_add(struct vf_buf *b, const void *data, size_t len);
void vf_buf_adds(struct vf_buf *b, const char *text);
VF_PRINTF(2, 3) void vf_buf_addf(struct vf_buf *b, const char *fmt, ...);
/* Room for `len` more bytes at the returned place, NULL when it failed; vf_buf_grew() keeps them. */
void *vf_buf_reserve(struct vf_buf *b, size_t len);
void vf_buf_grew(struct vf_buf *b, size_t len);
/* Gives the memory (NUL-terminated, NULL when empty or poisoned) to the caller, who frees it. */
uint8_t *vf_buf_take(struct vf_buf *b, size_t *len);

static inline bool vf_buf_ok(const struct vf_buf *b)
{
	return b->failed == VF_OK;
}

/* The content as text: never NULL. */
static inline const char *vf_buf_text(const struct vf_buf *b)
{
	return b->data ? (const char *)b->data : "";
}

#endif
