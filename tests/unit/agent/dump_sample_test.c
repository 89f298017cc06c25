/*
 * The real small dump beside the project, against every value that was measured on it by another
 * reader. Skipped where that folder is missing.
 */
#include "tests/unit/agent/dump_fixture.h"

#include <jansson.h>
#include <stdio.h>

#include "agent/posix/source_file.h"
#include "agent/wire/dump_json.h"

#define SAMPLE "../shared/samples/dumps/rizin_triage_x64"

struct sample {
	struct vf_source_file file;
	struct vf_dump dump;
	json_t *expected, *json;
};

static int open_sample(void **state)
{
	struct sample *s = calloc(1, sizeof *s);

	assert_non_null(s);
	*state = s;
	s->expected = json_load_file(SAMPLE ".expected.json", 0, NULL);
	if (!s->expected)
		return 0;
	assert_int_equal(vf_source_file_open(&s->file, SAMPLE ".dmp", NULL), VF_OK);
	assert_int_equal(vf_dump_parse(&s->dump, &s->file.source, NULL), VF_OK);
	s->json = vf_dump_to_json(&s->dump, VF_DUMP_WORDS);
	assert_non_null(s->json);
	return 0;
}

static int close_sample(void **state)
{
	struct sample *s = *state;

	if (s->expected) {
		vf_dump_release(&s->dump);
		vf_source_file_close(&s->file);
	}
	json_decref(s->expected);
	json_decref(s->json);
	free(s);
	return 0;
}

static struct sample *need(void **state)
{
	struct sample *s = *state;

	if (!s->expected) {
		print_message("there is no %s.expected.json\n", SAMPLE);
		skip();
	}
	return s;
}

/* A hexadecimal text of any width as a number. */
static uint64_t number(const json_t *v)
{
	assert_true(json_is_string(v));
	return strtoull(json_string_value(v), NULL, 16);
}

static const json_t *at(const json_t *v, const char *member)
{
	const json_t *found = json_object_get(v, member);

	if (!found)
		fail_msg("there is no member %s", member);
	return found;
}

static void assert_same(const struct sample *s, const char *ours, const char *theirs)
{
	if (!json_equal(at(s->json, ours), at(s->expected, theirs)))
		fail_msg("%s differs from the expected %s", ours, theirs);
}

static void header(void **state)
{
	struct sample *s = need(state);
	const json_t *bugcheck = at(s->json, "bugcheck"), *params = at(s->expected, "params");

	assert_int_equal(s->file.source.size, json_integer_value(at(s->expected, "size")));
	assert_string_equal(json_string_value(at(s->json, "format")), "triage64");
	assert_same(s, "arch", "machine");
	assert_same(s, "os_build", "build");
	assert_same(s, "build_lab", "build_lab");
	assert_same(s, "cpus", "cpus");
	assert_same(s, "system_time", "time");
	assert_same(s, "uptime_seconds", "uptime_s");
	assert_int_equal(s->dump.type, json_integer_value(at(s->expected, "dump_type")));
	assert_true(json_is_null(at(s->expected, "comment")) && !s->dump.comment[0]);
	assert_int_equal(number(at(bugcheck, "code")), number(at(s->expected, "code")));
	assert_int_equal(number(at(bugcheck, "raw_code")), number(at(s->expected, "code_raw")));
	assert_string_equal(
		json_string_value(at(bugcheck, "name")), "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED");
	assert_true(json_equal(at(bugcheck, "parameters"), params));
	assert_int_equal(number(at(at(s->json, "context"), "pc")), number(at(s->expected, "rip")));
	assert_int_equal(number(at(at(s->json, "context"), "sp")), number(at(s->expected, "rsp")));
	assert_int_equal(json_array_size(at(s->json, "warnings")), 0);
}

