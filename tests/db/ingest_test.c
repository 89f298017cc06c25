/*
 * What ingest promises, against a real PostgreSQL: every record exactly once whatever order and
 * however often batches come, one bad record never in the way, roll-ups equal to a recount.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/db/batch.h"

#define STREAM "000102030405060708090a0b0c0d0e0f"
#define OTHER  "ff0102030405060708090a0b0c0d0e0f"

vf_handler vf_api_ingest;

static struct fixture fix;

static const char *sha(unsigned n)
{
	static char out[8][65];
	static unsigned slot;
	char *s = out[slot++ % 8];

	snprintf(s, 65, "%064x", n);
	return s;
}

static const char *boot(unsigned n)
{
	static char out[8][37];
	static unsigned slot;
	char *s = out[slot++ % 8];

	snprintf(s, 37, "%08x-0000-4000-8000-000000000000", n);
	return s;
}

static int64_t count(const struct sender *s, const char *what)
{
	return number(&fix, "select count(*) from %s where project_id = %lld", what,
		(long long)s->project_id);
}

static void expect(struct answer a, int status, int64_t acked, int64_t stored, int64_t duplicates)
{
	if (a.status != status)
		fail_msg("status %d: %s", a.status, json_dumps(a.body, 0));
	assert_int_equal(json_integer_value(json_object_get(a.body, "acked_seq")), acked);
	assert_int_equal(json_integer_value(json_object_get(a.body, "stored")), stored);
	assert_int_equal(json_integer_value(json_object_get(a.body, "duplicates")), duplicates);
	answer_release(&a);
}

static void no_differences(void)
{
	assert_string_equal(
		text(&fix, "select rollup || ' ' || key || ': stored ' || coalesce(stored, '-') ||"
			   " ', counted ' || coalesce(counted, '-') from rollup_differences() "
			   "limit 1"),
		"");
	assert_int_equal(number(&fix, "select count(*) from finding_branch_differences()"), 0);
}

static void fill(struct batch *b, unsigned from, unsigned n)
{
	for (unsigned i = from; i < from + n; i++)
		batch_bug(b, &(struct bug){.sha = sha(i), .boot = boot(i), .offset = i % 7});
}

static void test_sequence(void **state)
{
	struct sender s;
	struct batch b;
	struct answer a;

	(void)state;
	sender_new(&fix, &s);
	batch_init(&b, STREAM, 1);
	fill(&b, 1, 10);
	expect(batch_send(&fix, &s, &b), 200, 10, 10, 0);
	expect(batch_send(&fix, &s, &b), 200, 10, 0, 10); /* the same again */
	batch_release(&b);
	batch_init(&b, STREAM, 6); /* half known, half new */
	fill(&b, 6, 10);
	expect(batch_send(&fix, &s, &b), 200, 15, 5, 5);
	batch_release(&b);
	batch_init(&b, STREAM, 17); /* 16 is missing */
	fill(&b, 17, 2);
	a = batch_send(&fix, &s, &b);
	assert_int_equal(a.status, 409);
	assert_string_equal(
		json_string_value(json_object_get(a.body, "type")), "/problems/sequence-gap");
	assert_int_equal(json_integer_value(json_object_get(a.body, "expected_seq")), 16);
	answer_release(&a);
	batch_release(&b);
	assert_int_equal(count(&s, "occurrence"), 15);
	assert_int_equal(count(&s, "finding"), 7);
	no_differences();
}

