/* Who is named as the culprit, rule by rule. */
#include "tests/unit/agent/dump_fixture.h"

static const uint64_t noise[] = {0x20, NT + 0x1000, HAL + 0x1000, 0};

struct expected {
	uint32_t code;
	uint64_t params[4], pc;
	uint64_t stack[4];
	const char *module; /* NULL: nobody */
	uint64_t offset;
	const char *reason;
};

static const struct expected rows[] = {
	/* A parameter that is a code address. */
	{0xd1, {0x10, 2, 0, NETX + 0x1111}, NT + 1, {NDIS + 0x5000}, "NetX.sys", 0x1111,
		"parameter 4 is a code address"},
	{0x1000000a, {0x10, 2, 0, NETX + 0x1111}, NT + 1, {0}, "NetX.sys", 0x1111,
		"parameter 4 is a code address"},
	{0x50, {0x10, 2, NETX + 0x1f, 0}, NT + 1, {0}, "NetX.sys", 0x1f,
		"parameter 3 is a code address"},
	{0xd5, {0x10, 2, NETX + 0x2222, 0}, 0, {0}, "NetX.sys", 0x2222,
		"parameter 3 is a code address"},
	{0x1e, {0xc0000005, NETX + 0x3333, 0, 0}, NT + 1, {0}, "NetX.sys", 0x3333,
		"parameter 2 is a code address"},
	{0xc9, {0x20e, NETX + 0x4444, POOL, 0}, NT + 1, {0}, "NetX.sys", 0x4444,
		"parameter 2 is a code address"},
	{0xc4, {0xf6, 0x44, POOL, NETX + 0x5555}, NT + 1, {0}, "NetX.sys", 0x5555,
		"parameter 4 is a code address"},
	{0xc4, {0xdd, NETX + 0x6666, POOL, 0}, NT + 1, {0}, "NetX.sys", 0x6666,
		"parameter 2 is a code address"},
	/* A code address in a driver that has gone. */
	{0xd1, {GONE + 0x40, 2, 8, GONE + 0x40}, NT + 1, {NDIS + 0x5000}, "oldnic.sys", 0x40,
		"parameter 4 is a code address"},
	/* In the kernel or the HAL it says nothing about drivers: the next rules are asked. */
	{0x0a, {0x10, 2, 0, NT + 0x9999}, NT + 1, {NT + 0x8000, NETX + 0x7777}, "NetX.sys", 0x7777,
		"first stack word outside nt and hal"},
	{0x0a, {0x10, 2, 0, HAL + 0x999}, NETX + 0x700, {0}, "NetX.sys", 0x700, "context pc"},
	{0x0a, {0x10, 2, 0, NT + 0x9999}, NT + 1, {0}, "ntoskrnl.exe", 0x9999,
		"parameter 4 is a code address in the kernel"},
	/* The program counter, then the stack. */
	{0x133, {1, 0x1e00, 0, 0}, NETX + 0x8888, {NDIS + 0x5000}, "NetX.sys", 0x8888,
		"context pc"},
	{0x133, {1, 0x1e00, 0, 0}, NT + 1, {HAL + 0x800, NDIS + 0x5000, NETX + 0x5000}, "ndis.sys",
		0x5000, "first stack word outside nt and hal"},
	{0x133, {1, 0x1e00, 0, 0}, 0, {0, GONE + 0x1234, NETX + 0x5000}, "NetX.sys", 0x5000,
		"first stack word outside nt and hal"},
	{0x133, {1, 0x1e00, 0, 0}, 0, {0, GONE + 0x1234, NT + 0x5000}, "oldnic.sys", 0x1234,
		"first stack word in an unloaded driver"},
	/* The base of an image is its header, no code. */
	{0x133, {0}, NT + 1, {NETX, NETX + 0x1000}, "NetX.sys", 0x1000,
		"first stack word outside nt and hal"},
	/* A rule of Driver Verifier: parameter 2 is text in its own image, also where it was saved. */
	{0xc4, {0x20004, VERIFIER + 0x3000, 0, 0}, NT + 1,
		{VERIFIER + 0x2000, VERIFIER + 0x3000, NETX + 0x900}, "NetX.sys", 0x900,
		"first stack word outside nt and hal"},
	{0xc4, {0x91001, NETX + 0x3000, NETX + 0x3100, 0}, NT + 1, {NETX + 0x3000, NDIS + 0x900},
		"ndis.sys", 0x900, "first stack word outside nt and hal"},
	{0x1c4, {0x20004, VERIFIER + 0x3000, 0, 0}, VERIFIER + 0x10, {VERIFIER + 0x2000}, NULL, 0,
		""},
	/* What the unloaded list answers. */
	{0xce, {GONE + 0x10040, 0, NT + 0x40, 0}, NT + 1, {NDIS + 0x5000}, "dump_storpor", 0x40,
		"parameter 1 lies in an unloaded driver"},
	/* Nobody: nothing is guessed. */
	{0xef, {POOL, 0, 0, 0}, NT + 1, {NT + 0x4000, HAL + 0x700}, NULL, 0, ""},
	{0x9f, {3, POOL, STACK, POOL}, NT + 1, {0}, NULL, 0, ""},
	/* An image begins with its headers: a word that points there is no return address. */
	{0x133, {0}, 0, {NDIS + 0x40, NDIS + 0x1ff, NETX + 0x900}, "NetX.sys", 0x900,
		"first stack word outside nt and hal"},
	/* The copies of the parameters that KeBugCheckEx leaves on the stack are data. */
	{0x9f, {3, NETX + 0x3000, 0, 0}, NT + 1, {NT + 0x4000}, NULL, 0, ""},
	{0x1000009f, {3, NETX + 0x3000, 0, 0}, NT + 1, {NT + 0x4000}, NULL, 0, ""},
	{0xc000021a, {0}, 0, {0}, NULL, 0, ""},
};

