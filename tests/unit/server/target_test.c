/* Percent escapes, UTF-8 and queries of request targets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/http/decode.h"
#include "server/http/exchange.h"

static struct vf_exchange x;
static struct vf_err err;

static enum vf_status decode(const char *target)
{
	vf_arena_release(&x.arena);
	vf_arena_init(&x.arena, 1 << 20);
	memset(&x.req, 0, sizeof x.req);
	x.req.arena = &x.arena;
	x.req.target = target;
	return vf_http_decode_target(&x, &err);
}

static void escapes_are_undone(void **state)
{
	(void)state;
	assert_int_equal(decode("/drivers/net%20x%C3%A9.sys?q=a%26b+c&empty=&flag&&x=1=2"), VF_OK);
	assert_string_equal(x.req.path, "/drivers/net x\xc3\xa9.sys");
	assert_int_equal(x.req.n_query, 4);
	assert_string_equal(vf_req_query(&x.req, "q"), "a&b c");
	assert_string_equal(vf_req_query(&x.req, "empty"), "");
	assert_string_equal(vf_req_query(&x.req, "flag"), "");
	assert_string_equal(vf_req_query(&x.req, "x"), "1=2");
	assert_null(vf_req_query(&x.req, "absent"));
}

static void a_plus_in_a_path_stays(void **state)
{
	(void)state;
	assert_int_equal(decode("/a+b"), VF_OK);
	assert_string_equal(x.req.path, "/a+b");
}

static void an_escaped_slash_is_no_separator(void **state)
{
	static const struct vf_route route = {.pattern = "/f/{name}"};

	(void)state;
	x.route = &route;
	assert_int_equal(decode("/f/a%2Fb"), VF_OK);
	assert_string_equal(x.req.param[0].value, "a/b");
	assert_string_equal(x.req.param[0].name, "name");
	x.route = NULL;
}

static void what_is_not_clean_text_is_refused(void **state)
{
	static const char *const bad[] = {"/%", "/%4", "/%zz", "/%00", "/%0a", "/%7f", "/%ff",
		"/%c0%af", "/%ed%a0%80", "/%f4%90%80%80", "/%c2%85", "/%e2%82", "/\x01", "/?a=%00",
		"/?%1b=a", "/?a=%", "/\xc3"};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++)
		if (decode(bad[i]) != VF_E_INVALID)
			fail_msg("%s was taken", bad[i]);
	assert_int_equal(decode("/%F0%9F%98%80%E2%82%AC"), VF_OK);
}

static void queries_have_a_limit(void **state)
{
	char target[600] = "/?";

	(void)state;
	for (int i = 0; i < VF_MAX_QUERY; i++)
		snprintf(target + strlen(target), 16, "a%d=1&", i);
	assert_int_equal(decode(target), VF_OK);
	assert_int_equal(x.req.n_query, VF_MAX_QUERY);
	snprintf(target + strlen(target), 16, "b=1");
	assert_int_equal(decode(target), VF_E_LIMIT);
}

static int teardown(void **state)
{
	(void)state;
	vf_arena_release(&x.arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(a_plus_in_a_path_stays),
		cmocka_unit_test(an_escaped_slash_is_no_separator),
		cmocka_unit_test(what_is_not_clean_text_is_refused),
		cmocka_unit_test(queries_have_a_limit),
	};

	return cmocka_run_group_tests_name("target", tests, NULL, teardown);
}
