/* Catalogue look-ups and the decoding of bug checks and masks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "verifleet/catalog.h"
#include "verifleet/status.h"

static struct vf_decoded decode(uint32_t code, unsigned n, uint64_t p1, uint64_t p2)
{
	struct vf_bugcheck_input in = {
		.raw_code = code, .n_parameters = n, .parameter = {p1, p2, 3, 4}};
	struct vf_decoded d;

	vf_decode_bugcheck(&in, &d);
	return d;
}

static bool has_note(const struct vf_decoded *d, const char *part)
{
	for (size_t i = 0; i < d->n_notes; i++)
		if (strstr(d->note[i], part))
			return true;
	return false;
}

static bool credits(const struct vf_decoded *d, unsigned option)
{
	for (size_t i = 0; i < d->n_options; i++)
		if (d->option[i]->number == option)
			return true;
	return false;
}

/* Every parameter 1 of 0xE6 in the public table, with its sub-codes and the class of misuse. */
static const struct {
	uint64_t p1;
	bool sub;
	uint64_t p2;
	unsigned dma_class;
} e6[] = {{0x00, true, 0x01, 15}, {0x00, true, 0x02, 0}, {0x01, false, 0, 0}, {0x02, false, 0, 0},
	{0x03, false, 0, 2}, {0x04, false, 0, 2}, {0x05, false, 0, 2}, {0x06, false, 0, 2},
	{0x07, false, 0, 3}, {0x08, false, 0, 3}, {0x09, false, 0, 3}, {0x0a, false, 0, 3},
	{0x0b, false, 0, 4}, {0x0c, false, 0, 11}, {0x0d, false, 0, 6}, {0x0e, false, 0, 8},
	{0x0f, true, 0x01, 1}, {0x0f, true, 0x02, 1}, {0x0f, true, 0x03, 1}, {0x0f, true, 0x04, 1},
	{0x0f, true, 0x05, 1}, {0x10, false, 0, 13}, {0x11, false, 0, 7}, {0x13, true, 0x01, 16},
	{0x13, true, 0x02, 16}, {0x14, false, 0, 16}, {0x15, false, 0, 11}, {0x16, false, 0, 20},
	{0x18, false, 0, 5}, {0x19, false, 0, 17}, {0x1b, false, 0, 18}, {0x1d, false, 0, 19},
	{0x1e, false, 0, 22}, {0x1f, true, 0x01, 10}, {0x1f, true, 0x02, 10},
	{0x1f, true, 0x03, 10}, {0x1f, true, 0x04, 0}, {0x1f, true, 0x05, 0}, {0x20, false, 0, 14},
	{0x21, false, 0, 21}, {0x22, false, 0, 0}, {0x23, true, 0x00, 0}, {0x24, false, 0, 0},
	{0x25, false, 0, 0}, {0x26, false, 0, 0}};

static void every_dma_code_has_its_class(void **state)
{
	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(e6); i++) {
		struct vf_decoded d = decode(0xe6, 4, e6[i].p1, e6[i].sub ? e6[i].p2 : 0x77);

		assert_int_equal(d.n_readings, 1);
		assert_int_equal(d.reading[0]->p1, e6[i].p1);
		assert_int_equal(d.dma_class ? d.dma_class->number : 0, e6[i].dma_class);
		assert_int_equal(vf_dma_p2_is_sub_code(e6[i].p1), e6[i].sub);
		assert_int_equal(d.leak,
			e6[i].dma_class == VF_DMA_CLASS_RESOURCE_LEAK ? VF_LEAK_YES : VF_LEAK_NO);
		assert_string_equal(d.meaning[0], d.reading[0]->meaning);
		if (e6[i].p1 == 0x26)
			continue;
		assert_int_equal(d.kind, VF_KIND_DMA);
		assert_int_equal(d.needed, VF_NEEDED_YES);
		assert_true(credits(&d, VF_OPTION_DMA));
	}
}

static void every_dma_class_is_reached_or_says_that_it_has_no_code(void **state)
{
	size_t n;
	const struct vf_dma_misuse *class = vf_dma_misuses(&n);

	(void)state;
	assert_int_equal(n, 22);
	for (size_t i = 0; i < n; i++) {
		bool reached = false;

		for (size_t k = 0; k < VF_ARRAY_LEN(e6); k++)
			reached |= e6[k].dma_class == class[i].number;
		assert_int_equal(reached, strcmp(class[i].codes, "none") != 0);
	}
}

