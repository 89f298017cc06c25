/*
 * What to send next, and what an answer means.
 *
 * The queue takes batches from the spool within the limits of the wire, moves the acknowledgement,
 * and waits longer after every failure in a row (exponential, with jitter over the whole interval,
 * so that a lab that lost its server does not come back all at once). It keeps the difference
 * between this machine's clock and the server's, so that signatures carry a time that the server
 * accepts. No input or output of its own but the spool's. One thread.
 */
#ifndef VF_AGENT_CORE_QUEUE_H
#define VF_AGENT_CORE_QUEUE_H

#include "agent/core/spool.h"

struct vf_queue {
	struct vf_spool *spool;
	const struct vf_clock *clock;
	const struct vf_random *random;
	unsigned failures;       /* in a row */
	int64_t not_before_us;   /* monotonic */
	int64_t offset_us;       /* server's clock minus ours */
	int64_t last_contact_us; /* our wall clock; 0 = none since the start */
	size_t max_records, max_bytes;
	/* The server lacks numbers that this machine no longer has: they go out as a gap. */
	uint8_t hole_stream[VF_STREAM_ID_LEN];
	uint64_t hole_first; /* 0 = none */
	/* A single record that the server refuses for good: it goes out as a gap. */
	uint8_t refused_stream[VF_STREAM_ID_LEN];
	uint64_t refused_seq; /* 0 = none */
	/* The highest number of each open stream that was ever sent, by lane. */
	struct {
		uint8_t stream[VF_STREAM_ID_LEN];
		uint64_t last;
	} high[2];
	uint64_t reissued; /* times that the machine turned out to be set back to a snapshot */
	uint64_t sent, acknowledged, given_up; /* records, by this process */
};

/* Jittered delay before attempt number `failures` + 1: up to 1 s, 2 s, 4 s … 5 min. */
int64_t vf_backoff_us(unsigned failures, uint64_t random);

void vf_queue_init(struct vf_queue *q, struct vf_spool *spool, const struct vf_clock *clock,
	const struct vf_random *random);
/* Microseconds until the next attempt is due; 0 = now. Says nothing about whether anything waits. */
int64_t vf_queue_wait_us(const struct vf_queue *q);
/* The next batch; empty when nothing waits. */
VF_MUST enum vf_status vf_queue_next(
	struct vf_queue *q, struct vf_spool_batch *out, struct vf_err *err);
/* The server answered anything at all. */
void vf_queue_reached(struct vf_queue *q);
/* It was not reached, or said that it cannot serve now. */
void vf_queue_failed(struct vf_queue *q);
/* 200 to a batch: everything up to `acked` is committed. */
VF_MUST enum vf_status vf_queue_acknowledged(
	struct vf_queue *q, const struct vf_spool_batch *sent, uint64_t acked, struct vf_err *err);
/* 409: the server expects a lower number than the batch began with. False when that leads nowhere:
 * the number makes no sense, or its hole was filled already. */
VF_MUST bool vf_queue_expected(
	struct vf_queue *q, const struct vf_spool_batch *sent, uint64_t expected);
/* Refused for what it is (too large, malformed): smaller next time, and a gap in place of a record
 * that is refused on its own. Returns true when that record is given up. */
bool vf_queue_refused(struct vf_queue *q, const struct vf_spool_batch *sent);
/* A time that the server said, and when it was asked and answered (our wall clock). */
void vf_queue_server_time(struct vf_queue *q, int64_t server_us, int64_t asked_us, int64_t now_us);
/* Now, as the server sees it. */
int64_t vf_queue_time_us(const struct vf_queue *q);

#endif
