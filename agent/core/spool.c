#include "agent/core/spool.h"

#include <inttypes.h>

#include "agent/core/spool_impl.h"

struct vf_spool_path vf_spool_segment_path(
	const struct vf_spool *s, const struct vf_spool_lane_stream *st, uint32_t no)
{
	struct vf_spool_path p;

	snprintf(p.text, sizeof p.text, "%s/%010" PRIu64 "-%c-%06" PRIu32 ".seg", s->dir, st->start,
		st->mark.lane == VF_LANE_CRITICAL ? 'c' : 'b', no);
	return p;
}

struct vf_spool_path vf_spool_mark_path(
	const struct vf_spool *s, const struct vf_spool_lane_stream *st)
{
	struct vf_spool_path p;

	snprintf(p.text, sizeof p.text, "%s/%010" PRIu64 "-%c.ack", s->dir, st->start,
		st->mark.lane == VF_LANE_CRITICAL ? 'c' : 'b');
	return p;
}

static bool drains_before(uint64_t start, enum vf_lane lane, const struct vf_spool_lane_stream *b)
{
	return lane != b->mark.lane ? lane == VF_LANE_CRITICAL : start < b->start;
}

struct vf_spool_lane_stream *vf_spool_add_stream(
	struct vf_spool *s, uint64_t start, enum vf_lane lane)
{
	struct vf_spool_lane_stream *st;
	size_t at = 0;

	if (s->count == s->room) {
		size_t room = s->room ? s->room * 2 : 8;
		void *p = realloc(s->streams, room * sizeof(*s->streams));

		if (!p)
			return NULL;
		s->streams = p;
		s->room = room;
	}
	st = calloc(1, sizeof *st);
	if (!st)
		return NULL;
	st->start = start;
	st->mark.lane = (uint8_t)lane;
	while (at < s->count && !drains_before(start, lane, s->streams[at]))
		at++;
	memmove(s->streams + at + 1, s->streams + at, (s->count - at) * sizeof(*s->streams));
	s->streams[at] = st;
	s->count++;
	return st;
}

struct vf_spool_segment *vf_spool_add_segment(struct vf_spool_lane_stream *st, uint32_t no)
{
	if (st->count == st->room) {
		size_t room = st->room ? st->room * 2 : 4;
		void *p = realloc(st->segments, room * sizeof(*st->segments));

		if (!p)
			return NULL;
		st->segments = p;
		st->room = room;
	}
	st->segments[st->count] = (struct vf_spool_segment){.no = no, .first = 1};
	return &st->segments[st->count++];
}

void vf_spool_drop_stream(struct vf_spool *s, struct vf_spool_lane_stream *st)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->streams[i] != st)
			continue;
		memmove(s->streams + i, s->streams + i + 1,
			(s->count - i - 1) * sizeof(*s->streams));
		s->count--;
		break;
	}
	free(st->segments);
	free(st);
}

static struct vf_spool_writer *writer_of(struct vf_spool *s, enum vf_lane lane)
{
	return &s->writers[lane == VF_LANE_CRITICAL ? 0 : 1];
}

static bool is_written_to(struct vf_spool *s, const struct vf_spool_lane_stream *st, size_t i)
{
	const struct vf_spool_writer *w = writer_of(s, st->mark.lane);

	return w->stream == st && w->file && i + 1 == st->count;
}

/* Removing is no more than tidiness: what stays is recognised as acknowledged by its watermark,
 * which is durable already. So failures are not reported; the next opening tries again. */
