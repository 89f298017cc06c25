/*
 * Every row and every cell of the fact tables against the catalogue as it was built. The tables
 * lie beside the project; without them the tests skip and say so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "verifleet/catalog.h"
#include "verifleet/status.h"

#define FACTS "../shared/facts/"

enum { CELLS = 24, LINE = 8192 };

struct table {
	FILE *file;
	char line[LINE];
	char *cell[CELLS];
	size_t n_cells, rows;
};

static void open_table(struct table *t, const char *path)
{
	*t = (struct table){.file = fopen(path, "r")};
	if (!t->file) {
		print_message("# SKIP %s is not there\n", path);
		skip();
	}
	assert_non_null(fgets(t->line, sizeof(t->line), t->file)); /* the header */
}

/* Splits the next line at its tabs; false, and closed, at the end. */
static bool next_row(struct table *t)
{
	if (!fgets(t->line, sizeof(t->line), t->file)) {
		fclose(t->file);
		return false;
	}
	t->line[strcspn(t->line, "\n")] = '\0';
	t->n_cells = 0;
	for (char *at = t->line; at && t->n_cells < CELLS;) {
		t->cell[t->n_cells++] = at;
		at = strchr(at, '\t');
		if (at)
			*at++ = '\0';
	}
	t->rows++;
	return true;
}

/*
 * Words that the catalogue puts differently from the fact tables: names of their files, and what
 * they say about how they were collected.
 */
static const struct {
	const char *from, *to;
	bool to_the_end;
} reworded[] = {
	{"the seed list", "the 22 classes", false},
	{" (our reading)", "", false},
	{"in the docs snapshot", "in the public documentation", false},
	{"; do not offer in the UI", "", false},
	{"22nd bullet", "an obsolete call rather than a misuse; counts of 21 classes leave it out",
		true},
	{"page says 0xE6 may come with Verifier off but not for which p1",
		"happens without Driver Verifier, from kernel DMA protection", false},
	{"; see bugcheck_c4.tsv", "; parameter 1 says which", false},
	{"; see bugcheck_c9.tsv", "; parameter 1 says which", false},
	{"; see bugcheck_e6.tsv", "; parameter 1 says which", false},
	{"see bugcheck_c4", "depends on parameter 1", false},
	{"see bugcheck_e6", "depends on parameter 1", false},
};

static void same(const char *built, const char *fact)
{
	char text[LINE];

	if (!strcmp(fact, "-")) {
		assert_null(built);
		return;
	}
	assert_non_null(built);
	snprintf(text, sizeof(text), "%s", fact);
	for (size_t i = 0; i < VF_ARRAY_LEN(reworded); i++) {
		char *at = strstr(text, reworded[i].from), rest[LINE];

		if (!at)
			continue;
		snprintf(rest, sizeof(rest), "%s",
			reworded[i].to_the_end ? "" : at + strlen(reworded[i].from));
		snprintf(at, sizeof(text) - (size_t)(at - text), "%s%s", reworded[i].to, rest);
	}
	assert_string_equal(built, text);
}

static unsigned number(const char *cell)
{
	return (unsigned)strtoul(cell, NULL, 0);
}

static void same_leak(enum vf_leak built, const char *fact)
{
	enum vf_leak leak = !strcmp(fact, "no")         ? VF_LEAK_NO
			    : !strcmp(fact, "yes")      ? VF_LEAK_YES
			    : !strcmp(fact, "possible") ? VF_LEAK_POSSIBLE
							: VF_LEAK_BY_P1;

	assert_int_equal(built, leak);
}

static const struct vf_verifier_flag *flag_by_key(const char *key)
{
	size_t n;
	const struct vf_verifier_flag *row = vf_verifier_flags(&n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(row[i].key, key))
			return &row[i];
	return NULL;
}

static void same_rule_class(const struct vf_verifier_flag *row, const char *fact)
{
	char text[128];

	if (!strcmp(fact, "-")) {
		assert_int_equal(row->rule_class, 0);
		assert_true(row->number > 1000);
		return;
	}
	snprintf(text, sizeof(text), "%u%s%s%s", row->rule_class, row->rule_class_note ? " (" : "",
		row->rule_class_note ? row->rule_class_note : "", row->rule_class_note ? ")" : "");
	assert_string_equal(text, fact);
	assert_int_equal(row->number, row->rule_class);
}

