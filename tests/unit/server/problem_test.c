#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/api/problem.h"

static struct vf_arena arena;
static struct vf_request req;
static struct vf_response res;

static int setup(void **state)
{
	(void)state;
	vf_arena_init(&arena, 1 << 20);
	req = (struct vf_request){.arena = &arena, .request_id = "0123456789abcdef"};
	res = (struct vf_response){.file_fd = -1};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	vf_arena_release(&arena);
	return 0;
}

static json_t *answer(void)
{
	json_t *doc = json_loadb(res.body, res.body_len, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(doc);
	return doc;
}

static const char *text(const json_t *doc, const char *name)
{
	return json_string_value(json_object_get(doc, name));
}

static void a_problem_has_its_members(void **state)
{
	json_t *doc;

	(void)state;
	assert_int_equal(
		vf_res_problem_with(&req, &res, 409, "sequence-gap", "first_seq", "a \"gap\"\n",
			json_pack("{s:i, s:i}", "expected_seq", 7, "status", 1)),
		VF_OK);
	doc = answer();
	assert_int_equal(res.status, 409);
	assert_string_equal(res.content_type, "application/problem+json");
	assert_string_equal(text(doc, "type"), "/problems/sequence-gap");
	assert_string_equal(text(doc, "title"), "Conflict");
	assert_string_equal(text(doc, "detail"), "a \"gap\"\n");
	assert_string_equal(text(doc, "field"), "first_seq");
	assert_string_equal(text(doc, "request_id"), "0123456789abcdef");
	assert_int_equal(json_integer_value(json_object_get(doc, "expected_seq")), 7);
	assert_int_equal(json_integer_value(json_object_get(doc, "status")), 409);
	json_decref(doc);
}

static void members_without_value_are_left_out(void **state)
{
	json_t *doc;

	(void)state;
	assert_int_equal(vf_res_problem(&req, &res, 404, NULL, NULL, NULL), VF_OK);
	doc = answer();
	assert_string_equal(text(doc, "type"), "about:blank");
	assert_null(json_object_get(doc, "detail"));
	assert_null(json_object_get(doc, "field"));
	json_decref(doc);
}

static void a_detail_that_is_not_text_still_gives_an_answer(void **state)
{
	(void)state;
	assert_int_equal(vf_res_problem(&req, &res, 422, NULL, NULL, "\xff\xfe"), VF_OK);
	assert_int_equal(res.status, 422);
	json_decref(answer());
}

static void each_failure_has_its_status(void **state)
{
	static const struct {
		enum vf_status st;
		int status;
	} table[] = {{VF_E_INVALID, 422}, {VF_E_LIMIT, 413}, {VF_E_NOTFOUND, 404},
		{VF_E_CONFLICT, 409}, {VF_E_DENIED, 403}, {VF_E_AGAIN, 503}, {VF_E_IO, 500},
		{VF_E_NOMEM, 500}, {VF_E_CORRUPT, 500}};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(table); i++) {
		struct vf_err err;
		enum vf_status st = vf_fail(&err, table[i].st, "relation \"x\" does not exist");
		json_t *doc;

		res = (struct vf_response){.file_fd = -1};
		vf_res_failure(&req, &res, st, &err);
		doc = answer();
		assert_int_equal(res.status, table[i].status);
		assert_int_equal(res.retry_after_s > 0, table[i].status == 503);
		/* What went wrong inside is for the log alone. */
		assert_int_equal(
			strcmp(text(doc, "detail"), err.text) == 0, table[i].status != 500);
		json_decref(doc);
	}
}

static enum vf_status body(const char *bytes)
{
	json_t *doc;

	req.body = (const unsigned char *)bytes;
	req.body_len = strlen(bytes);
	return vf_req_json(&req, &doc, NULL);
}

static void bodies_are_read_strictly(void **state)
{
	static const char *const bad[] = {"", "[]", "1", "\"x\"", "{", "{\"a\":1,\"a\":2}",
		"{\"a\":1}x", "{\"a\":01}", "{\"a\":1,}", "{\"a\":\"\\u0000\"}",
		"{\"a\":\"\\ud800\"}", "{\"a\":\"\xff\"}"};
	char deep[200];

	(void)state;
	assert_int_equal(body("{\"a\":[1,{\"b\":null}]}"), VF_OK);
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++)
		if (body(bad[i]) != VF_E_INVALID)
			fail_msg("%s was taken", bad[i]);
	snprintf(deep, sizeof deep, "{\"a\":%.*s%.*s}", 31,
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 31,
		"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
	assert_int_equal(body(deep), VF_OK);
	snprintf(deep, sizeof deep, "{\"a\":%.*s%.*s}", 32,
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 32,
		"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
	assert_int_equal(body(deep), VF_E_LIMIT);
}

static void ids_are_positive_numbers(void **state)
{
	static const char *const bad[] = {"0", "-1", "01", "x", "", "9223372036854775808"};
	int64_t id;

	(void)state;
	req.n_param = 1;
	req.param[0] = (struct vf_pair){"id", "42"};
	assert_int_equal(vf_req_id(&req, "id", &id, NULL), VF_OK);
	assert_int_equal(id, 42);
	assert_int_equal(vf_req_id(&req, "other", &id, NULL), VF_E_NOTFOUND);
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++) {
		req.param[0].value = bad[i];
		assert_int_equal(vf_req_id(&req, "id", &id, NULL), VF_E_NOTFOUND);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_problem_has_its_members, setup, teardown),
		cmocka_unit_test_setup_teardown(
			members_without_value_are_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_detail_that_is_not_text_still_gives_an_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(each_failure_has_its_status, setup, teardown),
		cmocka_unit_test_setup_teardown(bodies_are_read_strictly, setup, teardown),
		cmocka_unit_test_setup_teardown(ids_are_positive_numbers, setup, teardown),
	};

	return cmocka_run_group_tests_name("problem", tests, NULL, NULL);
}