void vf_spool_tidy(struct vf_spool *s, struct vf_spool_lane_stream *st)
{
	bool removed = false;
	size_t kept = 0;

	for (size_t i = 0; i < st->count; i++) {
		struct vf_spool_segment *seg = &st->segments[i];

		if (seg->last > st->mark.acked || is_written_to(s, st, i) ||
			s->files->remove(s->files->ctx, vf_spool_segment_path(s, st, seg->no).text,
				NULL) == VF_E_IO) {
			st->segments[kept++] = *seg;
			continue;
		}
		removed = true;
	}
	st->count = kept;
	/* Segments go for good before the watermark that says that they are done with. */
	if (removed && s->files->sync_dir(s->files->ctx, s->dir, NULL) != VF_OK)
		return;
	if (st->open || kept || st->mark.acked < st->durable)
		return;
	if (s->files->remove(s->files->ctx, vf_spool_mark_path(s, st).text, NULL) != VF_E_IO)
		vf_spool_drop_stream(s, st);
}

/* What is appended from now on goes to a new stream. */
static enum vf_status open_stream(
	struct vf_spool *s, uint64_t start, enum vf_lane lane, struct vf_err *err)
{
	struct vf_spool_writer *w = writer_of(s, lane);
	struct vf_spool_lane_stream *st = vf_spool_add_stream(s, start, lane);

	if (!st)
		return vf_fail(err, VF_E_NOMEM, "no memory for a stream");
	s->random->bytes(s->random->ctx, st->mark.stream, VF_STREAM_ID_LEN);
	st->open = true;
	if (w->file)
		s->files->close(s->files->ctx, w->file);
	if (w->stream)
		w->stream->open = false;
	w->file = NULL;
	w->stream = st;
	w->next_seq = w->next_no = 1;
	w->has_mark = false;
	return VF_OK;
}

enum vf_status vf_spool_open(struct vf_spool **out, const struct vf_files *files,
	const struct vf_random *random, const struct vf_spool_options *options,
	struct vf_spool_opening *found, struct vf_err *err)
{
	static const enum vf_lane lanes[2] = {VF_LANE_CRITICAL, VF_LANE_BULK};
	struct vf_spool *s;
	enum vf_status st;
	uint64_t start;

	*out = NULL;
	if (strlen(options->dir) >= VF_SPOOL_PATH_MAX)
		return vf_fail(err, VF_E_LIMIT, "the path of the spool is too long");
	s = calloc(1, sizeof *s);
	if (!s)
		return vf_fail(err, VF_E_NOMEM, "no memory for the spool");
	s->files = files;
	s->random = random;
	snprintf(s->dir, sizeof s->dir, "%s", options->dir);
	s->cap_bytes = options->cap_bytes ? options->cap_bytes : 64u << 20;
	s->segment_bytes = options->segment_bytes ? options->segment_bytes : 1u << 20;
	vf_buf_init(&s->scratch, VF_SPOOL_SCAN_MAX);
	for (size_t i = 0; i < 2; i++)
		vf_buf_init(&s->writers[i].pending, VF_SPOOL_PENDING_MAX);

	st = vf_spool_recover(s, &start, found, err);
	vf_buf_release(&s->scratch);
	for (size_t i = 0; st == VF_OK && i < 2; i++)
		st = open_stream(s, start, lanes[i], err);
	if (st != VF_OK) {
		vf_spool_close(s);
		return st;
	}
	*out = s;
	return VF_OK;
}

void vf_spool_close(struct vf_spool *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < 2; i++) {
		if (s->writers[i].file)
			s->files->close(s->files->ctx, s->writers[i].file);
		vf_buf_release(&s->writers[i].pending);
	}
	while (s->count)
		vf_spool_drop_stream(s, s->streams[0]);
	free(s->streams);
	free(s->keys);
	vf_buf_release(&s->scratch);
	free(s);
}

static uint64_t bytes_on_disk(const struct vf_spool *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->streams[i]->count; k++)
			sum += s->streams[i]->segments[k].bytes;
	return sum;
}

/*
 * Puts a gap record in the place of segment i. The gap begins behind what stands before it, so that
 * it also covers numbers that damage took. An earlier gap is swallowed: one stays per run.
 */