static void culprit(void **state)
{
	struct sample *s = need(state);
	const json_t *culprit = at(s->json, "culprit");
	char text[64];

	snprintf(text, sizeof text, "%s+%s", json_string_value(at(culprit, "module")),
		json_string_value(at(culprit, "offset")));
	assert_string_equal(text, json_string_value(at(s->expected, "code_guess")));
}

static void drivers(void **state)
{
	struct sample *s = need(state);
	const json_t *ours = at(s->json, "drivers"), *theirs = at(s->expected, "drivers");

	assert_int_equal(
		json_array_size(ours), json_integer_value(at(s->expected, "drivers_count")));
	assert_int_equal(json_array_size(ours), json_array_size(theirs));
	for (size_t i = 0; i < json_array_size(ours); i++) {
		const json_t *a = json_array_get(ours, i), *b = json_array_get(theirs, i);
		const char *path = json_string_value(json_array_get(b, 0));

		assert_string_equal(json_string_value(at(a, "path")), path);
		assert_string_equal(json_string_value(at(a, "name")), strrchr(path, '\\') + 1);
		assert_true(json_equal(at(a, "base"), json_array_get(b, 1)));
		assert_int_equal(json_integer_value(at(a, "size")), number(json_array_get(b, 2)));
		assert_int_equal(number(at(a, "timestamp")), number(json_array_get(b, 3)));
		assert_int_equal(number(at(a, "checksum")), number(json_array_get(b, 4)));
	}
}

static void unloaded(void **state)
{
	struct sample *s = need(state);
	const json_t *ours = at(s->json, "unloaded"), *theirs = at(s->expected, "unloaded");

	assert_int_equal(
		json_array_size(ours), json_integer_value(at(s->expected, "unloaded_count")));
	for (size_t i = 0; i < json_array_size(ours); i++) {
		const json_t *a = json_array_get(ours, i), *b = json_array_get(theirs, i);

		assert_true(json_equal(at(a, "name"), json_array_get(b, 0)));
		assert_true(json_equal(at(a, "start"), json_array_get(b, 1)));
		assert_true(json_equal(at(a, "end"), json_array_get(b, 2)));
	}
}

static void stack(void **state)
{
	struct sample *s = need(state);
	const json_t *ours = at(s->json, "stack"), *theirs = at(s->expected, "stack");
	const json_t *first = at(theirs, "first");

	assert_int_equal(json_array_size(ours), json_integer_value(at(theirs, "words_in_modules")));
	for (size_t i = 0; i < json_array_size(first); i++) {
		const json_t *a = json_array_get(ours, i), *b = json_array_get(first, i);
		char text[64];

		snprintf(text, sizeof text, "%s+%s", json_string_value(at(a, "module")),
			json_string_value(at(a, "offset")));
		assert_true(json_equal(at(a, "address"), at(b, "sp")));
		assert_string_equal(text, json_string_value(at(b, "at")));
	}
}

static void secondary(void **state)
{
	struct sample *s = need(state);
	const struct vf_dump_blob *last;

	assert_int_equal(
		s->dump.blob_count, json_integer_value(at(at(s->expected, "secondary"), "blobs")));
	last = &s->dump.blobs[s->dump.blob_count - 1];
	assert_int_equal(last->offset + last->size + 4, s->file.source.size);
	assert_string_equal(
		json_string_value(at(json_array_get(at(s->json, "secondary"), 0), "guid")),
		"54c84888-01d1-4c1e-bed6-282c98241303");
}

static uint8_t *whole_file(const struct sample *s, size_t *len)
{
	uint8_t *data;

	*len = (size_t)s->file.source.size;
	data = malloc(*len);
	assert_non_null(data);
	assert_int_equal(s->file.source.read_at(s->file.source.ctx, 0, data, *len), VF_OK);
	return data;
}

static void put64(uint8_t *data, size_t at, uint64_t v)
{
	put32(data, at, (uint32_t)v);
	put32(data, at + 4, (uint32_t)(v >> 32));
}

/*
 * Other crashes of the same machine, made by writing another bug check into header and stack: what
 * the real stack then answers. Nothing behind the small dump is left, as on older systems.
 */
