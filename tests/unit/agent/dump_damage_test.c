/*
 * Damaged and hostile dumps: cut anywhere, with bits flipped, with counts that lie. A parse ends,
 * stays inside its bytes (each case lives in a block of exactly its size, for AddressSanitizer),
 * gives valid text, and says what it left out.
 */
#include "tests/unit/agent/dump_fixture.h"

#include <jansson.h>
#include <stdio.h>
#include <time.h>

#include "agent/wire/dump_json.h"

enum { HEADER = 0x2000, TRIAGE_DRIVERS = 0x2030, TRIAGE_DRIVER_COUNT = 0x2034 };

static uint8_t *sample(enum vf_sim_dump_arch arch, size_t *len)
{
	static const uint64_t words[] = {NT + 0x1000, NETX + 0x2000, GONE + 0x40};
	static const struct vf_sim_blob blobs[] = {{{1, 2, 3}, "evidence", 8}, {{4}, NULL, 0}};
	struct vf_sim_dump_spec spec = fixture_spec();

	spec.arch = arch;
	spec.stack = words;
	spec.stack_count = VF_ARRAY_LEN(words);
	spec.blobs = blobs;
	spec.blob_count = 2;
	spec.context_at = STACK + 0x720;
	spec.exception_at = STACK + 0xee8;
	return build(&spec, len);
}

/* Parses a copy in a block of its own and makes JSON of what came out. */
static enum vf_status parse_copy(struct vf_dump *d, const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	enum vf_status st;
	json_t *json;

	assert_non_null(copy);
	memcpy(copy, data, len);
	st = parse_bytes(d, copy, len);
	free(copy);
	if (st != VF_OK)
		return st;
	json = vf_dump_to_json(d, VF_DUMP_WORDS); /* NULL for a text that is not UTF-8 */
	assert_non_null(json);
	json_decref(json);
	return st;
}

static void cut_at_every_byte(void **state)
{
	static const enum vf_sim_dump_arch archs[] = {VF_SIM_X64, VF_SIM_ARM64, VF_SIM_X86};

	(void)state;
	for (size_t a = 0; a < VF_ARRAY_LEN(archs); a++) {
		size_t len, header = archs[a] == VF_SIM_X86 ? 0x1000 : HEADER;
		uint8_t *data = sample(archs[a], &len);
		size_t whole = get32(data, header + 4); /* behind it only secondary data follows */

		for (size_t cut = 0; cut < len; cut++) {
			struct vf_dump d;

			if (cut < header && cut % 7 && cut > 0x70)
				continue;
			if (cut < 0x60) {
				assert_int_equal(parse_copy(&d, data, cut), VF_E_INVALID);
				continue;
			}
			assert_int_equal(parse_copy(&d, data, cut), VF_OK);
			assert_int_equal(d.code, 0x7e);
			assert_true(cut >= whole || d.warning_count > 0);
			vf_dump_release(&d);
		}
		free(data);
	}
}

static uint64_t next_random(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static uint64_t seed(void)
{
	const char *given = getenv("VF_SEED");
	uint64_t s = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);

	print_message("VF_SEED=%llu repeats this run\n", (unsigned long long)s);
	return s ? s : 1;
}

static void bits_flipped_anywhere(void **state)
{
	static const uint32_t tempting[] = {
		0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff8, 0x2000, 0x45474150};
	uint64_t s = seed();

	(void)state;
	for (int round = 0; round < 6000; round++) {
		size_t len;
		uint8_t *data = sample((enum vf_sim_dump_arch)(round % 3), &len);
		int changes = 1 + (int)(next_random(&s) % 8);
		struct vf_dump d;
		enum vf_status st;

		/* The first eight bytes say that it is a dump at all; half of the changes go to the
		 * triage header, where the offsets and counts are. */
		for (int i = 0; i < changes; i++) {
			size_t at = round % 3 == 2 ? 0x1000 : HEADER;

			at = i % 2 ? at + next_random(&s) % 0x80 : 8 + next_random(&s) % (len - 12);
			if (i % 3)
				put32(data, at, tempting[next_random(&s) % VF_ARRAY_LEN(tempting)]);
			else
				data[at] ^= (uint8_t)(1u << next_random(&s) % 8);
		}
		st = parse_copy(&d, data, len);
		assert_int_equal(st, VF_OK);
		vf_dump_release(&d);
		free(data);
	}
}

