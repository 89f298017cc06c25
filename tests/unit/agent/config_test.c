/* agent.ini: what is read, what is refused and how, and that a printed file reads back the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/core/config.h"

static enum vf_status parse(struct vf_config *c, const char *text, struct vf_err *err)
{
	vf_config_defaults(c);
	return vf_config_parse(c, text, strlen(text), err);
}

static void reads_keys_comments_and_spaces(void **state)
{
	struct vf_config c;

	(void)state;
	assert_int_equal(
		parse(&c,
			"# a comment\r\n; another\n\n[agent]\r\n  server =  https://x:8443 \n"
			"spool_mib=7\nupload_dumps = no\ndump_dir = /var/a = b\nname =",
			NULL),
		VF_OK);
	assert_string_equal(c.server, "https://x:8443");
	assert_int_equal(c.spool_mib, 7);
	assert_int_equal(c.upload_dumps, 0);
	assert_string_equal(c.dump_dir, "/var/a = b");
	assert_string_equal(c.name, "");
	assert_int_equal(c.poll_ms, 1000);
}

static void refuses_with_the_line(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"\nsrever = x\n", "line 2: there is no setting \"srever\""},
		{"spool_mib = 0", "line 1: spool_mib must be a number from 1 to 4096, not \"0\""},
		{"spool_mib = 4097", "must be a number"},
		{"spool_mib = 1x", "must be a number"},
		{"spool_mib = -1", "must be a number"},
		{"spool_mib = +1", "must be a number"},
		{"spool_mib =", "must be a number"},
		{"spool_mib = 99999999999999999999999", "must be a number"},
		{"upload_dumps = perhaps", "must be yes or no"},
		{"just words", "is not key = value"},
		{"[server]", "the only section is [agent]"},
		{"name = a\x01z", "control character"},
	};
	struct vf_config c;
	struct vf_err err;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(cases); i++) {
		assert_int_equal(parse(&c, cases[i].text, &err), VF_E_INVALID);
		if (!strstr(err.text, cases[i].says))
			fail_msg("\"%s\" says: %s", cases[i].text, err.text);
	}
	assert_int_equal(vf_config_parse(&c, "a\0b", 3, &err), VF_E_INVALID);
}

static void long_texts_are_refused_not_cut(void **state)
{
	char text[2000];
	struct vf_config c;

	(void)state;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = 0;
	assert_int_equal(parse(&c, text, NULL), VF_E_LIMIT);
	memcpy(text, "server = ", 9);
	text[9 + 255] = 0;
	assert_int_equal(parse(&c, text, NULL), VF_OK);
	text[9 + 255] = 'x';
	text[9 + 256] = 0;
	assert_int_equal(parse(&c, text, NULL), VF_E_LIMIT);
}

static void prints_what_reads_back(void **state)
{
	struct vf_config a, b;
	struct vf_buf text;

	(void)state;
	assert_int_equal(
		parse(&a, "server = http://h\nspool_mib = 9\nupload_dumps = no\n", NULL), VF_OK);
	vf_buf_init(&text, 1 << 16);
	vf_config_print(&a, &text);
	assert_int_equal(parse(&b, vf_buf_text(&text), NULL), VF_OK);
	assert_memory_equal(&a, &b, sizeof a);
	vf_buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_keys_comments_and_spaces),
		cmocka_unit_test(refuses_with_the_line),
		cmocka_unit_test(long_texts_are_refused_not_cut),
		cmocka_unit_test(prints_what_reads_back),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
