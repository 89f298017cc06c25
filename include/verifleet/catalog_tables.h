/*
 * The catalogue itself: the tables filled from catalog/(name).def and the look-ups over them.
 *
 * This header defines functions. Exactly one C file on each side of the wire includes it and does
 * nothing else; everybody else includes verifleet/catalog.h. So both sides answer from the same
 * rows by the same rules, and a program carries the texts once.
 */
#ifndef VERIFLEET_CATALOG_TABLES_H
#define VERIFLEET_CATALOG_TABLES_H

#include <string.h>

#include "verifleet/catalog_cells.h"

static const struct vf_verifier_flag vf_table_flags[] = {
#define VERIFIER_FLAG(symbol, number, kind, mask, bit, rule_class, required, first, gone,          \
	class_note, key, name, since, deprecated, std_xp, std_vista_7, std_8_81, std_10_11,        \
	vol_vista_81, vol_10, vol_11, dif_now, reboot, requires, notes, meaning)                   \
	{#symbol, number, kind, mask, bit, rule_class, required, first, gone, class_note, key,     \
		name, since, deprecated, {std_xp, std_vista_7, std_8_81, std_10_11},               \
		{vol_vista_81, vol_10, vol_11}, dif_now, reboot, requires, notes, meaning},
#include "verifleet/catalog/verifier_flags.def"
};

static const struct vf_bugcheck vf_table_bugchecks[] = {
#define BUGCHECK(name, code, documented, type, p1_type, needed, leak, meaning, p1, p2, p3, p4,     \
	verifier_words, leak_words)                                                                \
	{#name, code, documented, type, p1_type, needed, leak, meaning, {p1, p2, p3, p4},          \
		verifier_words, leak_words},
#include "verifleet/catalog/bugchecks.def"
};

static const struct vf_sub_code vf_table_sub_codes[] = {
#define C4(name, value, min, max, leaks, group, rule_name, text, par2, par3, par4, remark, from)   \
	{.symbol = #name,                                                                          \
		.code = 0xc4,                                                                      \
		.p1 = value,                                                                       \
		.p2 = -1,                                                                          \
		.os_min = min,                                                                     \
		.os_max = max,                                                                     \
		.leak = leaks,                                                                     \
		.needed = VF_NEEDED_YES,                                                           \
		.category = group,                                                                 \
		.rule = rule_name,                                                                 \
		.meaning = text,                                                                   \
		.parameter = {par2, par3, par4},                                                   \
		.note = remark,                                                                    \
		.source = from},
#include "verifleet/catalog/bugcheck_c4.def"
#define C9(name, value, leaks, grade, text, par2, par3, par4)                                      \
	{.symbol = #name,                                                                          \
		.code = 0xc9,                                                                      \
		.p1 = value,                                                                       \
		.p2 = -1,                                                                          \
		.leak = leaks,                                                                     \
		.needed = VF_NEEDED_YES,                                                           \
		.severity = grade,                                                                 \
		.meaning = text,                                                                   \
		.parameter = {par2, par3, par4}},
#include "verifleet/catalog/bugcheck_c9.def"
#define DMA_CAUSE(name, value, sub, class, needs, leaks, text, par2, par3, par4, remark)           \
	{.symbol = #name,                                                                          \
		.code = 0xe6,                                                                      \
		.p1 = value,                                                                       \
		.p2 = sub,                                                                         \
		.leak = leaks,                                                                     \
		.needed = needs,                                                                   \
		.dma_class = class,                                                                \
		.meaning = text,                                                                   \
		.parameter = {par2, par3, par4},                                                   \
		.note = remark},
#include "verifleet/catalog/dma_causes.def"
};

static const struct vf_dma_misuse vf_table_dma_misuses[] = {
#define DMA_MISUSE(symbol, number, key, meaning, codes, note)                                      \
	{#symbol, number, key, meaning, codes, note},
#include "verifleet/catalog/dma_misuse.def"
};

static const struct vf_rule vf_table_rules[] = {
#define VF_RULE_ROW(memory, name, number, c4_p1, count, sets, functions, requirement,              \
	compile_time, run_time, verifier_option)                                                   \
	{#name, number, c4_p1, count, memory, sets, functions, requirement, compile_time,          \
		run_time, verifier_option},
#define MEMORY_USAGE_RULE(...) VF_RULE_ROW(true, __VA_ARGS__)
#define RULE(...)              VF_RULE_ROW(false, __VA_ARGS__)
#include "verifleet/catalog/rules.def"
#undef VF_RULE_ROW
};

