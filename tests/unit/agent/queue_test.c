/* What the queue sends, what it makes of answers, and the body that goes over the wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>

#include "agent/core/queue.h"
#include "agent/wire/answer.h"
#include "agent/wire/base64.h"
#include "agent/wire/batch.h"
#include "agent/wire/encode.h"
#include "tests/unit/agent/memfs.h"

struct rig {
	struct memfs fs;
	int64_t wall_us, mono_us;
	uint64_t random_state;
	struct vf_clock clock;
	struct vf_random random;
	struct vf_spool *spool;
	struct vf_queue queue;
	struct vf_spool_batch batch;
};

static int64_t wall(void *ctx)
{
	return ((struct rig *)ctx)->wall_us;
}

static int64_t mono(void *ctx)
{
	return ((struct rig *)ctx)->mono_us;
}

static void random_bytes(void *ctx, void *out, size_t len)
{
	struct rig *r = ctx;

	for (size_t i = 0; i < len; i++) {
		r->random_state = r->random_state * 6364136223846793005u + 1442695040888963407u;
		((uint8_t *)out)[i] = (uint8_t)(r->random_state >> 56);
	}
}

static void rig_init(struct rig *r, int records)
{
	struct vf_spool_options o = {.dir = "spool"};
	struct vf_spool_opening found;
	char text[64];
	uint64_t seq;

	memset(r, 0, sizeof *r);
	memfs_init(&r->fs, 1);
	r->wall_us = 1795293662000000;
	r->mono_us = 1000000;
	r->clock = (struct vf_clock){r, wall, mono};
	r->random = (struct vf_random){r, random_bytes};
	assert_int_equal(
		vf_spool_open(&r->spool, &r->fs.port, &r->random, &o, &found, NULL), VF_OK);
	for (int i = 0; i < records; i++) {
		snprintf(text, sizeof text, "{\"kind\":\"incident\",\"n\":%d}", i);
		assert_int_equal(vf_spool_append(r->spool, VF_LANE_CRITICAL,
					 &(struct vf_spool_record){.kind = VF_RECORD_INCIDENT,
						 .at_us = r->wall_us,
						 .payload = text,
						 .payload_len = strlen(text)},
					 &seq, NULL),
			VF_OK);
	}
	assert_int_equal(vf_spool_sync(r->spool, NULL), VF_OK);
	vf_queue_init(&r->queue, r->spool, &r->clock, &r->random);
	vf_spool_batch_init(&r->batch, 1 << 20);
}

static void rig_release(struct rig *r)
{
	vf_spool_batch_release(&r->batch);
	vf_spool_close(r->spool);
	memfs_release(&r->fs);
}

static void waits_longer_after_each_failure_but_never_too_long(void **state)
{
	struct rig r;
	int64_t most = 0;

	(void)state;
	rig_init(&r, 1);
	assert_int_equal(vf_queue_wait_us(&r.queue), 0);
	for (int i = 0; i < 40; i++) {
		vf_queue_failed(&r.queue);
		assert_true(vf_queue_wait_us(&r.queue) > 0);
		if (vf_queue_wait_us(&r.queue) > most)
			most = vf_queue_wait_us(&r.queue);
	}
	assert_in_range(most, 60 * 1000000, 300 * 1000000);
	vf_queue_reached(&r.queue);
	assert_int_equal(vf_queue_wait_us(&r.queue), 0);
	assert_in_range(vf_backoff_us(1, 0), 100000, 100000);
	assert_in_range(vf_backoff_us(1, 900000), 1000000, 1000000);
	for (uint64_t random = 0; random < 5000000; random += 77777)
		assert_in_range(vf_backoff_us(3, random), 400000, 4000000);
	rig_release(&r);
}

static void believes_no_more_than_was_sent(void **state)
{
	struct vf_spool_stream s;
	struct rig r;

	(void)state;
	rig_init(&r, 10);
	r.queue.max_records = 4;
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	assert_int_equal(r.batch.count, 4);
	assert_int_equal(vf_queue_acknowledged(&r.queue, &r.batch, 4, NULL), VF_OK);
	vf_spool_stream(r.spool, 0, &s);
	assert_int_equal(s.acked, 4);
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	assert_int_equal(r.batch.items[0].seq, 5);
	assert_int_equal(vf_queue_acknowledged(&r.queue, &r.batch, 3, NULL), VF_E_INVALID);
	assert_int_equal(
		vf_queue_acknowledged(&r.queue, &r.batch, 6, NULL), VF_OK); /* a part of it */
	vf_spool_stream(r.spool, 0, &s);
	assert_int_equal(s.acked, 6);
	rig_release(&r);
}