static void assert_culprit(const struct vf_dump *d, const struct expected *e, const char *what)
{
	const struct vf_dump_culprit *c = &d->culprit;
	char reason[96];

	vf_dump_reason(c, reason, sizeof reason);
	if (!e->module) {
		if (c->rule != VF_CULPRIT_NONE)
			fail_msg("%s 0x%x names %s (%s)", what, e->code, c->module, reason);
		return;
	}
	if (c->rule == VF_CULPRIT_NONE)
		fail_msg("%s 0x%x names nobody", what, e->code);
	if (strcmp(c->module, e->module) || c->offset != e->offset || strcmp(reason, e->reason))
		fail_msg("%s 0x%x names %s+0x%llx (%s)", what, e->code, c->module,
			(unsigned long long)c->offset, reason);
}

static void rules_in_order(void **state)
{
	static const enum vf_sim_dump_arch archs[] = {VF_SIM_X64, VF_SIM_ARM64};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++)
		for (size_t a = 0; a < VF_ARRAY_LEN(archs); a++) {
			struct vf_sim_dump_spec spec = fixture_spec();
			struct vf_dump d;

			spec.arch = archs[a];
			spec.code = rows[i].code;
			memcpy(spec.params, rows[i].params, sizeof spec.params);
			spec.pc = rows[i].pc;
			spec.sp = STACK;
			spec.stack = rows[i].stack;
			spec.stack_count = 4;
			parse_spec(&d, &spec);
			assert_culprit(&d, &rows[i], a ? "arm64" : "x64");
			vf_dump_release(&d);
		}
}

