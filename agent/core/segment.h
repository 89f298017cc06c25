/*
 * The bytes of a spool segment: records one behind the other, and how to find them again when some
 * of the bytes are wrong.
 *
 * A record describes itself (stream, lane, sequence number) and carries one checksum over its
 * header and one over its payload, so a segment needs no header of its own and any run of good
 * bytes can be read whatever lies before it. Its mark holds two bytes that no UTF-8 text contains,
 * so a payload never looks like the start of a record. Pure: no files, no allocation but the buffer.
 */
#ifndef VF_AGENT_CORE_SEGMENT_H
#define VF_AGENT_CORE_SEGMENT_H

#include "agent/core/buf.h"
#include "verifleet/wire.h"

#define VF_STREAM_ID_LEN       16
#define VF_SEGMENT_HEADER      72u                      /* bytes before the payload of a record */
#define VF_SEGMENT_PAYLOAD_MAX (VF_WIRE_LINE_MAX - 64u) /* leaves room for the member "seq" */

struct vf_segment_record {
	uint8_t stream[VF_STREAM_ID_LEN];
	uint64_t seq;        /* from 1; of a gap: the first number that will never come */
	uint64_t last;       /* of a gap: the last such number; else equal to seq */
	uint64_t source_key; /* what it was made from, so that nothing is taken twice; 0 = none */
	int64_t at_us;
	uint8_t kind;           /* enum vf_record_kind */
	uint8_t lane;           /* enum vf_lane */
	const uint8_t *payload; /* borrowed from the segment's bytes */
	uint32_t payload_len;
};

/* A run of bytes that is no record. */
struct vf_segment_damage {
	size_t start, end;
	uint64_t last_seq; /* highest number seen in an intact header within; 0 = none */
	/* Looks like a write that was cut off (by a crash or a full disk) rather than like bytes that
	 * went bad: what it held was never reported as durable. Only the end of a segment can be. */
	bool torn;
};

enum vf_segment_step { VF_SEGMENT_RECORD, VF_SEGMENT_DAMAGE, VF_SEGMENT_END };

/* Appends one record; the buffer says whether it fitted. */
void vf_segment_put(struct vf_buf *out, const struct vf_segment_record *r);

/*
 * Reads what stands at *pos and moves *pos behind it. After damage it goes on at the next intact
 * record. Always ends: every step moves *pos.
 */
enum vf_segment_step vf_segment_next(const uint8_t *data, size_t len, size_t *pos,
	struct vf_segment_record *rec, struct vf_segment_damage *damage);

#endif
