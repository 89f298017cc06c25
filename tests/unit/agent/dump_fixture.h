/* What the dump tests share: a small set of drivers, and building and parsing in one call. */
#ifndef VF_TESTS_DUMP_FIXTURE_H
#define VF_TESTS_DUMP_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "agent/dump/dump.h"
#include "agent/sim/dumpwriter.h"

#define NT       UINT64_C(0xfffff8047ba00000)
#define HAL      UINT64_C(0xfffff80479440000)
#define NETX     UINT64_C(0xfffff80488100000)
#define VERIFIER UINT64_C(0xfffff80488200000)
#define NDIS     UINT64_C(0xfffff80488300000)
#define GONE     UINT64_C(0xfffff80489000000)
#define STACK    UINT64_C(0xffff850429890000)
#define POOL     UINT64_C(0xffffd407b3ac53a0)

enum { DRIVERS = 5 };

static const struct vf_sim_driver fixture_drivers[DRIVERS] = {
	{"\\SystemRoot\\system32\\ntoskrnl.exe", NT, 0x1046000, 0x0d8333e6, 0xa5938c},
	{"\\SystemRoot\\system32\\hal.dll", HAL, 0x6000, 0x1a7be8e9, 0xce9f},
	{"\\SystemRoot\\System32\\drivers\\NetX.sys", NETX, 0x20000, 0x65a1b2c3, 0x2f00d},
	{"\\SystemRoot\\System32\\drivers\\VerifierExt.sys", VERIFIER, 0x10000, 1, 2},
	{"\\SystemRoot\\system32\\drivers\\ndis.sys", NDIS, 0x16f000, 3, 4},
};

static const struct vf_sim_unloaded fixture_unloaded[] = {
	{"oldnic.sys", GONE, GONE + 0x8000},
	{"dump_storport.sys", GONE + 0x10000, GONE + 0x18000},
};

static inline struct vf_sim_dump_spec fixture_spec(void)
{
	return (struct vf_sim_dump_spec){
		.code = 0x1000007e,
		.params = {0xc0000005, NETX + 0x334c, STACK + 0xee8, STACK + 0x720},
		.build_lab = "19041.1.amd64fre.vb_release.191206-1406",
		.cpus = 16,
		.system_time_us = INT64_C(1613871502987765),
		.uptime_100ns = 37470697,
		.pc = NETX + 0x334c,
		.sp = STACK + 8,
		.stack_top = STACK,
		.drivers = fixture_drivers,
		.driver_count = DRIVERS,
		.unloaded = fixture_unloaded,
		.unloaded_count = 2,
	};
}

static inline uint8_t *build(const struct vf_sim_dump_spec *spec, size_t *len)
{
	uint8_t *data = NULL;

	assert_int_equal(vf_sim_dump_build(spec, &data, len, NULL), VF_OK);
	return data;
}

static inline enum vf_status parse_bytes(struct vf_dump *d, const void *data, size_t len)
{
	struct vf_source source = vf_source_memory(data, len);

	return vf_dump_parse(d, &source, NULL);
}

static inline void parse_spec(struct vf_dump *d, const struct vf_sim_dump_spec *spec)
{
	size_t len;
	uint8_t *data = build(spec, &len);

	assert_int_equal(parse_bytes(d, data, len), VF_OK);
	free(data);
}

static inline void assert_no_warnings(const struct vf_dump *d)
{
	if (d->warning_count)
		fail_msg("warning: %s", d->warnings[0]);
}

static inline bool warned(const struct vf_dump *d, const char *part)
{
	for (size_t i = 0; i < d->warning_count; i++)
		if (strstr(d->warnings[i], part))
			return true;
	return false;
}

static inline void put32(uint8_t *data, size_t at, uint32_t v)
{
	for (size_t i = 0; i < 4; i++)
		data[at + i] = (uint8_t)(v >> (8 * i));
}

static inline uint32_t get32(const uint8_t *data, size_t at)
{
	return data[at] | (uint32_t)data[at + 1] << 8 | (uint32_t)data[at + 2] << 16 |
	       (uint32_t)data[at + 3] << 24;
}

#endif
