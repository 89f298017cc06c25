/* Records and texts that the parameters of a bug check point at, where the dump carries them. */
#include "agent/dump/parse.h"

#include <string.h>

#include "agent/dump/text.h"

static uint64_t parameter(const struct vf_dump *d, unsigned n)
{
	return n ? d->params[n - 1] : 0;
}

static void read_context(struct vf_parse *p, struct vf_fault *f, unsigned param)
{
	uint64_t address = parameter(p->dump, param);
	uint8_t raw[VF_CONTEXT_MAX];
	size_t n;

	if (!address)
		return;
	n = vf_memory_read(p, address, raw, sizeof raw);
	f->has_context = vf_parse_context(p->dump, raw, n, &f->pc, &f->sp) && f->pc;
	f->context_param = param;
}

/* The record's address member is where the exception happened. */
static void read_exception(struct vf_parse *p, struct vf_fault *f, unsigned param)
{
	uint64_t address = parameter(p->dump, param);
	size_t at = p->word == 8 ? 0x10 : 0x0c;
	uint8_t raw[0x18];

	if (!address || vf_memory_read(p, address, raw, sizeof raw) < at + p->word)
		return;
	f->exception = vf_le_word(raw + at, p->word);
	/* A record with no code or no address is something else. */
	f->has_exception = vf_le32(raw) && f->exception;
	f->exception_param = param;
}

void vf_parse_fault(struct vf_parse *p, struct vf_fault *fault)
{
	static const struct {
		uint32_t code;
		unsigned exception, context;
	} rows[] = {
#define FAULT_RECORD(code, exception, context) {code, exception, context},
#include "verifleet/catalog/fault_record.def"
	};

	memset(fault, 0, sizeof *fault);
	for (size_t i = 0; i < VF_ARRAY_LEN(rows); i++) {
		if (rows[i].code != p->dump->code)
			continue;
		read_context(p, fault, rows[i].context);
		read_exception(p, fault, rows[i].exception);
	}
}

/* Follows a UNICODE_STRING: length, capacity, pointer. */
static bool counted_text(struct vf_parse *p, const uint8_t *raw, size_t n, char *text, size_t size)
{
	size_t pointer = p->word == 8 ? 8 : 4, len, got;
	uint8_t units[2 * VF_DUMP_PARAMETER_TEXT];

	if (n < 2 * p->word)
		return false;
	len = vf_le16(raw);
	if (!len || len % 2 || len > vf_le16(raw + 2) || (p->word == 8 && vf_le32(raw + 4)))
		return false;
	if (len > sizeof units)
		len = sizeof units;
	got = vf_memory_read(p, vf_le_word(raw + pointer, p->word), units, len);
	return got == len && vf_text_utf16(units, len / 2, text, size);
}

bool vf_memory_text(struct vf_parse *p, uint64_t address, char *text, size_t size)
{
	uint8_t raw[2 * VF_DUMP_PARAMETER_TEXT];
	size_t n = vf_memory_read(p, address, raw, sizeof raw);

	if (n < 4)
		return false;
	if (raw[0] >= 0x20 && raw[0] < 0x7f && raw[1])
		return vf_text_ascii(raw, n, text, size) && text[1];
	if (raw[0] >= 0x20 && raw[0] < 0x7f && !raw[1] && raw[2] >= 0x20 && raw[2] < 0x7f &&
		!raw[3])
		return vf_text_utf16(raw, n / 2, text, size) > 1;
	return counted_text(p, raw, n, text, size);
}
