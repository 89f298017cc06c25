/* Every shape that the writer makes is read back as what it was written from. */
#include "tests/unit/agent/dump_fixture.h"

static void triage_x64_whole(void **state)
{
	static const char report[] = "report of a driver";
	const struct vf_sim_blob blobs[] = {
		{{0x88, 0x48, 0xc8, 0x54, 0xd1, 0x01, 0x1e, 0x4c, 0xbe, 0xd6, 1, 2, 3, 4, 5, 6},
			report, sizeof report},
		{{0}, NULL, 0},
	};
	const uint64_t stack[] = {
		0x1234, NETX + 0x2000, NT + 0x100, GONE + 0x40, HAL + 0x5fff, HAL + 0x6000};
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;

	(void)state;
	spec.stack = stack;
	spec.stack_count = VF_ARRAY_LEN(stack);
	spec.blobs = blobs;
	spec.blob_count = 2;
	parse_spec(&d, &spec);
	assert_no_warnings(&d);
	assert_int_equal(d.kind, VF_DUMP_TRIAGE);
	assert_int_equal(d.bits, 64);
	assert_int_equal(d.arch, VF_ARCH_X64);
	assert_int_equal(d.raw_code, 0x1000007e);
	assert_int_equal(d.code, 0x7e);
	assert_int_equal(d.params[3], STACK + 0x720);
	assert_int_equal(d.os_build, 19041);
	assert_string_equal(d.build_lab, "19041.1.amd64fre.vb_release.191206-1406");
	assert_string_equal(d.comment, "synthetic dump");
	assert_int_equal(d.cpus, 16);
	assert_int_equal(d.system_time_us, INT64_C(1613871502987765));
	assert_int_equal(d.uptime_100ns, 37470697);
	assert_int_equal(d.pc, NETX + 0x334c);
	assert_int_equal(d.sp, STACK + 8);

	assert_int_equal(d.driver_count, DRIVERS);
	assert_string_equal(d.drivers[2].name, "NetX.sys");
	assert_string_equal(d.drivers[2].path, fixture_drivers[2].path);
	assert_int_equal(d.drivers[2].base, NETX);
	assert_int_equal(d.drivers[2].size, 0x20000);
	assert_int_equal(d.drivers[2].timestamp, 0x65a1b2c3);
	assert_int_equal(d.drivers[2].checksum, 0x2f00d);

	assert_int_equal(d.unloaded_count, 2);
	assert_string_equal(d.unloaded[1].name, "dump_storpor");
	assert_int_equal(d.unloaded[1].end, GONE + 0x18000);

	/* KeBugCheckEx's return address, parameter 2, then the words above; not the one behind hal. */
	assert_int_equal(d.word_count, 6);
	assert_int_equal(d.words[0].address, STACK);
	assert_int_equal(d.words[3].address, STACK + 8 * 8);
	assert_int_equal(d.words[3].value, NT + 0x100);
	assert_string_equal(d.words[3].place.module, "ntoskrnl.exe");
	assert_int_equal(d.words[3].place.offset, 0x100);
	assert_null(d.words[4].place.driver);
	assert_string_equal(d.words[4].place.module, "oldnic.sys");
	assert_int_equal(d.words[5].place.offset, 0x5fff);

	assert_int_equal(d.blob_count, 2);
	assert_int_equal(d.blobs[0].size, sizeof report);
	assert_memory_equal(d.blobs[0].guid, blobs[0].guid, 16);
	assert_int_equal(d.blobs[1].size, 0);
	vf_dump_release(&d);
}

static void triage_arm64(void **state)
{
	struct vf_sim_dump_spec spec = fixture_spec();
	const uint64_t stack[] = {0, NDIS + 0x5678};
	struct vf_dump d;

	(void)state;
	spec.arch = VF_SIM_ARM64;
	spec.os_build = 22000;
	spec.build_lab = "22000.1.arm64fre.co_release.210604-1628";
	spec.stack = stack;
	spec.stack_count = 2;
	parse_spec(&d, &spec);
	assert_no_warnings(&d);
	assert_int_equal(d.arch, VF_ARCH_ARM64);
	assert_int_equal(d.os_build, 22000);
	assert_string_equal(d.build_lab, spec.build_lab);
	assert_int_equal(d.pc, spec.pc);
	assert_int_equal(d.sp, spec.sp);
	assert_int_equal(d.word_count, 1);
	assert_int_equal(d.words[0].address, STACK + 8);
	vf_dump_release(&d);
}

