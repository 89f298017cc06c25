/* The reading end of the spool: views, totals, batches. */
#include "agent/core/spool_impl.h"

size_t vf_spool_streams(const struct vf_spool *s)
{
	return s->count;
}

void vf_spool_stream(const struct vf_spool *s, size_t i, struct vf_spool_stream *out)
{
	const struct vf_spool_lane_stream *st = s->streams[i];

	*out = (struct vf_spool_stream){
		.lane = st->mark.lane,
		.start = st->start,
		.acked = st->mark.acked,
		.durable = st->durable,
		.open = st->open,
	};
	memcpy(out->id, st->mark.stream, VF_STREAM_ID_LEN);
	for (size_t k = 0; k < st->count; k++) {
		out->bytes += st->segments[k].bytes;
		if (!out->oldest_at_us && st->segments[k].last > st->mark.acked)
			out->oldest_at_us = st->segments[k].first_at_us;
	}
}

void vf_spool_totals(const struct vf_spool *s, struct vf_spool_totals *out)
{
	struct vf_spool_stream v;

	*out = (struct vf_spool_totals){.dropped = s->dropped, .refused = s->refused};
	for (size_t i = 0; i < s->count; i++) {
		vf_spool_stream(s, i, &v);
		out->records += v.durable - v.acked;
		out->bytes += v.bytes;
		if (v.oldest_at_us && (!out->oldest_at_us || v.oldest_at_us < out->oldest_at_us))
			out->oldest_at_us = v.oldest_at_us;
	}
}

void vf_spool_batch_init(struct vf_spool_batch *b, size_t max_bytes)
{
	b->count = 0;
	vf_buf_init(&b->text, max_bytes);
}

void vf_spool_batch_release(struct vf_spool_batch *b)
{
	vf_buf_release(&b->text);
	b->count = 0;
}

struct reading {
	struct vf_spool_batch *out;
	size_t max_records, max_bytes;
	uint64_t expected; /* the number that comes next */
	bool full;
};

static void add_gap(struct reading *rd, uint64_t last, int64_t at_us, bool dropped)
{
	struct vf_spool_batch *b = rd->out;

	if (b->count == rd->max_records) {
		rd->full = true;
		return;
	}
	b->items[b->count++] = (struct vf_spool_item){
		.seq = rd->expected,
		.last = last,
		.at_us = at_us,
		.kind = VF_RECORD_GAP,
		.dropped = dropped,
		.offset = b->text.len,
	};
	rd->expected = last + 1;
}

static void add_record(struct reading *rd, const struct vf_segment_record *r)
{
	struct vf_spool_batch *b = rd->out;

	if (r->last < rd->expected) /* written again after a failed sync, or acknowledged */
		return;
	if (r->kind == VF_RECORD_GAP) {
		add_gap(rd, r->last, r->at_us, true);
		return;
	}
	if (r->seq > rd->expected)
		add_gap(rd, r->seq - 1, r->at_us, false);
	if (rd->full)
		return;
	if (b->count == rd->max_records ||
		(b->count && b->text.len + r->payload_len > rd->max_bytes)) {
		rd->full = true;
		return;
	}
	b->items[b->count++] = (struct vf_spool_item){
		.seq = r->seq,
		.last = r->seq,
		.source_key = r->source_key,
		.at_us = r->at_us,
		.kind = r->kind,
		.offset = b->text.len,
		.len = r->payload_len,
	};
	vf_buf_add(&b->text, r->payload, r->payload_len);
	rd->expected = r->seq + 1;
}

enum vf_status vf_spool_read(struct vf_spool *s, size_t i, size_t max_records, size_t max_bytes,
	struct vf_spool_batch *out, struct vf_err *err)
{
	const struct vf_spool_lane_stream *st = s->streams[i];
	struct reading rd = {
		.out = out,
		.max_records =
			max_records < VF_WIRE_RECORDS_MAX ? max_records : VF_WIRE_RECORDS_MAX,
		.max_bytes = max_bytes,
		.expected = st->mark.acked + 1,
	};
	struct vf_segment_damage d;
	struct vf_segment_record r;
	enum vf_segment_step step;
	enum vf_status rc;

	out->count = 0;
	vf_buf_reset(&out->text);
	memcpy(out->stream, st->mark.stream, VF_STREAM_ID_LEN);
	out->lane = st->mark.lane;
	for (size_t k = 0; k < st->count && !rd.full; k++) {
		size_t pos = 0;

		if (st->segments[k].last < rd.expected)
			continue;
		rc = vf_spool_load(s, st, &st->segments[k], err);
		if (rc != VF_OK)
			return rc;
		while (!rd.full && (step = vf_segment_next(s->scratch.data, s->scratch.len, &pos,
					    &r, &d)) != VF_SEGMENT_END)
			if (step == VF_SEGMENT_RECORD && r.last <= st->durable &&
				!memcmp(r.stream, st->mark.stream, VF_STREAM_ID_LEN))
				add_record(&rd, &r);
	}
	if (!rd.full && rd.expected <= st->durable)
		add_gap(&rd, st->durable, 0, false);
	if (!vf_buf_ok(&out->text))
		return vf_fail(err, out->text.failed, "a batch does not fit into memory");
	return VF_OK;
}
