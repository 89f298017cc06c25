/*
 * Store and forward: what was appended and synced reaches the server exactly once, whatever stops.
 *
 * Records live in append-only segment files, one stream a (start of the agent, lane). Every start
 * opens new streams with new random names and numbers its records from 1, so neither damage nor a
 * machine that was set back to an old snapshot can make a number mean two records. Streams of
 * earlier starts are drained first and then removed.
 *
 * Order that holds always: bytes are synced before a record counts as durable, a record is durable
 * before it can be read for sending, the acknowledgement is durable before a segment is removed.
 *
 * Records that were lost to damage, or dropped at the ceiling, come out as one record of kind gap
 * that carries first..last. Only the bulk lane is ever dropped.
 *
 * A failed sync loses nothing: the records stay in memory with their numbers, the next sync writes
 * them into a fresh segment. One thread at a time. Memory: what is not synced yet, plus a batch.
 */
#ifndef VF_AGENT_CORE_SPOOL_H
#define VF_AGENT_CORE_SPOOL_H

#include "agent/core/ports.h"
#include "agent/core/segment.h"

struct vf_spool;

struct vf_spool_options {
	const char *dir; /* made when missing; one process at a time, the caller holds the lock */
	uint64_t cap_bytes;     /* 0 = 64 MiB; beyond it the oldest bulk records are dropped */
	uint32_t segment_bytes; /* 0 = 1 MiB; a segment is closed when it has reached this */
};

struct vf_spool_record {
	uint8_t kind; /* enum vf_record_kind, not gap */
	int64_t at_us;
	uint64_t source_key; /* what it was made from (vf_spool_found); 0 = none */
	const void *payload; /* one JSON object with at least one member, without "seq" */
	size_t payload_len;
};

/* What opening found out about earlier starts. */
struct vf_spool_opening {
	uint32_t damaged_ranges; /* runs of bytes that are no record; kept in quarantine/ */
	uint64_t damaged_bytes;
	uint32_t torn_tails; /* writes that were cut off before they were durable */
	bool news;           /* damage that no earlier opening has seen */
};

struct vf_spool_stream {
	uint8_t id[VF_STREAM_ID_LEN];
	enum vf_lane lane;
	uint64_t start;       /* ordinal of the start that wrote it */
	uint64_t acked;       /* the server has committed everything up to here */
	uint64_t durable;     /* the highest number that can be read */
	uint64_t bytes;       /* on disk */
	int64_t oldest_at_us; /* of the first record that is not acknowledged; 0 = unknown or none */
	bool open;            /* of this start: more may come */
};

struct vf_spool_totals {
	uint64_t records, bytes;   /* waiting for acknowledgement; on disk */
	uint64_t dropped, refused; /* by this process: at the ceiling; bulk with no room left */
	int64_t oldest_at_us;
};

struct vf_spool_item {
	uint64_t seq, last; /* equal but for a gap */
	uint64_t source_key;
	int64_t at_us;
	uint8_t kind;
	bool dropped;       /* of a gap: dropped at the ceiling, else damaged */
	size_t offset, len; /* of the payload within vf_spool_batch.text */
};

struct vf_spool_batch {
	uint8_t stream[VF_STREAM_ID_LEN];
	enum vf_lane lane;
	struct vf_spool_item items[VF_WIRE_RECORDS_MAX];
	size_t count;
	struct vf_buf text;
};

VF_MUST enum vf_status vf_spool_open(struct vf_spool **out, const struct vf_files *files,
	const struct vf_random *random, const struct vf_spool_options *options,
	struct vf_spool_opening *found, struct vf_err *err);
/* Records that were not synced are lost, as with a crash. */
void vf_spool_close(struct vf_spool *s);

/*
 * Takes a record into memory and numbers it. VF_E_LIMIT: payload too long; VF_E_AGAIN: too much is
 * unsynced, or the bulk lane has no room. Whatever is refused got no number.
 */
VF_MUST enum vf_status vf_spool_append(struct vf_spool *s, enum vf_lane lane,
	const struct vf_spool_record *r, uint64_t *seq, struct vf_err *err);
/* Makes everything appended durable, or keeps it for the next call. */
VF_MUST enum vf_status vf_spool_sync(struct vf_spool *s, struct vf_err *err);

/* Did opening find a record with this source key? Then its source was taken, whatever a ledger that
 * was written after the spool says. */
bool vf_spool_found(const struct vf_spool *s, uint64_t source_key);

size_t vf_spool_streams(const struct vf_spool *s);
/* Streams in the order in which they drain: critical before bulk, older starts first. */
void vf_spool_stream(const struct vf_spool *s, size_t i, struct vf_spool_stream *out);
void vf_spool_totals(const struct vf_spool *s, struct vf_spool_totals *out);

void vf_spool_batch_init(struct vf_spool_batch *b, size_t max_bytes);
void vf_spool_batch_release(struct vf_spool_batch *b);
/*
 * Fills the batch with what follows the acknowledgement of stream i, in order and without holes;
 * stops at max_records or before the text would exceed max_bytes (but gives one record always).
 * An empty batch means that nothing waits there.
 */
VF_MUST enum vf_status vf_spool_read(struct vf_spool *s, size_t i, size_t max_records,
	size_t max_bytes, struct vf_spool_batch *out, struct vf_err *err);

/*
 * The server has committed the stream up to `seq`. Moves the watermark, then removes what is no
 * longer needed; a closed stream that is drained disappears. VF_E_NOTFOUND: no such stream;
 * VF_E_INVALID: more than was ever written, nothing is changed.
 */
VF_MUST enum vf_status vf_spool_ack(struct vf_spool *s, const uint8_t stream[VF_STREAM_ID_LEN],
	uint64_t seq, struct vf_err *err);

/*
 * The server has numbers of an open stream that this process never sent: the machine was set back to
 * a snapshot while it ran, and what it wrote since bears numbers that already mean something else.
 * Everything unacknowledged moves to a new stream, in its order; the old one is given up. What had
 * been written before the snapshot may so arrive twice: rather twice than never. After a failure the
 * call may be repeated.
 */
VF_MUST enum vf_status vf_spool_reissue(
	struct vf_spool *s, const uint8_t stream[VF_STREAM_ID_LEN], struct vf_err *err);

#endif