/* A snapshot of the running machine was taken, it went on and sent three more; then it was set back,
 * and wrote others under the same numbers. */
static void a_running_machine_set_back_loses_nothing(void **state)
{
	uint8_t before[VF_STREAM_ID_LEN];
	struct vf_spool_stream s;
	uint64_t seq, sum = 0;
	struct rig r;

	(void)state;
	rig_init(&r, 5);
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	memcpy(before, r.batch.stream, sizeof before);
	assert_int_equal(vf_queue_acknowledged(&r.queue, &r.batch, 5, NULL), VF_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(vf_spool_append(r.spool, VF_LANE_CRITICAL,
					 &(struct vf_spool_record){.kind = VF_RECORD_INCIDENT,
						 .source_key = 70u + (unsigned)i,
						 .payload = "{\"new\":1}",
						 .payload_len = 9},
					 &seq, NULL),
			VF_OK);
	assert_int_equal(vf_spool_sync(r.spool, NULL), VF_OK);
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	assert_int_equal(r.batch.items[0].seq, 6);
	/* "I have up to 8 of that already": the two were swallowed. */
	assert_int_equal(vf_queue_acknowledged(&r.queue, &r.batch, 8, NULL), VF_OK);
	assert_int_equal(r.queue.reissued, 1);
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	assert_memory_not_equal(r.batch.stream, before, sizeof before);
	assert_int_equal(r.batch.count, 2);
	assert_int_equal(r.batch.items[0].seq, 1);
	for (size_t i = 0; i < 2; i++)
		sum += r.batch.items[i].source_key;
	assert_int_equal(sum, 141);
	assert_int_equal(vf_queue_acknowledged(&r.queue, &r.batch, 2, NULL), VF_OK);
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	assert_int_equal(r.batch.count, 0);
	for (size_t i = 0; i < vf_spool_streams(r.spool); i++) { /* the old stream is gone */
		vf_spool_stream(r.spool, i, &s);
		assert_memory_not_equal(s.id, before, sizeof before);
	}
	rig_release(&r);
}

static void fills_a_hole_that_the_server_has(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, 5);
	r.queue.max_records = 2;
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	assert_int_equal(vf_queue_acknowledged(&r.queue, &r.batch, 2, NULL), VF_OK);
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	/* The server was restored from a backup: it has nothing of this stream. */
	assert_false(vf_queue_expected(&r.queue, &r.batch, 0));
	assert_false(vf_queue_expected(&r.queue, &r.batch, 3));
	assert_true(vf_queue_expected(&r.queue, &r.batch, 1));
	assert_false(vf_queue_expected(&r.queue, &r.batch, 1)); /* saying it again does not help */
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	assert_int_equal(r.batch.items[0].kind, VF_RECORD_GAP);
	assert_int_equal(r.batch.items[0].seq, 1);
	assert_int_equal(r.batch.items[0].last, 2);
	assert_int_equal(r.batch.items[1].seq, 3);
	assert_int_equal(vf_queue_acknowledged(&r.queue, &r.batch, 5, NULL), VF_OK);
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	assert_int_equal(r.batch.count, 0);
	rig_release(&r);
}

