/* Opening a spool: what earlier starts left, damaged or not. */
#include <inttypes.h>

#include "agent/core/spool_impl.h"

enum { QUARANTINE_MAX = 64 }; /* files; beyond them damage is counted but not kept */

struct name {
	uint64_t start;
	uint32_t no; /* 0 = the watermark */
	enum vf_lane lane;
};

struct names {
	struct vf_spool *s;
	struct name *items;
	size_t count, room;
	bool no_memory;
};

static bool digits(const char **p, int n, uint64_t *out)
{
	*out = 0;
	for (int i = 0; i < n; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		*out = *out * 10 + (uint64_t)(**p - '0');
	}
	return true;
}

static bool parse_name(const char *text, struct name *out)
{
	uint64_t no;

	if (!digits(&text, 10, &out->start) || *text++ != '-' || (*text != 'c' && *text != 'b'))
		return false;
	out->lane = *text++ == 'c' ? VF_LANE_CRITICAL : VF_LANE_BULK;
	out->no = 0;
	if (!strcmp(text, ".ack"))
		return true;
	if (*text++ != '-' || !digits(&text, 6, &no) || strcmp(text, ".seg") != 0)
		return false;
	out->no = (uint32_t)no;
	return no > 0;
}

static bool collect_name(void *arg, const char *text)
{
	struct names *n = arg;
	struct vf_spool_path path;
	struct name item;

	if (!parse_name(text, &item)) {
		size_t len = strlen(text);

		/* What a replacement that was cut off left behind. */
		if (len > 4 && len < 64 && !strcmp(text + len - 4, ".tmp")) {
			snprintf(path.text, sizeof path.text, "%s/%s", n->s->dir, text);
			(void)!n->s->files->remove(n->s->files->ctx, path.text, NULL);
		}
		return true;
	}
	if (n->count == n->room) {
		size_t room = n->room ? n->room * 2 : 32;
		void *p = realloc(n->items, room * sizeof *n->items);

		if (!p) {
			n->no_memory = true;
			return false;
		}
		n->items = p;
		n->room = room;
	}
	n->items[n->count++] = item;
	return true;
}