static void an_iommu_fault_is_not_the_merit_of_dma_checking(void **state)
{
	struct vf_decoded d = decode(0xe6, 4, 0x26, 0);

	(void)state;
	assert_int_equal(d.kind, VF_KIND_IOMMU);
	assert_int_equal(d.needed, VF_NEEDED_NO);
	assert_null(d.dma_class);
	assert_int_equal(d.n_options, 0);
	assert_true(has_note(&d, "without Driver Verifier"));
}

static void gaps_of_the_dma_table_are_not_guessed(void **state)
{
	static const uint64_t gaps[] = {0x12, 0x17, 0x1a, 0x1c, 0x27, 0x100000003};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(gaps); i++) {
		struct vf_decoded d = decode(0xe6, 4, gaps[i], 1);

		assert_int_equal(d.n_readings, 0);
		assert_null(d.dma_class);
		assert_null(d.meaning[1]);
		assert_int_equal(d.n_options, 0);
		assert_int_equal(d.leak, VF_LEAK_UNKNOWN);
		assert_int_equal(d.needed, VF_NEEDED_UNKNOWN);
		assert_true(has_note(&d, "not in the public list"));
	}
}

static void a_sub_code_outside_its_list_has_no_class(void **state)
{
	struct vf_decoded d = decode(0xe6, 2, 0x0f, 9);

	(void)state;
	assert_int_equal(d.n_readings, 0);
	assert_null(d.dma_class);
	assert_true(has_note(&d, "none of"));
}

static void readings_that_agree_keep_the_class_and_others_lose_it(void **state)
{
	struct vf_decoded d = decode(0xe6, 1, 0x0f, 0);

	(void)state;
	assert_int_equal(d.n_readings, 5);
	assert_int_equal(d.dma_class->number, VF_DMA_CLASS_BUFFER_OVER_UNDERRUN);
	d = decode(0xe6, 1, 0x00, 0);
	assert_int_equal(d.n_readings, 2);
	assert_null(d.dma_class);
	assert_true(has_note(&d, "Several readings"));
}

static void a_code_alone_leaves_open_what_parameter_1_decides(void **state)
{
	struct vf_decoded d = decode(0xe6, 0, 0, 0);

	(void)state;
	assert_int_equal(d.kind, VF_KIND_UNKNOWN);
	assert_int_equal(d.leak, VF_LEAK_UNKNOWN);
	assert_int_equal(d.needed, VF_NEEDED_UNKNOWN);
	assert_int_equal(d.n_readings, 0);
	d = decode(0x1dc, 0, 0, 0);
	assert_int_equal(d.leak, VF_LEAK_UNKNOWN);
	assert_non_null(d.leak_words);
}

static void both_readings_of_c4_2000_are_given_and_the_build_narrows_them(void **state)
{
	struct vf_bugcheck_input in = {.raw_code = 0xc4, .n_parameters = 1, .parameter = {0x2000}};
	struct vf_decoded d;

	(void)state;
	vf_decode_bugcheck(&in, &d);
	assert_int_equal(d.n_readings, 2);
	assert_string_equal(d.reading[0]->category, "code_integrity");
	assert_string_equal(d.reading[1]->category, "storport");
	assert_null(vf_public_meaning(d.reading[1]->parameter[0]));
	in.os_build = 7601;
	vf_decode_bugcheck(&in, &d);
	assert_int_equal(d.n_readings, 1);
	assert_string_equal(d.reading[0]->category, "storport");
	assert_false(credits(&d, VF_OPTION_CODE_INTEGRITY));
	assert_true(has_note(&d, "left out"));
	in.os_build = 22621;
	vf_decode_bugcheck(&in, &d);
	assert_int_equal(d.n_readings, 2);
	assert_true(credits(&d, VF_OPTION_CODE_INTEGRITY));
}