static const struct vf_finding_kind_row vf_table_finding_kinds[] = {
#define FINDING_KIND(symbol, number, key, name, meaning) {#symbol, number, key, name, meaning},
#include "verifleet/catalog/finding_kinds.def"
};

static const struct {
	uint32_t code;
	uint64_t first, last;
	unsigned option;
} vf_table_detected_by[] = {
#define DETECTED_BY(code, first, last, symbol) {code, first, last, VF_OPTION_##symbol},
#include "verifleet/catalog/detected_by.def"
};

static const struct {
	uint32_t code;
	uint64_t first, last;
} vf_table_p1_leaks[] = {
#define BUGCHECK_P1_LEAK(code, first, last) {code, first, last},
#include "verifleet/catalog/bugcheck_p1_leaks.def"
};

#define VF_TABLE_LEN(table) (sizeof(table) / sizeof((table)[0]))
#define VF_TABLE_LIST(type, function, table)                                                       \
	const struct type *function(size_t *count)                                                 \
	{                                                                                          \
		*count = VF_TABLE_LEN(table);                                                      \
		return table;                                                                      \
	}
VF_TABLE_LIST(vf_verifier_flag, vf_verifier_flags, vf_table_flags)
VF_TABLE_LIST(vf_bugcheck, vf_bugchecks, vf_table_bugchecks)
VF_TABLE_LIST(vf_sub_code, vf_sub_codes, vf_table_sub_codes)
VF_TABLE_LIST(vf_dma_misuse, vf_dma_misuses, vf_table_dma_misuses)
VF_TABLE_LIST(vf_rule, vf_rules, vf_table_rules)
VF_TABLE_LIST(vf_finding_kind_row, vf_finding_kinds, vf_table_finding_kinds)

/* The lists are short (the longest has a few hundred rows) and are asked once a crash. */
#define VF_TABLE_FIND(type, function, table, argument, condition)                                  \
	const struct type *function(argument)                                                      \
	{                                                                                          \
		for (const struct type *row = table; row < table + VF_TABLE_LEN(table); row++)     \
			if (condition)                                                             \
				return row;                                                        \
		return NULL;                                                                       \
	}
VF_TABLE_FIND(vf_verifier_flag, vf_verifier_flag_find, vf_table_flags, unsigned number,
	row->number == number)
VF_TABLE_FIND(vf_verifier_flag, vf_verifier_flag_of_bit, vf_table_flags, uint32_t mask,
	mask && row->mask == mask)
VF_TABLE_FIND(vf_bugcheck, vf_bugcheck_find, vf_table_bugchecks, uint32_t code, row->code == code)
VF_TABLE_FIND(vf_dma_misuse, vf_dma_misuse_find, vf_table_dma_misuses, unsigned number,
	row->number == number)
VF_TABLE_FIND(vf_rule, vf_rule_find, vf_table_rules, const char *name, !strcmp(row->name, name))
VF_TABLE_FIND(vf_finding_kind_row, vf_finding_kind_find, vf_table_finding_kinds, unsigned number,
	row->number == number)
VF_TABLE_FIND(vf_finding_kind_row, vf_finding_kind_named, vf_table_finding_kinds, const char *key,
	!strcmp(row->key, key))
#undef VF_TABLE_FIND
#undef VF_TABLE_LIST

const char *vf_leak_word(enum vf_leak leak)
{
	switch (leak) {
	case VF_LEAK_NO: return "no";
	case VF_LEAK_YES: return "yes";
	case VF_LEAK_POSSIBLE: return "possible";
	default: return "unknown";
	}
}

const char *vf_needed_word(enum vf_needed needed)
{
	switch (needed) {
	case VF_NEEDED_NO: return "no";
	case VF_NEEDED_YES: return "yes";
	default: return "unknown";
	}
}

const char *vf_documented_word(enum vf_documented documented)
{
	switch (documented) {
	case VF_DOC_NAME_ONLY: return "name_only";
	case VF_DOC_FULL: return "full";
	default: return NULL;
	}
}

const char *vf_bugcheck_type_word(enum vf_bugcheck_type type)
{
	return type == VF_LIVE_DUMP ? "live_dump" : "stop";
}

const char *vf_flag_kind_word(enum vf_flag_kind kind)
{
	static const char *const words[] = {"bit", "legacy", "reserved", "rule_class", "registry"};

	return words[kind];
}

