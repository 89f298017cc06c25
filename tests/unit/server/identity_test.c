/*
 * Fingerprints. Golden texts freeze version 1: when one of them must change, the version must.
 * The metamorphic tests change what must not matter and expect the same fingerprint.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/domain/identity.h"
#include "server/runtime/hash.h"
#include "verifleet/status.h"

static struct vf_crash_facts crash(uint32_t code, uint64_t p1, uint64_t p2, const char *module)
{
	return (struct vf_crash_facts){.raw_code = code,
		.parameter = {p1, p2, 0xffffa80012345678, 0xffffa80087654321},
		.os_build = 26100,
		.culprit_module = module,
		.has_offset = module != NULL,
		.offset = 0x334c};
}

static const struct {
	uint32_t code;
	uint64_t p1, p2;
	const char *module, *text, *title;
	bool weak;
} golden[] = {
	{0x1000007e, 0xffffffffc0000005, 0xfffff8048b58334c, "amdppm.sys",
		"bugcheck/v1|0x7e|0xc0000005|amdppm.sys|+0x334c",
		"0x7E SYSTEM_THREAD_EXCEPTION_NOT_HANDLED in amdppm.sys+0x334c", true},
	{0xd1, 0xffffa80011112222, 2, "NetX.sys", "bugcheck/v1|0xd1|-|netx.sys|+0x334c",
		"0xD1 DRIVER_IRQL_NOT_LESS_OR_EQUAL in NetX.sys+0x334c", true},
	{0xd1, 0xffffa80011112222, 2, NULL, "bugcheck/v1|0xd1|-|unknown|-",
		"0xD1 DRIVER_IRQL_NOT_LESS_OR_EQUAL in an unknown module", true},
	{0xe6, 0x07, 0xffffa80011112222, "netx.sys", "dma/v1|netx.sys|0x07|-|-",
		"DMA violation 0x07 in netx.sys+0x334c: Adapter put back while common buffers "
		"outstanding",
		false},
	{0xe6, 0x00, 0x01, "netx.sys", "dma/v1|netx.sys|0x00|0x01|-", NULL, false},
	/* an address where a sub-code should be: one group all the same */
	{0xe6, 0x0f, 0xffffb98f1d2d1c00, "netx.sys", "dma/v1|netx.sys|0x0f|-|-", NULL, false},
	{0xe6, 0xffffb98f1d2d1c00, 1, "netx.sys", "dma/v1|netx.sys|-|-|-", NULL, false},
	{0xe6, 0x26, 0xffffd08bb1435060, "netx.sys", "iommu/v1|netx.sys|-",
		"IOMMU fault (0xE6, 0x26) in netx.sys+0x334c", false},
	{0xe6, 0x26, 0xffffd08bb1435060, NULL, "iommu/v1|unknown|-", NULL, true},
	{0xc4, 0x62, 0xffffa80011112222, "netx.sys", "leak/v1|netx.sys|aggregate|0xc4|0x62",
		"Leak in netx.sys (0xC4, 0x62): Driver unloads with pool still allocated (Pool "
		"tracking)",
		false},
	{0xbadc0de, 1, 2, "netx.sys", "bugcheck/v1|0xbadc0de|-|netx.sys|+0x334c",
		"0xBADC0DE (no public name) in netx.sys+0x334c", true},
	{0xd1, 1, 2, "a|b\\c<d>\x01.sys", "bugcheck/v1|0xd1|-|a\\|b\\\\c\\<d\\>\\x01.sys|+0x334c",
		NULL, true},
};

static void test_golden(void **state)
{
	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(golden); i++) {
		struct vf_crash_facts in =
			crash(golden[i].code, golden[i].p1, golden[i].p2, golden[i].module);
		unsigned char sum[VF_SHA256_LEN];
		struct vf_identity id;

		vf_identity_of_crash(&in, &id);
		assert_string_equal(id.text, golden[i].text);
		if (golden[i].title)
			assert_string_equal(id.title, golden[i].title);
		assert_int_equal(id.weak, golden[i].weak);
		assert_int_equal(id.version, 1);
		vf_sha256(golden[i].text, strlen(golden[i].text), sum);
		assert_memory_equal(id.fingerprint, sum, VF_FINGERPRINT_LEN);
	}
}