static void counts_that_lie(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		const char *says;
	} rows[] = {
		{TRIAGE_DRIVER_COUNT, 0xffffffff, "drivers are claimed"},
		{TRIAGE_DRIVER_COUNT, DRIVERS + 200, "drivers are claimed"},
		{TRIAGE_DRIVERS, 0x100, "outside"},  /* over the header */
		{TRIAGE_DRIVERS, 0x2000, "outside"}, /* over the triage header */
		{TRIAGE_DRIVERS, 0xfffffff0, "outside"},
		{0x2018, 0x30000000, "outside"}, /* unloaded drivers */
		{0x202c, 0xffffffff, "stack words"},
		{0x2004, 0x7fffffff, "file is cut"},
		{0x2008, 0x10, "end mark"},
		{0x207c, 0xffffffff, NULL}, /* data blocks: those that exist still serve */
		{0xf98, 77, "dump type 77"},
		{0x30, 0x200, "machine type 0x0200"},
		{0x30, 0x14c, "does not go with"},
		{0x34, 0, "number of processors"},
	};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++) {
		size_t len;
		uint8_t *data = sample(VF_SIM_X64, &len);
		struct vf_dump d;

		put32(data, rows[i].at, rows[i].value);
		assert_int_equal(parse_copy(&d, data, len), VF_OK);
		if (rows[i].says && !warned(&d, rows[i].says))
			fail_msg("row %zu: no warning says \"%s\" but \"%s\"", i, rows[i].says,
				d.warnings[0]);
		assert_true(d.driver_count <= VF_DUMP_DRIVERS);
		vf_dump_release(&d);
		free(data);
	}
}

/* More drivers than the limit, all of one name: the limit holds and the rest is said. */
static void as_many_as_the_limits(void **state)
{
	struct vf_sim_driver *drivers = calloc(VF_DUMP_DRIVERS, sizeof *drivers);
	uint64_t *words = calloc(VF_DUMP_WORDS + 10, sizeof *words);
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;
	uint8_t *data;
	size_t len;

	(void)state;
	assert_true(drivers && words);
	for (size_t i = 0; i < VF_DUMP_DRIVERS; i++)
		drivers[i] = (struct vf_sim_driver){"x.sys", NT + i * 0x1000, 0x1000, 0, 0};
	for (size_t i = 0; i < VF_DUMP_WORDS + 10; i++)
		words[i] = NT + i * 8;
	spec.drivers = drivers;
	spec.driver_count = VF_DUMP_DRIVERS;
	spec.stack = words;
	spec.stack_count = VF_DUMP_WORDS + 10;
	data = build(&spec, &len);
	put32(data, TRIAGE_DRIVER_COUNT, VF_DUMP_DRIVERS + 1);
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_int_equal(d.driver_count, VF_DUMP_DRIVERS);
	assert_int_equal(d.word_count, VF_DUMP_WORDS);
	assert_true(warned(&d, "4097 drivers are claimed, 4096 are read"));
	assert_true(warned(&d, "stack words beyond"));
	vf_dump_release(&d);
	free(data);
	free(words);
	free(drivers);
}

static void bad_entries_in_the_driver_list(void **state)
{
	struct vf_sim_driver drivers[] = {
		fixture_drivers[0], {"", 0, 0, 0, 0},   /* a hole */
		{"\\SystemRoot\\", NETX, 0x1000, 0, 0}, /* only folders */
		{"huge.sys", NDIS, 0xffffffff, 0, 0},   /* would claim everything */
		{"wraps.sys", UINT64_C(0xfffffffffffff000), 0x2000, 0, 0},
		{"user.sys", 0x7ff600000000, 0x1000, 0, 0},
		{"", VERIFIER, 0x1000, 0, 0}, /* no name, but a range */
	};
	const uint64_t words[] = {NDIS + 0x10000000, NETX + 0x10, VERIFIER + 0x300};
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;

	(void)state;
	spec.code = 0x133;
	spec.pc = 0;
	memset(spec.params, 0, sizeof spec.params);
	spec.arch = VF_SIM_ARM64;
	spec.drivers = drivers;
	spec.driver_count = VF_ARRAY_LEN(drivers);
	spec.stack = words;
	spec.stack_count = 3;
	spec.sp = STACK;
	parse_spec(&d, &spec);
	assert_int_equal(d.driver_count, VF_ARRAY_LEN(drivers) - 1);
	assert_string_equal(d.drivers[1].name, "SystemRoot\\");
	assert_null(d.drivers[5].name);
	assert_int_equal(d.word_count, 2);
	assert_null(d.words[1].place.module);
	assert_int_equal(d.culprit.rule, VF_CULPRIT_NONE);
	assert_true(warned(&d, "3 drivers have no valid address range"));
	assert_true(warned(&d, "1 drivers have no readable name"));
	assert_true(warned(&d, "1 entries of the list of drivers are empty"));
	vf_dump_release(&d);
}