static void gives_up_one_record_not_the_ones_behind_it(void **state)
{
	struct rig r;
	int refusals = 0;

	(void)state;
	rig_init(&r, 6);
	/* The server refuses every batch that holds record 4. */
	for (int i = 0; i < 50; i++) {
		bool bad = false;

		assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
		if (!r.batch.count)
			break;
		for (size_t k = 0; k < r.batch.count; k++)
			bad |= r.batch.items[k].seq == 4 && r.batch.items[k].kind != VF_RECORD_GAP;
		if (bad) {
			refusals++;
			(void)vf_queue_refused(&r.queue, &r.batch);
		} else {
			assert_int_equal(vf_queue_acknowledged(&r.queue, &r.batch,
						 r.batch.items[r.batch.count - 1].last, NULL),
				VF_OK);
		}
	}
	assert_int_equal(r.batch.count, 0);
	assert_int_equal(r.queue.given_up, 1);
	assert_in_range(refusals, 1, 8);
	rig_release(&r);
}

static void follows_the_servers_clock(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, 0);
	vf_queue_server_time(
		&r.queue, r.wall_us + 3600000000, r.wall_us - 1000000, r.wall_us + 1000000);
	assert_true(vf_queue_time_us(&r.queue) == r.wall_us + 3600000000);
	/* An answer that took a minute says too little. */
	vf_queue_server_time(&r.queue, r.wall_us, r.wall_us - 60000000, r.wall_us);
	assert_true(vf_queue_time_us(&r.queue) == r.wall_us + 3600000000);
	rig_release(&r);
}

