/* Limits on what comes in: each refused at the first byte above it, and not a byte below. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <zlib.h>

#include "server/ingest/plain.h"
#include "verifleet/wire.h"

static char big[(8u << 20) + 64];

static bool line_ok(const char *data, size_t len, struct vf_refusal *r)
{
	return vf_plain_line_ok((struct vf_text){data, len}, r);
}

static size_t nested(unsigned depth)
{
	memset(big, '[', depth);
	memset(big + depth, ']', depth);
	return 2 * depth;
}

static size_t quoted(size_t len, const char *unit)
{
	size_t n = 1;

	big[0] = '"';
	for (size_t i = 0; i < len; i++, n += strlen(unit))
		memcpy(big + n, unit, strlen(unit));
	big[n++] = '"';
	return n;
}

static void test_limits(void **state)
{
	struct vf_refusal r;

	(void)state;
	assert_true(line_ok(big, nested(VF_WIRE_DEPTH_MAX), &r));
	assert_false(line_ok(big, nested(VF_WIRE_DEPTH_MAX + 1), &r));
	assert_non_null(strstr(r.reason, "deeper than 16"));
	assert_true(line_ok(big, quoted(VF_WIRE_STRING_MAX, "a"), &r));
	assert_false(line_ok(big, quoted(VF_WIRE_STRING_MAX + 1, "a"), &r));
	assert_non_null(strstr(r.reason, "longer than 4096"));
	/* What counts is the string, not how it is written. */
	assert_true(line_ok(big, quoted(VF_WIRE_STRING_MAX, "\\u0041"), &r));
	assert_true(line_ok(big, quoted(VF_WIRE_STRING_MAX, "\\n"), &r));
	assert_true(line_ok(big, quoted(VF_WIRE_STRING_MAX / 4, "\\ud83d\\ude00"), &r));
	assert_false(line_ok(big, quoted(VF_WIRE_STRING_MAX / 4 + 1, "\\ud83d\\ude00"), &r));
	memset(big, ' ', VF_WIRE_LINE_MAX + 1);
	assert_true(line_ok(big, VF_WIRE_LINE_MAX, &r));
	assert_false(line_ok(big, VF_WIRE_LINE_MAX + 1, &r));
	assert_non_null(strstr(r.reason, "262144"));
}

static void test_text(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} table[] = {
		{"{\"a\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[\"}",
			true}, /* brackets in strings are text */
		{"\"\\\\\"", true},
		{"\"\\u0001\"", true},
		{"\"\\ud83d\\ude00\"", true},
		{"\"\\u0000\"", false},
		{"\"\\ud83d\"", false},
		{"\"\\ud83dx\"", false},
		{"\"\\ud83d\\u0041\"", false},
		{"\"\\ude00\"", false},
		{"\"\\u12\"", false},
		{"\"open", false},
		{"\"open\\", false},
		{"\"open\\\"", false},
		{"{", false},
		{"}", false},
		{"", false},
	};
	struct vf_refusal r;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(table); i++)
		if (line_ok(table[i].text, strlen(table[i].text), &r) != table[i].ok)
			fail_msg("%s", table[i].text);
	assert_false(line_ok("a\0b", 3, &r));
}

static size_t gzip(const char *data, size_t len, char *out, size_t cap)
{
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)data;
	z.avail_in = (uInt)len;
	z.next_out = (unsigned char *)out;
	z.avail_out = (uInt)cap;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return cap - z.avail_out;
}

static enum vf_status plain(
	const char *data, size_t len, const char *encoding, size_t max, size_t *out)
{
	struct vf_text text = {0};
	struct vf_arena arena;
	enum vf_status st;

	vf_arena_init(&arena, 64 << 20);
	st = vf_plain_body(&arena, (struct vf_text){data, len}, encoding, max, &text, NULL);
	*out = text.len;
	vf_arena_release(&arena);
	return st;
}

static void test_body(void **state)
{
	static char packed[65536];
	size_t n, out;

	(void)state;
	memset(big, 'x', sizeof big);
	assert_int_equal(plain(big, 100, NULL, 100, &out), VF_OK);
	assert_int_equal(plain(big, 101, NULL, 100, &out), VF_E_LIMIT);
	assert_int_equal(plain(big, 100, "identity", 100, &out), VF_OK);
	assert_int_equal(plain(big, 100, "br", 100, &out), VF_E_INVALID);
	for (size_t len = 1; len <= VF_WIRE_PLAIN_MAX; len *= 2) {
		n = gzip(big, len, packed, sizeof packed);
		assert_int_equal(plain(packed, n, "gzip", VF_WIRE_PLAIN_MAX, &out), VF_OK);
		assert_int_equal(out, len);
	}
	n = gzip(big, VF_WIRE_PLAIN_MAX + 1, packed, sizeof packed);
	assert_int_equal(plain(packed, n, "gzip", VF_WIRE_PLAIN_MAX, &out), VF_E_LIMIT);
	n = gzip(big, 1000, packed, sizeof packed);
	for (size_t cut = 0; cut < n; cut++)
		assert_int_equal(plain(packed, cut, "gzip", VF_WIRE_PLAIN_MAX, &out), VF_E_INVALID);
	packed[n] = 0;
	assert_int_equal(plain(packed, n + 1, "gzip", VF_WIRE_PLAIN_MAX, &out), VF_E_INVALID);
	packed[n / 2] ^= 0x10;
	assert_int_equal(plain(packed, n, "gzip", VF_WIRE_PLAIN_MAX, &out), VF_E_INVALID);
	assert_int_equal(plain(big, 100, "gzip", VF_WIRE_PLAIN_MAX, &out), VF_E_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_body),
	};

	return cmocka_run_group_tests_name("ingest_plain", tests, NULL, NULL);
}