static void verifier_flags_are_all_there(void **state)
{
	static const char *const kinds[] = {
		"flag", "legacy", "reserved", "ruleclass_only", "registry_only"};
	struct table t;
	size_t n;

	(void)state;
	open_table(&t, FACTS "verifier_flags.tsv");
	while (next_row(&t)) {
		const struct vf_verifier_flag *row;

		assert_int_equal(t.n_cells, 20);
		row = flag_by_key(t.cell[4]);
		assert_non_null(row);
		assert_string_equal(kinds[row->kind], t.cell[0]);
		assert_int_equal(row->mask, strcmp(t.cell[1], "-") ? number(t.cell[1]) : 0);
		assert_int_equal(row->bit, strcmp(t.cell[2], "-") ? (int)number(t.cell[2]) : -1);
		same_rule_class(row, t.cell[3]);
		same(row->name, t.cell[5]);
		same(row->since, t.cell[6]);
		same(row->deprecated, t.cell[7]);
		assert_int_equal(row->gone != VF_WIN_UNKNOWN, strcmp(t.cell[7], "-") != 0);
		for (size_t i = 0; i < VF_STD_COLUMNS; i++)
			same(row->standard[i], t.cell[8 + i]);
		for (size_t i = 0; i < VF_VOL_COLUMNS; i++)
			same(row->volatile_[i], t.cell[12 + i]);
		same(row->dif_now_win11, t.cell[15]);
		same(row->reboot_needed, t.cell[16]);
		same(row->requires, t.cell[17]);
		same(row->notes, t.cell[18]);
		same(row->meaning, t.cell[19]);
		assert_int_equal(row->required != 0,
			strstr(t.cell[17], "0x10") || strstr(t.cell[17], "rule class"));
	}
	vf_verifier_flags(&n);
	assert_int_equal(t.rows, n);
}

static void bug_checks_are_all_there(void **state)
{
	struct table t;
	size_t n;

	(void)state;
	open_table(&t, FACTS "bugchecks.tsv");
	while (next_row(&t)) {
		const struct vf_bugcheck *row = vf_bugcheck_find(number(t.cell[0]));

		assert_int_equal(t.n_cells, 11);
		assert_non_null(row);
		same(row->name, t.cell[1]);
		same(row->meaning, t.cell[2]);
		for (size_t i = 0; i < 4; i++)
			same(row->parameter[i], t.cell[3 + i]);
		assert_string_equal(
			row->type == VF_LIVE_DUMP ? "live_dump" : "bugcheck", t.cell[7]);
		same(row->verifier_words, t.cell[8]);
		same(row->leak_words, t.cell[9]);
		same_leak(row->leak, t.cell[9]);
		assert_int_equal(row->documented,
			strcmp(t.cell[10], "own") ? VF_DOC_NAME_ONLY : VF_DOC_FULL);
		if (!strcmp(t.cell[8], "yes"))
			assert_int_equal(row->needed, VF_NEEDED_YES);
		if (!strncmp(t.cell[8], "no", 2) || !strncmp(t.cell[8], "indirect", 8))
			assert_int_equal(row->needed, VF_NEEDED_NO);
	}
	vf_bugchecks(&n);
	assert_int_equal(t.rows, n);
}

/* The first reading of a sub-code; the tables hold one row for each, the catalogue may hold more. */
static const struct vf_sub_code *sub_code(uint32_t code, uint32_t p1, int p2)
{
	size_t n;
	const struct vf_sub_code *row = vf_sub_codes(&n);

	for (size_t i = 0; i < n; i++)
		if (row[i].code == code && row[i].p1 == p1 && row[i].p2 == p2)
			return &row[i];
	return NULL;
}

static size_t sub_codes_of(uint32_t code)
{
	size_t n, count = 0;
	const struct vf_sub_code *row = vf_sub_codes(&n);

	for (size_t i = 0; i < n; i++)
		count += row[i].code == code;
	return count;
}