static void test_gap_moves_the_acknowledgement(void **state)
{
	struct sender s;
	struct batch b;

	(void)state;
	sender_new(&fix, &s);
	batch_init(&b, STREAM, 1);
	fill(&b, 1, 1);
	batch_gap(&b, 40);
	fill(&b, 2, 1);
	batch_gap(&b, 50);
	expect(batch_send(&fix, &s, &b), 200, 50, 2, 0);
	expect(batch_send(&fix, &s, &b), 200, 50, 0, 4);
	batch_release(&b);
	assert_int_equal(count(&s, "incident"), 1);
	/* A gap that starts behind the acknowledgement and ends before it. */
	batch_init(&b, STREAM, 45);
	batch_gap(&b, 60);
	expect(batch_send(&fix, &s, &b), 200, 60, 0, 0);
	batch_release(&b);
	assert_int_equal(
		number(&fix, "select lost from agent_stream order by updated_at desc limit 1"), 58);
	/* The bulk lane may lose: no incident. */
	batch_init(&b, OTHER, 1);
	b.lane = "bulk";
	batch_gap(&b, 9);
	expect(batch_send(&fix, &s, &b), 200, 9, 0, 0);
	batch_release(&b);
	assert_int_equal(count(&s, "incident"), 2);
}

/* A gap that is refused, here for its time, still says where its stream goes on. */
static void test_refused_gap_blocks_nothing(void **state)
{
	struct sender s;
	struct batch b;

	(void)state;
	sender_new(&fix, &s);
	batch_init(&b, STREAM, 1);
	batch_line(&b, "{\"seq\":1,\"kind\":\"gap\",\"at\":\"2026-02-30T00:00:00Z\",\"last\":5,"
		       "\"reason\":\"damaged\",\"lane\":\"critical\"}");
	b.next = 6;
	fill(&b, 6, 1);
	expect(batch_send(&fix, &s, &b), 200, 6, 1, 0);
	batch_release(&b);
	assert_int_equal(count(&s, "rejected_record"), 1);
	assert_int_equal(count(&s, "occurrence"), 1);
}

static void test_poison(void **state)
{
	struct sender s;
	struct batch b;
	struct answer a;

	(void)state;
	sender_new(&fix, &s);
	batch_init(&b, STREAM, 1);
	fill(&b, 1, 3);
	batch_line(&b, "{\"seq\":4,\"kind\":\"bugcheck\","); /* no JSON */
	batch_line(&b, "not even close");                    /* nor this */
	batch_line(&b, "{\"seq\":6,\"kind\":\"telemetry\",\"at\":\"2026-11-20T10:00:00Z\"}");
	batch_line(&b, "{\"seq\":7,\"kind\":\"incident\",\"at\":\"yesterday\",\"class\":\"x\"}");
	batch_line(&b,
		"{\"seq\":8,\"kind\":\"incident\",\"at\":\"2026-11-20T10:00:00Z\",\"class\":\"x\","
		"\"class\":\"y\"}");
	batch_line(&b,
		"{\"seq\":9,\"kind\":\"incident\",\"at\":\"2026-11-20T10:00:00Z\",\"class\":\"x\","
		"\"detail\":{\"a\":\"\\u0000\"}}");
	batch_line(&b,
		"{\"seq\":10,\"kind\":\"incident\",\"at\":\"2026-11-20T10:00:00Z\",\"class\":\"x\","
		"\"detail\":{\"a\":\"\\ud800\"}}");
	batch_line(&b,
		"{\"seq\":11,\"kind\":\"run_end\",\"at\":\"2026-11-20T10:00:00Z\",\"run\":\"r\","
		"\"outcome\":\"won\"}");
	/* Fine for the decoder, refused by the database: no number fits a driver_image or build. */
	batch_line(&b,
		"{\"seq\":12,\"kind\":\"run_start\",\"at\":\"2026-11-20T10:00:00Z\",\"run\":\"r\","
		"\"build\":{\"driver\":\"a/b\",\"branch\":\"main\",\"seq\":1}}");
	/* Read as a number by the page of the machine. */
	batch_line(&b,
		"{\"seq\":13,\"kind\":\"boot\",\"at\":\"2026-11-20T10:00:00Z\",\"boot_uuid\":\"%"
		"s\","
		"\"env\":{\"os_build\":26100,\"memory_bytes\":\"abc\"}}",
		boot(99));
	fill(&b, 4, 3);
	a = batch_send(&fix, &s, &b);
	if (a.status != 200)
		fail_msg("status %d: %s", a.status, json_dumps(a.body, 0));
	assert_int_equal(json_integer_value(json_object_get(a.body, "acked_seq")), 16);
	assert_int_equal(json_integer_value(json_object_get(a.body, "stored")), 6);
	assert_int_equal(json_integer_value(json_object_get(a.body, "rejected")), 10);
	answer_release(&a);
	batch_release(&b);
	assert_int_equal(count(&s, "occurrence"), 6);
	assert_int_equal(count(&s, "rejected_record"), 10);
	assert_string_equal(text(&fix, "select field from rejected_record where seq = 13 order by "
				       "id desc limit 1"),
		"env.memory_bytes");
	assert_string_equal(
		text(&fix,
			"select field from rejected_record where seq = 7 order by id desc limit 1"),
		"at");
	assert_string_equal(text(&fix, "select field from rejected_record where seq = 11 order by "
				       "id desc limit 1"),
		"outcome");
	assert_non_null(strstr(text(&fix, "select reason from rejected_record where seq = 12 order "
					  "by id desc limit 1"),
		"database refused"));
	assert_string_equal(
		text(&fix,
			"select raw from rejected_record where seq = 5 order by id desc limit 1"),
		"not even close");
	no_differences();
}

