/*
 * The spool's promises, against a disk that can lose power, fail, fill up or flip bits, and against
 * a server that keeps every number it has ever been sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/core/spool.h"
#include "tests/unit/agent/memfs.h"

enum { VALUES = 256, STREAMS = 64, SEQS = 256 };

/* Stores each number once, like the real one, and remembers what it meant. */
struct server {
	struct {
		uint8_t id[VF_STREAM_ID_LEN];
		uint64_t acked;
		int meaning[SEQS]; /* value + 1, -1 = a gap */
		uint64_t trusted; /* the agent's watermark got here: nothing up to it comes again */
	} streams[STREAMS];
	size_t count;
	int stored[VALUES];
	uint64_t gaps_dropped, gaps_damaged; /* numbers covered by gap records */
};

struct rig {
	struct memfs fs;
	struct vf_random random;
	uint64_t random_state;
	struct vf_spool *spool;
	struct vf_spool_options options;
	struct vf_spool_opening found;
	struct server server;
	bool synced[VALUES], bulk[VALUES];
	uint8_t unsynced[VALUES];
	size_t unsynced_count;
};

static void random_bytes(void *ctx, void *out, size_t len)
{
	struct rig *r = ctx;
	uint8_t *p = out;

	for (size_t i = 0; i < len; i++) {
		r->random_state = r->random_state * 6364136223846793005u + 1442695040888963407u;
		p[i] = (uint8_t)(r->random_state >> 56);
	}
}

static void rig_init(struct rig *r, uint64_t seed)
{
	memset(r, 0, sizeof *r);
	memfs_init(&r->fs, seed);
	r->random = (struct vf_random){r, random_bytes};
	r->random_state = seed;
	r->options = (struct vf_spool_options){.dir = "spool", .segment_bytes = 400};
}

static enum vf_status rig_open(struct rig *r)
{
	struct vf_err err;

	return vf_spool_open(&r->spool, &r->fs.port, &r->random, &r->options, &r->found, &err);
}

static void rig_close(struct rig *r)
{
	vf_spool_close(r->spool);
	r->spool = NULL;
	r->unsynced_count = 0;
}

static void rig_release(struct rig *r)
{
	rig_close(r);
	memfs_release(&r->fs);
}

static enum vf_status rig_append(struct rig *r, enum vf_lane lane, int value)
{
	char text[64];
	uint64_t seq;
	enum vf_status st;

	snprintf(text, sizeof text, "{\"kind\":\"incident\",\"n\":%d}", value);
	st = vf_spool_append(r->spool, lane,
		&(struct vf_spool_record){.kind = VF_RECORD_INCIDENT,
			.at_us = 1000 + value,
			.source_key = 500u + (unsigned)value,
			.payload = text,
			.payload_len = strlen(text)},
		&seq, NULL);
	if (st == VF_OK) {
		r->bulk[value] = lane == VF_LANE_BULK;
		r->unsynced[r->unsynced_count++] = (uint8_t)value;
	}
	return st;
}

static enum vf_status rig_sync(struct rig *r)
{
	enum vf_status st = vf_spool_sync(r->spool, NULL);

	if (st == VF_OK) {
		for (size_t i = 0; i < r->unsynced_count; i++)
			r->synced[r->unsynced[i]] = true;
		r->unsynced_count = 0;
	}
	return st;
}

static size_t server_stream(struct server *sv, const uint8_t id[VF_STREAM_ID_LEN])
{
	for (size_t i = 0; i < sv->count; i++)
		if (!memcmp(sv->streams[i].id, id, VF_STREAM_ID_LEN))
			return i;
	assert_true(sv->count < STREAMS);
	memcpy(sv->streams[sv->count].id, id, VF_STREAM_ID_LEN);
	return sv->count++;
}

static int value_of(const struct vf_spool_batch *b, const struct vf_spool_item *item)
{
	const char *text = (const char *)b->text.data + item->offset;
	int n;

	assert_int_equal(text[0], '{');
	assert_int_equal(text[item->len - 1], '}');
	n = (int)strtol(strstr(text, "\"n\":") + 4, NULL, 10);
	assert_in_range(n, 0, VALUES - 1);
	return n;
}