static enum vf_status drop_segment(
	struct vf_spool *s, struct vf_spool_lane_stream *st, size_t i, struct vf_err *err)
{
	struct vf_spool_segment *seg = &st->segments[i];
	bool merge = i > 0 && st->segments[i - 1].gap_only;
	struct vf_segment_record gap = {
		.kind = VF_RECORD_GAP,
		.lane = st->mark.lane,
		.seq = merge   ? st->segments[i - 1].first
		       : i > 0 ? st->segments[i - 1].last + 1
			       : 1,
		.last = seg->last,
		.at_us = seg->first_at_us,
	};
	struct vf_buf bytes;
	enum vf_status rc;

	if (gap.seq <= st->mark.acked)
		gap.seq = st->mark.acked + 1;
	memcpy(gap.stream, st->mark.stream, VF_STREAM_ID_LEN);
	vf_buf_init(&bytes, VF_SEGMENT_HEADER);
	vf_segment_put(&bytes, &gap);
	if (vf_buf_ok(&bytes))
		rc = s->files->replace(s->files->ctx, vf_spool_segment_path(s, st, seg->no).text,
			bytes.data, bytes.len, err);
	else
		rc = vf_fail(err, bytes.failed, "no memory for a gap record");
	vf_buf_release(&bytes);
	if (rc != VF_OK)
		return rc;
	s->dropped +=
		seg->last - (seg->first > st->mark.acked ? seg->first : st->mark.acked + 1) + 1;
	seg->first = gap.seq;
	seg->bytes = VF_SEGMENT_HEADER;
	seg->gap_only = true;
	if (merge && s->files->remove(s->files->ctx,
			     vf_spool_segment_path(s, st, st->segments[i - 1].no).text,
			     NULL) != VF_E_IO) {
		memmove(seg - 1, seg, (st->count - i) * sizeof *seg);
		st->count--;
	}
	return VF_OK;
}

static enum vf_status drop_oldest_bulk(struct vf_spool *s, struct vf_err *err)
{
	struct vf_spool_writer *w = writer_of(s, VF_LANE_BULK);

	for (size_t i = 0; i < s->count; i++) {
		struct vf_spool_lane_stream *st = s->streams[i];

		for (size_t k = 0; st->mark.lane == VF_LANE_BULK && k < st->count; k++) {
			const struct vf_spool_segment *seg = &st->segments[k];

			if (seg->gap_only || seg->last <= st->mark.acked || seg->last < seg->first)
				continue;
			if (is_written_to(s, st, k)) {
				s->files->close(s->files->ctx, w->file);
				w->file = NULL;
			}
			return drop_segment(s, st, k, err);
		}
	}
	return VF_E_NOTFOUND;
}

/* Drops the oldest bulk until `more` bytes fit below the ceiling; VF_E_AGAIN when they do not. */
static enum vf_status make_room(struct vf_spool *s, uint64_t more, struct vf_err *err)
{
	uint64_t used;
	enum vf_status st;

	for (;;) {
		used = bytes_on_disk(s) + s->writers[0].pending.len + s->writers[1].pending.len;
		if (used + more <= s->cap_bytes)
			return VF_OK;
		st = drop_oldest_bulk(s, err);
		if (st == VF_E_NOTFOUND)
			return vf_fail(err, VF_E_AGAIN, "the spool is full");
		if (st != VF_OK)
			return st;
	}
}

