#include "server/runtime/buf.h"

#include <stdarg.h>

void vf_buf_init(struct vf_buf *b, size_t max)
{
	*b = (struct vf_buf){.max = max};
}

void vf_buf_release(struct vf_buf *b)
{
	free(b->data);
	vf_buf_init(b, b->max);
}

void vf_buf_reset(struct vf_buf *b)
{
	b->len = 0;
	b->failed = VF_OK;
	if (b->data)
		b->data[0] = 0;
}

static enum vf_status poison(struct vf_buf *b, enum vf_status why)
{
	free(b->data);
	b->data = NULL;
	b->len = b->cap = 0;
	b->failed = why;
	return why;
}

static enum vf_status reserve(struct vf_buf *b, size_t more)
{
	size_t need, cap;
	char *p;

	if (b->failed)
		return b->failed;
	if (more > b->max - b->len)
		return poison(b, VF_E_LIMIT);
	need = b->len + more + 1;
	if (need <= b->cap)
		return VF_OK;
	cap = b->cap ? b->cap * 2 : 256;
	if (cap < need)
		cap = need;
	if (cap > b->max + 1)
		cap = b->max + 1;
	p = realloc(b->data, cap);
	if (!p)
		return poison(b, VF_E_NOMEM);
	b->data = p;
	b->cap = cap;
	return VF_OK;
}

enum vf_status vf_buf_add(struct vf_buf *b, const void *bytes, size_t len)
{
	enum vf_status st = reserve(b, len);

	if (st)
		return st;
	if (len)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = 0;
	return VF_OK;
}

enum vf_status vf_buf_puts(struct vf_buf *b, const char *text)
{
	return vf_buf_add(b, text, strlen(text));
}

enum vf_status vf_buf_printf(struct vf_buf *b, const char *fmt, ...)
{
	enum vf_status st;
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	st = n < 0 ? poison(b, VF_E_INVALID) : reserve(b, (size_t)n);
	if (!st) {
		vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
	return st;
}

enum vf_status vf_buf_status(const struct vf_buf *b)
{
	return b->failed;
}

char *vf_buf_take(struct vf_buf *b, size_t *len)
{
	char *p;

	if (reserve(b, 0))
		return NULL;
	p = b->data;
	p[b->len] = 0;
	if (len)
		*len = b->len;
	vf_buf_init(b, b->max);
	return p;
}
