#include "agent/core/buf.h"

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

static void *poison(struct vf_buf *b, enum vf_status why)
{
	vf_buf_release(b);
	b->failed = why;
	return NULL;
}

void *vf_buf_reserve(struct vf_buf *b, size_t len)
{
	size_t need, room;
	uint8_t *p;

	if (b->failed != VF_OK)
		return NULL;
	if (len > b->max - b->len)
		return poison(b, VF_E_LIMIT);
	need = b->len + len + 1; /* the ceiling is far below SIZE_MAX: max - len was checked */
	if (need > b->room) {
		room = b->room ? b->room : 64;
		while (room < need)
			room = room > SIZE_MAX / 2 ? need : room * 2;
		if (room > b->max + 1)
			room = b->max + 1;
		p = realloc(b->data, room);
		if (!p)
			return poison(b, VF_E_NOMEM);
		b->data = p;
		b->room = room;
	}
	return b->data + b->len;
}

void vf_buf_grew(struct vf_buf *b, size_t len)
{
	if (b->failed != VF_OK)
		return;
	b->len += len;
	b->data[b->len] = 0;
}

void vf_buf_add(struct vf_buf *b, const void *data, size_t len)
{
	void *p = vf_buf_reserve(b, len);

	if (!p)
		return;
	if (len)
		memcpy(p, data, len);
	vf_buf_grew(b, len);
}

void vf_buf_adds(struct vf_buf *b, const char *text)
{
	vf_buf_add(b, text, strlen(text));
}

void vf_buf_addf(struct vf_buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;
	char *p;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	p = n < 0 ? NULL : vf_buf_reserve(b, (size_t)n);
	if (p) {
		vsnprintf(p, (size_t)n + 1, fmt, again);
		vf_buf_grew(b, (size_t)n);
	}
	va_end(again);
	va_end(ap);
}

uint8_t *vf_buf_take(struct vf_buf *b, size_t *len)
{
	uint8_t *p = b->data;

	if (len)
		*len = b->len;
	vf_buf_init(b, b->max);
	return p;
}
