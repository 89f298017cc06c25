/*
 * Whatever lies in the spool's folder, opening and draining it ends, gives numbers in order without
 * holes, and takes new records. Run by libFuzzer (`make fuzz-spool SECONDS=60`) and, over the
 * corpus, by replay.c in `make check`.
 *
 * An input: a byte that says what follows, then the bytes of one segment (0), of two segments cut in
 * the middle (1), or of a watermark and a segment (2, the first 560 bytes are the watermark).
 */
#include <stdint.h>
#include <stdlib.h>

#include "agent/core/spool.h"
#include "tests/unit/agent/memfs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

static void random_bytes(void *ctx, void *out, size_t len)
{
	uint8_t *next = ctx; /* a name never comes twice */

	memset(out, ++*next, len);
}

static void put_file(struct memfs *fs, const char *name, const uint8_t *data, size_t len)
{
	struct memfs_entry *e = memfs_entry(fs, name, true);

	e->now = e->synced = memfs_new_node(fs) + 1;
	memfs_set(&fs->nodes[e->now - 1].now, &fs->nodes[e->now - 1].now_len, data, len);
	memfs_set(&fs->nodes[e->now - 1].synced, &fs->nodes[e->now - 1].synced_len, data, len);
}

/* Every step moves on, and what is called a record is within the bytes. */
static void scan(const uint8_t *data, size_t len)
{
	struct vf_segment_damage d;
	struct vf_segment_record r;
	enum vf_segment_step step;
	size_t pos = 0, before = 0;

	while ((step = vf_segment_next(data, len, &pos, &r, &d)) != VF_SEGMENT_END) {
		MUST(pos > before && pos <= len);
		if (step == VF_SEGMENT_RECORD)
			MUST(r.payload + r.payload_len == data + pos && r.seq && r.last >= r.seq);
		else
			MUST(d.start == before && d.end == pos);
		before = pos;
	}
	MUST(pos == len);
}

static void drain(struct vf_spool *s)
{
	static struct vf_spool_batch b;
	uint64_t expected = 0;

	vf_spool_batch_init(&b, 1 << 22);
	for (int rounds = 0; rounds < 4096; rounds++) {
		size_t n = vf_spool_streams(s);
		struct vf_spool_stream st;

		b.count = 0;
		for (size_t i = 0; i < n && !b.count; i++) {
			vf_spool_stream(s, i, &st);
			MUST(vf_spool_read(s, i, 7, 4096, &b, NULL) == VF_OK);
			MUST(b.count || st.acked == st.durable);
			expected = st.acked + 1;
		}
		if (!b.count)
			break;
		for (size_t k = 0; k < b.count; k++) {
			MUST(b.items[k].seq == expected && b.items[k].last >= expected);
			expected = b.items[k].last + 1;
		}
		MUST(vf_spool_ack(s, b.stream, expected - 1, NULL) == VF_OK);
	}
	vf_spool_batch_release(&b);
}

static void whole_spool(struct memfs *fs)
{
	uint8_t names = 0x80;
	struct vf_random random = {&names, random_bytes};
	struct vf_spool_options o = {.dir = "s", .cap_bytes = 1 << 20, .segment_bytes = 4096};
	struct vf_spool_opening found;
	struct vf_spool *s;
	uint64_t seq;

	for (int start = 0; start < 2; start++) {
		MUST(vf_spool_open(&s, &fs->port, &random, &o, &found, NULL) == VF_OK);
		MUST(vf_spool_append(s, VF_LANE_CRITICAL,
			     &(struct vf_spool_record){.kind = VF_RECORD_INCIDENT,
				     .payload = "{\"a\":1}",
				     .payload_len = 7},
			     &seq, NULL) == VF_OK);
		MUST(seq == 1);
		MUST(vf_spool_sync(s, NULL) == VF_OK);
		if (start)
			drain(s);
		vf_spool_close(s);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct memfs fs;
	size_t part;

	if (!len)
		return 0;
	scan(data + 1, len - 1);
	memfs_init(&fs, 1);
	part = data[0] % 3 == 1 ? (len - 1) / 2 : data[0] % 3 == 2 && len > 561 ? 560 : 0;
	if (data[0] % 3 == 1)
		put_file(&fs, "s/0000000001-c-000001.seg", data + 1, part);
	if (data[0] % 3 == 2)
		put_file(&fs, "s/0000000001-c.ack", data + 1, part);
	put_file(&fs, "s/0000000001-c-000002.seg", data + 1 + part, len - 1 - part);
	whole_spool(&fs);
	memfs_release(&fs);
	return 0;
}