const char *vf_windows_word(enum vf_windows windows)
{
	static const char *const words[] = {
		NULL, "2000", "xp", "2003", "vista", "7", "8", "8.1", "10", "11"};

	return words[windows];
}

enum vf_windows vf_windows_named(const char *word)
{
	for (int w = VF_WIN_XP; w <= VF_WIN_11; w++)
		if (w != VF_WIN_2003 && !strcmp(word, vf_windows_word((enum vf_windows)w)))
			return (enum vf_windows)w;
	return VF_WIN_UNKNOWN;
}

enum vf_windows vf_windows_of_build(uint32_t os_build)
{
	static const struct {
		uint32_t first;
		enum vf_windows windows;
	} builds[] = {{22000, VF_WIN_11}, {10240, VF_WIN_10}, {9600, VF_WIN_81}, {9200, VF_WIN_8},
		{7600, VF_WIN_7}, {6000, VF_WIN_VISTA}, {3790, VF_WIN_2003}, {2600, VF_WIN_XP},
		{2195, VF_WIN_2000}};

	for (size_t i = 0; i < VF_TABLE_LEN(builds); i++)
		if (os_build >= builds[i].first)
			return builds[i].windows;
	return VF_WIN_UNKNOWN;
}

static int vf_standard_column(enum vf_windows windows)
{
	switch (windows) {
	case VF_WIN_XP:
	case VF_WIN_2003: return VF_STD_XP;
	case VF_WIN_VISTA:
	case VF_WIN_7: return VF_STD_VISTA_7;
	case VF_WIN_8:
	case VF_WIN_81: return VF_STD_8_81;
	case VF_WIN_10:
	case VF_WIN_11: return VF_STD_10_11;
	default: return -1;
	}
}

static int vf_volatile_column(enum vf_windows windows)
{
	switch (windows) {
	case VF_WIN_VISTA:
	case VF_WIN_7:
	case VF_WIN_8:
	case VF_WIN_81: return VF_VOL_VISTA_81;
	case VF_WIN_10: return VF_VOL_10;
	case VF_WIN_11: return VF_VOL_11;
	default: return -1;
	}
}

const char *vf_flag_standard(const struct vf_verifier_flag *row, enum vf_windows windows)
{
	int column = vf_standard_column(windows);

	return column < 0 ? NULL : row->standard[column];
}

const char *vf_flag_volatile(const struct vf_verifier_flag *row, enum vf_windows windows)
{
	int column = vf_volatile_column(windows);

	return column < 0 ? NULL : row->volatile_[column];
}

const char *vf_flag_available_word(const struct vf_verifier_flag *row, enum vf_windows windows)
{
	if (row->first == VF_WIN_UNKNOWN || windows == VF_WIN_UNKNOWN)
		return "unknown";
	if (row->first > windows || (row->gone && row->gone <= windows))
		return "no";
	return "yes";
}

const char *vf_bugcheck_meaning(const struct vf_bugcheck *row)
{
	return row && row->documented == VF_DOC_FULL ? row->meaning : NULL;
}

const char *vf_sub_code_list_word(const struct vf_sub_code *row)
{
	return row->code == 0xc4 ? "c4" : row->code == 0xc9 ? "c9" : "e6";
}

const char *vf_finding_kind_key(enum vf_finding_kind kind)
{
	const struct vf_finding_kind_row *row = vf_finding_kind_find(kind);

	return row ? row->key : NULL;
}

const char *vf_public_meaning(const char *cell)
{
	return cell && !strcmp(cell, "not documented") ? NULL : cell;
}

struct vf_text_span vf_meaning_here(
	const struct vf_bugcheck_input *in, unsigned index, const char *cell)
{
	const struct vf_bugcheck *row = vf_bugcheck_find(vf_bugcheck_code(in->raw_code));
	const struct vf_text_span none = {.text = NULL};
	struct vf_text_span here = none, p1;

	if (!cell || !row || !in->n_parameters)
		return none;
	/* Numbers in brackets are values of parameter 1 only where that is a class. */
	if (index && row->p1_type == VF_P1_CLASS) {
		p1 = vf_cell_of_value(row->parameter[0], in->parameter[0]);
		here = vf_cell_of_p1(cell, in->parameter[0], !p1.text || p1.len);
		here.whole = here.text != NULL;
	}
	if (!here.text && index < in->n_parameters)
		here = vf_cell_of_value(cell, in->parameter[index]);
	return here.len ? here : none;
}