enum vf_status vf_spool_append(struct vf_spool *s, enum vf_lane lane,
	const struct vf_spool_record *r, uint64_t *seq, struct vf_err *err)
{
	struct vf_spool_writer *w = writer_of(s, lane);
	struct vf_segment_record rec = {
		.seq = w->next_seq,
		.last = w->next_seq,
		.source_key = r->source_key,
		.at_us = r->at_us,
		.kind = r->kind,
		.lane = (uint8_t)lane,
		.payload = r->payload,
		.payload_len = (uint32_t)r->payload_len,
	};
	uint64_t need;
	enum vf_status st;

	if (r->payload_len > VF_SEGMENT_PAYLOAD_MAX)
		return vf_fail(err, VF_E_LIMIT, "a record of %zu bytes; %u are allowed",
			r->payload_len, (unsigned)VF_SEGMENT_PAYLOAD_MAX);
	need = VF_SEGMENT_HEADER + r->payload_len;
	if (need > w->pending.max - w->pending.len)
		return vf_fail(err, VF_E_AGAIN, "%zu bytes wait to be written", w->pending.len);
	/* The critical lane goes over the ceiling rather than lose anything. */
	st = make_room(s, need, err);
	if (st != VF_OK && lane == VF_LANE_BULK) {
		s->refused++;
		return st;
	}
	/* A poisoned buffer has lost numbered records: it stays poisoned and no sync succeeds any more,
	 * so that nobody takes them for durable. The next start collects them again. */
	if (!vf_buf_reserve(&w->pending, need))
		return vf_fail(err, VF_E_NOMEM, "no memory for a record");
	memcpy(rec.stream, w->stream->mark.stream, VF_STREAM_ID_LEN);
	if (!w->pending.len)
		w->pending_at_us = r->at_us;
	vf_segment_put(&w->pending, &rec);
	*seq = w->next_seq++;
	return VF_OK;
}

static enum vf_status begin_segment(
	struct vf_spool *s, struct vf_spool_writer *w, struct vf_err *err)
{
	struct vf_spool_lane_stream *stream = w->stream;
	uint32_t no = w->next_no;
	struct vf_spool_segment *seg;
	enum vf_status st;

	if (!w->has_mark) {
		st = vf_watermark_create(
			s->files, vf_spool_mark_path(s, stream).text, &stream->mark, err);
		if (st != VF_OK)
			return st;
		w->has_mark = true;
	}
	seg = vf_spool_add_segment(stream, no);
	if (!seg)
		return vf_fail(err, VF_E_NOMEM, "no memory for a segment");
	seg->first = stream->durable + 1;
	seg->last = stream->durable;
	seg->first_at_us = w->pending_at_us;
	st = s->files->open(
		s->files->ctx, vf_spool_segment_path(s, stream, no).text, &w->file, err);
	if (st != VF_OK) {
		stream->count--;
		w->file = NULL;
		return st;
	}
	w->next_no++;
	return VF_OK;
}

/* Nobody knows what a failed write or sync left in the file: it is never written to again. */
static void abandon_segment(struct vf_spool *s, struct vf_spool_writer *w)
{
	struct vf_spool_segment *seg = &w->stream->segments[w->stream->count - 1];

	s->files->close(s->files->ctx, w->file);
	w->file = NULL;
	if (seg->bytes)
		return;
	if (s->files->remove(s->files->ctx, vf_spool_segment_path(s, w->stream, seg->no).text,
		    NULL) != VF_E_IO)
		w->stream->count--;
}

static enum vf_status sync_lane(struct vf_spool *s, struct vf_spool_writer *w, struct vf_err *err)
{
	struct vf_spool_segment *seg;
	enum vf_status st;
	bool fresh = !w->file;

	if (!vf_buf_ok(&w->pending))
		return vf_fail(err, VF_E_NOMEM, "records were lost for want of memory");
	if (!w->pending.len)
		return VF_OK;
	if (fresh) {
		st = begin_segment(s, w, err);
		if (st != VF_OK)
			return st;
	}
	seg = &w->stream->segments[w->stream->count - 1];
	st = s->files->write_at(
		s->files->ctx, w->file, seg->bytes, w->pending.data, w->pending.len, err);
	if (st == VF_OK)
		st = s->files->sync(s->files->ctx, w->file, err);
	if (st == VF_OK && fresh)
		st = s->files->sync_dir(s->files->ctx, s->dir, err);
	if (st != VF_OK) {
		abandon_segment(s, w);
		return st;
	}
	seg->bytes += w->pending.len;
	seg->last = w->next_seq - 1;
	w->stream->durable = seg->last;
	vf_buf_reset(&w->pending);
	if (seg->bytes >= s->segment_bytes) {
		s->files->close(s->files->ctx, w->file);
		w->file = NULL;
	}
	return VF_OK;
}