static void kinds_follow_the_sub_code(void **state)
{
	struct vf_decoded d = decode(0xc4, 4, 0x62, 0);

	(void)state;
	assert_int_equal(d.kind, VF_KIND_LEAK);
	assert_int_equal(d.leak, VF_LEAK_YES);
	assert_true(credits(&d, VF_OPTION_POOL_TRACKING));
	assert_int_equal(decode(0xc4, 4, 0x60, 0).kind, VF_KIND_LEAK);
	assert_int_equal(decode(0x1c4, 4, 0x62, 0).kind, VF_KIND_LEAK);
	assert_int_equal(decode(0xc4, 4, 0x33, 0).kind, VF_KIND_BUGCHECK);
	d = decode(0xc4, 4, 0x00091001, 0);
	assert_int_equal(d.kind, VF_KIND_RULE);
	assert_int_equal(d.rule->number, VF_RULE_NdisOidComplete);
	assert_true(credits(&d, VF_OPTION_NDIS_WIFI));
	d = decode(0xc4, 4, 0x00081004, 0);
	assert_int_equal(d.kind, VF_KIND_RULE);
	assert_int_equal(d.leak, VF_LEAK_YES);
	assert_null(d.rule);
	assert_int_equal(decode(0xc9, 4, 0x21e, 0).kind, VF_KIND_LEAK);
	assert_int_equal(decode(0xd1, 4, 0, 0).kind, VF_KIND_BUGCHECK);
	assert_int_equal(decode(0xabc, 4, 0, 0).kind, VF_KIND_UNKNOWN);
}

static void bit_28_is_masked_and_other_severities_stay(void **state)
{
	struct vf_decoded d = decode(0x1000007e, 4, 0xc0000005, 0);

	(void)state;
	assert_int_equal(d.code, 0x7e);
	assert_string_equal(d.bugcheck->name, "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED");
	assert_string_equal(d.raw->name, "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED_M");
	assert_int_equal(d.code_address, 2);
	assert_int_equal(vf_bugcheck_code(0x100000d1), 0xd1);
	assert_int_equal(vf_bugcheck_code(0xc000021a), 0xc000021a);
	assert_int_equal(vf_bugcheck_code(0xdeaddead), 0xdeaddead);
	assert_string_equal(
		decode(0xdeaddead, 0, 0, 0).bugcheck->name, "MANUALLY_INITIATED_CRASH1");
}

static void what_has_no_public_meaning_says_so(void **state)
{
	struct vf_decoded d = decode(0x02, 4, 1, 2);

	(void)state;
	assert_null(vf_bugcheck_meaning(d.bugcheck));
	for (size_t i = 0; i < 4; i++)
		assert_null(d.meaning[i]);
	assert_true(has_note(&d, "no public meaning"));
	d = decode(0xabc, 4, 1, 2);
	assert_null(d.bugcheck);
	assert_int_equal(d.leak, VF_LEAK_UNKNOWN);
	assert_int_equal(d.needed, VF_NEEDED_UNKNOWN);
	assert_true(has_note(&d, "not in the catalogue"));
}

static void leaks_by_parameter_1(void **state)
{
	(void)state;
	assert_int_equal(decode(0x1dc, 1, 5, 0).leak, VF_LEAK_YES);
	assert_int_equal(decode(0x1dc, 1, 4, 0).leak, VF_LEAK_NO);
	assert_int_equal(decode(0x1e4, 1, 6, 0).leak, VF_LEAK_YES);
	assert_int_equal(decode(0x1e4, 1, 10, 0).leak, VF_LEAK_NO);
	assert_int_equal(decode(0xda, 1, 1, 0).leak, VF_LEAK_POSSIBLE);
	assert_int_equal(decode(0xab, 1, 1, 0).leak, VF_LEAK_YES);
	assert_int_equal(decode(0xc4, 1, 0x999, 0).leak, VF_LEAK_UNKNOWN);
}

/* The parameters that dump-reading tools look at first, and those that must never be looked at. */
static void code_addresses(void **state)
{
	static const struct {
		uint32_t code;
		uint64_t p1;
		unsigned parameter;
	} cases[] = {{0x0a, 0, 4}, {0xd1, 0, 4}, {0x50, 0, 3}, {0xcc, 0, 3}, {0xd5, 0, 3},
		{0xd6, 0, 3}, {0x7e, 0, 2}, {0x1000007e, 0, 2}, {0x1e, 0, 2}, {0xc9, 0x21f, 2},
		{0xc4, 0xf6, 4}, {0xc4, 0xdd, 2}, {0xc4, 0x2000, 2}, {0x1c4, 0xf6, 4},
		{0xc4, 0x62, 0}, {0xc4, 0x20004, 0}, {0xc4, 0x91001, 0}, {0xe6, 3, 0},
		{0xe6, 0x26, 0}, {0x9f, 3, 0}, {0xabc, 0, 0}};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(cases); i++)
		assert_int_equal(
			vf_code_address_param(cases[i].code, cases[i].p1), cases[i].parameter);
}