bool vf_dma_p2_is_sub_code(uint64_t p1)
{
	for (size_t i = 0; i < VF_TABLE_LEN(vf_table_sub_codes); i++) {
		const struct vf_sub_code *row = &vf_table_sub_codes[i];

		if (row->code == 0xe6 && row->p1 == p1 && row->p2 >= 0)
			return true;
	}
	return false;
}

static void vf_decoded_note(struct vf_decoded *d, const char *sentence)
{
	if (d->n_notes < VF_DECODED_NOTES)
		d->note[d->n_notes++] = sentence;
}

/* The list of sub-codes that a code uses, 0 = none; 0x1C4 is the live dump of 0xC4. */
static uint32_t vf_sub_code_list(uint32_t code)
{
	switch (code) {
	case 0xc4:
	case 0xc9:
	case 0xe6: return code;
	case 0x1c4: return 0xc4;
	default: return 0;
	}
}

static void vf_decode_readings(struct vf_decoded *d, uint32_t list)
{
	const struct vf_bugcheck_input *in = &d->in;
	bool p1_listed = false, other_build = false;

	for (size_t i = 0; i < VF_TABLE_LEN(vf_table_sub_codes); i++) {
		const struct vf_sub_code *row = &vf_table_sub_codes[i];

		if (row->code != list || row->p1 != in->parameter[0])
			continue;
		p1_listed = true;
		if (row->p2 >= 0 && in->n_parameters > 1 && (uint64_t)row->p2 != in->parameter[1])
			continue;
		if (in->os_build && (in->os_build < row->os_min ||
					    (row->os_max && in->os_build > row->os_max))) {
			other_build = true;
			continue;
		}
		if (d->n_readings < VF_DECODED_READINGS)
			d->reading[d->n_readings++] = row;
	}
	if (other_build)
		vf_decoded_note(d, "A reading that does not hold on this build is left out.");
	if (!d->n_readings && !other_build)
		d->meaning[1] = d->meaning[2] = d->meaning[3] = NULL;
	if (!p1_listed)
		vf_decoded_note(d, "Parameter 1 is not in the public list of sub-codes: it has no "
				   "public meaning.");
	else if (!d->n_readings && !other_build)
		vf_decoded_note(d, "Parameter 1 is in the public list, but parameter 2 is none of "
				   "its sub-codes.");
	else if (d->n_readings > 1)
		vf_decoded_note(d, "Several readings are documented: all are shown, and none is "
				   "preferred.");
}

/* What all readings agree on; unknown where they differ. */
static void vf_decode_agreement(struct vf_decoded *d)
{
	unsigned dma_class = d->n_readings ? d->reading[0]->dma_class : 0;

	for (size_t i = 0; i < d->n_readings; i++) {
		const struct vf_sub_code *row = d->reading[i];

		if (!i) {
			d->leak = row->leak;
			d->needed = row->needed;
			continue;
		}
		if (row->leak != d->leak)
			d->leak = VF_LEAK_UNKNOWN;
		if (row->needed != d->needed)
			d->needed = VF_NEEDED_UNKNOWN;
		if (row->dma_class != dma_class)
			dma_class = 0;
	}
	d->dma_class = vf_dma_misuse_find(dma_class);
	if (d->n_readings != 1)
		return;
	d->meaning[0] = d->reading[0]->meaning;
	for (size_t i = 0; i < 3; i++)
		d->meaning[i + 1] = d->reading[0]->parameter[i];
	if (d->reading[0]->rule)
		d->rule = vf_rule_find(d->reading[0]->rule);
}

static void vf_decode_options(struct vf_decoded *d, uint32_t list)
{
	enum vf_windows windows = vf_windows_of_build(d->in.os_build);
	uint64_t p1 = d->in.parameter[0];

	if (list && !d->n_readings)
		return;
	for (size_t i = 0; i < VF_TABLE_LEN(vf_table_detected_by); i++) {
		const struct vf_verifier_flag *option;

		if (vf_table_detected_by[i].code != (list ? list : d->code) ||
			p1 < vf_table_detected_by[i].first || p1 > vf_table_detected_by[i].last)
			continue;
		option = vf_verifier_flag_find(vf_table_detected_by[i].option);
		if (windows && option->first > windows)
			continue;
		if (d->n_options < VF_DECODED_OPTIONS)
			d->option[d->n_options++] = option;
	}
}