static uint64_t server_take(struct server *sv, const struct vf_spool_batch *b)
{
	size_t k = server_stream(sv, b->stream);
	uint64_t expected = b->items[0].seq;

	assert_true(b->items[0].seq <= sv->streams[k].acked + 1); /* no hole in front */
	assert_true(b->items[0].seq > sv->streams[k].trusted); /* not again after the watermark */
	for (size_t i = 0; i < b->count; i++) {
		const struct vf_spool_item *item = &b->items[i];
		bool gap = item->kind == VF_RECORD_GAP;
		int meaning = gap ? -1 : value_of(b, item) + 1;

		assert_int_equal(item->seq, expected); /* no hole within */
		assert_true(item->last >= item->seq && (gap || item->last == item->seq));
		assert_true(item->last < SEQS);
		expected = item->last + 1;
		for (uint64_t seq = item->seq; seq <= item->last; seq++) {
			if (sv->streams[k].meaning[seq] && !gap)
				assert_int_equal(sv->streams[k].meaning[seq], meaning);
			if (seq <= sv->streams[k].acked)
				continue;
			sv->streams[k].meaning[seq] = meaning;
			sv->streams[k].acked = seq;
			if (!gap)
				sv->stored[meaning - 1]++;
			else if (item->dropped)
				sv->gaps_dropped++;
			else
				sv->gaps_damaged++;
		}
	}
	return sv->streams[k].acked;
}

/* Sends batches of at most `size` records until nothing waits or `batches` were sent. */
static enum vf_status rig_send(struct rig *r, size_t size, int batches)
{
	static struct vf_spool_batch b;
	enum vf_status st = VF_OK;
	uint64_t acked;

	vf_spool_batch_init(&b, 1 << 20);
	while (st == VF_OK && batches-- > 0) {
		size_t n = vf_spool_streams(r->spool);

		b.count = 0;
		for (size_t i = 0; i < n && !b.count; i++)
			assert_int_equal(vf_spool_read(r->spool, i, size, 4096, &b, NULL), VF_OK);
		if (!b.count)
			break;
		acked = server_take(&r->server, &b);
		st = vf_spool_ack(r->spool, b.stream, acked, NULL);
		if (st == VF_OK)
			r->server.streams[server_stream(&r->server, b.stream)].trusted = acked;
	}
	vf_spool_batch_release(&b);
	return st;
}

static void assert_stored_once(struct rig *r)
{
	for (int i = 0; i < VALUES; i++) {
		if (r->synced[i] && r->server.stored[i] != 1)
			fail_msg("record %d was durable and is stored %d times", i,
				r->server.stored[i]);
		assert_in_range(r->server.stored[i], 0, 1);
	}
}

static void drains_in_order_and_in_batches(void **state)
{
	static struct vf_spool_batch b;
	struct vf_spool_totals totals;
	struct rig r;

	(void)state;
	rig_init(&r, 1);
	assert_int_equal(rig_open(&r), VF_OK);
	for (int i = 0; i < 40; i++)
		assert_int_equal(rig_append(&r, i % 4 ? VF_LANE_CRITICAL : VF_LANE_BULK, i), VF_OK);
	vf_spool_totals(r.spool, &totals);
	assert_int_equal(totals.records, 0); /* nothing counts before the sync */
	assert_int_equal(rig_sync(&r), VF_OK);
	vf_spool_totals(r.spool, &totals);
	assert_int_equal(totals.records, 40);
	assert_int_equal(totals.oldest_at_us, 1000);

	vf_spool_batch_init(&b, 1 << 20);
	assert_int_equal(vf_spool_read(r.spool, 0, 1000, 1 << 20, &b, NULL), VF_OK);
	assert_int_equal(b.lane, VF_LANE_CRITICAL);
	assert_int_equal(b.count, 30);
	for (size_t i = 0; i < b.count; i++)
		assert_int_equal(b.items[i].seq, i + 1);
	assert_int_equal(value_of(&b, &b.items[3]), 5);
	assert_int_equal(b.items[3].source_key, 505);
	assert_int_equal(vf_spool_read(r.spool, 0, 7, 1 << 20, &b, NULL), VF_OK);
	assert_int_equal(b.count, 7);
	assert_int_equal(vf_spool_read(r.spool, 0, 7, 60, &b, NULL), VF_OK);
	assert_int_equal(b.count, 2);
	assert_int_equal(vf_spool_read(r.spool, 0, 7, 1, &b, NULL), VF_OK);
	assert_int_equal(b.count, 1); /* one always */
	vf_spool_batch_release(&b);

	assert_int_equal(rig_send(&r, 7, 1000), VF_OK);
	assert_stored_once(&r);
	vf_spool_totals(r.spool, &totals);
	assert_int_equal(totals.records, 0);
	rig_release(&r);
}

