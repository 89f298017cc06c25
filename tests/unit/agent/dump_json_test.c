/* The JSON of a dump: members, their order and the form of every value, byte for byte. */
#include "tests/unit/agent/dump_fixture.h"

#include <jansson.h>

#include "agent/wire/dump_json.h"

static char *json_of(const struct vf_sim_dump_spec *spec, size_t words)
{
	struct vf_dump d;
	json_t *json;
	char *text;

	parse_spec(&d, spec);
	json = vf_dump_to_json(&d, words);
	assert_non_null(json);
	text = json_dumps(json, VF_DUMP_JSON_FLAGS);
	assert_non_null(text);
	json_decref(json);
	vf_dump_release(&d);
	return text;
}

static void whole(void **state)
{
	static const uint64_t words[] = {NT + 0x1000};
	static const struct vf_sim_blob blobs[] = {
		{{0x88, 0x48, 0xc8, 0x54, 0xd1, 0x01, 0x1e, 0x4c, 0xbe, 0xd6, 0x28, 0x2c, 0x98,
			 0x24, 0x13, 0x03},
			"report", 6}};
	struct vf_sim_dump_spec spec = fixture_spec();
	char *text;

	(void)state;
	spec.driver_count = 3;
	spec.unloaded_count = 1;
	spec.stack = words;
	spec.stack_count = 1;
	spec.blobs = blobs;
	spec.blob_count = 1;
	text = json_of(&spec, VF_DUMP_WORDS);
	assert_string_equal(text,
		"{\"format\":\"triage64\",\"arch\":\"x64\",\"os_build\":19041,"
		"\"build_lab\":\"19041.1.amd64fre.vb_release.191206-1406\",\"cpus\":16,"
		"\"system_time\":\"2021-02-21T01:38:22.987765Z\",\"uptime_seconds\":3.7470697,"
		"\"bugcheck\":{\"code\":\"0x0000007e\",\"raw_code\":\"0x1000007e\","
		"\"name\":\"SYSTEM_THREAD_EXCEPTION_NOT_HANDLED\","
		"\"parameters\":[\"0x00000000c0000005\",\"0xfffff8048810334c\","
		"\"0xffff850429890ee8\",\"0xffff850429890720\"]},"
		"\"culprit\":{\"module\":\"NetX.sys\",\"offset\":\"0x334c\","
		"\"reason\":\"parameter 2 is a code address\"},"
		"\"context\":{\"pc\":\"0xfffff8048810334c\",\"sp\":\"0xffff850429890008\"},"
		"\"drivers\":[{\"name\":\"ntoskrnl.exe\","
		"\"path\":\"\\\\SystemRoot\\\\system32\\\\ntoskrnl.exe\","
		"\"base\":\"0xfffff8047ba00000\",\"size\":17063936,\"timestamp\":\"0x0d8333e6\","
		"\"checksum\":\"0x00a5938c\"},{\"name\":\"hal.dll\","
		"\"path\":\"\\\\SystemRoot\\\\system32\\\\hal.dll\","
		"\"base\":\"0xfffff80479440000\",\"size\":24576,\"timestamp\":\"0x1a7be8e9\","
		"\"checksum\":\"0x0000ce9f\"},{\"name\":\"NetX.sys\","
		"\"path\":\"\\\\SystemRoot\\\\System32\\\\drivers\\\\NetX.sys\","
		"\"base\":\"0xfffff80488100000\",\"size\":131072,\"timestamp\":\"0x65a1b2c3\","
		"\"checksum\":\"0x0002f00d\"}],"
		"\"unloaded\":[{\"name\":\"oldnic.sys\",\"start\":\"0xfffff80489000000\","
		"\"end\":\"0xfffff80489008000\"}],"
		"\"stack\":[{\"address\":\"0xffff850429890000\",\"value\":\"0xfffff8047be0f4e1\","
		"\"module\":\"ntoskrnl.exe\",\"offset\":\"0x40f4e1\"},"
		"{\"address\":\"0xffff850429890018\",\"value\":\"0xfffff8048810334c\","
		"\"module\":\"NetX.sys\",\"offset\":\"0x334c\"},"
		"{\"address\":\"0xffff850429890030\",\"value\":\"0xfffff8047ba01000\","
		"\"module\":\"ntoskrnl.exe\",\"offset\":\"0x1000\"}],"
		"\"secondary\":[{\"guid\":\"54c84888-01d1-4c1e-bed6-282c98241303\",\"size\":6}],"
		"\"warnings\":[]}");
	free(text);
}

static void absent_is_null(void **state)
{
	struct vf_sim_dump_spec spec = {.arch = VF_SIM_X86,
		.shape = VF_SIM_BITMAP_KERNEL,
		.code = 0x12345,
		.params = {1, 2, 0x80000000, 4},
		.without = VF_SIM_NO_CONTEXT};
	char *text = json_of(&spec, VF_DUMP_WORDS);

	(void)state;
	assert_string_equal(text,
		"{\"format\":\"bitmap_kernel32\",\"arch\":\"x86\",\"os_build\":7601,"
		"\"build_lab\":null,\"cpus\":4,\"system_time\":\"2026-01-01T00:00:00.000000Z\","
		"\"uptime_seconds\":3600.0,\"bugcheck\":{\"code\":\"0x00012345\","
		"\"raw_code\":\"0x00012345\",\"name\":null,"
		"\"parameters\":[\"0x0000000000000001\",\"0x0000000000000002\","
		"\"0x0000000080000000\",\"0x0000000000000004\"]},\"culprit\":null,\"context\":null,"
		"\"drivers\":[],\"unloaded\":[],\"stack\":[],\"secondary\":[],"
		"\"warnings\":[\"the dump holds no CPU context\"]}");
	free(text);
}

static void stack_is_cut_on_request(void **state)
{
	static const uint64_t words[] = {NT + 0x1000, NT + 0x1008, NT + 0x1010};
	struct vf_sim_dump_spec spec = fixture_spec();
	char *text;

	(void)state;
	spec.stack = words;
	spec.stack_count = 3;
	text = json_of(&spec, 2);
	assert_non_null(strstr(text, "\"warnings\":[\"2 of 5 stack words are included\"]"));
	assert_null(strstr(text, "\"offset\":\"0x1000\""));
	free(text);
}

static void digits_of_the_uptime(void **state)
{
	static const struct {
		uint64_t ticks;
		const char *text;
	} rows[] = {{1, "\"uptime_seconds\":1e-7,"},
		{2592000 * UINT64_C(10000000) + 1234567, "\"uptime_seconds\":2592000.1234567,"},
		{94608000 * UINT64_C(10000000) + 1, "\"uptime_seconds\":94608000.0000001,"}};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++) {
		struct vf_sim_dump_spec spec = {
			.shape = VF_SIM_HEADER, .uptime_100ns = rows[i].ticks};
		char *text = json_of(&spec, 0);

		if (!strstr(text, rows[i].text))
			fail_msg("%s is not in %s", rows[i].text, text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(absent_is_null),
		cmocka_unit_test(stack_is_cut_on_request),
		cmocka_unit_test(digits_of_the_uptime),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