/* Every 0xC4 sub-code that names a rule is a rule finding with the family in front. */
static void test_rules(void **state)
{
	const struct vf_sub_code *sub;
	size_t n, seen = 0;

	(void)state;
	sub = vf_sub_codes(&n);
	for (size_t i = 0; i < n; i++) {
		struct vf_crash_facts in = crash(0xc4, sub[i].p1, 0, "netx.sys");
		struct vf_identity id;
		char want[128];

		if (sub[i].code != 0xc4 || !sub[i].rule)
			continue;
		in.os_build = 0;
		vf_identity_of_crash(&in, &id);
		assert_int_equal(id.kind, VF_KIND_RULE);
		assert_non_null(id.rule);
		snprintf(want, sizeof want, "|0x%x|-", sub[i].p1);
		assert_non_null(strstr(id.text, want));
		assert_memory_equal(id.text, "rule/v1|netx.sys|", 17);
		seen++;
	}
	assert_true(seen > 50);
}

static void same(const struct vf_crash_facts *a, const struct vf_crash_facts *b)
{
	struct vf_identity x, y;

	vf_identity_of_crash(a, &x);
	vf_identity_of_crash(b, &y);
	assert_string_equal(x.text, y.text);
	assert_memory_equal(x.fingerprint, y.fingerprint, VF_FINGERPRINT_LEN);
	assert_int_equal(x.kind, y.kind);
}

static void differ(const struct vf_crash_facts *a, const struct vf_crash_facts *b)
{
	struct vf_identity x, y;

	vf_identity_of_crash(a, &x);
	vf_identity_of_crash(b, &y);
	assert_memory_not_equal(x.fingerprint, y.fingerprint, VF_FINGERPRINT_LEN);
}

/* Another load address, machine, boot or time: parameters that are pointers or sizes differ, the
 * place inside the module does not. Holds for every bug check of the catalogue. */
static void test_relocation(void **state)
{
	const struct vf_bugcheck *bc;
	size_t n;

	(void)state;
	bc = vf_bugchecks(&n);
	assert_true(n > 300);
	for (size_t i = 0; i < n; i++) {
		struct vf_crash_facts a = crash(bc[i].code, 1, 0x40, "netx.sys"), b = a;

		b.parameter[2] ^= 0x0000007fff000000;
		b.parameter[3] ^= 0x0000003fff001000;
		if (bc[i].code != 0xe6)
			b.parameter[1] = 0xfffff80012345678;
		if (bc[i].p1_type != VF_P1_CLASS)
			b.parameter[0] = 0xfffff80000001234;
		b.culprit_module = "NETX.SYS";
		b.raw_code |= bc[i].code >> 28 ? 0 : 0x10000000;
		same(&a, &b);
	}
}

/* What makes crashes different findings. */
static void test_distinct(void **state)
{
	struct vf_crash_facts a = crash(0x7e, 0xffffffffc0000005, 0, "netx.sys"), b = a;

	(void)state;
	b.offset++;
	differ(&a, &b);
	b = a;
	b.culprit_module = "nety.sys";
	differ(&a, &b);
	b = a;
	b.raw_code = 0x1e;
	differ(&a, &b);
	b = a;
	b.parameter[0] = 0xffffffff80000003;
	differ(&a, &b);
	b = a;
	b.parameter[0] = 0xc0000005; /* the same status from a 32-bit system */
	same(&a, &b);
}

/* A place in a rebuilt driver may move; what Driver Verifier found by name does not. */
static void test_rebuild(void **state)
{
	struct vf_crash_facts a = crash(0xe6, 0x07, 0, "netx.sys"), b = a;

	(void)state;
	b.offset += 0x120;
	same(&a, &b);
	a = b = crash(0xc4, 0x62, 0, "netx.sys");
	b.offset += 0x120;
	same(&a, &b);
}

/* Parts with separators in them never read like other parts. */
static void test_escape(void **state)
{
	struct vf_crash_facts a = crash(0xe6, 0x07, 0, "x|0x07"), b = crash(0xe6, 0x07, 0, "x");
	char long_name[400];

	(void)state;
	differ(&a, &b);
	a.culprit_module = "x\\";
	differ(&a, &b);
	memset(long_name, '|', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = 0;
	a.culprit_module = long_name;
	differ(&a, &b);
	b = a;
	b.parameter[0] = 8;
	differ(&a, &b); /* a name that fills its part does not push the others out */
}

static void test_event_driver(void **state)
{
	struct vf_crash_facts a = crash(0xd1, 1, 2, NULL);
	struct vf_identity id;

	(void)state;
	a.event_driver = "netx.sys";
	vf_identity_of_crash(&a, &id);
	assert_string_equal(id.text, "bugcheck/v1|0xd1|-|netx.sys|-");
	assert_string_equal(id.title, "0xD1 DRIVER_IRQL_NOT_LESS_OR_EQUAL in netx.sys");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_relocation),
		cmocka_unit_test(test_distinct),
		cmocka_unit_test(test_rebuild),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_event_driver),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