static void a_new_start_is_a_new_stream_behind_the_old_ones(void **state)
{
	struct vf_spool_stream a, b;
	struct rig r;

	(void)state;
	rig_init(&r, 2);
	assert_int_equal(rig_open(&r), VF_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(rig_append(&r, VF_LANE_CRITICAL, i), VF_OK);
	assert_int_equal(rig_sync(&r), VF_OK);
	assert_int_equal(rig_append(&r, VF_LANE_CRITICAL, 5), VF_OK); /* never synced */
	assert_int_equal(rig_send(&r, 2, 1), VF_OK);
	rig_close(&r);

	assert_int_equal(rig_open(&r), VF_OK);
	assert_true(vf_spool_found(r.spool, 500 + 4));
	assert_false(vf_spool_found(r.spool, 500 + 5));
	assert_int_equal(rig_append(&r, VF_LANE_CRITICAL, 6), VF_OK);
	assert_int_equal(rig_sync(&r), VF_OK);
	assert_int_equal(vf_spool_streams(r.spool), 3);
	vf_spool_stream(r.spool, 0, &a);
	vf_spool_stream(r.spool, 1, &b);
	assert_int_equal(a.lane, VF_LANE_CRITICAL);
	assert_false(a.open);
	assert_int_equal(a.acked, 2);
	assert_int_equal(a.durable, 5);
	assert_true(b.open);
	assert_int_equal(b.durable, 1); /* numbers begin anew */
	assert_memory_not_equal(a.id, b.id, sizeof a.id);
	assert_int_equal(rig_send(&r, 100, 1), VF_OK);
	assert_int_equal(vf_spool_streams(r.spool), 2); /* drained, closed, gone */
	assert_int_equal(rig_send(&r, 100, 10), VF_OK);
	assert_stored_once(&r);
	assert_int_equal(r.server.stored[5], 0);

	assert_int_equal(vf_spool_ack(r.spool, a.id, 5, NULL), VF_E_NOTFOUND);
	assert_int_equal(vf_spool_ack(r.spool, b.id, 2, NULL), VF_E_INVALID);
	rig_release(&r);
}

/* One segment of eight records, and where each of them begins. */
static void small_spool(struct rig *r, size_t at[9])
{
	rig_init(r, 3);
	r->options.segment_bytes = 1 << 20;
	assert_int_equal(rig_open(r), VF_OK);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(rig_append(r, VF_LANE_CRITICAL, i), VF_OK);
		assert_int_equal(rig_sync(r), VF_OK);
		at[i + 1] = memfs_node(&r->fs, "spool/0000000001-c-000001.seg")->now_len;
	}
	at[0] = 0;
	rig_close(r);
}

