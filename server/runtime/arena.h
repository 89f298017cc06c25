/*
 * Memory of one request: allocations live until vf_arena_release(), up to a ceiling chosen at init.
 * Not thread safe. A failed allocation returns NULL and leaves the arena usable.
 */
#ifndef VF_SERVER_RUNTIME_ARENA_H
#define VF_SERVER_RUNTIME_ARENA_H

#include <stddef.h>

#include "verifleet/status.h"

struct vf_arena_block;

struct vf_arena {
	struct vf_arena_block *block;
	struct vf_arena_cleanup *cleanup;
	size_t used, max;
};

void vf_arena_init(struct vf_arena *, size_t max);
/* Runs the clean-ups, newest first, and frees every block. The arena may be used again. */
void vf_arena_release(struct vf_arena *);
/* Zeroed, aligned for any type. NULL when the ceiling or the system says no. */
VF_MUST void *vf_arena_alloc(struct vf_arena *, size_t size);
VF_MUST char *vf_arena_strdup(struct vf_arena *, const char *text);
VF_MUST char *vf_arena_memdup(struct vf_arena *, const void *bytes, size_t len); /* adds a NUL */
VF_PRINTF(2, 3) VF_MUST char *vf_arena_printf(struct vf_arena *, const char *fmt, ...);
/* Has `fn(arg)` called at release: for objects of other libraries. */
VF_MUST enum vf_status vf_arena_defer(struct vf_arena *, void (*fn)(void *), void *arg);

#endif
