/* Members of a body: what is read, what is refused, and under which name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/api/body.h"

struct exchange {
	struct vf_arena arena;
	struct vf_request req;
	struct vf_response res;
	struct vf_body body;
	struct vf_err err;
};

static void open_body(struct exchange *x, const char *text)
{
	*x = (struct exchange){.req = {.request_id = "0123456789abcdef"}};
	vf_arena_init(&x->arena, 1u << 20);
	x->req.arena = &x->arena;
	x->req.body = (const unsigned char *)text;
	x->req.body_len = strlen(text);
	vf_body_open(&x->body, &x->req, &x->res, &x->err);
}

static void refused(struct exchange *x, const char *field)
{
	json_t *answer;

	assert_false(vf_body_done(&x->body));
	assert_int_equal(x->body.st, VF_OK);
	assert_int_equal(x->res.status, 422);
	answer = json_loadb(x->res.body, x->res.body_len, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(answer, "field")), field);
	json_decref(answer);
	vf_arena_release(&x->arena);
}

static void members_are_read(void **state)
{
	struct exchange x;

	(void)state;
	open_body(&x, "{\"name\":\"netx.sys\",\"seq\":7,\"on\":true,\"code\":\"0x000000e6\","
		      "\"list\":[1],\"nothing\":null}");
	assert_string_equal(vf_body_text(&x.body, "name", 128, VF_REQUIRED), "netx.sys");
	assert_int_equal(vf_body_int(&x.body, "seq", 1, 100, 0, VF_REQUIRED), 7);
	assert_true(vf_body_bool(&x.body, "on", false));
	assert_int_equal(vf_body_hex32(&x.body, "code", 0, VF_REQUIRED), 0xe6);
	assert_int_equal(json_array_size(vf_body_array(&x.body, "list", 1, VF_REQUIRED)), 1);
	assert_null(vf_body_text(&x.body, "nothing", 8, VF_OPTIONAL));
	assert_int_equal(vf_body_int(&x.body, "absent", 0, 9, 5, VF_OPTIONAL), 5);
	assert_true(vf_body_done(&x.body));
	vf_arena_release(&x.arena);
}

static void a_body_that_is_no_object_is_refused(void **state)
{
	static const char *const bad[] = {"", "[", "[]", "null", "\"x\"", "1", "{\"a\":1",
		"{\"a\":1,\"a\":2}", "{\"a\":01}", "{\"a\":\"\\ud800\"}"};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++) {
		struct exchange x;

		open_body(&x, bad[i]);
		/* Reading on is harmless and gives nothing. */
		assert_null(vf_body_text(&x.body, "a", 8, VF_REQUIRED));
		assert_null(vf_body_array(&x.body, "a", 8, VF_REQUIRED));
		vf_body_refuse(&x.body, "a", "is late");
		assert_false(vf_body_done(&x.body));
		assert_int_equal(x.body.st, VF_E_INVALID);
		assert_int_equal(x.res.status, 0);
		vf_arena_release(&x.arena);
	}
}

static void text_is_clean(void **state)
{
	static const char *const bad[] = {"\"\"", "\" a\"", "\"a \"", "\"a\\nb\"", "\"\\u007f\"",
		"\"\\u0085\"", "\"123456789\"", "7", "[]", "{}", "true", "null"};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++) {
		char text[64];
		struct exchange x;

		snprintf(text, sizeof text, "{\"a\":%s}", bad[i]);
		open_body(&x, text);
		assert_null(vf_body_text(&x.body, "a", 8, VF_REQUIRED));
		refused(&x, "a");
	}
}

static void numbers_keep_their_range(void **state)
{
	static const char *const bad[] = {"0", "11", "1.5", "\"5\"", "true", "[5]", "1e0"};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++) {
		char text[64];
		struct exchange x;

		snprintf(text, sizeof text, "{\"a\":%s}", bad[i]);
		open_body(&x, text);
		assert_int_equal(vf_body_int(&x.body, "a", 1, 10, 3, VF_OPTIONAL), 3);
		refused(&x, "a");
	}
}

static void digits_are_exact(void **state)
{
	static const char *const bad[] = {"\"0x1\"", "\"0x0000000G\"", "\"0X00000001\"",
		"\"0x000000E6\"", "\"0x0000000000\"", "\"00000001\"", "1", "\"\""};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++) {
		char text[64];
		struct exchange x;

		snprintf(text, sizeof text, "{\"a\":%s}", bad[i]);
		open_body(&x, text);
		assert_int_equal(vf_body_hex32(&x.body, "a", -1, VF_REQUIRED), -1);
		refused(&x, "a");
	}
}

static void the_first_refusal_stands_and_strangers_are_named(void **state)
{
	struct exchange x;

	(void)state;
	open_body(&x, "{\"a\":1,\"b\":2}");
	assert_null(vf_body_text(&x.body, "a", 8, VF_REQUIRED));
	assert_null(vf_body_text(&x.body, "b", 8, VF_REQUIRED));
	refused(&x, "a");
	open_body(&x, "{\"a\":1,\"stranger\":2}");
	assert_int_equal(vf_body_int(&x.body, "a", 0, 9, 0, VF_REQUIRED), 1);
	refused(&x, "stranger");
	open_body(&x, "{}");
	assert_int_equal(vf_body_int(&x.body, "a", 0, 9, 0, VF_REQUIRED), 0);
	refused(&x, "a");
}

static void members_of_inner_objects_carry_their_place(void **state)
{
	struct exchange x;
	struct vf_body inner;
	json_t *list;

	(void)state;
	open_body(&x, "{\"images\":[{\"name\":5}]}");
	list = vf_body_array(&x.body, "images", 4, VF_REQUIRED);
	vf_body_inner(&inner, &x.req, &x.res, json_array_get(list, 0), "images[0].");
	assert_null(vf_body_text(&inner, "name", 8, VF_REQUIRED));
	x.body = inner;
	refused(&x, "images[0].name");
	open_body(&x, "{\"images\":[5]}");
	list = vf_body_array(&x.body, "images", 4, VF_REQUIRED);
	vf_body_inner(&inner, &x.req, &x.res, json_array_get(list, 0), "images[0].");
	x.body = inner;
	refused(&x, "images[0]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_read),
		cmocka_unit_test(a_body_that_is_no_object_is_refused),
		cmocka_unit_test(text_is_clean),
		cmocka_unit_test(numbers_keep_their_range),
		cmocka_unit_test(digits_are_exact),
		cmocka_unit_test(the_first_refusal_stands_and_strangers_are_named),
		cmocka_unit_test(members_of_inner_objects_carry_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
