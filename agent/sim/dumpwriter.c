#include "agent/sim/dumpwriter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/sim/dumpbytes.h"

enum { HEADER64 = 0x2000, HEADER32 = 0x1000, PAGE = 0x1000 };

static const uint64_t epoch_1601 = 11644473600000000u; /* microseconds from 1601 to 1970 */
static const int64_t default_time = 1767225600000000;  /* 2026-01-01T00:00:00Z */

static bool is32(const struct vf_sim_dump_spec *s)
{
	return s->arch == VF_SIM_X86;
}

uint64_t vf_sim_stack_top(const struct vf_sim_dump_spec *s)
{
	if (s->stack_top)
		return s->stack_top;
	return is32(s) ? 0x8b5f0000u : 0xffff850429890000u;
}

void vf_sim_put_context(
	struct vf_sim_bytes *b, size_t at, enum vf_sim_dump_arch arch, uint64_t pc, uint64_t sp)
{
	switch (arch) {
	case VF_SIM_X64:
		vf_sim_reach(b, at + 0x4d0);
		vf_sim_put32(b, at + 0x30, 0x10001f);
		vf_sim_put64(b, at + 0x98, sp);
		vf_sim_put64(b, at + 0xf8, pc);
		break;
	case VF_SIM_ARM64:
		vf_sim_reach(b, at + 0x390);
		vf_sim_put32(b, at, 0x400007);
		vf_sim_put64(b, at + 0x100, sp);
		vf_sim_put64(b, at + 0x108, pc);
		break;
	case VF_SIM_X86:
		vf_sim_reach(b, at + 0x2cc);
		vf_sim_put32(b, at, 0x1001f);
		vf_sim_put32(b, at + 0xb8, (uint32_t)pc);
		vf_sim_put32(b, at + 0xc4, (uint32_t)sp);
		break;
	}
}

static uint32_t dump_type(enum vf_sim_dump_shape shape)
{
	static const uint32_t number[] = {
		[VF_SIM_TRIAGE] = 4,
		[VF_SIM_FULL] = 1,
		[VF_SIM_KERNEL] = 2,
		[VF_SIM_HEADER] = 3,
		[VF_SIM_BITMAP_FULL] = 5,
		[VF_SIM_BITMAP_KERNEL] = 6,
		[VF_SIM_AUTOMATIC] = 7,
		[VF_SIM_LIVE_KERNEL] = 8,
		[VF_SIM_LIVE_ACTIVE] = 9,
		[VF_SIM_LIVE_FULL] = 10,
	};

	return number[shape];
}

static uint64_t file_time(const struct vf_sim_dump_spec *s)
{
	int64_t us = s->system_time_us ? s->system_time_us : default_time;

	return ((uint64_t)us + epoch_1601) * 10;
}

static uint64_t uptime(const struct vf_sim_dump_spec *s)
{
	return s->uptime_100ns ? s->uptime_100ns : 3600u * UINT64_C(10000000);
}

static void put_comment(struct vf_sim_bytes *b, const struct vf_sim_dump_spec *s, size_t at)
{
	char text[128] = {0};

	snprintf(text, sizeof text, "synthetic dump%s%s", s->comment ? ": " : "",
		s->comment ? s->comment : "");
	vf_sim_put(b, at, text, sizeof text);
}

static void put_header_context(
	struct vf_sim_bytes *b, const struct vf_sim_dump_spec *s, size_t at, size_t room)
{
	uint64_t pc = s->header_pc ? s->header_pc : s->pc;
	uint64_t sp = s->header_sp ? s->header_sp : s->sp ? s->sp : vf_sim_stack_top(s);

	if (s->without & VF_SIM_NO_CONTEXT)
		return;
	memset(b->data + at, 0, room);
	vf_sim_put_context(b, at, s->arch, pc, sp);
}

