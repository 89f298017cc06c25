#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/runtime/number.h"

static void takes_plain_decimal_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {{"0", 0}, {"7", 7}, {"-7", -7}, {"9223372036854775807", INT64_MAX},
		{"-9223372036854775808", INT64_MIN}};
	int64_t v;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(good); i++) {
		assert_true(vf_parse_i64(good[i].text, INT64_MIN, INT64_MAX, &v));
		assert_true(v == good[i].value);
	}
}

static void refuses_everything_else(void **state)
{
	static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "01", "-0", "00", "1e3", "0x1",
		"1.0", "9223372036854775808", "-9223372036854775809", "99999999999999999999999",
		"1\n", "\xd9\xa1"};
	int64_t v;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++)
		assert_false(vf_parse_i64(bad[i], INT64_MIN, INT64_MAX, &v));
}

static void keeps_to_its_range(void **state)
{
	int64_t v;

	(void)state;
	assert_true(vf_parse_i64("1", 1, 200, &v));
	assert_true(vf_parse_i64("200", 1, 200, &v));
	assert_false(vf_parse_i64("0", 1, 200, &v));
	assert_false(vf_parse_i64("201", 1, 200, &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_plain_decimal_numbers),
		cmocka_unit_test(refuses_everything_else),
		cmocka_unit_test(keeps_to_its_range),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
