/*
 * The build lab: the text that names branch and date of the running kernel. The debugger block
 * points at it; where that block is missing, it is looked for in the kernel's own data.
 */
#include "agent/dump/parse.h"

#include <string.h>

#include "agent/dump/text.h"

enum {
	TAG_OFFSET = 0x10,
	SIZE_OFFSET = 0x14,
	BASE_OFFSET = 0x18,
	LAB_OFFSET = 0x208, /* pointer to the text; older, shorter blocks do not reach it */
	SCAN_CHUNK = 4096,
	SCAN_BLOCK = 1 << 20, /* bytes of one block that are searched */
	SCAN_TOTAL = 8 << 20,
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "19041.1.amd64fre.vb_release.191206-1406": build, revision, processor and kind, branch, date. */
static bool looks_like_lab(const char *s)
{
	const char *at = s;

	for (int number = 0; number < 2; number++) {
		if (!is_digit(*at))
			return false;
		while (is_digit(*at))
			at++;
		if (*at++ != '.')
			return false;
	}
	at = strchr(at, '.');
	return at && at - s > 8 && (!memcmp(at - 3, "fre", 3) || !memcmp(at - 3, "chk", 3)) &&
	       at[1];
}

static bool take_lab(struct vf_parse *p, const uint8_t *raw, size_t len)
{
	char text[VF_DUMP_LAB_TEXT];

	if (!vf_text_ascii(raw, len, text, sizeof text) || !looks_like_lab(text))
		return false;
	memcpy(p->dump->build_lab, text, sizeof text);
	return true;
}

static bool lab_by_pointer(struct vf_parse *p)
{
	const struct vf_triage *t = &p->triage;
	uint8_t raw[VF_DUMP_LAB_TEXT];
	uint64_t address;
	uint32_t tag, size;

	if (!vf_reader_u32(&p->reader, (uint64_t)t->debugger_offset + TAG_OFFSET, &tag) ||
		tag != 0x4742444b /* KDBG */ ||
		!vf_reader_u32(&p->reader, (uint64_t)t->debugger_offset + SIZE_OFFSET, &size) ||
		!vf_reader_word(&p->reader, (uint64_t)t->debugger_offset + BASE_OFFSET, 8,
			&p->kernel_base) ||
		size < LAB_OFFSET + 8 || t->debugger_size < LAB_OFFSET + 8 ||
		!vf_reader_word(&p->reader, (uint64_t)t->debugger_offset + LAB_OFFSET, 8, &address))
		return false;
	if (p->word == 4) /* sign-extended there, not in the list of drivers */
		p->kernel_base = (uint32_t)p->kernel_base;
	return take_lab(p, raw, vf_memory_read(p, address, raw, sizeof raw));
}

/* Looks for "<digits>.<digits>.<processor>fre." in `len` bytes. */
static bool lab_in(struct vf_parse *p, const uint8_t *raw, size_t len)
{
	static const char *const marks[] = {".amd64", ".arm64", ".x86", ".i386"};

	for (size_t i = 3; i + 8 < len; i++) {
		size_t from = i;

		if (raw[i] != '.')
			continue;
		for (size_t m = 0; m < VF_ARRAY_LEN(marks); m++) {
			if (memcmp(raw + i, marks[m], strlen(marks[m])))
				continue;
			while (from && (is_digit((char)raw[from - 1]) || raw[from - 1] == '.'))
				from--;
			if (take_lab(p, raw + from, len - from))
				return true;
		}
	}
	return false;
}

static void lab_by_search(struct vf_parse *p)
{
	const struct vf_dump_driver *kernel = p->dump->drivers;
	uint8_t raw[SCAN_CHUNK + VF_DUMP_LAB_TEXT];
	struct vf_extent block;
	uint64_t total = 0;

	for (size_t i = 0; total < SCAN_TOTAL && vf_memory_block(p, i, &block); i++) {
		if (block.address < kernel->base || block.address - kernel->base >= kernel->size)
			continue;
		if (block.size > SCAN_BLOCK)
			block.size = SCAN_BLOCK;
		if (!vf_reader_holds(&p->reader, block.offset, block.size))
			continue;
		total += block.size;
		for (uint64_t at = 0; at < block.size; at += SCAN_CHUNK) {
			uint64_t left = block.size - at;
			size_t n = left < sizeof raw ? (size_t)left : sizeof raw;

			if (!vf_reader_get(&p->reader, block.offset + at, raw, n))
				break;
			if (lab_in(p, raw, n))
				return;
		}
	}
}

void vf_parse_debugger_data(struct vf_parse *p)
{
	if (!lab_by_pointer(p) && p->dump->driver_count)
		lab_by_search(p);
}
