/* The triage part of a synthetic dump: lists, stack, debugger data, data blocks, secondary data. */
#include "agent/sim/dumpbytes.h"

#include <string.h>

/* Where the fields of the two layouts lie; the order of the file's parts follows real dumps. */
struct layout {
	size_t base, word, header, driver, driver_base, driver_size, driver_sum, driver_time,
		unloaded, unloaded_name, unloaded_start, unloaded_end, unloaded_head, block;
	size_t top_of_stack,
		data_page; /* data_page: the first of seven fields after the page address */
};

static const struct layout layout64 = {
	.base = 0x2000,
	.word = 8,
	.header = 0x80,
	.driver = 0x90,
	.driver_base = 0x38,
	.driver_size = 0x48,
	.driver_sum = 0x80,
	.driver_time = 0x88,
	.unloaded = 0x38,
	.unloaded_name = 0x10,
	.unloaded_start = 0x28,
	.unloaded_end = 0x30,
	.unloaded_head = 8,
	.block = 16,
	.top_of_stack = 0x48,
	.data_page = 0x68,
};

static const struct layout layout32 = {
	.base = 0x1000,
	.word = 4,
	.header = 0x68,
	.driver = 0x4c,
	.driver_base = 0x1c,
	.driver_size = 0x24,
	.driver_sum = 0x44,
	.driver_time = 0x48,
	.unloaded = 0x28,
	.unloaded_name = 8,
	.unloaded_start = 0x20,
	.unloaded_end = 0x24,
	.unloaded_head = 4,
	.block = 12,
	.top_of_stack = 0x48,
	.data_page = 0x50,
};

struct work {
	struct vf_sim_bytes *b;
	const struct vf_sim_dump_spec *s;
	const struct layout *l;
};

static size_t align8(size_t at)
{
	return (at + 7) & ~(size_t)7;
}

/* Sets a field of the triage header, counted from its start. */
static void field(struct work *w, size_t at, size_t value)
{
	vf_sim_put32(w->b, w->l->base + at, (uint32_t)value);
}

static uint64_t kernel_base(const struct vf_sim_dump_spec *s)
{
	return s->driver_count ? s->drivers[0].base : 0;
}

static void put_unloaded(struct work *w)
{
	const struct layout *l = w->l;
	size_t at = align8(w->b->len);

	if (!w->s->unloaded_count)
		return;
	field(w, 0x18, at);
	vf_sim_put32(w->b, at, (uint32_t)w->s->unloaded_count);
	at += l->unloaded_head;
	for (size_t i = 0; i < w->s->unloaded_count; i++, at += l->unloaded) {
		const struct vf_sim_unloaded *u = &w->s->unloaded[i];
		size_t units;

		vf_sim_reach(w->b, at + l->unloaded);
		units = vf_sim_put_utf16(w->b, at + l->unloaded_name, u->name, 12);
		vf_sim_put16(w->b, at, (uint16_t)(2 * units));
		vf_sim_put16(w->b, at + 2, (uint16_t)(2 * units));
		vf_sim_put_word(w->b, at + l->unloaded_start, u->start, l->word);
		vf_sim_put_word(w->b, at + l->unloaded_end, u->end, l->word);
	}
}

/* x64 keeps KeBugCheckEx's return address, its first argument and home area on top of the stack. */
static void put_stack(struct work *w)
{
	const struct vf_sim_dump_spec *s = w->s;
	size_t word = w->l->word, begin = align8(w->b->len), at = begin;

	if (s->arch == VF_SIM_X64) {
		vf_sim_put64(w->b, at, kernel_base(s) + 0x40f4e1);
		vf_sim_put64(w->b, at + 8, s->code & 0x0fffffff);
		for (size_t i = 0; i < 4; i++)
			vf_sim_put64(w->b, at + 16 + 8 * i, s->params[i]);
		at += 48;
	}
	for (size_t i = 0; i < s->stack_count; i++, at += word)
		vf_sim_put_word(w->b, at, s->stack[i], word);
	if (at == begin)
		return;
	field(w, 0x28, begin);
	field(w, 0x2c, at - begin);
	vf_sim_put_word(w->b, w->l->base + w->l->top_of_stack, vf_sim_stack_top(s), word);
}

static void put_debugger_data(struct work *w)
{
	size_t at = align8(w->b->len), size = w->s->os_build == 7601 ? 0x340 : 0x380;

	if (w->s->without & VF_SIM_NO_DEBUGGER_DATA)
		return;
	field(w, w->l->data_page + 8, at);
	field(w, w->l->data_page + 12, size);
	vf_sim_reach(w->b, at + size);
	vf_sim_put(w->b, at + 0x10, "KDBG", 4);
	vf_sim_put32(w->b, at + 0x14, (uint32_t)size);
	vf_sim_put64(w->b, at + 0x18, kernel_base(w->s));
	vf_sim_put64(w->b, at + 0x208, kernel_base(w->s) + 0xc4c0a0);
}