/* Surrogates without a partner, control characters, marks that turn the text around, no end. */
static void hostile_names(void **state)
{
	struct vf_sim_driver drivers[2];
	struct vf_sim_dump_spec spec = fixture_spec();
	char longest[VF_DUMP_NAME_UNITS + 200];
	struct vf_dump d;
	uint8_t *data;
	size_t len, pool;

	(void)state;
	memcpy(drivers, fixture_drivers, sizeof drivers);
	drivers[1].path = "abcdefg";
	spec.drivers = drivers;
	spec.driver_count = 2;
	data = build(&spec, &len);
	pool = get32(data, get32(data, TRIAGE_DRIVERS) + 0x90) + 4;
	memcpy(data + pool, "\x00\xd8g\0\x00\xdc\x1b\0\x2e\x20\x3d\xd8\x00\xde", 14);
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_string_equal(d.drivers[1].name,
		"\xef\xbf\xbdg\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80");
	vf_dump_release(&d);

	memcpy(data + pool, "\x00\xdc\x00\xdc\0\0", 6); /* two second halves */
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_string_equal(d.drivers[1].name, "\xef\xbf\xbd\xef\xbf\xbd");
	vf_dump_release(&d);

	put32(data, pool - 4, 0xffffffff); /* a name up to the end of the file */
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_non_null(d.drivers[1].name);
	vf_dump_release(&d);
	put32(data, get32(data, TRIAGE_DRIVERS) + 0x90, (uint32_t)len - 3);
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_null(d.drivers[1].name);
	vf_dump_release(&d);
	free(data);

	memset(longest, 'n', sizeof longest);
	longest[sizeof longest - 1] = '\0';
	drivers[1].path = longest;
	data = build(&spec, &len);
	put32(data, get32(data, get32(data, TRIAGE_DRIVERS) + 0x90), VF_DUMP_NAME_UNITS + 100);
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_int_equal(strlen(d.drivers[1].path), VF_DUMP_NAME_UNITS);
	vf_dump_release(&d);
	free(data);
}

/* The kernel keeps 12 characters whatever the length says, and none at all in an empty slot. */
static void names_of_unloaded_drivers(void **state)
{
	struct vf_dump d;
	uint8_t *data;
	size_t len, at;

	(void)state;
	data = sample(VF_SIM_X64, &len);
	at = get32(data, 0x2018) + 8;
	memcpy(data + at, "\xff\xff\xff\xff", 4);
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_string_equal(d.unloaded[0].name, "oldnic.sys");
	vf_dump_release(&d);
	for (size_t i = 0; i < 13; i++) /* and one into the address behind it */
		memcpy(data + at + 0x10 + 2 * i, "n", 2);
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_string_equal(d.unloaded[0].name, "nnnnnnnnnnnn");
	vf_dump_release(&d);
	memset(data + at, 0, 0x38);
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_int_equal(d.unloaded_count, 1);
	assert_string_equal(d.unloaded[0].name, "dump_storpor");
	vf_dump_release(&d);
	free(data);
}

static void secondary_data_that_lies(void **state)
{
	struct vf_dump d;
	uint8_t *data;
	size_t len, at;

	(void)state;
	data = sample(VF_SIM_X64, &len);
	at = get32(data, 0x2004) + 16;
	put32(data, at + 20, 0xffffffff);
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_int_equal(d.blob_count, 0);
	assert_true(warned(&d, "cut or damaged"));
	vf_dump_release(&d);
	put32(data, at, 0); /* a header of no bytes would never end */
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_true(warned(&d, "cut or damaged"));
	vf_dump_release(&d);
	put32(data, at, 16); /* less than the fields of a blob take */
	put32(data, at + 20, 8);
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_int_equal(d.blob_count, 0);
	vf_dump_release(&d);
	memset(data + at, 0, len - at); /* padding, no damage */
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_no_warnings(&d);
	vf_dump_release(&d);
	data[at - 16] = 'X';
	assert_int_equal(parse_copy(&d, data, len), VF_OK);
	assert_true(warned(&d, "not secondary data"));
	vf_dump_release(&d);
	free(data);
}

