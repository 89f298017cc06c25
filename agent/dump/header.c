/* The two kernel dump headers. They hold the same fields in other places. */
#include "agent/dump/parse.h"

#include <string.h>

#include "agent/dump/text.h"
#include "verifleet/catalog.h"

/* A field that the kernel never wrote keeps this filler. */
#define FILLER32 0x45474150u
#define FILLER64 UINT64_C(0x4547415045474150)

struct layout {
	size_t machine, cpus, code, params, context, context_size, type, comment;
	size_t system_time, uptime;
};

static const struct layout layout64 = {
	.machine = 0x30,
	.cpus = 0x34,
	.code = 0x38,
	.params = 0x40,
	.context = 0x348,
	.context_size = 3000,
	.type = 0xf98,
	.comment = 0xfb0,
	.system_time = 0xfa8,
	.uptime = 0x1030,
};

static const struct layout layout32 = {
	.machine = 0x20,
	.cpus = 0x24,
	.code = 0x28,
	.params = 0x2c,
	.context = 0x320,
	.context_size = 1200,
	.type = 0xf88,
	.comment = 0x820,
	.system_time = 0xfc0,
	.uptime = 0xfb8,
};

static const uint8_t *bytes(const struct vf_parse *p, size_t at, size_t len)
{
	return len <= p->header_len && at <= p->header_len - len ? p->header + at : NULL;
}

/* False for a field that is cut off or was never written. */
static bool field32(const struct vf_parse *p, size_t at, uint32_t *v)
{
	const uint8_t *raw = bytes(p, at, 4);

	if (!raw || vf_le32(raw) == FILLER32)
		return false;
	*v = vf_le32(raw);
	return true;
}

static bool field64(const struct vf_parse *p, size_t at, uint64_t *v)
{
	const uint8_t *raw = bytes(p, at, 8);

	if (!raw || vf_le64(raw) == FILLER64)
		return false;
	*v = vf_le64(raw);
	return true;
}

static void parse_kind(struct vf_parse *p, const struct layout *l)
{
	static const enum vf_dump_kind kinds[] = {
		[1] = VF_DUMP_FULL,
		[2] = VF_DUMP_KERNEL,
		[3] = VF_DUMP_HEADER,
		[4] = VF_DUMP_TRIAGE,
		[5] = VF_DUMP_BITMAP_FULL,
		[6] = VF_DUMP_BITMAP_KERNEL,
		[7] = VF_DUMP_AUTOMATIC,
		[8] = VF_DUMP_KERNEL, /* written by a debugger: kernel memory */
		[9] = VF_DUMP_FULL,   /* kernel and user memory in use */
		[10] = VF_DUMP_FULL,  /* everything */
	};
	struct vf_dump *d = p->dump;

	if (!field32(p, l->type, &d->type)) {
		vf_dump_warn(p, "the header does not say which type of dump this is");
		return;
	}
	if (d->type < VF_ARRAY_LEN(kinds))
		d->kind = kinds[d->type];
	if (d->kind == VF_DUMP_UNKNOWN)
		vf_dump_warn(p, "dump type %u is not known", d->type);
}

static void parse_machine(struct vf_parse *p, const struct layout *l)
{
	struct vf_dump *d = p->dump;

	if (!field32(p, l->machine, &d->machine)) {
		vf_dump_warn(p, "the header does not name a processor architecture");
		return;
	}
	switch (d->machine) {
	case 0x8664: d->arch = VF_ARCH_X64; break;
	case 0xaa64: d->arch = VF_ARCH_ARM64; break;
	case 0x014c: d->arch = VF_ARCH_X86; break;
	default: vf_dump_warn(p, "machine type 0x%04x is not supported", d->machine);
	}
	if (d->arch != VF_ARCH_UNKNOWN && (d->arch == VF_ARCH_X86) != (d->bits == 32)) {
		vf_dump_warn(p, "machine type 0x%04x does not go with a %u-bit dump", d->machine,
			d->bits);
		d->arch = VF_ARCH_UNKNOWN;
	}
}