/* The scan starts at the stack pointer: what lies below it belongs to frames that are over. */
static void stack_pointer_inside_or_outside(void **state)
{
	const uint64_t stack[] = {NDIS + 0x5000, 0, NETX + 0x5000, NDIS + 0x6000};
	const struct expected inside = {
		0x133, {0}, 0, {0}, "NetX.sys", 0x5000, "first stack word outside nt and hal"};
	const struct expected outside = {
		0x133, {0}, 0, {0}, "ndis.sys", 0x5000, "first stack word outside nt and hal"};
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;

	(void)state;
	spec.code = 0x133;
	memset(spec.params, 0, sizeof spec.params);
	spec.pc = NT + 1;
	spec.arch = VF_SIM_ARM64;
	spec.stack = stack;
	spec.stack_count = 4;
	spec.sp = STACK + 8;
	parse_spec(&d, &spec);
	assert_culprit(&d, &inside, "inside");
	vf_dump_release(&d);
	spec.sp = STACK - 0x1000;
	parse_spec(&d, &spec);
	assert_culprit(&d, &outside, "below");
	vf_dump_release(&d);
	spec.sp = STACK + 32;
	parse_spec(&d, &spec);
	assert_culprit(&d, &outside, "above");
	vf_dump_release(&d);
}

/* The context that a 0x3b points at is the fault's; the header's may be KeBugCheckEx's own. */
static void context_of_the_fault(void **state)
{
	const struct expected e = {
		0x3b, {0}, 0, {0}, "NetX.sys", 0x4321, "context pc at parameter 3"};
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;

	(void)state;
	spec.code = 0x3b;
	spec.params[1] = NT + 0x777;
	spec.params[2] = POOL;
	spec.params[3] = 0;
	spec.context_at = POOL;
	spec.pc = NETX + 0x4321;
	spec.header_pc = NT + 0x40f4e1;
	parse_spec(&d, &spec);
	assert_culprit(&d, &e, "context");
	assert_int_equal(d.pc, NT + 0x40f4e1);
	vf_dump_release(&d);

	spec.without = VF_SIM_NO_CONTEXT;
	parse_spec(&d, &spec);
	assert_true(d.has_context);
	assert_int_equal(d.pc, NETX + 0x4321);
	vf_dump_release(&d);
}

/* The context may lie on the dumped stack itself, in the data page, or across two blocks. */
static void places_that_memory_comes_from(void **state)
{
	enum { FLAGS = 0x30 / 8, PC = 0xf8 / 8, HALF = 0x90 };
	uint64_t context[0xa0] = {[FLAGS] = 0x10001f, [PC] = NETX + 0x4321};
	const struct vf_sim_block halves[] = {
		{POOL + HALF, (const uint8_t *)context + HALF, 0x100}, {POOL, context, HALF}};
	const struct vf_sim_block page = {POOL + 0x10000, context, sizeof context};
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;
	uint8_t *data;
	size_t len, block;

	(void)state;
	spec.code = 0x3b;
	spec.pc = NT + 1;
	spec.build_lab = NULL;
	spec.params[1] = NT + 0x777;
	spec.params[2] = STACK + 6 * 8;
	spec.params[3] = 0;
	spec.stack = context;
	spec.stack_count = VF_ARRAY_LEN(context);
	parse_spec(&d, &spec);
	assert_int_equal(d.culprit.rule, VF_CULPRIT_CONTEXT);
	assert_int_equal(d.culprit.parameter, 3);
	assert_int_equal(d.culprit.offset, 0x4321);
	vf_dump_release(&d);

	spec.stack_count = 0;
	spec.params[2] = POOL;
	spec.blocks = halves;
	spec.block_count = 2;
	parse_spec(&d, &spec);
	assert_int_equal(d.culprit.rule, VF_CULPRIT_CONTEXT);
	vf_dump_release(&d);

	/* A block that the dump says nothing about serves as its data page. */
	spec.blocks = &page;
	spec.block_count = 1;
	data = build(&spec, &len);
	block = get32(data, get32(data, 0x2078) + 8);
	assert_int_equal(parse_bytes(&d, data, len), VF_OK);
	assert_int_not_equal(d.culprit.rule, VF_CULPRIT_CONTEXT);
	vf_dump_release(&d);
	put32(data, 0x2060, (uint32_t)POOL);
	put32(data, 0x2064, (uint32_t)(POOL >> 32));
	put32(data, 0x2068, (uint32_t)block);
	put32(data, 0x206c, sizeof context);
	assert_int_equal(parse_bytes(&d, data, len), VF_OK);
	assert_int_equal(d.culprit.rule, VF_CULPRIT_CONTEXT);
	vf_dump_release(&d);
	free(data);
}