static void test_protocol(void **state)
{
	static const struct {
		const char *header, *record, *field;
	} bad[] = {
		{"{\"v\":2,\"stream\":\"" STREAM "\",\"lane\":\"bulk\",\"first_seq\":1,\"count\":1,"
		 "\"sent_at\":\"2026-11-21T20:00:00Z\"}",
			"{}", "v"},
		{"{\"v\":1,\"stream\":\"xyz\",\"lane\":\"bulk\",\"first_seq\":1,\"count\":1,\"sent_"
		 "at\":\"2026-11-21T20:00:00Z\"}",
			"{}", "stream"},
		{"{\"v\":1,\"stream\":\"" STREAM "\",\"lane\":\"fast\",\"first_seq\":1,\"count\":1,"
		 "\"sent_at\":\"2026-11-21T20:00:00Z\"}",
			"{}", "lane"},
		{"{\"v\":1,\"stream\":\"" STREAM "\",\"lane\":\"bulk\",\"first_seq\":0,\"count\":1,"
		 "\"sent_at\":\"2026-11-21T20:00:00Z\"}",
			"{}", "first_seq"},
		{"{\"v\":1,\"stream\":\"" STREAM "\",\"lane\":\"bulk\",\"first_seq\":1,\"count\":"
		 "1001,\"sent_at\":\"2026-11-21T20:00:00Z\"}",
			"{}", "count"},
		{"{\"v\":1,\"stream\":\"" STREAM "\",\"lane\":\"bulk\",\"first_seq\":1,\"count\":2,"
		 "\"sent_at\":\"2026-11-21T20:00:00Z\"}",
			"{}", "count"},
		{"{\"v\":1,\"stream\":\"" STREAM "\",\"lane\":\"bulk\",\"first_seq\":1,\"count\":1,"
		 "\"sent_at\":\"2026-11-21T20:00:00Z\"}",
			"{}\n{}", "count"},
		{"{\"v\":1,\"stream\":\"" STREAM
		 "\",\"lane\":\"bulk\",\"first_seq\":1,\"count\":1,\"sent_at\":\"now\"}",
			"{}", "sent_at"},
		{"{\"v\":1,\"stream\":\"" STREAM "\",\"lane\":\"bulk\",\"first_seq\":1,\"count\":1,"
		 "\"sent_at\":\"2026-11-21T20:00:00Z\"}",
			"{\"seq\":9}", "seq"},
		{"[]", "{}", NULL},
		{"", "", NULL},
	};
	struct sender s;

	(void)state;
	sender_new(&fix, &s);
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++) {
		struct call c = {.handler = vf_api_ingest,
			.method = VF_POST,
			.from = &s,
			.content_type = "application/x-ndjson"};
		char body[1024];
		struct answer a;

		snprintf(body, sizeof body, "%s\n%s\n", bad[i].header, bad[i].record);
		c.body = body;
		c.body_len = strlen(body);
		a = call(&fix, &c);
		assert_int_equal(a.status, 422);
		if (bad[i].field)
			assert_string_equal(
				json_string_value(json_object_get(a.body, "field")), bad[i].field);
		assert_non_null(json_object_get(a.body, "detail"));
		answer_release(&a);
	}
	assert_int_equal(number(&fix, "select count(*) from agent_stream where agent_id = (select "
				      "max(id) from agent)"),
		0);
}