static void other_bug_checks(void **state)
{
	enum { STORPORT = 45, SIZE_OF_DUMP = 0x13a28c, STACK_WORDS = 0xe390 };
	struct sample *s = need(state);
	const struct vf_dump_driver *storport = &s->dump.drivers[STORPORT];
	const uint64_t nt = s->dump.drivers[0].base;
	const struct {
		uint32_t code;
		uint64_t params[4], pc;
		const char *module;
		uint64_t offset;
		enum vf_culprit_rule rule;
	} rows[] = {
		{0xd1, {0x28, 2, 0, storport->base + 0x1234}, nt + 0x40f4e1, "storport.sys", 0x1234,
			VF_CULPRIT_PARAMETER},
		{0x50, {0x28, 0, storport->base + 0x77, 2}, nt + 0x40f4e1, "storport.sys", 0x77,
			VF_CULPRIT_PARAMETER},
		/* A parameter that is an address, but not known to be one of code: data. */
		{0x9f, {3, storport->base + 0x1234, 0, 0}, s->dump.pc, "amdppm.sys", 0x334c,
			VF_CULPRIT_CONTEXT},
		/* The first word from the stack pointer on that is a driver's, past the kernel's. */
		{0x133, {1, 0x1e00, 0, 0}, nt + 0x40f4e1, "amdppm.sys", 0, VF_CULPRIT_STACK},
	};
	size_t len;
	uint8_t *data = whole_file(s, &len);

	assert_string_equal(storport->name, "storport.sys");
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++) {
		struct vf_dump d;

		put32(data, 0x38, rows[i].code);
		put64(data, STACK_WORDS + 8, rows[i].code);
		for (size_t k = 0; k < 4; k++) {
			put64(data, 0x40 + 8 * k, rows[i].params[k]);
			put64(data, STACK_WORDS + 16 + 8 * k, rows[i].params[k]);
		}
		put64(data, 0x348 + 0xf8, rows[i].pc);
		assert_int_equal(parse_bytes(&d, data, SIZE_OF_DUMP), VF_OK);
		assert_no_warnings(&d);
		assert_int_equal(d.blob_count, 0);
		assert_int_equal(d.code, rows[i].code);
		assert_string_equal(d.culprit.module, rows[i].module);
		assert_int_equal(d.culprit.rule, rows[i].rule);
		if (rows[i].offset)
			assert_int_equal(d.culprit.offset, rows[i].offset);
		vf_dump_release(&d);
	}
	free(data);
}

/* The same dump cut anywhere: what is left is read, and the header always. */
static void cut_anywhere(void **state)
{
	struct sample *s = need(state);
	size_t len, step = 997;
	uint8_t *data = whole_file(s, &len);
	struct vf_dump d;

	for (size_t cut = 0x2000; cut < len; cut += cut < 0x20000 ? 61 : step) {
		uint8_t *exact = malloc(cut); /* so that a read behind the end is seen by ASan */

		assert_non_null(exact);
		memcpy(exact, data, cut);
		assert_int_equal(parse_bytes(&d, exact, cut), VF_OK);
		assert_int_equal(d.code, 0x7e);
		assert_int_equal(d.pc, s->dump.pc);
		/* 0x13a28c: the end of the small dump, behind it lies secondary data. */
		assert_true(cut >= 0x13a28c || d.warning_count > 0);
		assert_int_equal(d.driver_count, cut >= 0x15d18  ? s->dump.driver_count
						 : cut > 0x10828 ? (cut - 0x10828) / 0x90
								 : 0);
		vf_dump_release(&d);
		free(exact);
	}
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header),
		cmocka_unit_test(culprit),
		cmocka_unit_test(drivers),
		cmocka_unit_test(unloaded),
		cmocka_unit_test(stack),
		cmocka_unit_test(secondary),
		cmocka_unit_test(other_bug_checks),
		cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, open_sample, close_sample);
}