/* FILETIME counts 100 ns from 1601; what lies outside 1970..9999 is no time of a crash. */
static void parse_times(struct vf_parse *p, const struct layout *l)
{
	const uint64_t unix_epoch = UINT64_C(116444736000000000);
	const uint64_t year_10000 = UINT64_C(2650467744000000000);
	const uint64_t century = UINT64_C(36525) * 86400 * 10000000;
	struct vf_dump *d = p->dump;
	uint64_t v;

	if (field64(p, l->system_time, &v) && v) {
		d->has_time = v >= unix_epoch && v < year_10000;
		if (d->has_time)
			d->system_time_us = (int64_t)((v - unix_epoch) / 10);
		else
			vf_dump_warn(p, "the time of the crash is not a valid time");
	}
	if (field64(p, l->uptime, &v)) {
		d->has_uptime = v <= century;
		d->uptime_100ns = d->has_uptime ? v : 0;
		if (!d->has_uptime)
			vf_dump_warn(p, "the uptime is over a hundred years and left out");
	}
}

static void parse_bugcheck(struct vf_parse *p, const struct layout *l)
{
	struct vf_dump *d = p->dump;

	if (!field32(p, l->code, &d->raw_code))
		vf_dump_warn(p, "the header holds no bug check code");
	d->code = vf_bugcheck_code(d->raw_code);
	for (size_t i = 0; i < 4; i++) {
		const uint8_t *raw = bytes(p, l->params + i * p->word, p->word);

		d->params[i] = raw ? vf_le_word(raw, p->word) : 0;
	}
}

bool vf_parse_context(
	const struct vf_dump *d, const uint8_t *raw, size_t len, uint64_t *pc, uint64_t *sp)
{
	static const struct {
		size_t flags, pc, sp, word;
		uint32_t mark; /* flag that says for which processor the record is */
	} layout[] = {
		[VF_ARCH_X64] = {0x30, 0xf8, 0x98, 8, 0x100000},
		[VF_ARCH_ARM64] = {0x0, 0x108, 0x100, 8, 0x400000},
		[VF_ARCH_X86] = {0x0, 0xb8, 0xc4, 4, 0x10000},
	};
	size_t word = layout[d->arch].word;
	uint32_t flags;

	if (d->arch == VF_ARCH_UNKNOWN || len < layout[d->arch].pc + word ||
		len < layout[d->arch].sp + word)
		return false;
	flags = vf_le32(raw + layout[d->arch].flags);
	if (flags == FILLER32 || !(flags & layout[d->arch].mark))
		return false;
	*pc = vf_le_word(raw + layout[d->arch].pc, word);
	*sp = vf_le_word(raw + layout[d->arch].sp, word);
	return true;
}

/* Older and third-party tools write a comment; the kernel leaves the filler. */
static void parse_comment(struct vf_parse *p, const struct layout *l)
{
	const uint8_t *raw = bytes(p, l->comment, 128);

	if (!raw || vf_le32(raw) == FILLER32)
		return;
	(void)vf_text_ascii(raw, 128, p->dump->comment, sizeof p->dump->comment);
}

void vf_parse_header(struct vf_parse *p)
{
	const struct layout *l = p->dump->bits == 64 ? &layout64 : &layout32;
	struct vf_dump *d = p->dump;
	const uint8_t *context;
	uint32_t v;

	parse_kind(p, l);
	parse_machine(p, l);
	parse_bugcheck(p, l);
	parse_times(p, l);
	parse_comment(p, l);
	if (field32(p, 0x0c, &v)) {
		d->has_build = true;
		d->os_build =
			v & 0x0fffffff; /* the kernel's own number carries free/checked above */
	}
	d->has_cpus = field32(p, l->cpus, &v) && v > 0 && v <= 65535;
	d->cpus = d->has_cpus ? v : 0;
	if (!d->has_cpus)
		vf_dump_warn(p, "the number of processors is not valid");
	context = bytes(p, l->context, l->context_size);
	if (context)
		d->has_context = vf_parse_context(d, context, l->context_size, &d->pc, &d->sp);
}
