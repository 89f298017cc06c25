/* Bug checks as agents and people send them: what is taken, and how a refusal is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/ingest/crash.h"
#include "verifleet/wire.h"

#define PARAMETERS "\"parameters\":[\"0x1\",\"0x2\",\"0x3\",\"0xffffffffffffffff\"]"
#define CRASH      "\"source\":\"dump\",\"raw_code\":\"0x1000007e\"," PARAMETERS
#define SHA        "\"sha256\":\"00000000000000000000000000000000000000000000000000000000000000ab\""
#define FILE_FACTS SHA ",\"size\":1000,\"file_name\":\"a.dmp\",\"decoder\":1"

static struct vf_arena arena;
static struct vf_crash crash;
static struct vf_refusal refusal;

static void release(void *value)
{
	json_decref(value);
}

static bool read_crash(const char *text)
{
	json_t *v = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	struct vf_members m;

	if (!v)
		fail_msg("not JSON: %s", text);
	assert_int_equal(vf_arena_defer(&arena, release, v), VF_OK);
	memset(&refusal, 0, sizeof refusal);
	vf_members_init(&m, v, "", &refusal);
	vf_crash_read_record(&m, &arena, 1000000, &crash);
	return m.ok;
}

static void test_whole(void **state)
{
	(void)state;
	assert_true(read_crash(
		"{" CRASH ",\"crash_boot_uuid\":null,\"run\":\"r\",\"dump\":{" FILE_FACTS
		",\"decoded\":{\"uptime_seconds\":3.7470697,\"system_time\":"
		"\"2026-11-20T10:00:00Z\",\"os_build\":26100,\"culprit\":{\"module\":"
		"\"netx.sys\",\"offset\":\"0x334c\"},\"drivers\":[{\"name\":\"netx.sys\","
		"\"timestamp\":\"0x5F000001\",\"size\":36864}]}}}"));
	assert_int_equal(crash.facts.raw_code, 0x1000007e);
	assert_true(crash.facts.parameter[3] == UINT64_MAX);
	assert_int_equal(crash.uptime_us, 3747070);
	assert_true(crash.occurred_us == INT64_C(1795168800000000));
	assert_string_equal(crash.facts.culprit_module, "netx.sys");
	assert_int_equal(crash.facts.offset, 0x334c);
	assert_int_equal(crash.n_modules, 1);
	assert_int_equal(crash.module[0].timestamp, 0x5f000001);
	assert_int_equal(crash.sha256[31], 0xab);
	assert_int_equal(crash.source, VF_SOURCE_DUMP);
}

/* A damaged dump may hold anything: its crash is stored all the same. */
static void test_damaged(void **state)
{
	(void)state;
	assert_true(read_crash(
		"{" CRASH ",\"dump\":{" FILE_FACTS
		",\"decoded\":{\"culprit\":{\"module\":\"a\\u0007b\",\"offset\":null},"
		"\"system_time\":\"1601-01-01T00:00:00Z\",\"drivers\":[null,{},{\"name\":null},"
		"{\"name\":\"x\\u0001.sys\"},{\"name\":\"ok.sys\",\"size\":1,\"timestamp\":null},"
		"{\"name\":\"bad.sys\",\"size\":-1},{\"name\":\"bad.sys\",\"timestamp\":7}]}}}"));
	assert_null(crash.facts.culprit_module);
	assert_int_equal(crash.n_modules, 1);
	assert_string_equal(crash.module[0].name, "ok.sys");
	assert_int_equal(crash.occurred_us, 1000000); /* not the year 1601 */
}

static void test_source(void **state)
{
	(void)state;
	/* What was sent decides, not what it is called. */
	assert_true(read_crash("{\"source\":\"both\",\"code\":\"0xd1\"," PARAMETERS "}"));
	assert_int_equal(crash.source, VF_SOURCE_EVENTLOG);
	assert_true(
		read_crash("{\"source\":\"eventlog\",\"code\":\"0x7e\"," PARAMETERS ",\"report\":{"
			   "\"driver\":\"netx.sys\"},\"dump\":{" FILE_FACTS ",\"decoded\":null}}"));
	assert_true(crash.has_dump);
	assert_string_equal(crash.facts.event_driver, "netx.sys");
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *field;
	} table[] = {
		{"{}", "source"},
		{"{\"source\":\"hearsay\",\"code\":\"0x7e\"," PARAMETERS "}", "source"},
		{"{\"source\":\"eventlog\"," PARAMETERS "}", "code"},
		{"{\"source\":\"eventlog\",\"code\":\"7e\"," PARAMETERS "}", "code"},
		{"{\"source\":\"eventlog\",\"code\":\"0x123456789\"," PARAMETERS "}", "code"},
		{"{\"source\":\"eventlog\",\"code\":\"0x7e\",\"parameters\":[\"0x1\"]}",
			"parameters"},
		{"{\"source\":\"eventlog\",\"code\":\"0x7e\",\"parameters\":[1,2,3,4]}",
			"parameters"},
		{"{\"source\":\"eventlog\",\"code\":\"0x7e\",\"parameters\":[\"0x1\",\"0x1\","
		 "\"0x1\","
		 "\"0x11111111111111111\"]}",
			"parameters"},
		{"{" CRASH "}", "dump"},
		{"{" CRASH ",\"dump\":7}", "dump"},
		{"{" CRASH ",\"dump\":{\"sha256\":\"AB\"}}", "dump.sha256"},
		{"{" CRASH ",\"dump\":{" SHA ",\"size\":0,\"decoder\":1}}", "dump.size"},
		{"{" CRASH ",\"dump\":{" SHA ",\"size\":5,\"decoder\":0}}", "dump.decoder"},
		{"{" CRASH ",\"dump\":{" FILE_FACTS
		 ",\"decoded\":{\"bugcheck\":{\"code\":\"0xd1\"," PARAMETERS "}}}}",
			"dump.decoded.bugcheck"},
		{"{" CRASH ",\"dump\":{" FILE_FACTS ",\"decoded\":{\"drivers\":{}}}}",
			"dump.decoded.drivers"},
		{"{" CRASH ",\"dump\":{" FILE_FACTS ",\"decoded\":{\"uptime_seconds\":-1}}}",
			"dump.decoded.uptime_seconds"},
		{"{" CRASH ",\"crash_boot_uuid\":\"yesterday\"}", "crash_boot_uuid"},
		{"{" CRASH ",\"run\":\"a\\nb\"}", "run"},
		{"{" CRASH ",\"report\":[]}", "report"},
	};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(table); i++) {
		if (read_crash(table[i].text))
			fail_msg("taken: %s", table[i].text);
		if (strcmp(refusal.field, table[i].field) != 0)
			fail_msg("%s: field %s, %s", table[i].text, refusal.field, refusal.reason);
		assert_true(*refusal.reason);
	}
}

static int open_arena(void **state)
{
	(void)state;
	vf_arena_init(&arena, 16 << 20);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	vf_arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("ingest_crash", tests, open_arena, close_arena);
}
