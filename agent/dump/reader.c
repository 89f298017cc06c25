#include "agent/dump/reader.h"

#include <string.h>

static enum vf_status read_memory(const void *ctx, uint64_t offset, void *buf, size_t len)
{
	memcpy(buf, (const uint8_t *)ctx + offset, len);
	return VF_OK;
}

struct vf_source vf_source_memory(const void *data, size_t len)
{
	return (struct vf_source){read_memory, data, len};
}

uint16_t vf_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

uint32_t vf_le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint64_t vf_le64(const uint8_t *p)
{
	return vf_le32(p) | (uint64_t)vf_le32(p + 4) << 32;
}

uint64_t vf_le_word(const uint8_t *p, size_t word)
{
	return word == 8 ? vf_le64(p) : vf_le32(p);
}

void vf_reader_init(struct vf_reader *r, const struct vf_source *source)
{
	r->source = source;
	r->status = VF_OK;
	r->latest = 0;
	for (size_t i = 0; i < VF_READER_WINDOWS; i++)
		r->windows[i].at = r->windows[i].len = 0;
}

bool vf_reader_holds(const struct vf_reader *r, uint64_t at, uint64_t len)
{
	return at <= r->source->size && len <= r->source->size - at;
}

static bool fetch(struct vf_reader *r, uint64_t at, void *buf, size_t len)
{
	enum vf_status st = r->source->read_at(r->source->ctx, at, buf, len);

	if (st != VF_OK)
		r->status = st;
	return st == VF_OK;
}

static bool covers(const struct vf_reader_window *w, uint64_t at, size_t len)
{
	return at >= w->at && at - w->at <= w->len && len <= w->len - (size_t)(at - w->at);
}

bool vf_reader_get(struct vf_reader *r, uint64_t at, void *buf, size_t len)
{
	struct vf_reader_window *w = &r->windows[r->latest];
	uint64_t left;

	if (!vf_reader_holds(r, at, len))
		return false;
	if (len > VF_READER_WINDOW)
		return fetch(r, at, buf, len);
	if (!covers(w, at, len)) {
		r->latest = !r->latest;
		w = &r->windows[r->latest];
	}
	if (!covers(w, at, len)) {
		left = r->source->size - at;
		w->len = 0;
		if (!fetch(r, at, w->data,
			    left < VF_READER_WINDOW ? (size_t)left : VF_READER_WINDOW))
			return false;
		w->at = at;
		w->len = left < VF_READER_WINDOW ? (size_t)left : VF_READER_WINDOW;
	}
	memcpy(buf, w->data + (at - w->at), len);
	return true;
}

bool vf_reader_u32(struct vf_reader *r, uint64_t at, uint32_t *v)
{
	uint8_t raw[4];

	if (!vf_reader_get(r, at, raw, sizeof raw))
		return false;
	*v = vf_le32(raw);
	return true;
}

bool vf_reader_word(struct vf_reader *r, uint64_t at, size_t word, uint64_t *v)
{
	uint8_t raw[8];

	if (!vf_reader_get(r, at, raw, word))
		return false;
	*v = vf_le_word(raw, word);
	return true;
}