static void put_header64(struct vf_sim_bytes *b, const struct vf_sim_dump_spec *s)
{
	vf_sim_fill(b, 0, HEADER64);
	if (b->status != VF_OK)
		return;
	vf_sim_put(b, 0, "PAGEDU64", 8);
	vf_sim_put32(b, 0x08, 0xf);
	vf_sim_put32(b, 0x0c, s->os_build ? s->os_build : 19041);
	vf_sim_put64(b, 0x10, 0x1ad000);
	vf_sim_put64(b, 0x18, 0xfffff8047c6fc500);
	vf_sim_put64(b, 0x20, 0xfffff8047c62a390);
	vf_sim_put64(b, 0x28, 0xfffff8047c61e200);
	vf_sim_put32(b, 0x30, s->arch == VF_SIM_ARM64 ? 0xaa64 : 0x8664);
	vf_sim_put32(b, 0x34, s->cpus ? s->cpus : 4);
	vf_sim_put32(b, 0x38, s->code);
	for (size_t i = 0; i < 4; i++)
		vf_sim_put64(b, 0x40 + 8 * i, s->params[i]);
	vf_sim_put64(b, 0x80, 0xfffff8047c600b20);
	put_header_context(b, s, 0x348, 3000);
	vf_sim_put32(b, 0xf00, 0x80000003);
	vf_sim_put32(b, 0xf98, dump_type(s->shape));
	vf_sim_put64(b, 0xfa8, file_time(s));
	put_comment(b, s, 0xfb0);
	vf_sim_put64(b, 0x1030, uptime(s));
	vf_sim_put32(b, 0x1038, 0xcff);
	vf_sim_put32(b, 0x1040, 1);
	vf_sim_put32(b, 0x1044, 0x110);
	vf_sim_put32(b, 0x1048, 0);
}

static void put_header32(struct vf_sim_bytes *b, const struct vf_sim_dump_spec *s)
{
	vf_sim_fill(b, 0, HEADER32);
	if (b->status != VF_OK)
		return;
	vf_sim_put(b, 0, "PAGEDUMP", 8);
	vf_sim_put32(b, 0x08, 0xf);
	vf_sim_put32(b, 0x0c, s->os_build ? s->os_build : 7601);
	vf_sim_put32(b, 0x10, 0x185000);
	vf_sim_put32(b, 0x18, 0x82b9a850);
	vf_sim_put32(b, 0x20, 0x14c);
	vf_sim_put32(b, 0x24, s->cpus ? s->cpus : 4);
	vf_sim_put32(b, 0x28, s->code);
	for (size_t i = 0; i < 4; i++)
		vf_sim_put32(b, 0x2c + 4 * i, (uint32_t)s->params[i]);
	vf_sim_put32(b, 0x5c, 1);
	vf_sim_put32(b, 0x60, 0x82b7bc28);
	put_header_context(b, s, 0x320, 1200);
	vf_sim_put32(b, 0x7d0, 0x80000003);
	put_comment(b, s, 0x820);
	vf_sim_put32(b, 0xf88, dump_type(s->shape));
	vf_sim_put32(b, 0xf8c, 0xcff);
	vf_sim_put32(b, 0xf94, 1);
	vf_sim_put32(b, 0xf98, 0x110);
	vf_sim_put32(b, 0xf9c, 0);
	vf_sim_put64(b, 0xfb8, uptime(s));
	vf_sim_put64(b, 0xfc0, file_time(s));
}

/* One run of two physical pages, as a full dump holds them behind its header. */
static void put_full(struct vf_sim_bytes *b, const struct vf_sim_dump_spec *s)
{
	size_t header = is32(s) ? HEADER32 : HEADER64;

	if (is32(s)) {
		vf_sim_put32(b, 0x64, 1);
		vf_sim_put32(b, 0x68, 2);
		vf_sim_put32(b, 0x6c, 1);
		vf_sim_put32(b, 0x70, 2);
		vf_sim_put64(b, 0xfa0, header + 2 * PAGE);
	} else {
		vf_sim_put32(b, 0x88, 1);
		vf_sim_put64(b, 0x90, 2);
		vf_sim_put64(b, 0x98, 1);
		vf_sim_put64(b, 0xa0, 2);
		vf_sim_put64(b, 0xfa0, header + 2 * PAGE);
	}
	vf_sim_reach(b, header + 2 * PAGE);
}

/* A bitmap of 64 physical pages of which two are present. */
static void put_bitmap(struct vf_sim_bytes *b, const struct vf_sim_dump_spec *s)
{
	size_t at = is32(s) ? HEADER32 : HEADER64;
	size_t first = at + PAGE;

	vf_sim_put(b, at, s->shape == VF_SIM_BITMAP_FULL ? "FDMPDUMP" : "SDMPDUMP", 8);
	vf_sim_put64(b, at + 0x20, first);
	vf_sim_put64(b, at + 0x28, 2);
	vf_sim_put64(b, at + 0x30, 64);
	vf_sim_put64(b, at + 0x38, 0x6);
	vf_sim_reach(b, first + 2 * PAGE);
}

