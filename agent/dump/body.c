/*
 * What follows the header of full, bitmap and live dumps. Only its outline is checked, so that a
 * dump cut short is told from a whole one; its memory is not read. Types 2 and 7 are left alone:
 * nothing is known for certain about how they lay out their memory.
 */
#include "agent/dump/parse.h"

#include <string.h>

enum {
	PAGE = 0x1000,
	MARK_SUMMARY = 0x504d4453, /* SDMP */
	MARK_FULL = 0x504d4446,    /* FDMP */
	MARK_RANGES = 0x504d4452,  /* RDMP */
	MARK_DUMP = 0x504d5544,    /* DUMP */
};

static void warn_if_cut(struct vf_parse *p, uint64_t first, uint64_t pages)
{
	uint64_t bytes, end;

	if (__builtin_mul_overflow(pages, (uint64_t)PAGE, &bytes) ||
		__builtin_add_overflow(first, bytes, &end))
		vf_dump_warn(p, "the number of memory pages is not valid");
	else if (end > p->reader.source->size)
		vf_dump_warn(p, "the file is cut: %llu bytes of %llu",
			(unsigned long long)p->reader.source->size, (unsigned long long)end);
}

/* Runs of physical memory follow the header page by page. */
static void check_full(struct vf_parse *p)
{
	size_t at = p->word == 8 ? 0x88 : 0x64;
	const uint8_t *raw = p->header + at;
	uint64_t pages = p->word == 8 ? vf_le64(raw + 8) : vf_le32(raw + 4);

	if (p->header_len < at + 16 || !memcmp(raw, "PAGE", 4))
		vf_dump_warn(p, "the header does not say which memory follows");
	else
		warn_if_cut(p, p->word == 8 ? VF_HEADER_64 : VF_HEADER_32, pages);
}

/* A bitmap of the pages that are present, then those pages. */
static void check_bitmap(struct vf_parse *p)
{
	uint64_t at = p->word == 8 ? VF_HEADER_64 : VF_HEADER_32, first, pages;
	uint32_t mark, dump;

	if (!vf_reader_u32(&p->reader, at, &mark) || !vf_reader_u32(&p->reader, at + 4, &dump)) {
		vf_dump_warn(p, "the file ends behind its header");
		return;
	}
	if ((mark != MARK_SUMMARY && mark != MARK_FULL) || dump != MARK_DUMP) {
		vf_dump_warn(p, "the page bitmap behind the header is not valid");
		return;
	}
	/* Only the 64-bit layout of the bitmap's header is known from more than one reader. */
	if (p->word == 8 && vf_reader_word(&p->reader, at + 0x20, 8, &first) &&
		vf_reader_word(&p->reader, at + 0x28, 8, &pages))
		warn_if_cut(p, first, pages);
}

static void check_live(struct vf_parse *p)
{
	uint32_t mark, dump;

	if (!vf_reader_u32(&p->reader, VF_HEADER_64 + 4, &mark) ||
		!vf_reader_u32(&p->reader, VF_HEADER_64 + 8, &dump))
		vf_dump_warn(p, "the file ends behind its header");
	else if ((mark != MARK_SUMMARY && mark != MARK_FULL && mark != MARK_RANGES) ||
		 dump != MARK_DUMP)
		vf_dump_warn(p, "the page list behind the header is not valid");
}

void vf_parse_body(struct vf_parse *p)
{
	switch (p->dump->type) {
	case 1: check_full(p); break;
	case 5:
	case 6: check_bitmap(p); break;
	case 8:
	case 9:
	case 10: check_live(p); break;
	default: break;
	}
}