/* The same dump is the same crash: in one batch, in another stream, from another machine. */
static void test_same_dump(void **state)
{
	struct sender s, t;
	struct batch b;

	(void)state;
	sender_new(&fix, &s);
	sender_beside(&fix, &s, &t);
	batch_init(&b, STREAM, 1);
	batch_bug(&b, &(struct bug){.sha = sha(1), .boot = boot(1)});
	batch_bug(&b, &(struct bug){.sha = sha(1), .boot = boot(1)});
	batch_bug(&b, &(struct bug){.sha = sha(2), .boot = boot(2)});
	expect(batch_send(&fix, &s, &b), 200, 3, 3, 0);
	expect(batch_send(&fix, &t, &b), 200, 3, 3, 0);
	batch_release(&b);
	batch_init(&b, OTHER, 1);
	batch_bug(&b, &(struct bug){.sha = sha(2), .boot = boot(2)});
	expect(batch_send(&fix, &s, &b), 200, 1, 1, 0);
	batch_release(&b);
	assert_int_equal(count(&s, "occurrence"), 2);
	assert_int_equal(count(&s, "crash_key"), 2);
	no_differences();
}

/* Event and dump of one crash, in either order, with and without a known boot. */
static void test_event_and_dump(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		for (int known = 0; known < 2; known++) {
			struct bug event = {.boot = known ? boot(1) : NULL,
				.at = known ? NULL : "2026-11-20T10:20:00Z",
				.report =
					"{\"text\":\"The computer has rebooted from a bugcheck\"}"};
			struct bug dump = {.sha = sha(1), .boot = known ? boot(1) : NULL};
			struct sender s;
			struct batch b;

			sender_new(&fix, &s);
			batch_init(&b, STREAM, 1);
			batch_bug(&b, order ? &dump : &event);
			expect(batch_send(&fix, &s, &b), 200, 1, 1, 0);
			batch_release(&b);
			batch_init(&b, STREAM, 2);
			batch_bug(&b, order ? &event : &dump);
			expect(batch_send(&fix, &s, &b), 200, 2, 1, 0);
			batch_release(&b);
			assert_int_equal(count(&s, "occurrence"), 1);
			assert_int_equal(count(&s, "finding"), 1);
			assert_string_equal(
				text(&fix,
					"select o.source || ' ' || f.fp_text || ' ' || (d.decoded "
					"is not "
					"null) || ' ' ||"
					" (d.report is not null) || ' ' || (o.dump_sha256 is not "
					"null) "
					"from occurrence o"
					" join finding f on f.id = o.finding_id join "
					"occurrence_detail d on"
					" d.occurrence_id = o.id where o.project_id = %lld",
					(long long)s.project_id),
				"both bugcheck/v1|0xd1|-|netx.sys|+0x0 true true true");
			no_differences();
		}
	}
}

/* Without a known boot, the same event twice is one crash; the same code a day later another. */
static void test_events_by_time(void **state)
{
	struct sender s;
	struct batch b;

	(void)state;
	sender_new(&fix, &s);
	batch_init(&b, STREAM, 1);
	batch_bug(&b, &(struct bug){.at = "2026-11-20T10:00:00Z"});
	batch_bug(&b, &(struct bug){.at = "2026-11-20T10:00:00Z"});
	batch_bug(&b, &(struct bug){.at = "2026-11-20T10:30:00Z"});
	batch_bug(&b, &(struct bug){.at = "2026-11-21T10:00:00Z"});
	expect(batch_send(&fix, &s, &b), 200, 4, 4, 0);
	batch_release(&b);
	assert_int_equal(count(&s, "occurrence"), 3);
	no_differences();
}

