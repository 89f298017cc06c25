/* The triage header behind the dump header: where the parts lie, and whether the dump is whole. */
#include "agent/dump/parse.h"

#include <string.h>

enum {
	TRIAGE_64 = 0x80, /* size of the triage header */
	TRIAGE_32 = 0x68,
	MARK = 0x44475254, /* TRGD, the last word of the triage part */
};

/* The fields up to +0x48 are the same in both; what follows has pointers in it. */
static void read_fields(struct vf_parse *p, const uint8_t *raw)
{
	struct vf_triage *t = &p->triage;
	const uint8_t *tail = raw + (p->word == 8 ? 0x60 : 0x4c);

	t->size_of_dump = vf_le32(raw + 0x04);
	t->valid_offset = vf_le32(raw + 0x08);
	t->context_offset = vf_le32(raw + 0x0c);
	t->unloaded_offset = vf_le32(raw + 0x18);
	t->stack_offset = vf_le32(raw + 0x28);
	t->stack_size = vf_le32(raw + 0x2c);
	t->drivers_offset = vf_le32(raw + 0x30);
	t->driver_count = vf_le32(raw + 0x34);
	t->broken_driver_offset = vf_le32(raw + 0x40);
	t->stack_top = vf_le_word(raw + 0x48, p->word);
	t->data_page.address = vf_le_word(tail, p->word);
	tail += p->word;
	t->data_page.offset = vf_le32(tail);
	t->data_page.size = vf_le32(tail + 4);
	t->debugger_offset = vf_le32(tail + 8);
	t->debugger_size = vf_le32(tail + 12);
	t->blocks_offset = vf_le32(tail + 16);
	t->block_count = vf_le32(tail + 20);
}

static bool marked(struct vf_parse *p)
{
	const struct vf_triage *t = &p->triage;
	uint32_t mark;

	return (uint64_t)t->valid_offset + 4 == t->size_of_dump &&
	       vf_reader_u32(&p->reader, t->valid_offset, &mark) && mark == MARK;
}

static void warn_unmarked(struct vf_parse *p)
{
	uint64_t size = p->reader.source->size;

	if (p->triage.size_of_dump > size)
		vf_dump_warn(p, "the file is cut: %llu bytes of %u", (unsigned long long)size,
			p->triage.size_of_dump);
	else
		vf_dump_warn(p, "the end mark of the small dump is missing: it is damaged or was "
				"not written to its end");
}

/* The triage header names the place of the context too; it counts where the usual one is empty. */
static void read_context(struct vf_parse *p)
{
	struct vf_dump *d = p->dump;
	uint8_t raw[VF_CONTEXT_MAX];

	if (!d->has_context && vf_reader_get(&p->reader, p->triage.context_offset, raw, sizeof raw))
		d->has_context = vf_parse_context(d, raw, sizeof raw, &d->pc, &d->sp);
}

bool vf_parse_triage(struct vf_parse *p)
{
	uint64_t at = p->word == 8 ? VF_HEADER_64 : VF_HEADER_32;
	uint8_t raw[TRIAGE_64];

	if (!vf_reader_get(&p->reader, at, raw, p->word == 8 ? TRIAGE_64 : TRIAGE_32)) {
		if (p->dump->kind == VF_DUMP_TRIAGE)
			vf_dump_warn(p, "the file ends behind its header: no drivers and no stack");
		return true;
	}
	read_fields(p, raw);
	if (!marked(p)) {
		/* Nothing says that this is a triage dump, so its fields would be chance. */
		if (p->dump->kind == VF_DUMP_UNKNOWN) {
			memset(&p->triage, 0, sizeof p->triage);
			return true;
		}
		warn_unmarked(p);
	}
	p->dump->kind = VF_DUMP_TRIAGE;
	read_context(p);
	if (!vf_parse_drivers(p) || !vf_parse_unloaded(p) || !vf_parse_stack(p))
		return false;
	vf_parse_debugger_data(p);
	return vf_parse_secondary(p);
}