static void put_drivers(struct work *w)
{
	const struct layout *l = w->l;
	const struct vf_sim_dump_spec *s = w->s;
	size_t list = align8(w->b->len), pool = list + s->driver_count * l->driver, at = pool;

	if (!s->driver_count)
		return;
	vf_sim_reach(w->b, pool);
	for (size_t i = 0; i < s->driver_count; i++) {
		size_t entry = list + i * l->driver, units;

		vf_sim_put32(w->b, entry, (uint32_t)at);
		vf_sim_put_word(w->b, entry + l->driver_base, s->drivers[i].base, l->word);
		vf_sim_put32(w->b, entry + l->driver_size, s->drivers[i].size);
		vf_sim_put32(w->b, entry + l->driver_sum, s->drivers[i].checksum);
		vf_sim_put32(w->b, entry + l->driver_time, s->drivers[i].timestamp);
		vf_sim_reach(w->b, at + 4);
		units = vf_sim_put_utf16(w->b, at + 4, s->drivers[i].path, 1024);
		vf_sim_put32(w->b, at, (uint32_t)units);
		at = align8(at + 4 + 2 * units + 2);
		vf_sim_reach(w->b, at);
	}
	field(w, 0x30, list);
	field(w, 0x34, s->driver_count);
	field(w, 0x38, pool);
	field(w, 0x3c, at - pool);
}

struct block_list {
	size_t table, data, count;
};

static void put_block(
	struct work *w, struct block_list *list, uint64_t address, const void *data, size_t size)
{
	size_t at = list->table + list->count * w->l->block, word = w->l->word;

	vf_sim_put_word(w->b, at, address, word);
	vf_sim_put32(w->b, at + word, (uint32_t)list->data);
	vf_sim_put32(w->b, at + word + 4, (uint32_t)size);
	vf_sim_put(w->b, list->data, data, size);
	list->data += size;
	list->count++;
}

/* The exception record and context that bug checks such as 0x7e point at. */
static void put_fault(struct work *w, struct block_list *list)
{
	const struct vf_sim_dump_spec *s = w->s;
	struct vf_sim_bytes scratch = {.status = VF_OK};

	if (s->exception_at) {
		vf_sim_reach(&scratch, 0x98);
		vf_sim_put32(&scratch, 0, (uint32_t)s->params[0]);
		vf_sim_put_word(&scratch, w->l->word == 8 ? 0x10 : 0x0c, s->pc, w->l->word);
		if (scratch.status == VF_OK)
			put_block(w, list, s->exception_at, scratch.data, scratch.len);
		scratch.len = 0;
	}
	if (s->context_at) {
		vf_sim_put_context(
			&scratch, 0, s->arch, s->pc, s->sp ? s->sp : vf_sim_stack_top(s));
		if (scratch.status == VF_OK)
			put_block(w, list, s->context_at, scratch.data, scratch.len);
	}
	if (scratch.status != VF_OK)
		w->b->status = scratch.status;
	free(scratch.data);
}

static void put_blocks(struct work *w)
{
	const struct vf_sim_dump_spec *s = w->s;
	struct block_list list = {.table = align8(w->b->len)};
	size_t planned = s->block_count + !!s->exception_at + !!s->context_at + !!s->build_lab;

	if (s->without & VF_SIM_NO_BLOCKS || !planned)
		return;
	list.data = list.table + planned * w->l->block;
	vf_sim_reach(w->b, list.data);
	if (s->build_lab)
		put_block(w, &list, kernel_base(s) + 0xc4c0a0, s->build_lab,
			strlen(s->build_lab) + 1);
	put_fault(w, &list);
	for (size_t i = 0; i < s->block_count; i++)
		put_block(w, &list, s->blocks[i].address, s->blocks[i].data, s->blocks[i].size);
	field(w, w->l->data_page + 16, list.table);
	field(w, w->l->data_page + 20, list.count);
}

static void put_secondary(struct work *w)
{
	const struct vf_sim_dump_spec *s = w->s;
	size_t at = w->b->len;

	if (!s->blob_count)
		return;
	vf_sim_put(w->b, at, "DumpBlob", 8);
	vf_sim_put32(w->b, at + 8, 16);
	vf_sim_put32(w->b, at + 12, 0xf0000000u | (s->os_build ? s->os_build : 19041));
	at += 16;
	for (size_t i = 0; i < s->blob_count; i++) {
		size_t post = (8 - s->blobs[i].size % 8) % 8;

		vf_sim_put32(w->b, at, 32);
		vf_sim_put(w->b, at + 4, s->blobs[i].guid, 16);
		vf_sim_put32(w->b, at + 20, s->blobs[i].size);
		vf_sim_put32(w->b, at + 24, 0);
		vf_sim_put32(w->b, at + 28, (uint32_t)post);
		vf_sim_put(w->b, at + 32, s->blobs[i].data, s->blobs[i].size);
		at += 32 + s->blobs[i].size + post;
		vf_sim_reach(w->b, at);
	}
}

void vf_sim_put_triage(struct vf_sim_bytes *b, const struct vf_sim_dump_spec *s)
{
	struct work w = {b, s, s->arch == VF_SIM_X86 ? &layout32 : &layout64};
	size_t mark;

	vf_sim_reach(b, w.l->base + w.l->header);
	field(&w, 0x0c, w.l->word == 8 ? 0x348 : 0x320);
	field(&w, 0x10, w.l->word == 8 ? 0xf00 : 0x7d0);
	field(&w, 0x44, 0xffffffff);
	put_unloaded(&w);
	put_stack(&w);
	put_debugger_data(&w);
	put_drivers(&w);
	put_blocks(&w);
	mark = (b->len + 3) & ~(size_t)3;
	field(&w, 0x04, mark + 4);
	field(&w, 0x08, mark);
	vf_sim_put(b, mark, s->without & VF_SIM_NO_MARK ? "\0\0\0\0" : "TRGD", 4);
	put_secondary(&w);
	if (b->status == VF_OK)
		vf_sim_put64(b, 0xfa0, b->len);
}