#define NETX_1                                                                                     \
	"[{\"name\":\"NETX.sys\",\"timestamp\":\"0x5f000001\",\"size\":36864},{\"name\":\"tcpip."  \
	"sys\",\"timestamp\":\"0x5e000000\",\"size\":3145728}]"

static const char *attributions(const struct sender *s)
{
	return text(&fix,
		"select string_agg(attribution || '/' || role || '/' || coalesce((select seq from "
		"build b"
		" where b.id = o.build_id), 0), ' ' order by o.id) from occurrence o where "
		"project_id = %lld",
		(long long)s->project_id);
}

static void test_attribution(void **state)
{
	struct sender s;
	struct batch b;

	(void)state;
	sender_new(&fix, &s);
	batch_init(&b, STREAM, 1);
	batch_line(&b,
		"{\"seq\":1,\"kind\":\"boot\",\"at\":\"2026-11-20T09:00:00Z\",\"boot_uuid\":\"%s\","
		"\"ordinal\":4,"
		"\"started_at\":\"2026-11-20T09:00:00Z\",\"env\":{\"os_name\":\"Windows 11 "
		"24H2\",\"os_build\":26100,"
		"\"arch\":\"x64\"},\"previous\":{\"boot_uuid\":\"%s\",\"end_kind\":\"clean\"}}",
		boot(9), boot(8));
	/* nothing known: unattributed */
	batch_bug(&b, &(struct bug){.sha = sha(1), .boot = boot(1), .drivers = NETX_1});
	batch_bug(&b,
		&(struct bug){
			.sha = sha(2), .boot = boot(2), .drivers = NETX_1, .culprit = "tcpip.sys"});
	/* a run of build 7 in boot 9 */
	batch_line(&b,
		"{\"seq\":4,\"kind\":\"run_start\",\"at\":\"2026-11-20T09:30:00Z\",\"boot_uuid\":"
		"\"%s\",\"run\":\"ci-1\","
		"\"build\":{\"driver\":\"netx.sys\",\"branch\":\"main\",\"seq\":7,\"label\":\"10.4."
		"7\"},\"images\":[]}",
		boot(9));
	batch_bug(&b,
		&(struct bug){
			.sha = sha(3), .boot = boot(9), .drivers = NETX_1}); /* in the run's boot */
	batch_bug(&b, &(struct bug){.sha = sha(4),
			      .boot = boot(10),
			      .run = "ci-1",
			      .culprit = "tcpip.sys",
			      .drivers = NETX_1}); /* named */
	batch_bug(&b, &(struct bug){.sha = sha(5),
			      .boot = boot(11),
			      .run = "ci-2",
			      .drivers = NETX_1}); /* not told yet */
	expect(batch_send(&fix, &s, &b), 200, 7, 7, 0);
	batch_release(&b);
	assert_string_equal(
		attributions(&s), "none/none/0 none/none/0 run/own/7 run/loaded/7 none/none/0");
	no_differences();
	/* the run that was named before it was told of, and an image of build 8 that was loaded */
	batch_init(&b, STREAM, 8);
	batch_line(&b,
		"{\"seq\":8,\"kind\":\"run_start\",\"at\":\"2026-11-20T09:30:00Z\",\"run\":\"ci-"
		"2\","
		"\"build\":{\"driver\":\"netx.sys\",\"branch\":\"main\",\"seq\":9},\"images\":[]}");
	batch_line(&b, "{\"seq\":9,\"kind\":\"run_start\",\"at\":\"2026-11-20T09:30:00Z\",\"run\":"
		       "\"ci-3\","
		       "\"build\":{\"driver\":\"netx.sys\",\"branch\":\"main\",\"seq\":8},"
		       "\"images\":[{\"name\":\"netx.sys\","
		       "\"timestamp\":\"0x5f000001\",\"size\":36864}]}");
	batch_line(&b, "{\"seq\":10,\"kind\":\"run_end\",\"at\":\"2026-11-20T12:00:00Z\",\"run\":"
		       "\"ci-1\",\"outcome\":\"bugcheck\"}");
	expect(batch_send(&fix, &s, &b), 200, 10, 3, 0);
	batch_release(&b);
	assert_string_equal(
		attributions(&s), "image/own/8 image/loaded/8 run/own/7 run/loaded/7 run/own/9");
	assert_string_equal(text(&fix, "select outcome from run where external_id = 'ci-1' order "
				       "by id desc limit 1"),
		"bugcheck");
	/* an image of build 7 that is another file: what it was given by name is not its own */
	run_sql(&fix, "insert into driver_image (project_id, driver_id, build_id, name, timestamp, "
		      "size_of_image)"
		      " select project_id, driver_id, id, 'netx.sys', 1, 4096 from build where seq "
		      "= 7 order by id desc limit 1");
	{
		struct batch e;

		batch_init(&e, STREAM, 11);
		batch_line(&e, "{\"seq\":11,\"kind\":\"run_start\",\"at\":\"2026-11-20T09:30:00Z\","
			       "\"run\":\"ci-4\","
			       "\"build\":{\"driver\":\"netx.sys\",\"branch\":\"main\",\"seq\":7},"
			       "\"images\":[{\"name\":\"netx.sys\","
			       "\"timestamp\":\"0x00000002\",\"size\":36864}]}");
		expect(batch_send(&fix, &s, &e), 200, 11, 1, 0);
		batch_release(&e);
	}
	assert_string_equal(
		attributions(&s), "image/own/8 image/loaded/8 run/other/7 run/other/7 run/own/9");
	assert_string_equal(
		text(&fix, "select end_kind from boot where boot_uuid = "
			   "'00000009-0000-4000-8000-000000000000' order by id desc limit 1"),
		"bugcheck");
	no_differences();
}

