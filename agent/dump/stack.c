/* The raw stack: every word that lies in a module is kept. It is a scan, not an unwind. */
#include "agent/dump/parse.h"

#include <stdlib.h>

enum { FIRST_WORDS = 256, FRAME_SEARCH = 64 };

size_t vf_stack_count(const struct vf_parse *p)
{
	uint64_t size = p->reader.source->size, at = p->triage.stack_offset;
	uint64_t len = p->triage.stack_size;

	if (!at || at > size)
		return 0;
	if (len > size - at)
		len = size - at;
	if (len > VF_DUMP_STACK)
		len = VF_DUMP_STACK;
	return (size_t)len / p->word;
}

bool vf_stack_word(struct vf_parse *p, size_t n, uint64_t *value)
{
	return n < vf_stack_count(p) &&
	       vf_reader_word(
		       &p->reader, p->triage.stack_offset + n * (uint64_t)p->word, p->word, value);
}

/*
 * Near the top lie the arguments of KeBugCheckEx, code and parameters. They are data here, even
 * when a parameter is an address.
 */
static void find_bugcheck_frame(struct vf_parse *p)
{
	const struct vf_dump *d = p->dump;
	uint64_t v;

	for (size_t i = 1; i < FRAME_SEARCH; i++) {
		size_t same = 0;

		if (!vf_stack_word(p, i, &v))
			return;
		if (((uint32_t)v & 0x0fffffff) != (d->code & 0x0fffffff))
			continue;
		while (same < 4 && vf_stack_word(p, i + 1 + same, &v) && v == d->params[same])
			same++;
		if (same == 4) {
			p->bugcheck_frame = i;
			return;
		}
	}
}

static bool keep(struct vf_dump *d, size_t *capacity, struct vf_dump_word word)
{
	struct vf_dump_word *grown;

	if (d->word_count == *capacity) {
		*capacity = *capacity ? 2 * *capacity : FIRST_WORDS;
		grown = realloc(d->words, *capacity * sizeof *grown);
		if (!grown)
			return false;
		d->words = grown;
	}
	d->words[d->word_count++] = word;
	return true;
}

bool vf_parse_stack(struct vf_parse *p)
{
	const struct vf_triage *t = &p->triage;
	size_t count = vf_stack_count(p), capacity = 0, dropped = 0;
	struct vf_dump *d = p->dump;
	uint64_t value;

	if (count < t->stack_size / p->word)
		vf_dump_warn(p, "%zu of %zu stack words are read", count,
			(size_t)(t->stack_size / p->word));
	find_bugcheck_frame(p);
	for (size_t i = 0; i < count && vf_stack_word(p, i, &value); i++) {
		struct vf_dump_word word = {t->stack_top + i * p->word, value, {NULL, NULL, 0}};

		if (!vf_module_at(p, value, &word.place))
			continue;
		if (d->word_count == VF_DUMP_WORDS)
			dropped++;
		else if (!keep(d, &capacity, word))
			return false;
	}
	if (dropped)
		vf_dump_warn(
			p, "%zu stack words beyond %d are left out", dropped, (int)VF_DUMP_WORDS);
	return true;
}
