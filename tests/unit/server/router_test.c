#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/http/router.h"

static void patterns_take_one_segment(void **state)
{
	struct vf_segment s[VF_MAX_PARAMS];
	size_t n;

	(void)state;
	assert_true(
		vf_route_match("/api/v1/builds/{id}/report", "/api/v1/builds/17/report", s, &n));
	assert_int_equal(n, 1);
	assert_memory_equal(s[0].name, "id", s[0].name_len);
	assert_int_equal(s[0].value_len, 2);
	assert_memory_equal(s[0].value, "17", 2);
	assert_true(vf_route_match("/a/{x}/{y}", "/a/1/22", s, &n));
	assert_int_equal(n, 2);
	assert_false(vf_route_match("/a/{x}", "/a/", s, &n));
	assert_false(vf_route_match("/a/{x}", "/a", s, &n));
	assert_false(vf_route_match("/a/{x}", "/a/1/2", s, &n));
	assert_false(vf_route_match("/a/{x}", "/a/1/", s, &n));
	assert_false(vf_route_match("/a", "/a/", s, &n));
	assert_false(vf_route_match("/a", "/A", s, &n));
	assert_false(vf_route_match("/a", "", s, &n));
}

static void every_route_is_found_by_its_own_address(void **state)
{
	char path[256], allow[64];
	bool known;
	size_t n;
	const struct vf_route *table = vf_routes(&n);

	(void)state;
	assert_true(n > 4);
	for (size_t i = 0; i < n; i++) {
		size_t len = 0;

		for (const char *p = table[i].pattern; *p; p++) {
			if (*p == '{') {
				p = strchr(p, '}');
				path[len++] = '1';
			} else {
				path[len++] = *p;
			}
		}
		path[len] = 0;
		assert_ptr_equal(vf_route_find(table[i].method, path, allow, &known), &table[i]);
		assert_memory_equal(table[i].pattern, "/api/v1/", 8);
		assert_true(table[i].scope != 0);
		/* Without a sign-in: signing in, and enrolling with a token of its own. */
		if (table[i].scope & VF_SCOPE_NONE)
			assert_true(!strcmp(table[i].pattern, "/api/v1/session") ||
				    !strcmp(table[i].pattern, "/api/v1/enroll"));
	}
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
	char allow[64];
	bool known = false;

	(void)state;
	assert_null(vf_route_find(VF_PATCH, "/api/v1/session", allow, &known));
	assert_true(known);
	assert_string_equal(allow, "GET, HEAD, POST, DELETE");
	assert_null(vf_route_find(VF_GET, "/api/v1/nothing", allow, &known));
	assert_false(known);
}

static void head_falls_back_to_get(void **state)
{
	char allow[64];
	bool known;

	(void)state;
	assert_ptr_equal(vf_route_find(VF_HEAD, "/api/v1/openapi.json", allow, &known),
		vf_route_find(VF_GET, "/api/v1/openapi.json", allow, &known));
	assert_null(vf_route_find(VF_HEAD, "/api/v1/session/password", allow, &known));
}

static void methods_are_exact_words(void **state)
{
	enum vf_method m;

	(void)state;
	assert_true(vf_method_parse("DELETE", &m));
	assert_int_equal(m, VF_DELETE);
	assert_false(vf_method_parse("delete", &m));
	assert_false(vf_method_parse("TRACE", &m));
	assert_false(vf_method_parse("", &m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_take_one_segment),
		cmocka_unit_test(every_route_is_found_by_its_own_address),
		cmocka_unit_test(a_wrong_method_is_told_the_right_ones),
		cmocka_unit_test(head_falls_back_to_get),
		cmocka_unit_test(methods_are_exact_words),
	};

	return cmocka_run_group_tests_name("router", tests, NULL, NULL);
}