/* The kernel may have recorded a driver; it counts when it is one of those in the lists. */
static void named_by_the_system(void **state)
{
	struct vf_sim_dump_spec spec = fixture_spec();
	const struct expected e = {0x9f, {0}, 0, {0}, "NetX.sys", 0, "named by the system"};
	struct vf_dump d;
	uint8_t *data;
	size_t len, name;

	(void)state;
	spec.code = 0x9f;
	spec.pc = NT + 1;
	memset(spec.params, 0, sizeof spec.params);
	data = build(&spec, &len);
	name = get32(data, get32(data, 0x2030) + 2 * 0x90);
	put32(data, 0x2040, (uint32_t)name);
	assert_int_equal(parse_bytes(&d, data, len), VF_OK);
	assert_culprit(&d, &e, "broken driver");
	assert_false(d.culprit.has_offset);
	vf_dump_release(&d);
	put32(data, 0x2040, (uint32_t)get32(data, get32(data, 0x2030))); /* the kernel itself */
	assert_int_equal(parse_bytes(&d, data, len), VF_OK);
	assert_int_equal(d.culprit.rule, VF_CULPRIT_NONE);
	vf_dump_release(&d);
	put32(data, 0x2040, (uint32_t)len);
	assert_int_equal(parse_bytes(&d, data, len), VF_OK);
	assert_int_equal(d.culprit.rule, VF_CULPRIT_NONE);
	vf_dump_release(&d);
	free(data);
}

static void exception_record_of_the_fault(void **state)
{
	const struct expected e = {
		0x139, {0}, 0, {0}, "NetX.sys", 0x4321, "exception record at parameter 3"};
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;

	(void)state;
	spec.code = 0x139;
	spec.params[0] = 3;
	spec.params[1] = STACK + 0x100;
	spec.params[2] = POOL;
	spec.params[3] = 0;
	spec.exception_at = POOL;
	spec.pc = NETX + 0x4321;
	spec.header_pc = NT + 0x40f4e1;
	parse_spec(&d, &spec);
	assert_culprit(&d, &e, "exception");
	vf_dump_release(&d);
}

static size_t utf16(uint8_t *out, const char *text)
{
	size_t n = 0;

	for (; text[n]; n++) {
		out[2 * n] = (uint8_t)text[n];
		out[2 * n + 1] = 0;
	}
	return 2 * n;
}

static void parse_leak(struct vf_dump *d, const void *data, uint32_t size)
{
	const struct vf_sim_block block = {POOL, data, size};
	struct vf_sim_dump_spec spec = fixture_spec();

	spec.code = 0xc4;
	spec.params[0] = 0x62;
	spec.params[1] = POOL;
	spec.params[2] = POOL + 0x1000;
	spec.params[3] = 3;
	spec.pc = NT + 1;
	spec.blocks = &block;
	spec.block_count = data ? 1 : 0;
	parse_spec(d, &spec);
}

