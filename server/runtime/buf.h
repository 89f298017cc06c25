/*
 * Growing bytes with a ceiling chosen at init. A failed append frees the contents and poisons the
 * buffer: every later append fails too, so that a caller may append many times and look once.
 * The contents are always followed by a NUL. Not thread safe.
 */
#ifndef VF_SERVER_RUNTIME_BUF_H
#define VF_SERVER_RUNTIME_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "verifleet/status.h"

struct vf_buf {
	char *data; /* NULL while empty or after a failure */
	size_t len, cap, max;
	enum vf_status failed; /* VF_OK, else what the first failure was */
};

void vf_buf_init(struct vf_buf *, size_t max); /* `max` without the NUL */
void vf_buf_release(struct vf_buf *);
void vf_buf_reset(struct vf_buf *); /* empty again, memory kept, poison gone */
/* Results may be ignored: vf_buf_status() tells at the end. */
enum vf_status vf_buf_add(struct vf_buf *, const void *bytes, size_t len);
enum vf_status vf_buf_puts(struct vf_buf *, const char *text);
VF_PRINTF(2, 3) enum vf_status vf_buf_printf(struct vf_buf *, const char *fmt, ...);
VF_MUST enum vf_status vf_buf_status(const struct vf_buf *);
/* The caller owns (free) the returned bytes; NULL after a failure. Empty contents give "". */
VF_MUST char *vf_buf_take(struct vf_buf *, size_t *len);

#endif
