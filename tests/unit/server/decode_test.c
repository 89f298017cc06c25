/* The handlers of decoding and of the catalogues, without sockets or a database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/api/request.h"

vf_handler vf_api_decode_bugcheck, vf_api_decode_flags, vf_api_catalog;

struct exchange {
	struct vf_arena arena;
	struct vf_request req;
	struct vf_response res;
	json_t *body;
};

/* Runs a handler on name, value, name, value, …, NULL. */
static void ask(struct exchange *x, vf_handler *handler, ...)
{
	struct vf_err err = {0};
	va_list args;
	const char *name;

	*x = (struct exchange){
		.req = {.method = VF_GET, .request_id = "0"}, .res = {.file_fd = -1}};
	vf_arena_init(&x->arena, 1u << 20);
	x->req.arena = &x->arena;
	va_start(args, handler);
	while ((name = va_arg(args, const char *)))
		x->req.query[x->req.n_query++] =
			(struct vf_pair){.name = name, .value = va_arg(args, const char *)};
	va_end(args);
	assert_int_equal(handler(&x->req, &x->res, &err), VF_OK);
	x->body = json_loadb(x->res.body, x->res.body_len, 0, NULL);
	assert_non_null(x->body);
}

static const char *text(const struct exchange *x, const char *name)
{
	const char *value = json_string_value(json_object_get(x->body, name));

	return value ? value : "(null)";
}

static void done(struct exchange *x)
{
	json_decref(x->body);
	vf_arena_release(&x->arena);
}

static void refused(const char *field, struct exchange *x)
{
	assert_int_equal(x->res.status, 400);
	assert_string_equal(text(x, "field"), field);
	assert_string_equal(x->res.content_type, "application/problem+json");
	done(x);
}

static void a_bug_check_is_decoded(void **state)
{
	struct exchange x;

	(void)state;
	ask(&x, vf_api_decode_bugcheck, "code", "0xE6", "p1", "0x0F", "p2", "2", NULL);
	assert_int_equal(x.res.status, 200);
	assert_string_equal(text(&x, "code"), "0x000000e6");
	assert_string_equal(text(&x, "kind"), "dma");
	assert_int_equal(json_array_size(json_object_get(x.body, "matches")), 1);
	done(&x);
	ask(&x, vf_api_decode_bugcheck, "code", "268435582", NULL); /* 0x1000007E */
	assert_string_equal(text(&x, "code"), "0x0000007e");
	assert_string_equal(text(&x, "raw_code"), "0x1000007e");
	done(&x);
}

static void an_unknown_code_is_an_answer_too(void **state)
{
	struct exchange x;

	(void)state;
	ask(&x, vf_api_decode_bugcheck, "code", "0xabc", "p1", "1", NULL);
	assert_int_equal(x.res.status, 200);
	assert_true(json_is_null(json_object_get(x.body, "name")));
	assert_string_equal(text(&x, "leak"), "unknown");
	done(&x);
}

static void the_build_narrows_the_readings(void **state)
{
	struct exchange x;

	(void)state;
	ask(&x, vf_api_decode_bugcheck, "code", "0xc4", "p1", "0x2000", NULL);
	assert_int_equal(json_array_size(json_object_get(x.body, "matches")), 2);
	done(&x);
	ask(&x, vf_api_decode_bugcheck, "code", "0xc4", "p1", "0x2000", "os_build", "7601", NULL);
	assert_int_equal(json_array_size(json_object_get(x.body, "matches")), 1);
	done(&x);
}

static void wrong_queries_are_refused_by_field(void **state)
{
	struct exchange x;

	(void)state;
	ask(&x, vf_api_decode_bugcheck, NULL);
	refused("code", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "7e", NULL);
	refused("code", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "", NULL);
	refused("code", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "0x", NULL);
	refused("code", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "0x100000000", NULL);
	refused("code", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "-1", NULL);
	refused("code", &x);
	ask(&x, vf_api_decode_bugcheck, "code", " 1", NULL);
	refused("code", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "1", "p2", "1", NULL);
	refused("p2", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "1", "p1", "0x10000000000000000", NULL);
	refused("p1", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "1", "p1", "99999999999999999999", NULL);
	refused("p1", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "1", "os_build", "0", NULL);
	refused("os_build", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "1", "p5", "0", NULL);
	refused("p5", &x);
	ask(&x, vf_api_decode_bugcheck, "code", "1", "code", "2", NULL);
	refused("code", &x);
	ask(&x, vf_api_decode_flags, NULL);
	refused("mask", &x);
	ask(&x, vf_api_decode_flags, "mask", "0x1ffffffff", NULL);
	refused("mask", &x);
	ask(&x, vf_api_decode_flags, "mask", "1", "windows", "95", NULL);
	refused("windows", &x);
	ask(&x, vf_api_catalog, "q", "1", NULL);
	refused("q", &x);
}

static void a_mask_is_decoded_for_a_version(void **state)
{
	struct exchange x;
	json_t *flag;

	(void)state;
	ask(&x, vf_api_decode_flags, "mask", "0x04000081", "windows", "11", NULL);
	assert_int_equal(x.res.status, 200);
	assert_int_equal(json_array_size(json_object_get(x.body, "flags")), 2);
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(x.body, "unknown"), 0)),
		"0x04000000");
	flag = json_array_get(json_object_get(x.body, "flags"), 1);
	assert_string_equal(json_string_value(json_object_get(flag, "key")), "dma");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(flag, "on_windows"), "volatile")),
		"yes");
	done(&x);
	ask(&x, vf_api_decode_flags, "mask", "0x80", NULL);
	flag = json_array_get(json_object_get(x.body, "flags"), 0);
	assert_true(json_is_null(json_object_get(flag, "on_windows")));
	done(&x);
}

static void the_tag_follows_the_content(void **state)
{
	struct exchange a, b, c;

	(void)state;
	ask(&a, vf_api_catalog, NULL);
	ask(&b, vf_api_catalog, NULL);
	ask(&c, vf_api_decode_flags, "mask", "1", NULL);
	assert_int_equal(json_array_size(json_object_get(a.body, "bugchecks")), 425);
	assert_int_equal(json_array_size(json_object_get(a.body, "dma_classes")), 22);
	assert_int_equal(json_array_size(json_object_get(a.body, "rules")), 68);
	assert_int_equal(a.res.etag[0], '"');
	assert_string_equal(a.res.etag, b.res.etag);
	assert_string_not_equal(a.res.etag, c.res.etag);
	done(&a);
	done(&b);
	done(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bug_check_is_decoded),
		cmocka_unit_test(an_unknown_code_is_an_answer_too),
		cmocka_unit_test(the_build_narrows_the_readings),
		cmocka_unit_test(wrong_queries_are_refused_by_field),
		cmocka_unit_test(a_mask_is_decoded_for_a_version),
		cmocka_unit_test(the_tag_follows_the_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
