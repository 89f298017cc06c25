/* The query of a list read strictly, and times as the wire has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/api/json_out.h"
#include "server/api/page.h"

static const char *const words[] = {"own", "other", NULL};
static const struct vf_list list = {
	.name = "thing",
	.from = "thing t",
	.filter =
		{
			{"build", VF_FILTER_ID, "t.build_id = ${build}::bigint", NULL, NULL},
			{"project", VF_FILTER_SLUG, "t.project = ${project}", NULL, NULL},
			{"q", VF_FILTER_TEXT, "t.name = ${q}", NULL, NULL},
			{"kind", VF_FILTER_KIND, "t.kind = ${kind}", NULL, NULL},
			{"role", VF_FILTER_WORD, "t.role = ${role}", "build", words},
		},
	.sort = {{"id", "t.id", "t.id > ${1}::bigint", {{"t.id", VF_KEY_INT}}},
		{"name", "t.name, t.id", "(t.name, t.id) > (${1}::text, ${2}::bigint)",
			{{"t.name", VF_KEY_TEXT}, {"t.id", VF_KEY_INT}}}},
};

struct exchange {
	struct vf_arena arena;
	struct vf_request req;
	struct vf_response res;
	struct vf_ask ask;
};

/* Reads name, value, name, value, …, NULL; true when the list would be asked. */
static bool read_query(struct exchange *x, ...)
{
	struct vf_err err = {0};
	enum vf_status st;
	const char *name;
	va_list args;
	bool went;

	*x = (struct exchange){.req = {.request_id = "0123456789abcdef"}};
	vf_arena_init(&x->arena, 1u << 20);
	x->req.arena = &x->arena;
	va_start(args, x);
	while ((name = va_arg(args, const char *)))
		x->req.query[x->req.n_query++] =
			(struct vf_pair){.name = name, .value = va_arg(args, const char *)};
	va_end(args);
	went = vf_page_read(&x->req, &x->res, &list, &x->ask, &st, &err);
	assert_int_equal(st, VF_OK);
	assert_int_equal(x->res.status, went ? 0 : 400);
	return went;
}

static void refused(const char *name, const char *value)
{
	struct exchange x;
	json_t *body;

	assert_false(read_query(&x, name, value, NULL));
	body = json_loadb(x.res.body, x.res.body_len, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(body, "field")), name);
	json_decref(body);
	vf_arena_release(&x.arena);
}

static void without_a_query_a_list_is_asked_whole(void **state)
{
	struct exchange x;

	(void)state;
	assert_true(read_query(&x, NULL));
	assert_int_equal(x.ask.limit, VF_PAGE_LIMIT_DEFAULT);
	assert_int_equal(x.ask.sort, 0);
	assert_false(x.ask.after);
	for (int i = 0; i < VF_LIST_FILTERS; i++)
		assert_null(x.ask.value[i]);
	vf_arena_release(&x.arena);
}

static void filters_orders_and_limits_are_read(void **state)
{
	struct exchange x;

	(void)state;
	assert_true(read_query(&x, "build", "12", "role", "own", "kind", "dma", "sort", "name",
		"limit", "200", "q", "it's 100%", NULL));
	assert_string_equal(x.ask.value[0], "12");
	assert_null(x.ask.value[1]);
	assert_string_equal(x.ask.value[2], "it's 100%");
	assert_string_equal(x.ask.value[3], "2"); /* the number of the kind */
	assert_string_equal(x.ask.value[4], "own");
	assert_int_equal(x.ask.sort, 1);
	assert_int_equal(x.ask.limit, 200);
	vf_arena_release(&x.arena);
}

static void what_does_not_fit_is_refused_by_name(void **state)
{
	static const char *const bad[][2] = {{"limit", "0"}, {"limit", "201"}, {"limit", "-1"},
		{"limit", ""}, {"limit", "1 "}, {"limit", "0x10"},
		{"limit", "18446744073709551617"}, {"build", "0"}, {"build", "-7"},
		{"build", "9223372036854775808"}, {"build", "1;"}, {"project", "A"},
		{"project", ""}, {"project", "-a"}, {"q", ""}, {"kind", "DMA"}, {"kind", "2"},
		{"role", "own"}, {"sort", "size"}, {"sort", ""}, {"stranger", "1"}, {"Limit", "1"},
		{"cursor", ""}, {"cursor", "*"}, {"cursor", "AAAA"}, {"cursor", "AAAA="},
		{"cursor", "MDAwMDAwMDAwMDAwMDAwMB8x"}};
	char long_text[200];

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++)
		refused(bad[i][0], bad[i][1]);
	memset(long_text, 'x', sizeof long_text);
	long_text[129] = 0;
	refused("q", long_text);
}

static void a_member_that_comes_twice_is_refused(void **state)
{
	struct exchange x;

	(void)state;
	assert_false(read_query(&x, "limit", "1", "limit", "1", NULL));
	vf_arena_release(&x.arena);
	assert_true(read_query(&x, "limit", "1", "build", "1", NULL));
	vf_arena_release(&x.arena);
}

/* Whatever bytes a cursor holds, it is refused or read; nothing else. */
static void random_cursors_do_no_harm(void **state)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint64_t seed = 20261121;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct exchange x;
		char cursor[600];
		size_t n = 0;

		do {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			cursor[n] = digit[seed >> 58];
		} while (++n < (size_t)i % 590 && seed >> 40 & 63);
		cursor[n] = 0;
		(void)read_query(&x, "cursor", cursor, NULL);
		vf_arena_release(&x.arena);
	}
}

static void base64url_goes_there_and_back(void **state)
{
	struct vf_arena arena;
	unsigned char bytes[64];

	(void)state;
	vf_arena_init(&arena, 1u << 20);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i * 37 + 251);
	for (size_t len = 0; len <= sizeof bytes; len++) {
		size_t back;
		char *text = vf_base64url(&arena, bytes, len), *out;

		assert_non_null(text);
		out = vf_unbase64url(&arena, text, &back);
		assert_non_null(out);
		assert_int_equal(back, len);
		assert_memory_equal(out, bytes, len);
	}
	vf_arena_release(&arena);
}

static void times_have_six_digits_and_a_z(void **state)
{
	static const char *const good[][2] = {
		{"2026-11-21 20:48:00+00", "2026-11-21T20:48:00.000000Z"},
		{"2026-11-21 20:48:00.1+00", "2026-11-21T20:48:00.100000Z"},
		{"2026-11-21 20:48:00.123456+00", "2026-11-21T20:48:00.123456Z"},
		{"0001-01-01 00:00:00+00", "0001-01-01T00:00:00.000000Z"}};
	static const char *const bad[] = {"", "infinity", "2026-11-21", "2026-11-21 20:48:00",
		"2026-11-21 20:48:00+01", "2026-11-21 20:48:00.1234567+00",
		"0044-03-15 00:00:00+00 BC", "12026-01-01 00:00:00+00"};
	char out[32];

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(good); i++) {
		assert_true(vf_json_time(good[i][0], out));
		assert_string_equal(out, good[i][1]);
	}
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++)
		assert_false(vf_json_time(bad[i], out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_query_a_list_is_asked_whole),
		cmocka_unit_test(filters_orders_and_limits_are_read),
		cmocka_unit_test(what_does_not_fit_is_refused_by_name),
		cmocka_unit_test(a_member_that_comes_twice_is_refused),
		cmocka_unit_test(random_cursors_do_no_harm),
		cmocka_unit_test(base64url_goes_there_and_back),
		cmocka_unit_test(times_have_six_digits_and_a_z),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