static void sub_codes_of_c4_are_all_there(void **state)
{
	struct table t;

	(void)state;
	open_table(&t, FACTS "bugcheck_c4.tsv");
	while (next_row(&t)) {
		const struct vf_sub_code *row = sub_code(0xc4, number(t.cell[0]), -1);

		assert_int_equal(t.n_cells, 10);
		assert_non_null(row);
		same(row->category, t.cell[1]);
		same(row->rule, t.cell[2]);
		same(row->meaning, t.cell[3]);
		for (size_t i = 0; i < 3; i++)
			same(row->parameter[i], t.cell[4 + i]);
		same_leak(row->leak, t.cell[7]);
		same(row->note, t.cell[8]);
		same(row->source, t.cell[9]);
	}
	assert_int_equal(t.rows + 1, sub_codes_of(0xc4)); /* and the second reading of 0x2000 */
}

static void sub_codes_of_c9_are_all_there(void **state)
{
	struct table t;

	(void)state;
	open_table(&t, FACTS "bugcheck_c9.tsv");
	while (next_row(&t)) {
		const struct vf_sub_code *row = sub_code(0xc9, number(t.cell[0]), -1);

		assert_int_equal(t.n_cells, 7);
		assert_non_null(row);
		same(row->severity, t.cell[1]);
		same(row->meaning, t.cell[2]);
		for (size_t i = 0; i < 3; i++)
			same(row->parameter[i], t.cell[3 + i]);
		same_leak(row->leak, t.cell[6]);
	}
	assert_int_equal(t.rows, sub_codes_of(0xc9));
}

static void sub_codes_of_e6_are_all_there(void **state)
{
	struct table t;

	(void)state;
	open_table(&t, FACTS "bugcheck_e6.tsv");
	while (next_row(&t)) {
		int p2 = strcmp(t.cell[1], "-") ? (int)number(t.cell[1] + strlen("p2=")) : -1;
		const struct vf_sub_code *row = sub_code(0xe6, number(t.cell[0]), p2);
		const struct vf_dma_misuse *class;

		assert_int_equal(t.n_cells, 10);
		assert_non_null(row);
		same(row->meaning, t.cell[2]);
		same(p2 < 0 ? row->parameter[0] : row->parameter[0] + strlen("sub-code "),
			t.cell[3]);
		same(row->parameter[1], t.cell[4]);
		same(row->parameter[2], t.cell[5]);
		assert_int_equal(row->dma_class, strcmp(t.cell[6], "none") ? number(t.cell[6]) : 0);
		class = vf_dma_misuse_find(row->dma_class);
		assert_string_equal(class ? class->key : "outside", t.cell[7]);
		same_leak(row->leak, t.cell[8]);
		same(row->note, t.cell[9]);
	}
	assert_int_equal(t.rows, sub_codes_of(0xe6));
}

static void dma_classes_are_all_there(void **state)
{
	struct table t;
	size_t n;

	(void)state;
	open_table(&t, FACTS "dma_classes.tsv");
	while (next_row(&t)) {
		const struct vf_dma_misuse *row = vf_dma_misuse_find(number(t.cell[0]));

		assert_int_equal(t.n_cells, 5);
		assert_non_null(row);
		same(row->key, t.cell[1]);
		same(row->meaning, t.cell[2]);
		same(row->codes, t.cell[3]);
		same(row->note, t.cell[4]);
	}
	vf_dma_misuses(&n);
	assert_int_equal(t.rows, n);
}

static void ndis_rules_are_all_there(void **state)
{
	struct table t;
	size_t n;

	(void)state;
	open_table(&t, FACTS "ndis_rules.tsv");
	while (next_row(&t)) {
		const struct vf_rule *row = vf_rule_find(t.cell[0]);

		assert_int_equal(t.n_cells, 9);
		assert_non_null(row);
		same(row->sets, t.cell[1]);
		same(row->functions, t.cell[2]);
		assert_int_equal(row->function_count, number(t.cell[3]));
		same(row->requirement, t.cell[4]);
		same(row->compile_time, t.cell[5]);
		same(row->run_time, t.cell[6]);
		same(row->verifier_option, t.cell[7]);
		assert_int_equal(row->c4_p1, strcmp(t.cell[8], "-") ? number(t.cell[8]) : 0);
	}
	vf_rules(&n);
	assert_int_equal(t.rows, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verifier_flags_are_all_there),
		cmocka_unit_test(bug_checks_are_all_there),
		cmocka_unit_test(sub_codes_of_c4_are_all_there),
		cmocka_unit_test(sub_codes_of_c9_are_all_there),
		cmocka_unit_test(sub_codes_of_e6_are_all_there),
		cmocka_unit_test(dma_classes_are_all_there),
		cmocka_unit_test(ndis_rules_are_all_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