struct racer {
	struct sender *s;
	struct batch *b;
	int status;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct vf_err err;
	struct vf_db *db;
	struct answer a;

	if (vf_pool_get(fix.pool, &db, &err))
		return NULL;
	a = batch_send_on(&fix, db, r->s, r->b);
	r->status = a.status;
	answer_release(&a);
	vf_pool_put(fix.pool, db);
	return NULL;
}

/* Eight at once send the same batch, and eight machines the same dumps in other orders. */
static void test_concurrent(void **state)
{
	struct sender s, t[8];
	struct racer r[8];
	pthread_t thread[8];
	struct batch b, m[8];

	(void)state;
	sender_new(&fix, &s);
	/* The first batch makes the stream, the second finds it: both are raced. */
	for (uint64_t first = 1; first <= 101; first += 100) {
		batch_init(&b, STREAM, first);
		fill(&b, (unsigned)first, 90);
		for (unsigned i = 0; i < 10; i++)
			batch_line(&b,
				"{\"seq\":%llu,\"kind\":\"incident\",\"at\":\"2026-11-20T10:00:"
				"00Z\","
				"\"class\":\"x\"}",
				(unsigned long long)b.next);
		for (int i = 0; i < 8; i++) {
			r[i] = (struct racer){&s, &b, 0};
			pthread_create(&thread[i], NULL, race, &r[i]);
		}
		for (int i = 0; i < 8; i++) {
			pthread_join(thread[i], NULL);
			assert_int_equal(r[i].status, 200);
		}
		batch_release(&b);
	}
	assert_int_equal(count(&s, "incident"), 20);
	assert_int_equal(count(&s, "occurrence"), 180);
	for (int i = 0; i < 8; i++) {
		sender_beside(&fix, &s, &t[i]);
		batch_init(&m[i], STREAM, 1);
		for (unsigned k = 0; k < 60; k++)
			batch_bug(&m[i],
				&(struct bug){.sha = sha(1000 + (k * 7 + (unsigned)i * 13) % 60),
					.boot = boot(k),
					.offset = k % 5});
		r[i] = (struct racer){&t[i], &m[i], 0};
		pthread_create(&thread[i], NULL, race, &r[i]);
	}
	for (int i = 0; i < 8; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(r[i].status, 200);
		batch_release(&m[i]);
	}
	assert_int_equal(count(&s, "occurrence"), 240);
	assert_int_equal(count(&s, "rejected_record"), 0);
	no_differences();
}