/* Return addresses may be signed: the upper bits but bit 55 are not part of the address. */
static void signed_return_addresses_of_arm64(void **state)
{
	const uint64_t low = (NDIS + 0x5678) & UINT64_C(0x0000ffffffffffff);
	const uint64_t user = low | UINT64_C(0x3a21) << 48, kernel = user | UINT64_C(1) << 55;
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;

	(void)state;
	spec.stack = &user;
	spec.stack_count = 1;
	spec.arch = VF_SIM_ARM64;
	parse_spec(&d, &spec);
	assert_int_equal(d.word_count, 0);
	vf_dump_release(&d);

	spec.stack = &kernel;
	parse_spec(&d, &spec);
	assert_int_equal(d.word_count, 1);
	assert_int_equal(d.words[0].value, kernel);
	assert_int_equal(d.words[0].place.offset, 0x5678);
	vf_dump_release(&d);

	spec.arch = VF_SIM_X64; /* where such a word is only a number */
	parse_spec(&d, &spec);
	for (size_t i = 0; i < d.word_count; i++)
		assert_int_not_equal(d.words[i].value, kernel);
	vf_dump_release(&d);
}

static void triage_x86(void **state)
{
	const struct vf_sim_driver drivers[] = {
		{"ntkrnlpa.exe", 0x82a3c000, 0x412000, 0x4ce78a09, 0x3b1c9d},
		{"halmacpi.dll", 0x82a05000, 0x37000, 0x4ce788d2, 0x37c27},
		{"netx.sys", 0x8b000000, 0x9000, 0x4d000000, 0x1234},
	};
	const struct vf_sim_unloaded gone[] = {{"olddrv.sys", 0x8c000000, 0x8c001000}};
	const uint64_t stack[] = {0x82a05500, 0x8b001234, 0x7fffffff};
	struct vf_sim_dump_spec spec = {
		.arch = VF_SIM_X86,
		.code = 0x8e,
		.params = {0xc0000005, 0x82a40000, 0x8b5f0100, 0},
		.os_build = 7601,
		.build_lab = "7601.17514.x86fre.win7sp1_rtm.101119-1850",
		.pc = 0x82a40000,
		.drivers = drivers,
		.driver_count = 3,
		.unloaded = gone,
		.unloaded_count = 1,
		.stack = stack,
		.stack_count = 3,
	};
	struct vf_dump d;

	(void)state;
	parse_spec(&d, &spec);
	assert_no_warnings(&d);
	assert_int_equal(d.bits, 32);
	assert_int_equal(d.kind, VF_DUMP_TRIAGE);
	assert_int_equal(d.arch, VF_ARCH_X86);
	assert_int_equal(d.params[2], 0x8b5f0100);
	assert_int_equal(d.sp, 0x8b5f0000);
	assert_string_equal(d.build_lab, spec.build_lab);
	assert_int_equal(d.driver_count, 3);
	assert_int_equal(d.drivers[2].timestamp, 0x4d000000);
	assert_string_equal(d.unloaded[0].name, "olddrv.sys");
	assert_int_equal(d.unloaded[0].start, 0x8c000000);
	assert_int_equal(d.word_count, 2);
	assert_int_equal(d.words[1].address, 0x8b5f0004);
	assert_string_equal(d.culprit.module, "netx.sys");
	assert_int_equal(d.culprit.offset, 0x1234);
	vf_dump_release(&d);
}

