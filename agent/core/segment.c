#include "agent/core/segment.h"

#include "agent/core/bytes.h"
#include "agent/core/crc32c.h"
#include "verifleet/version.h"

/*
 * Header, little-endian:
 *  0 mark[4]   4 version, lane, kind, 0   8 payload length   12 payload CRC   16 seq   24 last
 * 32 stream[16]   48 at_us   56 source_key   64 zero   68 CRC of the 68 bytes before
 */
static const uint8_t mark[4] = {0xf5, 'V', 'R', 0xfa};

void vf_segment_put(struct vf_buf *out, const struct vf_segment_record *r)
{
	uint8_t h[VF_SEGMENT_HEADER] = {0};

	memcpy(h, mark, sizeof mark);
	h[4] = VF_SPOOL_VERSION;
	h[5] = r->lane;
	h[6] = r->kind;
	vf_put_le32(h + 8, r->payload_len);
	vf_put_le32(h + 12, vf_crc32c(0, r->payload, r->payload_len));
	vf_put_le64(h + 16, r->seq);
	vf_put_le64(h + 24, r->last);
	memcpy(h + 32, r->stream, VF_STREAM_ID_LEN);
	vf_put_le64(h + 48, (uint64_t)r->at_us);
	vf_put_le64(h + 56, r->source_key);
	vf_put_le32(h + 68, vf_crc32c(0, h, 68));
	vf_buf_add(out, h, sizeof h);
	vf_buf_add(out, r->payload, r->payload_len);
}

enum found { NOTHING, HEADER_ONLY, CUT_OFF, WHOLE };

/* What stands at `p`: NOTHING, an intact header with a bad payload, one whose payload runs past the
 * end of the bytes, or a whole record. */
static enum found look(const uint8_t *p, size_t len, struct vf_segment_record *r)
{
	if (len < VF_SEGMENT_HEADER || memcmp(p, mark, sizeof mark) != 0)
		return NOTHING;
	if (vf_get_le32(p + 68) != vf_crc32c(0, p, 68) || p[4] != VF_SPOOL_VERSION)
		return NOTHING;
	*r = (struct vf_segment_record){
		.seq = vf_get_le64(p + 16),
		.last = vf_get_le64(p + 24),
		.source_key = vf_get_le64(p + 56),
		.at_us = (int64_t)vf_get_le64(p + 48),
		.kind = p[6],
		.lane = p[5],
		.payload = p + VF_SEGMENT_HEADER,
		.payload_len = vf_get_le32(p + 8),
	};
	memcpy(r->stream, p + 32, VF_STREAM_ID_LEN);
	if (r->payload_len > VF_SEGMENT_PAYLOAD_MAX || !r->seq || r->last < r->seq)
		return NOTHING;
	if (r->payload_len > len - VF_SEGMENT_HEADER)
		return CUT_OFF;
	if (vf_get_le32(p + 12) != vf_crc32c(0, r->payload, r->payload_len))
		return HEADER_ONLY;
	return WHOLE;
}

static bool all_zero(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i])
			return false;
	return true;
}

/* A beginning of a record that was cut off: the mark, or as much of it as there is. */
static bool begins_record(const uint8_t *p, size_t len)
{
	return memcmp(p, mark, len < sizeof mark ? len : sizeof mark) == 0;
}

static bool is_torn(const uint8_t *p, size_t len)
{
	struct vf_segment_record r;

	if (all_zero(p, len))
		return true;
	if (len < VF_SEGMENT_HEADER)
		return begins_record(p, len);
	return look(p, len, &r) == CUT_OFF;
}

enum vf_segment_step vf_segment_next(const uint8_t *data, size_t len, size_t *pos,
	struct vf_segment_record *rec, struct vf_segment_damage *damage)
{
	size_t start = *pos, at = start;
	uint64_t last_seq = 0;
	enum found f;

	if (start >= len)
		return VF_SEGMENT_END;
	for (; at < len; at++) {
		if (data[at] != mark[0])
			continue;
		f = look(data + at, len - at, rec);
		if (f == WHOLE)
			break;
		if (f != NOTHING && rec->last > last_seq)
			last_seq = rec->last;
	}
	if (at == start) {
		*pos = start + VF_SEGMENT_HEADER + rec->payload_len;
		return VF_SEGMENT_RECORD;
	}
	*damage = (struct vf_segment_damage){
		.start = start,
		.end = at,
		.last_seq = last_seq,
		.torn = at == len && is_torn(data + start, len - start),
	};
	*pos = at;
	return VF_SEGMENT_DAMAGE;
}