static enum vf_finding_kind vf_decode_kind(const struct vf_decoded *d, uint32_t list)
{
	if (!d->bugcheck || (list && !d->in.n_parameters))
		return VF_KIND_UNKNOWN;
	if (list == 0xe6)
		return d->in.parameter[0] == 0x26 ? VF_KIND_IOMMU : VF_KIND_DMA;
	if (d->n_readings && d->reading[0]->rule)
		return VF_KIND_RULE;
	if (d->n_readings && d->leak == VF_LEAK_YES)
		return VF_KIND_LEAK;
	return VF_KIND_BUGCHECK;
}

static enum vf_leak vf_decode_p1_leak(const struct vf_decoded *d)
{
	if (!d->in.n_parameters)
		return VF_LEAK_UNKNOWN;
	for (size_t i = 0; i < VF_TABLE_LEN(vf_table_p1_leaks); i++)
		if (vf_table_p1_leaks[i].code == d->code &&
			d->in.parameter[0] >= vf_table_p1_leaks[i].first &&
			d->in.parameter[0] <= vf_table_p1_leaks[i].last)
			return VF_LEAK_YES;
	return VF_LEAK_NO;
}

/* Words that a plain answer already gives are left out. */
static const char *vf_decode_words(const char *words)
{
	return strcmp(words, "yes") && strcmp(words, "no") ? words : NULL;
}

void vf_decode_bugcheck(const struct vf_bugcheck_input *in, struct vf_decoded *d)
{
	uint32_t list;

	*d = (struct vf_decoded){.in = *in, .code = vf_bugcheck_code(in->raw_code)};
	d->bugcheck = vf_bugcheck_find(d->code);
	if (d->code != in->raw_code) {
		d->raw = vf_bugcheck_find(in->raw_code);
		vf_decoded_note(d, "The raw code is the same bug check with bit 28 set.");
	}
	if (!d->bugcheck) {
		vf_decoded_note(d, "This code is not in the catalogue: it has no public meaning.");
		return;
	}
	if (d->bugcheck->documented == VF_DOC_NAME_ONLY)
		vf_decoded_note(d,
			"The documentation gives nothing beyond the name: this bug check "
			"has no public meaning.");
	for (size_t i = 0; i < 4; i++)
		d->meaning[i] = vf_public_meaning(d->bugcheck->parameter[i]);
	d->leak = d->bugcheck->leak;
	d->needed = d->bugcheck->needed;

	list = vf_sub_code_list(d->code);
	if (list && !in->n_parameters)
		vf_decoded_note(d, "Parameter 1 says which violation it is.");
	else if (list)
		vf_decode_readings(d, list);
	if (d->n_readings) {
		vf_decode_agreement(d);
	} else {
		d->needed_words = vf_decode_words(d->bugcheck->verifier_words);
		if (list)
			d->leak = VF_LEAK_UNKNOWN;
		else if (d->leak == VF_LEAK_BY_P1)
			d->leak = vf_decode_p1_leak(d);
		if (d->leak == VF_LEAK_UNKNOWN)
			d->leak_words = vf_decode_words(d->bugcheck->leak_words);
	}
	if (d->needed == VF_NEEDED_BY_P1)
		d->needed = VF_NEEDED_UNKNOWN;
	vf_decode_options(d, list);
	d->kind = vf_decode_kind(d, list);
	if (d->kind == VF_KIND_IOMMU)
		vf_decoded_note(d,
			"The IOMMU saw this fault: it happens without Driver Verifier, so "
			"DMA checking (0x80) gets no credit for it.");
	d->code_address = in->n_parameters ? vf_code_address_param(d->code, in->parameter[0])
					   : vf_code_address_param(d->code, UINT64_MAX);
}

void vf_decode_flags(uint32_t mask, struct vf_decoded_flags *out)
{
	uint32_t listed = 0, required = 0;

	*out = (struct vf_decoded_flags){.mask = mask};
	for (const struct vf_verifier_flag *row = vf_table_flags;
		row < vf_table_flags + VF_TABLE_LEN(vf_table_flags); row++) {
		const struct vf_verifier_flag *other;

		if (!(row->mask & mask))
			continue;
		listed |= row->mask;
		out->flag[out->n_flags++] = row;
		if (row->kind == VF_FLAG_RESERVED)
			out->reserved |= row->mask;
		other = vf_verifier_flag_find(row->required);
		if (other)
			required |= other->mask;
	}
	out->unknown = mask & ~listed;
	out->missing = required & ~mask;
}

#undef VF_TABLE_LEN
#endif