static void the_body_is_lines_that_the_header_counts(void **state)
{
	struct vf_wire_header h = {
		.sent_at_us = 1795293662000000, .uptime_us = 5, .boot_uuid = "b"};
	struct vf_buf plain, packed, back;
	json_t *line;
	char *text, *end;
	struct rig r;

	(void)state;
	rig_init(&r, 3);
	assert_int_equal(vf_queue_next(&r.queue, &r.batch, NULL), VF_OK);
	r.batch.items[1].kind = VF_RECORD_GAP;
	r.batch.items[1].dropped = true;
	vf_buf_init(&plain, VF_WIRE_PLAIN_MAX);
	vf_buf_init(&packed, VF_WIRE_BODY_MAX);
	vf_buf_init(&back, VF_WIRE_PLAIN_MAX);
	assert_int_equal(vf_wire_batch(&plain, &r.batch, &h, NULL), VF_OK);
	assert_int_equal(vf_wire_gzip(&packed, plain.data, plain.len, NULL), VF_OK);
	assert_int_equal(vf_wire_gunzip(&back, packed.data, packed.len, NULL), VF_OK);
	assert_int_equal(back.len, plain.len);
	assert_memory_equal(back.data, plain.data, plain.len);
	assert_int_equal(vf_wire_gunzip(&back, packed.data, packed.len - 9, NULL), VF_E_INVALID);

	text = (char *)plain.data;
	for (int n = 0; n < 4; n++, text = end + 1) {
		end = strchr(text, '\n');
		assert_non_null(end);
		line = json_loadb(text, (size_t)(end - text), JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(line);
		if (n == 0) {
			assert_int_equal(json_integer_value(json_object_get(line, "count")), 3);
			assert_int_equal(json_integer_value(json_object_get(line, "first_seq")), 1);
			assert_int_equal(
				strlen(json_string_value(json_object_get(line, "stream"))), 32);
			assert_string_equal(json_string_value(json_object_get(line, "sent_at")),
				"2026-11-21T20:41:02.000000Z");
		} else {
			assert_int_equal(json_integer_value(json_object_get(line, "seq")), n);
		}
		if (n == 2)
			assert_string_equal(
				json_string_value(json_object_get(line, "reason")), "dropped");
		json_decref(line);
	}
	assert_string_equal(text, "");
	vf_buf_release(&plain);
	vf_buf_release(&packed);
	vf_buf_release(&back);
	rig_release(&r);
}

static void a_bug_check_always_fits_into_a_record(void **state)
{
	struct vf_crash c = {
		.code = 0x7e, .raw_code = 0x1000007e, .has_dump = true, .has_event = true};
	json_t *decoded = json_pack("{s:[], s:[], s:[], s:[], s:[]}", "drivers", "unloaded",
		"stack", "secondary", "warnings");
	char path[700];
	struct vf_buf out;
	json_t *back, *kept;

	(void)state;
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = 0;
	for (int i = 0; i < 1024; i++) {
		json_array_append_new(json_object_get(decoded, "drivers"), json_string(path));
		json_array_append_new(json_object_get(decoded, "stack"), json_string(path));
	}
	c.dump.decoded = json_dumps(decoded, 0);
	json_decref(decoded);
	vf_buf_init(&out, VF_SEGMENT_PAYLOAD_MAX);
	assert_int_equal(vf_encode_bugcheck(&out, &c, "boot", NULL, "run-1"), VF_OK);
	back = json_loadb((const char *)out.data, out.len, 0, NULL);
	assert_non_null(back);
	assert_null(json_object_get(back, "seq"));
	assert_string_equal(json_string_value(json_object_get(back, "source")), "both");
	assert_string_equal(json_string_value(json_object_get(back, "raw_code")), "0x1000007e");
	assert_true(json_is_null(json_object_get(back, "crash_boot_uuid")));
	kept = json_object_get(json_object_get(back, "dump"), "decoded");
	assert_true(json_array_size(json_object_get(kept, "drivers")) > 0);
	assert_true(json_array_size(json_object_get(kept, "warnings")) > 0); /* and it says so */
	json_decref(back);
	free(c.dump.decoded);
	vf_buf_release(&out);
}

static void an_answer_is_not_trusted(void **state)
{
	static const char hostile[] =
		"{\"acked_seq\":-5,\"expected_seq\":\"7\",\"server_time\":\"now\","
		"\"heartbeat_s\":0,\"type\":\"/problems/sequence-gap\",\"detail\":\"a\\nb\"}";
	struct vf_answer a;
	struct vf_buf b;

	(void)state;
	vf_buf_init(&b, 1 << 16);
	vf_buf_adds(&b, hostile);
	vf_answer_parse(&a, 409, &b);
	assert_false(a.ok || a.has_acked || a.has_expected || a.has_time);
	assert_int_equal(a.heartbeat_s, 0);
	assert_string_equal(a.slug, "sequence-gap");
	assert_string_equal(a.problem, "a b");
	vf_buf_reset(&b);
	vf_buf_adds(&b, "<html>");
	vf_answer_parse(&a, 502, &b);
	assert_string_equal(a.problem, "the server answered 502");
	vf_buf_release(&b);
}

static void base64_is_padded(void **state)
{
	char out[16];

	(void)state;
	vf_base64(out, (const uint8_t *)"foobar", 6);
	assert_string_equal(out, "Zm9vYmFy");
	vf_base64(out, (const uint8_t *)"foob", 4);
	assert_string_equal(out, "Zm9vYg==");
	vf_base64(out, (const uint8_t *)"\xff\xfe\xfd\xfc\xfb", 5);
	assert_string_equal(out, "//79/Ps=");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_longer_after_each_failure_but_never_too_long),
		cmocka_unit_test(believes_no_more_than_was_sent),
		cmocka_unit_test(a_running_machine_set_back_loses_nothing),
		cmocka_unit_test(fills_a_hole_that_the_server_has),
		cmocka_unit_test(gives_up_one_record_not_the_ones_behind_it),
		cmocka_unit_test(follows_the_servers_clock),
		cmocka_unit_test(the_body_is_lines_that_the_header_counts),
		cmocka_unit_test(a_bug_check_always_fits_into_a_record),
		cmocka_unit_test(an_answer_is_not_trusted),
		cmocka_unit_test(base64_is_padded),
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