/* A parameter whose words say that it is code must be in code_address.def, so that none is lost. */
static void every_call_site_is_a_code_address(void **state)
{
	static const char *const words[] = {"call site", "dispatch routine", "fast I/O routine",
		"completion routine", "cancel routine", "EtwRegister call site",
		"call site in driver"};
	size_t n;
	const struct vf_sub_code *row = vf_sub_codes(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < 3; k++)
			for (size_t w = 0; w < VF_ARRAY_LEN(words); w++)
				if (row[i].parameter[k] && !strcmp(row[i].parameter[k], words[w]))
					assert_int_equal(
						vf_code_address_param(row[i].code, row[i].p1),
						k + 2);
}

static void parameter_1_is_a_class_only_where_it_enumerates(void **state)
{
	static const uint32_t classes[] = {
		0x1a, 0x1e, 0x7e, 0x7f, 0x9f, 0xc2, 0xc4, 0xc9, 0xe6, 0x10d, 0x124, 0x133, 0x139};
	static const uint32_t values[] = {
		0x0a, 0x50, 0xd1, 0xc1, 0x24, 0x27, 0x116, 0x101, 0xce, 0x02, 0x109};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(classes); i++)
		assert_int_equal(vf_bugcheck_find(classes[i])->p1_type, VF_P1_CLASS);
	for (size_t i = 0; i < VF_ARRAY_LEN(values); i++)
		assert_int_equal(vf_bugcheck_find(values[i])->p1_type, VF_P1_VALUE);
}

static void a_mask_is_split_into_options_reserved_and_unknown_bits(void **state)
{
	struct vf_decoded_flags f;

	(void)state;
	vf_decode_flags(0x001209bb, &f);
	assert_int_equal(f.n_flags, 10);
	assert_int_equal(f.reserved | f.unknown | f.missing, 0);
	vf_decode_flags(0xffffffff, &f);
	assert_int_equal(f.n_flags, 26);
	assert_int_equal(f.reserved, 0x00401000);
	assert_int_equal(f.unknown, 0xfc000000);
	vf_decode_flags(0x200, &f);
	assert_int_equal(f.missing, 0x10);
	vf_decode_flags(0x6210, &f);
	assert_int_equal(f.missing, 0);
	vf_decode_flags(0, &f);
	assert_int_equal(f.n_flags, 0);
}

static void options_answer_for_a_generation_of_windows(void **state)
{
	const struct vf_verifier_flag *dma = vf_verifier_flag_find(VF_OPTION_DMA);
	const struct vf_verifier_flag *special = vf_verifier_flag_find(VF_OPTION_SPECIAL_POOL);
	const struct vf_verifier_flag *switches = vf_verifier_flag_find(VF_OPTION_VM_SWITCH);

	(void)state;
	assert_string_equal(vf_flag_volatile(dma, VF_WIN_11), "yes");
	assert_string_equal(vf_flag_volatile(special, VF_WIN_10), "yes");
	assert_string_equal(vf_flag_volatile(special, VF_WIN_11), "no");
	assert_null(vf_flag_volatile(special, VF_WIN_XP));
	assert_string_equal(vf_flag_standard(special, VF_WIN_XP), "yes");
	assert_string_equal(vf_flag_available_word(switches, VF_WIN_8), "no");
	assert_string_equal(vf_flag_available_word(switches, VF_WIN_81), "yes");
	assert_string_equal(
		vf_flag_available_word(vf_verifier_flag_find(VF_OPTION_ENHANCED_IO), VF_WIN_VISTA),
		"yes");
	assert_string_equal(
		vf_flag_available_word(vf_verifier_flag_find(VF_OPTION_ENHANCED_IO), VF_WIN_7),
		"no");
	assert_string_equal(
		vf_flag_available_word(vf_verifier_flag_find(VF_OPTION_POFX_FUZZ), VF_WIN_10),
		"yes");
	assert_string_equal(
		vf_flag_available_word(vf_verifier_flag_find(VF_OPTION_POFX_FUZZ), VF_WIN_11),
		"no");
	assert_string_equal(
		vf_flag_available_word(vf_verifier_flag_find(VF_OPTION_RESERVED_12), VF_WIN_11),
		"unknown");
	assert_int_equal(vf_windows_named("8.1"), VF_WIN_81);
	assert_int_equal(vf_windows_named("2003"), VF_WIN_UNKNOWN);
	assert_int_equal(vf_windows_named(""), VF_WIN_UNKNOWN);
	assert_int_equal(vf_windows_of_build(19045), VF_WIN_10);
	assert_int_equal(vf_windows_of_build(26100), VF_WIN_11);
	assert_int_equal(vf_windows_of_build(7601), VF_WIN_7);
	assert_int_equal(vf_windows_of_build(0), VF_WIN_UNKNOWN);
}

