/* Events of the system log, and how event and dump of one crash find each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/core/collect.h"
#include "agent/core/events.h"
#include "agent/core/rfc3339.h"

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)

static enum vf_status parse(struct vf_event *e, const char *line)
{
	return vf_event_parse(e, line, strlen(line), 77, NULL);
}

static void reads_a_bug_check_report(void **state)
{
	struct vf_event e;

	(void)state;
	assert_int_equal(
		parse(&e, "{\"provider\":\"Microsoft-Windows-WER-SystemErrorReporting\",\"event_"
			  "id\":1001,"
			  "\"record_id\":5,\"time\":\"2026-11-21T20:41:02Z\",\"data\":{\"param1\":"
			  "\"0x1000007e (0xffffffffc0000005, 0xfffff80612340000, 0x1, "
			  "0x2)\",\"param2\":"
			  "\"C:\\\\Windows\\\\Minidump\\\\a.dmp\",\"param3\":\"id\"}}"),
		VF_OK);
	assert_int_equal(e.kind, VF_EVENT_BUGCHECK);
	assert_int_equal(e.crash.code, 0x7e);
	assert_int_equal(e.crash.raw_code, 0x1000007e);
	assert_true(e.crash.params[0] == UINT64_C(0xffffffffc0000005));
	assert_true(e.crash.params[3] == 2);
	assert_true(e.crash.has_event && !e.crash.has_power && !e.crash.has_dump);
	assert_int_equal(e.crash.event.key, 77);
	assert_string_equal(e.crash.event.dump_path, "C:\\Windows\\Minidump\\a.dmp");
	vf_event_release(&e);
}

static void reads_kernel_power_in_decimal(void **state)
{
	struct vf_event e;

	(void)state;
	assert_int_equal(
		parse(&e,
			"{\"provider\":\"Microsoft-Windows-Kernel-Power\",\"event_id\":41,\"time\":"
			"\"2026-11-21T20:41:02Z\",\"data\":{\"BugcheckCode\":\"230\","
			"\"BugcheckParameter1\":\"0xf\",\"BugcheckParameter2\":\"0x2\","
			"\"BugcheckParameter3\":\"0x0\",\"BugcheckParameter4\":\"0x0\"}}"),
		VF_OK);
	assert_int_equal(e.crash.code, 0xe6);
	assert_true(e.crash.has_power && e.crash.params[0] == 15);
	vf_event_release(&e);
	assert_int_equal(
		parse(&e,
			"{\"provider\":\"Microsoft-Windows-Kernel-Power\",\"event_id\":41,\"time\":"
			"\"2026-11-21T20:41:02Z\",\"data\":{\"BugcheckCode\":\"0\"}}"),
		VF_OK);
	assert_int_equal(e.kind, VF_EVENT_POWER);
	assert_false(e.crash.has_power); /* power was lost: no bug check to report */
	vf_event_release(&e);
}

static void refuses_what_lacks_something(void **state)
{
	static const char *const lines[] = {"", "[]", "{", "{}", "\"text\"",
		"{\"provider\":\"x\",\"event_id\":1,\"time\":\"yesterday\"}",
		"{\"provider\":\"BugCheck\",\"event_id\":1001,\"time\":\"2026-11-21T20:41:02Z\"}",
		"{\"provider\":\"BugCheck\",\"event_id\":1001,\"time\":\"2026-11-21T20:41:02Z\","
		"\"data\":"
		"{\"param1\":\"0xe6 (0x1, 0x2, 0x3)\"}}",
		"{\"provider\":\"Verifleet-Run\",\"event_id\":1,\"time\":\"2026-11-21T20:41:02Z\","
		"\"data\":{}}"};
	struct vf_event e;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(lines); i++)
		if (parse(&e, lines[i]) != VF_E_INVALID)
			fail_msg("taken: %s", lines[i]);
	assert_int_equal(
		parse(&e,
			"{\"provider\":\"Disk\",\"event_id\":7,\"time\":\"2026-11-21T20:41:02Z\"}"),
		VF_OK);
	assert_int_equal(e.kind, VF_EVENT_OTHER);
}

static void reads_the_spellings_of_a_bug_check(void **state)
{
	uint64_t p[4];
	uint32_t code;

	(void)state;
	assert_true(vf_event_bugcheck_text(
		"0x000000e6 (0x0000000000000026, 0x1, 0x2, 0x3).", &code, p));
	assert_true(vf_event_bugcheck_text("0xE6(26,1,2,3)", &code, p));
	assert_true(p[0] == 0x26);
	assert_false(vf_event_bugcheck_text("0x1000000e6 (0x1, 0x2, 0x3, 0x4)", &code, p));
	assert_false(vf_event_bugcheck_text("0xe6 (0x1, 0x2, 0x3, 0x4) and more", &code, p));
	assert_false(vf_event_bugcheck_text("0xe6 (-1, 0x2, 0x3, 0x4)", &code, p));
	assert_false(vf_event_bugcheck_text("0xe6 (0x11111111111111111, 2, 3, 4)", &code, p));
}

static struct vf_crash piece(char what, int64_t at_us)
{
	struct vf_crash c = {
		.code = 0xd1, .raw_code = 0xd1, .params = {1, 2, 3, 4}, .at_us = at_us};

	c.has_dump = what == 'd';
	c.has_event = what == 'e';
	c.has_power = what == 'p';
	if (what == 'd')
		c.dump.decoded = strdup("{}");
	return c;
}

static enum vf_collected offer(struct vf_collect *c, char what, int64_t at_us, int64_t now_us)
{
	struct vf_crash p = piece(what, at_us);
	enum vf_collected taken = vf_collect_offer(c, &p, now_us);