static void put_live(struct vf_sim_bytes *b, const struct vf_sim_dump_spec *s)
{
	size_t at = HEADER64;

	vf_sim_put32(b, at, 0x40);
	vf_sim_put(b, at + 4, s->shape == VF_SIM_LIVE_KERNEL ? "SDMPDUMP" : "FDMPDUMP", 8);
	vf_sim_put64(b, at + 0x10, 0x1000 + 0x20 - 0x40);
	vf_sim_put64(b, at + 0x18, 0x2000 + 0x1000);
	vf_sim_reach(b, at + 3 * PAGE);
}

static enum vf_status check(const struct vf_sim_dump_spec *s, struct vf_err *err)
{
	if (s->driver_count > VF_SIM_DUMP_DRIVERS || s->unloaded_count > VF_SIM_DUMP_DRIVERS ||
		s->block_count > VF_SIM_DUMP_DRIVERS || s->blob_count > VF_SIM_DUMP_DRIVERS)
		return vf_fail(err, VF_E_LIMIT,
			"a synthetic dump holds at most %d drivers, blocks or blobs",
			(int)VF_SIM_DUMP_DRIVERS);
	if (s->stack_count > VF_SIM_DUMP_BYTES / 16)
		return vf_fail(err, VF_E_LIMIT, "%zu stack words are too many", s->stack_count);
	if (is32(s) && s->shape >= VF_SIM_LIVE_KERNEL)
		return vf_fail(err, VF_E_INVALID, "there are no 32-bit dumps of this type");
	return VF_OK;
}

enum vf_status vf_sim_dump_build(
	const struct vf_sim_dump_spec *s, uint8_t **out, size_t *len, struct vf_err *err)
{
	struct vf_sim_bytes b = {.status = VF_OK};
	enum vf_status st = check(s, err);

	*out = NULL;
	*len = 0;
	if (st != VF_OK)
		return st;
	if (is32(s))
		put_header32(&b, s);
	else
		put_header64(&b, s);
	switch (s->shape) {
	case VF_SIM_TRIAGE: vf_sim_put_triage(&b, s); break;
	case VF_SIM_FULL: put_full(&b, s); break;
	case VF_SIM_HEADER: break;
	case VF_SIM_KERNEL:
	case VF_SIM_BITMAP_FULL:
	case VF_SIM_BITMAP_KERNEL:
	case VF_SIM_AUTOMATIC: put_bitmap(&b, s); break;
	case VF_SIM_LIVE_KERNEL:
	case VF_SIM_LIVE_ACTIVE:
	case VF_SIM_LIVE_FULL: put_live(&b, s); break;
	}
	if (b.status != VF_OK) {
		free(b.data);
		return vf_fail(err, b.status, "the synthetic dump could not be built");
	}
	*out = b.data;
	*len = b.len;
	return VF_OK;
}

enum vf_status vf_sim_dump_write(
	const struct vf_sim_dump_spec *s, const char *path, struct vf_err *err)
{
	char part[4096];
	uint8_t *data = NULL;
	size_t len = 0;
	FILE *f;
	enum vf_status st;

	if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
		return vf_fail(err, VF_E_LIMIT, "the path of the synthetic dump is too long");
	st = vf_sim_dump_build(s, &data, &len, err);
	if (st != VF_OK)
		return st;
	f = fopen(part, "wb");
	if (!f) {
		st = vf_fail_sys(err, VF_E_IO, "cannot create %s", part);
		goto out_free;
	}
	if (fwrite(data, 1, len, f) != len)
		st = vf_fail_sys(err, VF_E_IO, "cannot write %s", part);
	if (fclose(f) && st == VF_OK)
		st = vf_fail_sys(err, VF_E_IO, "cannot write %s", part);
	if (st == VF_OK && rename(part, path))
		st = vf_fail_sys(err, VF_E_IO, "cannot rename %s", part);
	if (st != VF_OK)
		remove(part);
out_free:
	free(data);
	return st;
}