static void header_only_shapes(void **state)
{
	static const struct {
		enum vf_sim_dump_shape shape;
		enum vf_sim_dump_arch arch;
		enum vf_dump_kind kind;
		uint32_t type;
	} rows[] = {
		{VF_SIM_FULL, VF_SIM_X64, VF_DUMP_FULL, 1},
		{VF_SIM_FULL, VF_SIM_X86, VF_DUMP_FULL, 1},
		{VF_SIM_KERNEL, VF_SIM_X64, VF_DUMP_KERNEL, 2},
		{VF_SIM_KERNEL, VF_SIM_X86, VF_DUMP_KERNEL, 2},
		{VF_SIM_HEADER, VF_SIM_ARM64, VF_DUMP_HEADER, 3},
		{VF_SIM_BITMAP_FULL, VF_SIM_X64, VF_DUMP_BITMAP_FULL, 5},
		{VF_SIM_BITMAP_KERNEL, VF_SIM_ARM64, VF_DUMP_BITMAP_KERNEL, 6},
		{VF_SIM_BITMAP_KERNEL, VF_SIM_X86, VF_DUMP_BITMAP_KERNEL, 6},
		{VF_SIM_AUTOMATIC, VF_SIM_X64, VF_DUMP_AUTOMATIC, 7},
		{VF_SIM_LIVE_KERNEL, VF_SIM_X64, VF_DUMP_KERNEL, 8},
		{VF_SIM_LIVE_ACTIVE, VF_SIM_X64, VF_DUMP_FULL, 9},
		{VF_SIM_LIVE_FULL, VF_SIM_X64, VF_DUMP_FULL, 10},
	};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++) {
		struct vf_sim_dump_spec spec = {.shape = rows[i].shape,
			.arch = rows[i].arch,
			.code = 0x133,
			.params = {1, 0x1e00, 0x83a40000, 0},
			.os_build = 26100,
			.cpus = 2,
			.pc = 0x82a40000,
			.sp = 0x8b5f0000};
		struct vf_dump d;

		parse_spec(&d, &spec);
		assert_no_warnings(&d);
		assert_int_equal(d.kind, rows[i].kind);
		assert_int_equal(d.type, rows[i].type);
		assert_int_equal(d.bits, rows[i].arch == VF_SIM_X86 ? 32 : 64);
		assert_int_equal(d.code, 0x133);
		assert_int_equal(d.params[1], 0x1e00);
		assert_int_equal(d.params[2], 0x83a40000);
		assert_int_equal(d.os_build, 26100);
		assert_true(d.has_time);
		assert_int_equal(d.uptime_100ns, UINT64_C(36000000000));
		assert_int_equal(d.pc, 0x82a40000);
		assert_int_equal(d.culprit.rule, VF_CULPRIT_NONE);
		vf_dump_release(&d);
	}
}

/* Windows 7: bare names, a shorter debugger block, neither data blocks nor secondary data. */
static void triage_of_an_old_system(void **state)
{
	struct vf_sim_driver drivers[DRIVERS];
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;

	(void)state;
	memcpy(drivers, fixture_drivers, sizeof drivers);
	drivers[0].path = "ntoskrnl.exe";
	drivers[2].path = "netx.sys";
	spec.drivers = drivers;
	spec.os_build = 7601;
	spec.without = VF_SIM_NO_BLOCKS;
	parse_spec(&d, &spec);
	assert_no_warnings(&d);
	assert_int_equal(d.os_build, 7601);
	assert_string_equal(d.build_lab, "");
	assert_string_equal(d.drivers[0].name, "ntoskrnl.exe");
	assert_string_equal(d.culprit.module, "netx.sys");
	vf_dump_release(&d);
}

static void lab_is_found_without_the_debugger_block(void **state)
{
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;

	(void)state;
	spec.without = VF_SIM_NO_DEBUGGER_DATA;
	parse_spec(&d, &spec);
	assert_string_equal(d.build_lab, spec.build_lab);
	vf_dump_release(&d);
	spec.build_lab = "19041.1 this is not the text of a lab";
	parse_spec(&d, &spec);
	assert_string_equal(d.build_lab, "");
	vf_dump_release(&d);
}

