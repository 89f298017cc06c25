#include "agent/core/queue.h"

enum { FIRST_WAIT_US = 1000000, LONGEST_WAIT_US = 300000000, BATCH_BYTES = 2 << 20 };

int64_t vf_backoff_us(unsigned failures, uint64_t random)
{
	int64_t most = FIRST_WAIT_US;

	while (failures-- > 1 && most < LONGEST_WAIT_US)
		most *= 2;
	if (most > LONGEST_WAIT_US)
		most = LONGEST_WAIT_US;
	/* At least a tenth, so that no machine hammers a server that has just come back. */
	return most / 10 + (int64_t)(random % (uint64_t)(most - most / 10 + 1));
}

void vf_queue_init(struct vf_queue *q, struct vf_spool *spool, const struct vf_clock *clock,
	const struct vf_random *random)
{
	*q = (struct vf_queue){
		.spool = spool,
		.clock = clock,
		.random = random,
		.max_records = VF_WIRE_RECORDS_MAX,
		.max_bytes = BATCH_BYTES,
	};
}

int64_t vf_queue_wait_us(const struct vf_queue *q)
{
	int64_t now = q->clock->mono_us(q->clock->ctx);

	return now >= q->not_before_us ? 0 : q->not_before_us - now;
}

/* Puts a gap for numbers that are gone in front of a batch. */
static void put_hole(struct vf_spool_batch *b, uint64_t first)
{
	uint64_t last = b->items[0].seq - 1;

	if (b->count == VF_WIRE_RECORDS_MAX)
		b->count--;
	memmove(b->items + 1, b->items, b->count * sizeof b->items[0]);
	b->items[0] = (struct vf_spool_item){
		.seq = first, .last = last, .at_us = b->items[1].at_us, .kind = VF_RECORD_GAP};
	b->count++;
}

/* Notes that a batch goes out; returns the highest number of its stream that ever did. */
static uint64_t sent_up_to(struct vf_queue *q, const struct vf_spool_batch *b)
{
	size_t lane = b->lane == VF_LANE_CRITICAL ? 0 : 1;
	uint64_t last = b->items[b->count - 1].last;

	if (memcmp(q->high[lane].stream, b->stream, VF_STREAM_ID_LEN) != 0) {
		memcpy(q->high[lane].stream, b->stream, VF_STREAM_ID_LEN);
		q->high[lane].last = 0;
	}
	if (last > q->high[lane].last)
		q->high[lane].last = last;
	return q->high[lane].last;
}

static bool is_open(const struct vf_queue *q, const uint8_t stream[VF_STREAM_ID_LEN])
{
	struct vf_spool_stream s;

	for (size_t i = 0; i < vf_spool_streams(q->spool); i++) {
		vf_spool_stream(q->spool, i, &s);
		if (!memcmp(s.id, stream, VF_STREAM_ID_LEN))
			return s.open;
	}
	return false;
}

enum vf_status vf_queue_next(struct vf_queue *q, struct vf_spool_batch *out, struct vf_err *err)
{
	size_t streams = vf_spool_streams(q->spool);
	enum vf_status st;

	out->count = 0;
	for (size_t i = 0; i < streams && !out->count; i++) {
		st = vf_spool_read(q->spool, i, q->max_records, q->max_bytes, out, err);
		if (st != VF_OK)
			return st;
	}
	if (!out->count)
		return VF_OK;
	if (q->hole_first && q->hole_first < out->items[0].seq &&
		!memcmp(out->stream, q->hole_stream, VF_STREAM_ID_LEN))
		put_hole(out, q->hole_first);
	if (q->refused_seq && !memcmp(out->stream, q->refused_stream, VF_STREAM_ID_LEN))
		for (size_t i = 0; i < out->count; i++)
			if (out->items[i].seq == q->refused_seq) {
				out->items[i].kind = VF_RECORD_GAP;
				out->items[i].len = 0;
			}
	(void)sent_up_to(q, out);
	return VF_OK;
}

void vf_queue_reached(struct vf_queue *q)
{
	q->failures = 0;
	q->not_before_us = 0;
	q->last_contact_us = q->clock->wall_us(q->clock->ctx);
}

void vf_queue_failed(struct vf_queue *q)
{
	uint64_t r;

	q->random->bytes(q->random->ctx, &r, sizeof r);
	if (q->failures < 32)
		q->failures++;
	q->not_before_us = q->clock->mono_us(q->clock->ctx) + vf_backoff_us(q->failures, r);
}

enum vf_status vf_queue_acknowledged(
	struct vf_queue *q, const struct vf_spool_batch *sent, uint64_t acked, struct vf_err *err)
{
	uint64_t last = sent->items[sent->count - 1].last;
	enum vf_status st;

	if (acked < sent->items[0].seq)
		return vf_fail(
			err, VF_E_INVALID, "the server acknowledged less than it had before");
	if (acked > sent_up_to(q, sent) && is_open(q, sent->stream)) {
		q->reissued++;
		return vf_spool_reissue(q->spool, sent->stream, err);
	}
	/* Never more than was in the batch, whatever the answer says. */
	st = vf_spool_ack(q->spool, sent->stream, acked < last ? acked : last, err);
	if (st != VF_OK)
		return st;
	q->sent += sent->count;
	for (size_t i = 0; i < sent->count && sent->items[i].last <= acked; i++)
		q->acknowledged++;
	q->hole_first = 0;
	q->refused_seq = 0;
	if (q->max_records < VF_WIRE_RECORDS_MAX)
		q->max_records = q->max_records * 2 < VF_WIRE_RECORDS_MAX ? q->max_records * 2
									  : VF_WIRE_RECORDS_MAX;
	return VF_OK;
}

bool vf_queue_expected(struct vf_queue *q, const struct vf_spool_batch *sent, uint64_t expected)
{
	if (!expected || expected >= sent->items[0].seq ||
		(q->hole_first == expected &&
			!memcmp(q->hole_stream, sent->stream, VF_STREAM_ID_LEN)))
		return false;
	memcpy(q->hole_stream, sent->stream, VF_STREAM_ID_LEN);
	q->hole_first = expected;
	return true;
}

bool vf_queue_refused(struct vf_queue *q, const struct vf_spool_batch *sent)
{
	if (sent->count > 1) {
		q->max_records = sent->count / 2;
		return false;
	}
	if (sent->items[0].kind == VF_RECORD_GAP)
		return false;
	memcpy(q->refused_stream, sent->stream, VF_STREAM_ID_LEN);
	q->refused_seq = sent->items[0].seq;
	q->given_up++;
	return true;
}

void vf_queue_server_time(struct vf_queue *q, int64_t server_us, int64_t asked_us, int64_t now_us)
{
	/* Half the way there and half back; a slow answer says little about the moment it was made. */
	if (now_us - asked_us > 10000000 || now_us < asked_us)
		return;
	q->offset_us = server_us - (asked_us + (now_us - asked_us) / 2);
}

int64_t vf_queue_time_us(const struct vf_queue *q)
{
	return q->clock->wall_us(q->clock->ctx) + q->offset_us;
}