/* The words of parameter `index` (0..3) in this case, "-" for none. */
static const char *here(uint32_t code, unsigned index, uint64_t p1, uint64_t value)
{
	static char words[128];
	struct vf_bugcheck_input in = {
		.raw_code = code, .n_parameters = 4, .parameter = {p1, value, value, value}};
	struct vf_text_span span;
	struct vf_decoded d;

	if (!index)
		in.parameter[0] = value;
	vf_decode_bugcheck(&in, &d);
	span = vf_meaning_here(&in, index, d.meaning[index]);
	assert_true(span.len < sizeof(words));
	memcpy(words, span.text ? span.text : "-", span.text ? span.len : 1);
	words[span.text ? span.len : 1] = '\0';
	return words;
}

static void a_list_of_values_gives_its_words_for_the_value(void **state)
{
	(void)state;
	assert_string_equal(here(0xd1, 2, 0, 0), "read");
	assert_string_equal(here(0xd1, 2, 0, 8), "execute");
	assert_string_equal(here(0xd1, 2, 0, 3), "-");
	assert_string_equal(here(0x0a, 2, 0, 1), "write");
	assert_string_equal(here(0x0a, 2, 0, 8), "execute");
	assert_string_equal(here(0x9f, 0, 0, 0x500), "no next power IRP");
	assert_string_equal(here(0x9f, 0, 0, 6), "directed power");
	assert_string_equal(here(0x9f, 0, 0, 0x100000003), "-");
	assert_string_equal(here(0x1e4, 0, 0, 7), "leaks");
	assert_string_equal(here(0x108, 0, 0, 5), "other");
	assert_string_equal(here(0x195, 0, 0, 1), "I/O too slow");
	assert_string_equal(here(0x195, 0, 0, 2), "-");
	assert_string_equal(here(0xc4, 3, 0x31, 1), "bad inside DPC");
}

static void a_list_by_parameter_1_gives_its_words_for_it(void **state)
{
	(void)state;
	assert_string_equal(here(0x9f, 1, 3, 0), "PDO");
	assert_string_equal(here(0x9f, 1, 5, 0), "PDO");
	assert_string_equal(here(0x9f, 3, 3, 0), "blocked IRP");
	assert_string_equal(here(0x9f, 1, 0x500, 0), "-");
	assert_string_equal(here(0x79, 1, 3, 0), "loader block size");
	assert_string_equal(here(0x79, 1, 1, 0), "kernel level or build");
	assert_string_equal(here(0x79, 1, 7, 0), "-"); /* 7 is no documented kind */
	assert_string_equal(here(0x77, 3, 0xc000009a, 0), "page file offset");
	assert_string_equal(here(0xf0, 2, 2, 0), "SRB");
}

/* Whatever is not wholly a list stays as it is. */
static void other_cells_are_left_alone(void **state)
{
	(void)state;
	assert_string_equal(here(0x50, 1, 0, 0), "-");      /* differs by architecture */
	assert_string_equal(here(0x14f, 2, 0x100, 1), "-"); /* its brackets are of parameter 2 */
	assert_string_equal(here(0x23, 0, 0, 0), "-");      /* high and low half */
	assert_string_equal(here(0x18d, 0, 0, 1), "-");     /* bits */
	assert_string_equal(here(0x73, 0, 0, 1), "-");      /* a constant without words */
	assert_string_equal(here(0xc4, 2, 0x73, 1), "-");
	assert_string_equal(here(0xc4, 3, 0xdd, 8), "-");
	assert_string_equal(here(0x01, 0, 0, 1), "-");
	assert_string_equal(here(0xabc, 0, 0, 1), "-");
}