static void any_flipped_bit_costs_one_record_and_says_so(void **state)
{
	struct memfs_node *n;
	struct rig r;
	size_t at[9];

	(void)state;
	small_spool(&r, at);
	n = memfs_node(&r.fs, "spool/0000000001-c-000001.seg");
	for (size_t bit = 0; bit < at[8] * 8; bit++) {
		struct rig copy = r;
		int hit = 0;

		memfs_init(&copy.fs, 4);
		memfs_set(&copy.fs.nodes[0].now, &copy.fs.nodes[0].now_len, n->now, n->now_len);
		copy.fs.nodes[0].now[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		copy.fs.node_count = 1;
		memfs_entry(&copy.fs, "spool/0000000001-c-000001.seg", true)->now = 1;
		copy.random.ctx = &copy;
		while (bit / 8 >= at[hit + 1])
			hit++;
		copy.synced[hit] = false;
		assert_int_equal(rig_open(&copy), VF_OK);
		assert_int_equal(copy.found.damaged_ranges, 1);
		assert_true(copy.found.news);
		assert_int_equal(rig_send(&copy, 3, 100), VF_OK);
		assert_stored_once(&copy);
		assert_int_equal(copy.server.stored[hit], 0);
		assert_int_equal(copy.server.gaps_damaged, 1);
		rig_release(&copy);
	}
	rig_release(&r);
}

static void cut_off_anywhere_keeps_every_whole_record(void **state)
{
	struct memfs_node *n;
	struct rig r;
	size_t at[9];

	(void)state;
	small_spool(&r, at);
	n = memfs_node(&r.fs, "spool/0000000001-c-000001.seg");
	for (size_t len = 0; len <= at[8]; len++) {
		struct rig copy = r;
		size_t whole = 0;

		while (whole < 8 && at[whole + 1] <= len)
			whole++;
		memfs_init(&copy.fs, 5);
		memfs_set(&copy.fs.nodes[0].now, &copy.fs.nodes[0].now_len, n->now, len);
		copy.fs.node_count = 1;
		memfs_entry(&copy.fs, "spool/0000000001-c-000001.seg", true)->now = 1;
		copy.random.ctx = &copy;
		for (size_t i = whole; i < 8; i++)
			copy.synced[i] = false;
		assert_int_equal(rig_open(&copy), VF_OK);
		assert_int_equal(copy.found.damaged_ranges, 0);
		assert_int_equal(copy.found.torn_tails, at[whole] != len);
		assert_int_equal(rig_append(&copy, VF_LANE_CRITICAL, 9), VF_OK);
		assert_int_equal(rig_sync(&copy), VF_OK);
		assert_int_equal(rig_send(&copy, 3, 100), VF_OK);
		assert_stored_once(&copy);
		assert_int_equal(copy.server.gaps_damaged, 0);
		rig_release(&copy);
	}
	rig_release(&r);
}

/* A day of an agent: two lanes, acknowledgements in between, several segments. */
static void a_day(struct rig *r, int from)
{
	for (int i = 0; i < 24; i++) {
		if (rig_append(r, i % 3 ? VF_LANE_CRITICAL : VF_LANE_BULK, from + i) != VF_OK)
			return;
		if (i % 2 && rig_sync(r) != VF_OK && memfs_is_off(&r->fs))
			return;
		if (i % 5 == 4 && rig_send(r, 3, 2) != VF_OK && memfs_is_off(&r->fs))
			return;
	}
}

static void power_may_go_at_any_moment(void **state)
{
	unsigned last = 0;

	(void)state;
	for (int luck = 0; luck < 6; luck++)
		for (unsigned at = 1; at == 1 || at <= last + 1; at++) {
			struct rig r;

			rig_init(&r, at * 31 + (unsigned)luck);
			r.fs.off_at = at;
			if (rig_open(&r) == VF_OK)
				a_day(&r, 0);
			last = r.fs.ops > last && !memfs_is_off(&r.fs) ? r.fs.ops : last;
			if (at == 1)
				last = 400;
			rig_close(&r);
			memfs_power_on(&r.fs, luck < 2 ? (enum memfs_luck)luck : MEMFS_MIXED);
			/* Again while it recovers and drains. */
			r.fs.off_at = 1 + at % 17;
			if (rig_open(&r) == VF_OK)
				a_day(&r, 32);
			rig_close(&r);
			memfs_power_on(&r.fs, luck < 2 ? (enum memfs_luck)luck : MEMFS_MIXED);
			assert_int_equal(rig_open(&r), VF_OK);
			assert_int_equal(rig_append(&r, VF_LANE_CRITICAL, 100), VF_OK);
			assert_int_equal(rig_sync(&r), VF_OK);
			assert_int_equal(rig_send(&r, 5, 1000), VF_OK);
			assert_stored_once(&r);
			assert_int_equal(r.server.gaps_dropped, 0);
			rig_release(&r);
		}
}

static void a_failed_operation_loses_nothing(void **state)
{
	(void)state;
	for (unsigned at = 1; at < 200; at++)
		for (int forever = 0; forever < 2; forever++) {
			struct rig r;

			rig_init(&r, at);
			assert_int_equal(rig_open(&r), VF_OK);
			*(forever ? &r.fs.fail_from : &r.fs.fail_at) = r.fs.ops + at;
			a_day(&r, 0);
			r.fs.fail_at = r.fs.fail_from = 0; /* there is room again */
			assert_int_equal(rig_append(&r, VF_LANE_CRITICAL, 100), VF_OK);
			assert_int_equal(rig_sync(&r), VF_OK);
			if (at % 2) {
				rig_close(&r);
				assert_int_equal(rig_open(&r), VF_OK);
			}
			assert_int_equal(rig_send(&r, 5, 1000), VF_OK);
			assert_stored_once(&r);
			/* Whatever got a number was durable at last: all of the day. */
			for (int i = 0; i < 24; i++)
				assert_int_equal(r.server.stored[i], 1);
			assert_int_equal(r.server.gaps_damaged, 0);
			rig_release(&r);
		}
}

static void the_ceiling_drops_old_bulk_only(void **state)
{
	struct vf_spool_totals totals;
	struct rig r;
	int bulk_stored = 0;

	(void)state;
	rig_init(&r, 7);
	r.options.cap_bytes = 4000;
	assert_int_equal(rig_open(&r), VF_OK);
	for (int i = 0; i < 120; i++) {
		assert_int_equal(rig_append(&r, i % 4 ? VF_LANE_BULK : VF_LANE_CRITICAL, i), VF_OK);
		assert_int_equal(rig_sync(&r), VF_OK);
		vf_spool_totals(r.spool, &totals);
		assert_in_range(totals.bytes, 1, 4000);
		if (i == 60) {
			rig_close(&r);
			assert_int_equal(rig_open(&r), VF_OK);
		}
	}
	assert_true(totals.dropped > 30);
	assert_int_equal(rig_send(&r, 5, 1000), VF_OK);
	for (int i = 0; i < 120; i++) {
		if (!r.bulk[i])
			assert_int_equal(r.server.stored[i], 1);
		bulk_stored += r.bulk[i] && r.server.stored[i];
	}
	assert_in_range(bulk_stored, 1, 60);
	assert_int_equal(r.server.stored[119], 1); /* the newest stays */
	assert_int_equal(r.server.stored[1], 0);   /* the oldest goes */
	assert_int_equal(r.server.gaps_dropped, 90 - bulk_stored);
	assert_int_equal(r.server.gaps_damaged, 0);
	rig_release(&r);
}

static void critical_records_go_over_the_ceiling(void **state)
{
	struct vf_spool_totals totals;
	struct rig r;

	(void)state;
	rig_init(&r, 8);
	r.options.cap_bytes = 2000;
	assert_int_equal(rig_open(&r), VF_OK);
	for (int i = 0; i < 60; i++) {
		assert_int_equal(rig_append(&r, VF_LANE_CRITICAL, i), VF_OK);
		assert_int_equal(rig_sync(&r), VF_OK);
	}
	assert_int_equal(rig_append(&r, VF_LANE_BULK, 60), VF_E_AGAIN);
	vf_spool_totals(r.spool, &totals);
	assert_int_equal(totals.refused, 1);
	assert_true(totals.bytes > 2000);
	assert_int_equal(rig_send(&r, 50, 1000), VF_OK);
	assert_stored_once(&r);
	assert_int_equal(rig_append(&r, VF_LANE_BULK, 60), VF_OK);
	rig_release(&r);
}

static void power_may_go_while_old_bulk_is_dropped(void **state)
{
	(void)state;
	for (unsigned at = 1; at < 260; at++) {
		struct rig r;

		rig_init(&r, at);
		r.options.cap_bytes = 1500;
		r.fs.off_at = at;
		if (rig_open(&r) == VF_OK)
			for (int i = 0; i < 60 && !memfs_is_off(&r.fs); i++) {
				(void)!rig_append(&r, i % 4 ? VF_LANE_BULK : VF_LANE_CRITICAL, i);
				(void)!rig_sync(&r);
			}
		rig_close(&r);
		memfs_power_on(&r.fs, MEMFS_MIXED);
		assert_int_equal(rig_open(&r), VF_OK);
		assert_int_equal(rig_send(&r, 5, 1000), VF_OK);
		for (int i = 0; i < 60; i++) {
			assert_in_range(r.server.stored[i], 0, 1);
			if (r.synced[i] && !r.bulk[i])
				assert_int_equal(r.server.stored[i], 1);
		}
		assert_int_equal(r.server.gaps_damaged, 0);
		rig_release(&r);
	}
}

static void a_damaged_watermark_sends_again_but_loses_nothing(void **state)
{
	struct memfs_node *n;

	(void)state;
	for (int which = 0; which < 3; which++) {
		struct rig r;

		rig_init(&r, 9);
		assert_int_equal(rig_open(&r), VF_OK);
		for (int i = 0; i < 30; i++) {
			assert_int_equal(rig_append(&r, VF_LANE_CRITICAL, i), VF_OK);
			assert_int_equal(rig_sync(&r), VF_OK);
		}
		assert_int_equal(rig_send(&r, 4, 5), VF_OK);
		rig_close(&r);
		n = memfs_node(&r.fs, "spool/0000000001-c.ack");
		assert_non_null(n);
		if (which != 1)
			n->now[30] ^= 1;
		if (which != 0)
			n->now[512 + 30] ^= 1;
		for (size_t i = 0; i < r.server.count; i++)
			r.server.streams[i].trusted = 0; /* sending again is what must happen */
		assert_int_equal(rig_open(&r), VF_OK);
		assert_int_equal(rig_send(&r, 4, 1000), VF_OK);
		assert_stored_once(&r);
		assert_int_equal(r.server.gaps_damaged, 0);
		rig_release(&r);
	}
}

static void a_lost_segment_is_a_gap(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, 10);
	assert_int_equal(rig_open(&r), VF_OK);
	for (int i = 0; i < 30; i++) {
		assert_int_equal(rig_append(&r, VF_LANE_CRITICAL, i), VF_OK);
		assert_int_equal(rig_sync(&r), VF_OK);
	}
	assert_int_equal(
		r.fs.port.remove(r.fs.port.ctx, "spool/0000000001-c-000002.seg", NULL), VF_OK);
	assert_int_equal(rig_send(&r, 4, 1000), VF_OK);
	assert_in_range(r.server.gaps_damaged, 2, 10);
	for (int i = 20; i < 30; i++)
		assert_int_equal(r.server.stored[i], 1);
	rig_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drains_in_order_and_in_batches),
		cmocka_unit_test(a_new_start_is_a_new_stream_behind_the_old_ones),
		cmocka_unit_test(any_flipped_bit_costs_one_record_and_says_so),
		cmocka_unit_test(cut_off_anywhere_keeps_every_whole_record),
		cmocka_unit_test(power_may_go_at_any_moment),
		cmocka_unit_test(a_failed_operation_loses_nothing),
		cmocka_unit_test(the_ceiling_drops_old_bulk_only),
		cmocka_unit_test(critical_records_go_over_the_ceiling),
		cmocka_unit_test(power_may_go_while_old_bulk_is_dropped),
		cmocka_unit_test(a_damaged_watermark_sends_again_but_loses_nothing),
		cmocka_unit_test(a_lost_segment_is_a_gap),
	};

	return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