/* 0xC4/0x62: parameter 2 points at the name of the driver that leaked. */
static void driver_name_by_pointer(void **state)
{
	uint8_t text[64] = {0}, counted[64] = {0};
	char reason[96];
	struct vf_dump d;
	size_t len;

	(void)state;
	len = utf16(text, "netx.sys");
	parse_leak(&d, text, (uint32_t)len + 2);
	assert_string_equal(d.culprit.module, "NetX.sys"); /* as the list of drivers has it */
	vf_dump_reason(&d.culprit, reason, sizeof reason);
	assert_string_equal(reason, "parameter 2 names the driver");
	assert_false(d.culprit.has_offset);
	vf_dump_release(&d);

	len = utf16(text, "\\Driver\\gone_driver.sys");
	parse_leak(&d, text, (uint32_t)len + 2);
	assert_string_equal(d.culprit.module, "gone_driver.sys");
	vf_dump_release(&d);

	parse_leak(&d, "echo.sys", 9);
	assert_string_equal(d.culprit.module, "echo.sys");
	vf_dump_release(&d);

	counted[0] = 16; /* a UNICODE_STRING in front of its characters */
	counted[2] = 18;
	for (size_t i = 0; i < 8; i++)
		counted[8 + i] = (uint8_t)((POOL + 16) >> (8 * i));
	utf16(counted + 16, "netx.sys");
	parse_leak(&d, counted, 34);
	assert_string_equal(d.culprit.module, "NetX.sys");
	vf_dump_release(&d);

	parse_leak(&d, "a|b*c", 6); /* no file is called that */
	assert_int_equal(d.culprit.rule, VF_CULPRIT_NONE);
	assert_true(warned(&d, "not in the dump"));
	vf_dump_release(&d);

	parse_leak(&d, NULL, 0);
	assert_int_equal(d.culprit.rule, VF_CULPRIT_NONE);
	assert_true(warned(&d, "not in the dump"));
	vf_dump_release(&d);
}

static void text_of_a_verifier_rule(void **state)
{
	static const char rule[] = "IrqlExAllocatePool: called at an IRQL that is too high.";
	const struct vf_sim_block block = {VERIFIER + 0x3000, rule, sizeof rule};
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;

	(void)state;
	spec.code = 0xc4;
	spec.params[0] = 0x20004;
	spec.params[1] = VERIFIER + 0x3000;
	spec.pc = NT + 1;
	spec.blocks = &block;
	spec.block_count = 1;
	parse_spec(&d, &spec);
	assert_string_equal(d.parameter_text, rule);
	assert_false(d.parameter_text_absent);
	assert_int_equal(d.culprit.rule, VF_CULPRIT_NONE);
	vf_dump_release(&d);
	spec.block_count = 0;
	parse_spec(&d, &spec);
	assert_string_equal(d.parameter_text, "");
	assert_true(d.parameter_text_absent);
	vf_dump_release(&d);
}

/* The kernel is the first module, whatever its file is called, and the second one may be a HAL. */
static void other_names_of_kernel_and_hal(void **state)
{
	static const char *const kernels[] = {"ntkrnlmp.exe", "ntkrla57.exe", "renamed.exe"};
	static const char *const hals[] = {"HAL.DLL", "halmacpi.dll"};
	struct vf_sim_driver drivers[DRIVERS];
	struct vf_sim_dump_spec spec = fixture_spec();
	struct vf_dump d;

	(void)state;
	spec.code = 0x133;
	spec.pc = NT + 1;
	memset(spec.params, 0, sizeof spec.params);
	spec.drivers = drivers;
	spec.stack = noise;
	spec.stack_count = VF_ARRAY_LEN(noise);
	for (size_t k = 0; k < VF_ARRAY_LEN(kernels); k++)
		for (size_t h = 0; h < VF_ARRAY_LEN(hals); h++) {
			memcpy(drivers, fixture_drivers, sizeof drivers);
			drivers[0].path = kernels[k];
			drivers[1].path = hals[h];
			parse_spec(&d, &spec);
			assert_int_equal(d.culprit.rule, VF_CULPRIT_NONE);
			vf_dump_release(&d);
		}
	drivers[1].path = "mydriver.sys"; /* where there is no HAL in the list */
	parse_spec(&d, &spec);
	assert_string_equal(d.culprit.module, "mydriver.sys");
	vf_dump_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_in_order),
		cmocka_unit_test(stack_pointer_inside_or_outside),
		cmocka_unit_test(context_of_the_fault),
		cmocka_unit_test(places_that_memory_comes_from),
		cmocka_unit_test(named_by_the_system),
		cmocka_unit_test(exception_record_of_the_fault),
		cmocka_unit_test(driver_name_by_pointer),
		cmocka_unit_test(text_of_a_verifier_rule),
		cmocka_unit_test(other_names_of_kernel_and_hal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
