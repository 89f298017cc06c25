#include "agent/sim/dumpbytes.h"

#include <stdlib.h>
#include <string.h>

void vf_sim_reach(struct vf_sim_bytes *b, size_t len)
{
	size_t cap = b->cap ? b->cap : 1 << 16;
	uint8_t *grown;

	if (b->status != VF_OK || len <= b->len)
		return;
	if (len > VF_SIM_DUMP_BYTES) {
		b->status = VF_E_LIMIT;
		return;
	}
	while (cap < len)
		cap *= 2;
	if (cap != b->cap) {
		grown = realloc(b->data, cap);
		if (!grown) {
			b->status = VF_E_NOMEM;
			return;
		}
		b->data = grown;
		b->cap = cap;
	}
	memset(b->data + b->len, 0, len - b->len);
	b->len = len;
}

void vf_sim_put(struct vf_sim_bytes *b, size_t at, const void *data, size_t len)
{
	vf_sim_reach(b, at + len);
	if (b->status == VF_OK && len)
		memcpy(b->data + at, data, len);
}

static void put_le(struct vf_sim_bytes *b, size_t at, uint64_t v, size_t size)
{
	uint8_t raw[8];

	for (size_t i = 0; i < size; i++)
		raw[i] = (uint8_t)(v >> (8 * i));
	vf_sim_put(b, at, raw, size);
}

void vf_sim_put16(struct vf_sim_bytes *b, size_t at, uint16_t v)
{
	put_le(b, at, v, 2);
}

void vf_sim_put32(struct vf_sim_bytes *b, size_t at, uint32_t v)
{
	put_le(b, at, v, 4);
}

void vf_sim_put64(struct vf_sim_bytes *b, size_t at, uint64_t v)
{
	put_le(b, at, v, 8);
}

void vf_sim_put_word(struct vf_sim_bytes *b, size_t at, uint64_t v, size_t word)
{
	put_le(b, at, v, word);
}

void vf_sim_fill(struct vf_sim_bytes *b, size_t at, size_t len)
{
	static const uint8_t filler[4] = {'P', 'A', 'G', 'E'};

	vf_sim_reach(b, at + len);
	for (size_t i = 0; b->status == VF_OK && i < len; i++)
		b->data[at + i] = filler[(at + i) % 4];
}

/* One code point of `*text`, which is ours and well formed; anything else becomes '?'. */
static uint32_t next_point(const char **text)
{
	const uint8_t *s = (const uint8_t *)*text;
	size_t more = s[0] >= 0xf0 ? 3 : s[0] >= 0xe0 ? 2 : s[0] >= 0xc0 ? 1 : 0;
	uint32_t point = more == 3 ? s[0] & 7u : more == 2 ? s[0] & 15u : more ? s[0] & 31u : s[0];

	for (size_t i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80) {
			*text += i;
			return '?';
		}
		point = point << 6 | (s[i] & 0x3f);
	}
	*text += more + 1;
	return point;
}

size_t vf_sim_put_utf16(struct vf_sim_bytes *b, size_t at, const char *text, size_t max)
{
	size_t n = 0;

	while (*text) {
		uint32_t point = next_point(&text);

		if (n + (point > 0xffff) + 1 > max)
			break;
		if (point > 0xffff) {
			point -= 0x10000;
			vf_sim_put16(b, at + 2 * n++, (uint16_t)(0xd800 + (point >> 10)));
			point = 0xdc00 + (point & 0x3ff);
		}
		vf_sim_put16(b, at + 2 * n++, (uint16_t)point);
	}
	return n;
}