static void fields_that_were_never_written(void **state)
{
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;
	uint8_t *data;
	size_t len;

	(void)state;
	spec.without = VF_SIM_NO_CONTEXT;
	spec.pc = 0;
	data = build(&spec, &len);
	memcpy(data + 0x0c, "PAGE", 4);       /* build */
	memcpy(data + 0x34, "PAGE", 4);       /* processors */
	memcpy(data + 0xfa8, "PAGEPAGE", 8);  /* time */
	memcpy(data + 0x1030, "PAGEPAGE", 8); /* uptime */
	memcpy(data + 0xfb0, "PAGEPAGE", 8);  /* comment */
	assert_int_equal(parse_bytes(&d, data, len), VF_OK);
	assert_false(d.has_build);
	assert_false(d.has_cpus);
	assert_false(d.has_time);
	assert_false(d.has_uptime);
	assert_false(d.has_context);
	assert_string_equal(d.comment, "");
	assert_int_equal(d.driver_count, DRIVERS);
	vf_dump_release(&d);

	/* The triage header may name another place for the context. */
	data = realloc(data, len + 0x4d0);
	assert_non_null(data);
	memset(data + len, 0, 0x4d0);
	put32(data, 0x200c, (uint32_t)len);
	put32(data, len + 0x30, 0x10001f);
	put32(data, len + 0xf8, 0x1234);
	assert_int_equal(parse_bytes(&d, data, len + 0x4d0), VF_OK);
	assert_true(d.has_context);
	assert_int_equal(d.pc, 0x1234);
	vf_dump_release(&d);

	/* Without a type the triage part still proves what the file is. */
	memcpy(data + 0xf98, "PAGE", 4);
	assert_int_equal(parse_bytes(&d, data, len), VF_OK);
	assert_int_equal(d.kind, VF_DUMP_TRIAGE);
	vf_dump_release(&d);
	put32(data, get32(data, 0x2008), 0);
	assert_int_equal(parse_bytes(&d, data, len), VF_OK);
	assert_int_equal(d.kind, VF_DUMP_UNKNOWN);
	assert_int_equal(d.driver_count, 0);
	assert_int_equal(d.code, 0x7e);
	vf_dump_release(&d);
	free(data);
}

static void codes_and_their_mark(void **state)
{
	static const struct {
		uint32_t raw, code;
	} rows[] = {{0x1000007e, 0x7e}, {0x7e, 0x7e}, {0x100000ea, 0xea}, {0xc000021a, 0xc000021a},
		{0xdeaddead, 0xdeaddead}, {0x4000008a, 0x4000008a}, {0x1c4, 0x1c4}};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++) {
		struct vf_sim_dump_spec spec = {.shape = VF_SIM_HEADER, .code = rows[i].raw};
		struct vf_dump d;

		parse_spec(&d, &spec);
		assert_int_equal(d.raw_code, rows[i].raw);
		assert_int_equal(d.code, rows[i].code);
		vf_dump_release(&d);
	}
}

static void other_files_are_refused(void **state)
{
	static const struct {
		const char *start, *says;
	} rows[] = {
		{"", "empty"},
		{"MDMP\x93\xa7", "user-mode minidump"},
		{"PK\3\4....", "zip archive"},
		{"MSCF....", "cabinet"},
		{"MZ\x90....", "not a Windows kernel crash dump"},
		{"PAGE", "not a Windows kernel crash dump"},
		{"PAGEDU65", "not a Windows kernel crash dump"},
		{"PAGEDU64", "cut after 8 bytes"},
	};
	struct vf_dump d;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++) {
		struct vf_source source = vf_source_memory(rows[i].start, strlen(rows[i].start));
		struct vf_err err;

		assert_int_equal(vf_dump_parse(&d, &source, &err), VF_E_INVALID);
		assert_non_null(strstr(err.text, rows[i].says));
	}
}

static void wrong_times_are_left_out(void **state)
{
	struct vf_sim_dump_spec spec = {.shape = VF_SIM_HEADER};
	char text[VF_DUMP_TIME_TEXT];
	struct vf_dump d;
	uint8_t *data;
	size_t len;

	(void)state;
	spec.system_time_us = INT64_C(1709164800000001); /* a leap day */
	parse_spec(&d, &spec);
	assert_true(vf_dump_time(&d, text));
	assert_string_equal(text, "2024-02-29T00:00:00.000001Z");
	vf_dump_release(&d);

	data = build(&spec, &len);
	memset(data + 0xfa8, 0xff, 8);
	memset(data + 0x1030, 0xff, 8);
	assert_int_equal(parse_bytes(&d, data, len), VF_OK);
	assert_false(vf_dump_time(&d, text));
	assert_false(d.has_uptime);
	assert_int_equal(d.warning_count, 2);
	vf_dump_release(&d);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(triage_x64_whole),
		cmocka_unit_test(triage_arm64),
		cmocka_unit_test(signed_return_addresses_of_arm64),
		cmocka_unit_test(triage_x86),
		cmocka_unit_test(header_only_shapes),
		cmocka_unit_test(triage_of_an_old_system),
		cmocka_unit_test(lab_is_found_without_the_debugger_block),
		cmocka_unit_test(fields_that_were_never_written),
		cmocka_unit_test(codes_and_their_mark),
		cmocka_unit_test(other_files_are_refused),
		cmocka_unit_test(wrong_times_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
