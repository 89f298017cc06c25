/* Memory runs out at every allocation in turn: an encoder gives the whole document or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/api/catalog_json.h"

static long left = -1; /* allocations that succeed; -1 = all */
static long taken;     /* blocks that jansson holds */

static void *count_malloc(size_t n)
{
	void *p;

	if (!left)
		return NULL;
	if (left > 0)
		left--;
	p = malloc(n);
	taken += p != NULL;
	return p;
}

static void count_free(void *p)
{
	taken -= p != NULL;
	free(p);
}

static json_t *bugcheck(void)
{
	struct vf_bugcheck_input in = {
		.raw_code = 0x100000c4, .n_parameters = 4, .parameter = {0x00091001}};
	struct vf_decoded d;

	vf_decode_bugcheck(&in, &d);
	return vf_json_of_bugcheck(&d);
}

static json_t *dma(void)
{
	struct vf_bugcheck_input in = {
		.raw_code = 0xe6, .n_parameters = 1, .parameter = {0x0f}, .os_build = 26100};
	struct vf_decoded d;

	vf_decode_bugcheck(&in, &d);
	return vf_json_of_bugcheck(&d);
}

static json_t *flags(void)
{
	struct vf_decoded_flags f;

	vf_decode_flags(0xfc401200, &f);
	return vf_json_of_flags(&f, VF_WIN_11);
}

/* Fails allocation 0, step, 2 * step, …, until the document is made. */
static void whole_or_nothing(json_t *(*encode)(void), long step)
{
	json_t *value = NULL;
	char *wanted, *got;
	long n = 0;

	value = encode();
	wanted = json_dumps(value, JSON_COMPACT);
	json_decref(value);
	for (value = NULL; !value; n += step) {
		long before = taken;

		left = n;
		value = encode();
		left = -1;
		if (!value)
			assert_int_equal(taken, before);
	}
	got = json_dumps(value, JSON_COMPACT);
	assert_string_equal(got, wanted);
	assert_true(n > 50);
	count_free(got);
	count_free(wanted);
	json_decref(value);
	assert_int_equal(taken, 0);
}

static void decoded_bug_checks(void **state)
{
	(void)state;
	whole_or_nothing(bugcheck, 1);
	whole_or_nothing(dma, 1);
}

static void decoded_flags(void **state)
{
	(void)state;
	whole_or_nothing(flags, 1);
}

static void the_catalogue(void **state)
{
	(void)state;
	whole_or_nothing(vf_json_of_catalog, 97);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decoded_bug_checks),
		cmocka_unit_test(decoded_flags),
		cmocka_unit_test(the_catalogue),
	};

	json_set_alloc_funcs(count_malloc, count_free);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
