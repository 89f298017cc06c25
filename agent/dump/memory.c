/*
 * Virtual memory as far as a triage dump carries it: data blocks, the stack and the data page.
 * A look-up walks the block table; few are made.
 */
#include "agent/dump/parse.h"

/* A record may straddle blocks; more pieces than this are damage. */
enum { PIECES = 4 };

static size_t block_count(const struct vf_parse *p)
{
	return p->triage.block_count < VF_DUMP_BLOCKS ? p->triage.block_count : VF_DUMP_BLOCKS;
}

bool vf_memory_block(struct vf_parse *p, size_t n, struct vf_extent *block)
{
	uint8_t raw[16];
	size_t entry = p->word + 8;

	if (n >= block_count(p) ||
		!vf_reader_get(
			&p->reader, p->triage.blocks_offset + n * (uint64_t)entry, raw, entry))
		return false;
	block->address = vf_le_word(raw, p->word);
	block->offset = vf_le32(raw + p->word);
	block->size = vf_le32(raw + p->word + 4);
	return true;
}

/* How many bytes from `address` on the extent has; `*offset` says where they are in the file. */
static uint64_t covered(
	const struct vf_parse *p, const struct vf_extent *e, uint64_t address, uint64_t *offset)
{
	uint64_t skip = address - e->address;

	if (address < e->address || skip >= e->size ||
		!vf_reader_holds(&p->reader, e->offset, e->size))
		return 0;
	*offset = e->offset + skip;
	return e->size - skip;
}

static uint64_t find(struct vf_parse *p, uint64_t address, uint64_t *offset)
{
	const struct vf_triage *t = &p->triage;
	const struct vf_extent fixed[] = {
		{t->stack_top, t->stack_offset, t->stack_size},
		t->data_page,
	};
	struct vf_extent block;
	uint64_t n;

	for (size_t i = 0; i < VF_ARRAY_LEN(fixed); i++)
		if ((n = covered(p, &fixed[i], address, offset)))
			return n;
	for (size_t i = 0; vf_memory_block(p, i, &block); i++)
		if ((n = covered(p, &block, address, offset)))
			return n;
	return 0;
}

size_t vf_memory_read(struct vf_parse *p, uint64_t address, void *buf, size_t len)
{
	size_t done = 0;

	for (int piece = 0; piece < PIECES && done < len; piece++) {
		uint64_t offset = 0, n, from;

		if (__builtin_add_overflow(address, (uint64_t)done, &from))
			break;
		n = find(p, p->word == 8 ? from : (uint32_t)from, &offset);
		if (!n)
			break;
		if (n > len - done)
			n = len - done;
		if (!vf_reader_get(&p->reader, offset, (uint8_t *)buf + done, (size_t)n))
			break;
		done += (size_t)n;
	}
	return done;
}