/* Crashes come in on four connections while the image that they belong to is registered on a fifth:
 * whichever is first, none stays behind. */
static void test_claim_race(void **state)
{
	struct sender s[5];
	struct batch b[5];
	struct racer r[5];
	pthread_t thread[5];

	(void)state;
	for (int round = 0; round < 6; round++) {
		sender_new(&fix, &s[0]);
		for (int i = 0; i < 5; i++) {
			if (i)
				sender_beside(&fix, &s[0], &s[i]);
			batch_init(&b[i], STREAM, 1);
			if (i == 4)
				batch_line(&b[i], "{\"seq\":1,\"kind\":\"run_start\",\"at\":\"2026-"
						  "11-20T09:30:00Z\",\"run\":\"ci\","
						  "\"build\":{\"driver\":\"netx.sys\",\"branch\":"
						  "\"main\",\"seq\":8},\"images\":[{\"name\":"
						  "\"netx.sys\",\"timestamp\":\"0x5f000001\","
						  "\"size\":36864}]}");
			for (unsigned k = 0; i < 4 && k < 20; k++)
				batch_bug(&b[i], &(struct bug){.sha = sha((unsigned)i * 100 + k),
							 .boot = boot(k),
							 .drivers = NETX_1});
			r[i] = (struct racer){&s[i], &b[i], 0};
			pthread_create(&thread[i], NULL, race, &r[i]);
		}
		for (int i = 0; i < 5; i++) {
			pthread_join(thread[i], NULL);
			assert_int_equal(r[i].status, 200);
			batch_release(&b[i]);
		}
		assert_int_equal(number(&fix,
					 "select count(*) from occurrence where project_id = %lld "
					 "and attribution = 'image' and role = 'own'",
					 (long long)s[0].project_id),
			80);
		no_differences();
	}
}

/* Event and dump of one crash at the same moment, without a boot that both could name. */
static void test_pieces_at_once(void **state)
{
	struct sender s;

	(void)state;
	sender_new(&fix, &s);
	for (unsigned i = 1; i <= 20; i++) {
		struct bug piece[2] = {{.p1 = i, .sha = NULL}, {.p1 = i, .sha = sha(i)}};
		struct racer r[2];
		pthread_t thread[2];
		struct batch b[2];

		for (int k = 0; k < 2; k++) {
			char stream[33];

			snprintf(stream, sizeof stream, "%030u7%c", i, k ? '1' : '0');
			batch_init(&b[k], stream, 1);
			batch_bug(&b[k], &piece[k]);
			r[k] = (struct racer){&s, &b[k], 0};
			pthread_create(&thread[k], NULL, race, &r[k]);
		}
		for (int k = 0; k < 2; k++) {
			pthread_join(thread[k], NULL);
			assert_int_equal(r[k].status, 200);
			batch_release(&b[k]);
		}
		assert_int_equal(count(&s, "occurrence"), i);
	}
	no_differences();
}

static uint32_t seed = 20261121;

static uint32_t roll(uint32_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % limit;
}

static const char *digest(const struct sender *s)
{
	return text(&fix,
		"select string_agg(f.fp_text || ' ' || f.occurrence_count || ' ' || "
		"f.first_seen || ' ' || f.last_seen,"
		" E'\\n' order by f.fp_text) from finding f where project_id = %lld",
		(long long)s->project_id);
}

