#include "server/runtime/arena.h"

#include <stdarg.h>

#define FIRST_BLOCK 4096u
#define ALIGN       _Alignof(max_align_t)

struct vf_arena_block {
	struct vf_arena_block *next;
	size_t size, used;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct vf_arena_cleanup {
	struct vf_arena_cleanup *next;
	void (*fn)(void *);
	void *arg;
};

void vf_arena_init(struct vf_arena *a, size_t max)
{
	*a = (struct vf_arena){.max = max};
}

void vf_arena_release(struct vf_arena *a)
{
	struct vf_arena_cleanup *c;
	struct vf_arena_block *b;

	while ((c = a->cleanup)) {
		a->cleanup = c->next;
		c->fn(c->arg);
	}
	while ((b = a->block)) {
		a->block = b->next;
		free(b);
	}
	a->used = 0;
}

/* Blocks double, so that a large request costs few of them; the ceiling counts what was asked for.
 */
static struct vf_arena_block *grow(struct vf_arena *a, size_t need)
{
	size_t size = a->block ? a->block->size * 2 : FIRST_BLOCK;
	struct vf_arena_block *b;

	if (size > 1024 * 1024)
		size = 1024 * 1024;
	if (size < need)
		size = need;
	b = calloc(1, sizeof *b + size);
	if (!b)
		return NULL;
	b->size = size;
	b->next = a->block;
	a->block = b;
	return b;
}

void *vf_arena_alloc(struct vf_arena *a, size_t size)
{
	struct vf_arena_block *b = a->block;
	size_t need, used;
	void *p;

	if (__builtin_add_overflow(size ? size : 1, ALIGN - 1, &need))
		return NULL;
	need &= ~(ALIGN - 1);
	if (__builtin_add_overflow(a->used, need, &used) || used > a->max)
		return NULL;
	if (!b || b->size - b->used < need) {
		b = grow(a, need);
		if (!b)
			return NULL;
	}
	p = b->bytes + b->used;
	b->used += need;
	a->used = used;
	return p;
}

char *vf_arena_memdup(struct vf_arena *a, const void *bytes, size_t len)
{
	char *p;

	if (len == SIZE_MAX)
		return NULL;
	p = vf_arena_alloc(a, len + 1);
	if (p && len)
		memcpy(p, bytes, len);
	return p;
}

char *vf_arena_strdup(struct vf_arena *a, const char *text)
{
	return vf_arena_memdup(a, text, strlen(text));
}

char *vf_arena_printf(struct vf_arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p = NULL;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n >= 0)
		p = vf_arena_alloc(a, (size_t)n + 1);
	if (p)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

enum vf_status vf_arena_defer(struct vf_arena *a, void (*fn)(void *), void *arg)
{
	struct vf_arena_cleanup *c = vf_arena_alloc(a, sizeof *c);

	if (!c)
		return VF_E_NOMEM;
	*c = (struct vf_arena_cleanup){.next = a->cleanup, .fn = fn, .arg = arg};
	a->cleanup = c;
	return VF_OK;
}
