/* The reader of driver images: what it takes, and that nothing else is believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/core/bytes.h"
#include "agent/core/pe.h"

enum { LEN = 1024, AT = 0x80, OPT = AT + 24 };

static void make_image(uint8_t d[LEN])
{
	memset(d, 0, LEN);
	memcpy(d, "MZ", 2);
	vf_put_le32(d + 0x3c, AT);
	memcpy(d + AT, "PE", 2);
	vf_put_le32(d + AT + 4, 0x00058664); /* x64, five sections */
	vf_put_le32(d + AT + 8, 0x65f1a2b3);
	vf_put_le32(d + AT + 20, 0x002200f0);
	vf_put_le32(d + OPT, 0x20b);
	vf_put_le32(d + OPT + 56, 0x7000);
	vf_put_le32(d + OPT + 60, 0x400);
	vf_put_le32(d + OPT + 64, 0xabcd);
}

static void reads_the_identity(void **state)
{
	uint8_t d[LEN];
	struct vf_pe pe;

	(void)state;
	make_image(d);
	assert_int_equal(vf_pe_read(&pe, d, LEN, 30000, NULL), VF_OK);
	assert_int_equal(pe.machine, 0x8664);
	assert_int_equal(pe.timestamp, 0x65f1a2b3);
	assert_int_equal(pe.size_of_image, 0x7000);
	assert_int_equal(pe.checksum, 0xabcd);
}

static void refuses_what_is_none(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		const char *says;
	} cases[] = {
		{0, 0x00004d5a, "MZ"},
		{0x3c, 0, "where it should be"},
		{0x3c, 0xfffffff0, "where it should be"},
		{0x3c, LEN - 30, "where it should be"},
		{AT, 0x4550 | 1u << 16, "signature"},
		{AT + 4, 0x0005014e, "processor"},
		{AT + 4, 0x00008664, "contradict"},
		{AT + 20, 0x00220010, "optional header"},
		{OPT, 0x107, "optional header"},
		{OPT + 56, 0, "contradict"},
		{OPT + 60, 0x7001, "contradict"},
		{OPT + 60, 0x100, "contradict"},
	};
	struct vf_err err;
	uint8_t d[LEN];
	struct vf_pe pe;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(cases); i++) {
		make_image(d);
		vf_put_le32(d + cases[i].at, cases[i].value);
		assert_int_equal(vf_pe_read(&pe, d, LEN, 30000, &err), VF_E_INVALID);
		if (!strstr(err.text, cases[i].says))
			fail_msg("case %zu says: %s", i, err.text);
	}
	make_image(d);
	assert_int_equal(vf_pe_read(&pe, d, LEN, 0x3ff, NULL), VF_E_INVALID); /* cut off */
}

static void never_reads_behind_the_end(void **state)
{
	struct vf_pe pe;
	uint8_t d[LEN];

	(void)state;
	make_image(d);
	/* Each length in a block of its own, so that a sanitizer sees one byte too much. */
	for (size_t len = 0; len <= LEN; len++) {
		uint8_t *part = malloc(len ? len : 1);

		assert_non_null(part);
		memcpy(part, d, len);
		assert_int_equal(vf_pe_read(&pe, part, len, 30000, NULL) == VF_OK, len >= OPT + 68);
		free(part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_identity),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(never_reads_behind_the_end),
	};

	return cmocka_run_group_tests_name("pe", tests, NULL, NULL);
}