/*
 * A seeded mix of everything, sent in overlapping pieces, pieces twice, some before their turn:
 * in the end the tables are those of one clean pass over the same records in another project.
 */
static void test_replay(void **state)
{
	struct sender messy, clean;
	char line[400][2600];
	unsigned n = VF_ARRAY_LEN(line);
	uint64_t acked = 0;
	char a_digest[4096];

	(void)state;
	sender_new(&fix, &messy);
	sender_new(&fix, &clean);
	for (unsigned i = 0; i < n; i++) {
		struct batch one;
		char at[40];

		batch_init(&one, STREAM, i + 1);
		snprintf(at, sizeof at, "2026-11-%02uT%02u:00:00Z", 1 + roll(20), roll(24));
		if (roll(12) == 0)
			batch_line(&one, "{\"seq\":%u,\"kind\":\"junk\"}", i + 1);
		else if (roll(6) == 0)
			batch_bug(&one,
				&(struct bug){.boot = boot(roll(60)), .at = at, .p1 = roll(3)});
		else
			batch_bug(&one, &(struct bug){.sha = sha(5000 + roll(250)),
						.boot = boot(100 + i),
						.at = at,
						.offset = roll(9)});
		snprintf(line[i], sizeof line[i], "%s", one.lines.data);
		line[i][strcspn(line[i], "\n")] = 0;
		batch_release(&one);
	}
	for (int pass = 0; pass < 2; pass++) {
		for (uint64_t at = 0; at < n;) {
			uint64_t from =
				pass ? at
				     : acked - (acked ? roll((uint32_t)acked < 30 ? (uint32_t)acked
										  : 30)
						      : 0);
			uint64_t len = pass ? n : 1 + roll(60);
			struct batch b;
			struct answer a;

			if (!pass && roll(8) == 0)
				from = acked + 2; /* too early */
			if (from + len > n)
				len = n - from;
			if (from >= n || !len) {
				at = pass ? n : acked;
				continue;
			}
			batch_init(&b, STREAM, from + 1);
			for (uint64_t i = from; i < from + len; i++)
				batch_line(&b, "%s", line[i]);
			a = batch_send(&fix, pass ? &clean : &messy, &b);
			if (from > acked && !pass)
				assert_int_equal(a.status, 409);
			else
				assert_int_equal(a.status, 200);
			if (!pass && a.status == 200)
				acked = (uint64_t)json_integer_value(
					json_object_get(a.body, "acked_seq"));
			at = pass ? n : acked;
			answer_release(&a);
			batch_release(&b);
		}
	}
	snprintf(a_digest, sizeof a_digest, "%s", digest(&messy));
	assert_true(strlen(a_digest) > 100);
	assert_string_equal(a_digest, digest(&clean));
	assert_int_equal(count(&messy, "occurrence"), count(&clean, "occurrence"));
	assert_int_equal(count(&messy, "rejected_record"), count(&clean, "rejected_record"));
	assert_int_equal(count(&messy, "boot"), count(&clean, "boot"));
	no_differences();
}

static int open_all(void **state)
{
	(void)state;
	fixture_open(&fix);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	fixture_close(&fix);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequence),
		cmocka_unit_test(test_gap_moves_the_acknowledgement),
		cmocka_unit_test(test_refused_gap_blocks_nothing),
		cmocka_unit_test(test_poison),
		cmocka_unit_test(test_protocol),
		cmocka_unit_test(test_same_dump),
		cmocka_unit_test(test_event_and_dump),
		cmocka_unit_test(test_events_by_time),
		cmocka_unit_test(test_attribution),
		cmocka_unit_test(test_concurrent),
		cmocka_unit_test(test_claim_race),
		cmocka_unit_test(test_pieces_at_once),
		cmocka_unit_test(test_replay),
	};

	return cmocka_run_group_tests_name("ingest", tests, open_all, close_all);
}