static int by_stream_and_number(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	if (x->lane != y->lane)
		return x->lane < y->lane ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->no < y->no ? -1 : x->no > y->no;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

bool vf_spool_found(const struct vf_spool *s, uint64_t source_key)
{
	return source_key && s->key_count &&
	       bsearch(&source_key, s->keys, s->key_count, sizeof *s->keys, by_value);
}

static enum vf_status remember_key(struct vf_spool *s, uint64_t key)
{
	if (!key)
		return VF_OK;
	if (s->key_count == s->key_room) {
		size_t room = s->key_room ? s->key_room * 2 : 64;
		void *p = realloc(s->keys, room * sizeof *s->keys);

		if (!p)
			return VF_E_NOMEM;
		s->keys = p;
		s->key_room = room;
	}
	s->keys[s->key_count++] = key;
	return VF_OK;
}

/* Keeps the bytes for a person to look at; says whether no earlier opening has done so. */
static bool quarantine(struct vf_spool *s, const struct vf_spool_path *segment, size_t offset,
	const uint8_t *data, size_t len)
{
	const char *base = strrchr(segment->text, '/') + 1;
	struct vf_spool_path dir, path;
	struct vf_file_info info;

	snprintf(dir.text, sizeof dir.text, "%s/quarantine", s->dir);
	snprintf(path.text, sizeof path.text, "%s/quarantine/%.32s-%zu.bin", s->dir, base, offset);
	if (s->files->info(s->files->ctx, path.text, &info, NULL) == VF_OK)
		return false;
	if (s->files->make_dir(s->files->ctx, dir.text, NULL) == VF_OK)
		(void)!s->files->replace(s->files->ctx, path.text, data, len, NULL);
	return true;
}

enum vf_status vf_spool_load(struct vf_spool *s, const struct vf_spool_lane_stream *st,
	const struct vf_spool_segment *seg, struct vf_err *err)
{
	struct vf_spool_path path = vf_spool_segment_path(s, st, seg->no);
	enum vf_status rc;
	size_t got = 0;
	void *room;

	vf_buf_reset(&s->scratch);
	room = vf_buf_reserve(&s->scratch, seg->bytes);
	if (!room)
		return vf_fail(err, s->scratch.failed, "%s does not fit into memory", path.text);
	rc = s->files->read_at(s->files->ctx, path.text, 0, room, seg->bytes, &got, err);
	if (rc == VF_E_NOTFOUND)
		rc = VF_OK;
	vf_buf_grew(&s->scratch, got);
	return rc;
}

/* What scanning the segments of one stream finds out. */
struct scan {
	bool named;     /* the stream's name is known */
	bool any;       /* at least one whole record */
	bool tail_lost; /* behind the last whole record lies damage that was durable once */
	uint64_t first_seq, last_seq; /* of the whole records */
	uint64_t lost_seq;            /* the highest in an intact header within damage */
};

static enum vf_status scan_segment(struct vf_spool *s, struct vf_spool_lane_stream *st,
	struct vf_spool_segment *seg, struct scan *sc, struct vf_spool_opening *found)
{
	struct vf_spool_path path = vf_spool_segment_path(s, st, seg->no);
	struct vf_segment_damage d;
	struct vf_segment_record r;
	enum vf_segment_step step;
	size_t pos = 0, records = 0;
	bool gaps_only = true;

	seg->first = seg->last = 0;
	while ((step = vf_segment_next(s->scratch.data, s->scratch.len, &pos, &r, &d)) !=
		VF_SEGMENT_END) {
		if (step == VF_SEGMENT_DAMAGE) {
			found->torn_tails += d.torn;
			found->damaged_ranges += !d.torn;
			found->damaged_bytes += d.torn ? 0 : d.end - d.start;
			if (found->damaged_ranges + found->torn_tails <= QUARANTINE_MAX &&
				quarantine(s, &path, d.start, s->scratch.data + d.start,
					d.end - d.start))
				found->news |= !d.torn;
			sc->tail_lost |= !d.torn;
			if (!d.torn && d.last_seq > sc->lost_seq)
				sc->lost_seq = d.last_seq;
			continue;
		}
		if (!sc->named) {
			memcpy(st->mark.stream, r.stream, VF_STREAM_ID_LEN);
			sc->named = true;
		}
		if (memcmp(st->mark.stream, r.stream, VF_STREAM_ID_LEN) != 0)
			continue;
		if (!records++) {
			seg->first = r.seq;
			seg->first_at_us = r.at_us;
		}
		if (!sc->any)
			sc->first_seq = r.seq;
		sc->any = true;
		sc->tail_lost = false;
		gaps_only &= r.kind == VF_RECORD_GAP;
		if (r.last > seg->last)
			seg->last = r.last;
		if (r.last > sc->last_seq)
			sc->last_seq = r.last;
		if (remember_key(s, r.source_key) != VF_OK)
			return VF_E_NOMEM;
	}
	seg->gap_only = records && gaps_only;
	return VF_OK;
}

static void quarantine_stream(struct vf_spool *s, struct vf_spool_lane_stream *st)
{
	struct vf_spool_path from, to;

	snprintf(to.text, sizeof to.text, "%s/quarantine", s->dir);
	if (s->files->make_dir(s->files->ctx, to.text, NULL) == VF_OK)
		for (size_t i = 0; i < st->count; i++) {
			from = vf_spool_segment_path(s, st, st->segments[i].no);
			snprintf(to.text, sizeof to.text, "%s/quarantine/%.32s", s->dir,
				strrchr(from.text, '/') + 1);
			(void)!s->files->rename(s->files->ctx, from.text, to.text, NULL);
		}
	vf_spool_drop_stream(s, st);
}

/* `items`: the files of one stream, the watermark first when there is one. */
static enum vf_status recover_stream(struct vf_spool *s, const struct name *items, size_t count,
	struct vf_spool_opening *found, struct vf_err *err)
{
	struct vf_spool_lane_stream *st = vf_spool_add_stream(s, items->start, items->lane);
	struct vf_file_info info;
	struct vf_spool_segment *seg;
	struct scan sc = {0};
	enum vf_status rc;
	bool has_mark;

	if (!st)
		return vf_fail(err, VF_E_NOMEM, "no memory for a stream");
	has_mark = vf_watermark_load(s->files, vf_spool_mark_path(s, st).text, &st->mark, NULL) ==
		   VF_OK;
	st->mark.lane = (uint8_t)items->lane;
	sc.named = has_mark;
	for (size_t i = items->no ? 0 : 1; i < count; i++) {
		seg = vf_spool_add_segment(st, items[i].no);
		if (!seg)
			return vf_fail(err, VF_E_NOMEM, "no memory for a segment");
		rc = s->files->info(
			s->files->ctx, vf_spool_segment_path(s, st, seg->no).text, &info, err);
		if (rc != VF_OK)
			return rc;
		seg->bytes = info.size;
		rc = vf_spool_load(s, st, seg, err);
		if (rc == VF_OK)
			rc = scan_segment(s, st, seg, &sc, found);
		if (rc != VF_OK)
			return rc;
	}
	if (!sc.named) {
		quarantine_stream(s, st);
		return VF_OK;
	}
	if (!has_mark) {
		/* Segments leave in order: where the first one still is, nothing was removed. */
		st->mark.acked =
			st->count && st->segments[0].no > 1 && sc.any ? sc.first_seq - 1 : 0;
		rc = vf_watermark_create(s->files, vf_spool_mark_path(s, st).text, &st->mark, err);
		if (rc != VF_OK)
			return rc;
	}
	st->durable = sc.last_seq + (sc.tail_lost ? 1 : 0);
	if (st->durable < sc.lost_seq)
		st->durable = sc.lost_seq;
	if (st->durable < st->mark.acked)
		st->durable = st->mark.acked;
	/* A damaged segment is kept until the gap that stands for its records is acknowledged. */
	for (size_t i = 0; i < st->count; i++) {
		seg = &st->segments[i];
		if (i + 1 == st->count)
			seg->last = st->durable;
		else if (!seg->last)
			seg->last = seg[1].first ? seg[1].first - 1 : st->durable;
	}
	vf_spool_tidy(s, st);
	return VF_OK;
}

enum vf_status vf_spool_recover(
	struct vf_spool *s, uint64_t *start, struct vf_spool_opening *found, struct vf_err *err)
{
	struct names n = {.s = s};
	enum vf_status st;

	*found = (struct vf_spool_opening){0};
	*start = 1;
	st = s->files->make_dir(s->files->ctx, s->dir, err);
	if (st == VF_OK)
		st = s->files->list(s->files->ctx, s->dir, collect_name, &n, err);
	if (st == VF_OK && n.no_memory)
		st = vf_fail(err, VF_E_NOMEM, "no memory for the names of the spool");
	if (st == VF_OK && n.count)
		qsort(n.items, n.count, sizeof *n.items, by_stream_and_number);
	for (size_t i = 0, end; st == VF_OK && i < n.count; i = end) {
		for (end = i + 1; end < n.count && n.items[end].start == n.items[i].start &&
				  n.items[end].lane == n.items[i].lane;)
			end++;
		if (n.items[i].start >= *start)
			*start = n.items[i].start + 1;
		st = recover_stream(s, n.items + i, end - i, found, err);
	}
	free(n.items);
	if (s->key_count)
		qsort(s->keys, s->key_count, sizeof *s->keys, by_value);
	return st;
}