enum vf_status vf_spool_sync(struct vf_spool *s, struct vf_err *err)
{
	enum vf_status critical = sync_lane(s, &s->writers[0], err);
	enum vf_status bulk = sync_lane(s, &s->writers[1], critical == VF_OK ? err : NULL);

	return critical != VF_OK ? critical : bulk;
}

static size_t find_stream(const struct vf_spool *s, const uint8_t stream[VF_STREAM_ID_LEN])
{
	size_t i = 0;

	while (i < s->count && memcmp(s->streams[i]->mark.stream, stream, VF_STREAM_ID_LEN) != 0)
		i++;
	return i;
}

enum vf_status vf_spool_ack(struct vf_spool *s, const uint8_t stream[VF_STREAM_ID_LEN],
	uint64_t seq, struct vf_err *err)
{
	size_t i = find_stream(s, stream);
	struct vf_spool_lane_stream *st;
	enum vf_status rc;

	if (i == s->count)
		return vf_fail(err, VF_E_NOTFOUND, "no such stream in the spool");
	st = s->streams[i];
	if (seq <= st->mark.acked)
		return VF_OK;
	if (seq > st->durable)
		return vf_fail(err, VF_E_INVALID,
			"the server acknowledged %" PRIu64 ", but only %" PRIu64 " were written",
			seq, st->durable);
	rc = vf_watermark_move(s->files, vf_spool_mark_path(s, st).text, &st->mark, seq, err);
	if (rc == VF_OK)
		vf_spool_tidy(s, st);
	return rc;
}

/* Appends a batch of an older stream to the open one of its lane. */
static enum vf_status append_again(
	struct vf_spool *s, const struct vf_spool_batch *b, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	uint64_t seq;

	for (size_t i = 0; st == VF_OK && i < b->count; i++) {
		const struct vf_spool_item *item = &b->items[i];

		if (item->kind == VF_RECORD_GAP) /* those numbers meant nothing to anybody */
			continue;
		st = vf_spool_append(s, b->lane,
			&(struct vf_spool_record){.kind = item->kind,
				.at_us = item->at_us,
				.source_key = item->source_key,
				.payload = b->text.data + item->offset,
				.payload_len = item->len},
			&seq, err);
	}
	return st == VF_OK ? vf_spool_sync(s, err) : st;
}

enum vf_status vf_spool_reissue(
	struct vf_spool *s, const uint8_t stream[VF_STREAM_ID_LEN], struct vf_err *err)
{
	struct vf_spool_batch *b = malloc(sizeof *b);
	struct vf_spool_lane_stream *old;
	size_t i;
	enum vf_status st = b ? vf_spool_sync(s, err) : vf_fail(err, VF_E_NOMEM, "no memory");

	if (!b)
		return st;
	vf_spool_batch_init(b, VF_SPOOL_PENDING_MAX);
	i = find_stream(s, stream);
	if (st == VF_OK && i == s->count)
		st = vf_fail(err, VF_E_NOTFOUND, "no such stream in the spool");
	if (st == VF_OK && s->streams[i]->open)
		st = open_stream(s, s->streams[i]->start + 1, s->streams[i]->mark.lane, err);
	while (st == VF_OK) {
		/* Acknowledged by ourselves, step by step, once it is durable in the new stream. */
		i = find_stream(s, stream);
		if (i == s->count)
			break;
		old = s->streams[i];
		st = vf_spool_read(s, i, VF_WIRE_RECORDS_MAX, VF_SPOOL_PENDING_MAX / 2, b, err);
		if (st != VF_OK || !b->count)
			break;
		st = append_again(s, b, err);
		if (st == VF_OK)
			st = vf_watermark_move(s->files, vf_spool_mark_path(s, old).text,
				&old->mark, b->items[b->count - 1].last, err);
		if (st == VF_OK)
			vf_spool_tidy(s, old);
	}
	vf_spool_batch_release(b);
	free(b);
	return st;
}