static enum vf_status failing_read(const void *ctx, uint64_t offset, void *buf, size_t len)
{
	if (offset + len > 0x4000)
		return VF_E_IO;
	memcpy(buf, (const uint8_t *)ctx + offset, len);
	return VF_OK;
}

static enum vf_status no_read(const void *ctx, uint64_t offset, void *buf, size_t len)
{
	(void)ctx;
	(void)offset;
	memset(buf, 0, len);
	return VF_E_IO;
}

/* A disk that fails: in the header the parse fails, behind it the dump is only incomplete. */
static void a_source_that_fails(void **state)
{
	struct vf_source source = {no_read, NULL, 0x100000};
	struct vf_dump d;
	uint8_t *data;
	size_t len;

	(void)state;
	assert_int_equal(vf_dump_parse(&d, &source, NULL), VF_E_IO);
	data = sample(VF_SIM_X64, &len);
	data = realloc(data, 0x10000);
	assert_non_null(data);
	memset(data + len, 0, 0x10000 - len);
	put32(data, TRIAGE_DRIVERS, 0x5000);
	source = (struct vf_source){failing_read, data, 0x10000};
	assert_int_equal(vf_dump_parse(&d, &source, NULL), VF_OK);
	assert_int_equal(d.code, 0x7e);
	assert_true(warned(&d, "from the disk"));
	vf_dump_release(&d);
	free(data);
}

/* Dumps of other types say how much must follow their header. */
static void bodies_that_are_cut(void **state)
{
	static const enum vf_sim_dump_shape shapes[] = {
		VF_SIM_FULL, VF_SIM_BITMAP_FULL, VF_SIM_BITMAP_KERNEL, VF_SIM_LIVE_FULL};
	struct vf_dump d;
	uint8_t *data;
	size_t len;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(shapes); i++) {
		struct vf_sim_dump_spec spec = {.shape = shapes[i], .code = 0xd1};

		data = build(&spec, &len);
		assert_int_equal(parse_copy(&d, data, HEADER), VF_OK);
		assert_int_equal(d.warning_count, 1);
		vf_dump_release(&d);
		if (shapes[i] != VF_SIM_LIVE_FULL) {
			assert_int_equal(parse_copy(&d, data, len - 1), VF_OK);
			assert_true(warned(&d, "the file is cut"));
			vf_dump_release(&d);
		}
		free(data);
	}
}

static void bodies_that_make_no_sense(void **state)
{
	static const struct {
		enum vf_sim_dump_shape shape;
		size_t at;
		uint32_t value;
		const char *says;
	} rows[] = {
		{VF_SIM_FULL, 0x88, 0x45474150, "does not say which memory follows"},
		{VF_SIM_FULL, 0x94, 0xffffffff, "number of memory pages is not valid"},
		{VF_SIM_BITMAP_FULL, HEADER, 0, "page bitmap behind the header is not valid"},
		{VF_SIM_BITMAP_KERNEL, HEADER + 0x28, 0x1000, "the file is cut"},
		{VF_SIM_LIVE_KERNEL, HEADER + 4, 0, "page list behind the header is not valid"},
	};
	struct vf_dump d;
	uint8_t *data;
	size_t len;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++) {
		struct vf_sim_dump_spec spec = {.shape = rows[i].shape, .code = 0xd1};

		data = build(&spec, &len);
		put32(data, rows[i].at, rows[i].value);
		assert_int_equal(parse_copy(&d, data, len), VF_OK);
		assert_int_equal(d.code, 0xd1);
		assert_int_equal(d.warning_count, 1);
		assert_true(warned(&d, rows[i].says));
		vf_dump_release(&d);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_at_every_byte),
		cmocka_unit_test(bits_flipped_anywhere),
		cmocka_unit_test(counts_that_lie),
		cmocka_unit_test(as_many_as_the_limits),
		cmocka_unit_test(bad_entries_in_the_driver_list),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(names_of_unloaded_drivers),
		cmocka_unit_test(secondary_data_that_lies),
		cmocka_unit_test(a_source_that_fails),
		cmocka_unit_test(bodies_that_are_cut),
		cmocka_unit_test(bodies_that_make_no_sense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