	if (taken != VF_COLLECT_WAITS)
		free(p.dump.decoded);
	return taken;
}

static bool due(struct vf_collect *c, int64_t now_us, struct vf_crash *out)
{
	bool is = vf_collect_due(c, now_us, out);

	if (is)
		free(out->dump.decoded);
	return is;
}

static void the_pieces_of_a_crash_become_one(void **state)
{
	static const char orders[][4] = {"dep", "dpe", "edp", "epd", "pde", "ped"};
	struct vf_collect c;
	struct vf_crash out;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(orders); i++) {
		memset(&c, 0, sizeof c);
		c.wait_us = 30 * SECOND;
		for (size_t k = 0; k < 3; k++)
			assert_int_equal(
				offer(&c, orders[i][k],
					orders[i][k] == 'd' ? 10 * DAY : 10 * DAY + 90 * SECOND,
					(int64_t)k),
				VF_COLLECT_WAITS);
		assert_true(due(&c, 10, &out)); /* complete: no waiting */
		assert_true(out.has_dump && out.has_event && out.has_power);
		assert_true(out.at_us == 10 * DAY); /* the dump knows when */
		assert_false(due(&c, INT64_MAX, &out));
	}
}

static void one_half_waits_and_then_goes_alone(void **state)
{
	struct vf_collect c = {.wait_us = 30 * SECOND};
	struct vf_crash out;

	(void)state;
	assert_int_equal(offer(&c, 'd', 10 * DAY, 5), VF_COLLECT_WAITS);
	assert_false(due(&c, 30 * SECOND + 4, &out));
	assert_true(due(&c, 30 * SECOND + 5, &out));
	assert_true(out.has_dump && !out.has_event);
	/* Its event comes after all: told already, and only once. */
	assert_int_equal(offer(&c, 'e', 10 * DAY + SECOND, 50 * SECOND), VF_COLLECT_LATE);
	assert_int_equal(offer(&c, 'e', 10 * DAY + SECOND, 50 * SECOND), VF_COLLECT_WAITS);
	assert_true(due(&c, INT64_MAX, &out));
}

static void different_crashes_stay_apart(void **state)
{
	struct vf_collect c = {.wait_us = 30 * SECOND};
	struct vf_crash other = piece('e', 10 * DAY), out;
	int n = 0;

	(void)state;
	other.params[3]++;
	assert_int_equal(offer(&c, 'd', 10 * DAY, 0), VF_COLLECT_WAITS);
	assert_int_equal(vf_collect_offer(&c, &other, 0), VF_COLLECT_WAITS);
	/* The same bug check again: a second dump is a second crash. */
	assert_int_equal(offer(&c, 'd', 10 * DAY + 600 * SECOND, 0), VF_COLLECT_WAITS);
	/* An event from long before, or long after, belongs to neither. */
	assert_int_equal(offer(&c, 'e', 9 * DAY, 0), VF_COLLECT_WAITS);
	assert_int_equal(offer(&c, 'e', 30 * DAY, 0), VF_COLLECT_WAITS);
	while (due(&c, INT64_MAX, &out))
		n++;
	assert_int_equal(n, 5);
}

static void is_full_at_its_limit(void **state)
{
	struct vf_collect c = {.wait_us = SECOND};
	struct vf_crash p;
	int n = 0;

	(void)state;
	for (uint64_t i = 0; i < VF_COLLECT_PENDING; i++) {
		p = piece('e', DAY);
		p.params[0] = 1000 + i;
		assert_int_equal(vf_collect_offer(&c, &p, 0), VF_COLLECT_WAITS);
	}
	assert_int_equal(offer(&c, 'e', DAY, 0), VF_COLLECT_FULL);
	while (due(&c, INT64_MAX, &p))
		n++;
	assert_int_equal(n, VF_COLLECT_PENDING);
	assert_int_equal(offer(&c, 'e', DAY, 0), VF_COLLECT_WAITS);
	vf_collect_release(&c);
}

static void times_read_back(void **state)
{
	static const int64_t times[] = {0, 1, -1, 1795293662123456, -62135596800000000,
		253402300799999999, 951782400000000 /* 2000-02-29 */, 4107542400000000};
	static const char *const wrong[] = {"", "2026-11-21", "2026-13-01T00:00:00Z",
		"2026-02-29T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T00:00:00",
		"2026-11-21T00:00:00Zx", "2026-11-21T00:00:00.Z", "0000-01-01T00:00:00Z",
		"2026-11-21T00:00:00+0100"};
	int64_t back;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(times); i++) {
		assert_true(vf_time_parse(vf_time_format(times[i]).text, &back));
		assert_true(back == times[i]);
	}
	assert_string_equal(vf_time_format(951782400000000).text, "2000-02-29T00:00:00.000000Z");
	assert_true(vf_time_parse("2026-11-21 01:02:03.5+01:00", &back));
	assert_string_equal(vf_time_format(back).text, "2026-11-21T00:02:03.500000Z");
	for (size_t i = 0; i < VF_ARRAY_LEN(wrong); i++)
		if (vf_time_parse(wrong[i], &back))
			fail_msg("taken: %s", wrong[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_bug_check_report),
		cmocka_unit_test(reads_kernel_power_in_decimal),
		cmocka_unit_test(refuses_what_lacks_something),
		cmocka_unit_test(reads_the_spellings_of_a_bug_check),
		cmocka_unit_test(the_pieces_of_a_crash_become_one),
		cmocka_unit_test(one_half_waits_and_then_goes_alone),
		cmocka_unit_test(different_crashes_stay_apart),
		cmocka_unit_test(is_full_at_its_limit),
		cmocka_unit_test(times_read_back),
	};

	return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