static void words_are_part_of_their_cell(void **state)
{
	static const uint64_t values[] = {0, 1, 3, 8, 0x10, 0x100, UINT32_MAX, UINT64_MAX};
	size_t n, found = 0;
	const struct vf_bugcheck *row = vf_bugchecks(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (size_t v = 0; v < VF_ARRAY_LEN(values); v++) {
			struct vf_bugcheck_input in = {.raw_code = row[i].code,
				.n_parameters = 4,
				.parameter = {values[v], values[v], values[v], values[v]}};

			for (unsigned k = 0; k < 4; k++) {
				const char *cell = row[i].parameter[k];
				struct vf_text_span span = vf_meaning_here(&in, k, cell);

				if (!span.text)
					continue;
				found++;
				assert_true(span.len > 0 && span.text >= cell &&
					    span.text + span.len <= cell + strlen(cell));
			}
		}
	assert_true(found > 100);
}

/* Links between lists hold: a class, a required option and an NDIS rule exist. */
static void links_between_lists_hold(void **state)
{
	size_t n;
	const struct vf_sub_code *sub = vf_sub_codes(&n);
	const struct vf_verifier_flag *flag;
	const struct vf_rule *rule;

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (sub[i].dma_class)
			assert_non_null(vf_dma_misuse_find(sub[i].dma_class));
	flag = vf_verifier_flags(&n);
	for (size_t i = 0; i < n; i++) {
		if (flag[i].required)
			assert_non_null(vf_verifier_flag_find(flag[i].required));
		if (flag[i].mask) {
			assert_int_equal(flag[i].mask, UINT32_C(1) << flag[i].bit);
			assert_ptr_equal(vf_verifier_flag_of_bit(flag[i].mask), &flag[i]);
		}
	}
	rule = vf_rules(&n);
	for (size_t i = 0; i < n; i++) {
		struct vf_decoded d;

		if (!rule[i].c4_p1)
			continue;
		d = decode(0xc4, 1, rule[i].c4_p1, 0);
		assert_ptr_equal(d.rule, &rule[i]);
	}
}

static void the_eight_memory_rules_come_first(void **state)
{
	size_t n, memory = 0;
	const struct vf_rule *rule = vf_rules(&n);

	(void)state;
	assert_int_equal(n, 68);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(rule[i].number, i + 1);
		assert_int_equal(rule[i].memory_usage, strstr(rule[i].sets, "MemoryUsage") != NULL);
		memory += rule[i].memory_usage;
	}
	assert_int_equal(memory, 8);
	assert_int_equal(vf_rule_find("NdisAllocateMdl")->number, 2);
	assert_null(vf_rule_find("NoSuchRule"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_dma_code_has_its_class),
		cmocka_unit_test(every_dma_class_is_reached_or_says_that_it_has_no_code),
		cmocka_unit_test(an_iommu_fault_is_not_the_merit_of_dma_checking),
		cmocka_unit_test(gaps_of_the_dma_table_are_not_guessed),
		cmocka_unit_test(a_sub_code_outside_its_list_has_no_class),
		cmocka_unit_test(readings_that_agree_keep_the_class_and_others_lose_it),
		cmocka_unit_test(a_code_alone_leaves_open_what_parameter_1_decides),
		cmocka_unit_test(both_readings_of_c4_2000_are_given_and_the_build_narrows_them),
		cmocka_unit_test(kinds_follow_the_sub_code),
		cmocka_unit_test(bit_28_is_masked_and_other_severities_stay),
		cmocka_unit_test(what_has_no_public_meaning_says_so),
		cmocka_unit_test(leaks_by_parameter_1),
		cmocka_unit_test(code_addresses),
		cmocka_unit_test(every_call_site_is_a_code_address),
		cmocka_unit_test(parameter_1_is_a_class_only_where_it_enumerates),
		cmocka_unit_test(a_mask_is_split_into_options_reserved_and_unknown_bits),
		cmocka_unit_test(options_answer_for_a_generation_of_windows),
		cmocka_unit_test(a_list_of_values_gives_its_words_for_the_value),
		cmocka_unit_test(a_list_by_parameter_1_gives_its_words_for_it),
		cmocka_unit_test(other_cells_are_left_alone),
		cmocka_unit_test(words_are_part_of_their_cell),
		cmocka_unit_test(links_between_lists_hold),
		cmocka_unit_test(the_eight_memory_rules_come_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
