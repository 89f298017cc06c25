#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "server/runtime/log.h"

static char text[8192];

/* Runs `write` with standard error going to a file, and reads it back. */
static void capture(void (*fn)(void))
{
	char path[] = "/tmp/vf-log-XXXXXX";
	int file = mkstemp(path), old = dup(STDERR_FILENO);
	ssize_t n;

	dup2(file, STDERR_FILENO);
	fn();
	dup2(old, STDERR_FILENO);
	close(old);
	n = pread(file, text, sizeof text - 1, 0);
	text[n > 0 ? n : 0] = 0;
	close(file);
	unlink(path);
}

static void hostile(void)
{
	vf_log(VF_LOG_INFO, "http", "a \"b\"\nlvl=error forged=%s\x1b[31m", "yes");
}

static void nothing_from_outside_forges_a_line(void **state)
{
	(void)state;
	capture(hostile);
	assert_int_equal(strcspn(text, "\n"), strlen(text) - 1);
	assert_non_null(strstr(
		text, "lvl=info at=http msg=\"a \\\"b\\\"\\x0alvl=error forged=yes\\x1b[31m\"\n"));
}

static void fields(void)
{
	const struct vf_log_field field[] = {
		{"plain", "10.0.0.1"}, {"left", NULL}, {"blank", "a b"}, {"empty", ""}};

	vf_log_request("0123456789abcdef");
	vf_log_fields(VF_LOG_WARN, "db", field, VF_ARRAY_LEN(field));
	vf_log_request(NULL);
}

static void fields_are_quoted_when_needed(void **state)
{
	(void)state;
	capture(fields);
	assert_non_null(strstr(text,
		"lvl=warn at=db req=0123456789abcdef plain=10.0.0.1 blank=\"a b\" empty=\"\"\n"));
}

static void quiet(void)
{
	vf_log_init(VF_LOG_WARN);
	vf_log(VF_LOG_INFO, "http", "not shown");
	vf_log(VF_LOG_ERROR, "http", "shown");
	vf_log_init(VF_LOG_INFO);
}

static void the_level_decides(void **state)
{
	(void)state;
	capture(quiet);
	assert_null(strstr(text, "not shown"));
	assert_non_null(strstr(text, "msg=shown"));
}

static void huge(void)
{
	static char big[5000];
	const struct vf_log_field field[] = {{"big", big}};

	memset(big, 'x', sizeof big - 1);
	vf_log_fields(VF_LOG_INFO, "http", field, 1);
}

static void a_line_has_an_end(void **state)
{
	(void)state;
	capture(huge);
	assert_int_equal(strlen(text), 2048);
	assert_int_equal(text[2047], '\n');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_from_outside_forges_a_line),
		cmocka_unit_test(fields_are_quoted_when_needed),
		cmocka_unit_test(the_level_decides),
		cmocka_unit_test(a_line_has_an_end),
	};

	unsetenv("JOURNAL_STREAM");
	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
