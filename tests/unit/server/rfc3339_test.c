/* Times from outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/runtime/rfc3339.h"

static const struct {
	const char *text;
	int64_t us;
} good[] = {
	{"1970-01-01T00:00:00Z", 0},
	{"2026-11-21T20:41:02.123456Z", 1795293662123456},
	{"2026-11-21T20:41:02.5Z", 1795293662500000},
	{"2024-02-29T23:59:59.999999Z", 1709251199999999},
	{"2000-02-29T00:00:00Z", 951782400000000},
	{"1601-01-01T00:00:00Z", -11644473600000000},
	{"9999-12-31T23:59:59.999999Z", 253402300799999999},
};
static const char *const bad[] = {"", "2026", "2026-11-21T20:41:02", "2026-11-21 20:41:02Z",
	"2026-11-21T20:41:02+00:00", "2026-11-21T20:41:02.Z", "2026-11-21T20:41:02.1234567Z",
	"2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
	"2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
	"2026-01-01T00:60:00Z", "2026-06-30T23:59:60Z", "1600-12-31T23:59:59Z",
	"2026-11-21T20:41:02Zx", "-026-11-21T20:41:02Z", "2026-11-21t20:41:02z"};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(good); i++) {
		int64_t us = 1;

		assert_true(vf_time_parse(good[i].text, &us));
		if (us != good[i].us)
			fail_msg("%s: %lld", good[i].text, (long long)us);
	}
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++) {
		int64_t us;

		if (vf_time_parse(bad[i], &us))
			fail_msg("%s was taken", bad[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_bad)};

	return cmocka_run_group_tests_name("rfc3339", tests, NULL, NULL);
}
