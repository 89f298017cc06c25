/* Memory runs out at every allocation in turn: the right status, nothing leaked, nothing lost. */
#include "tests/unit/agent/dump_fixture.h"

#include <jansson.h>

#include "agent/wire/dump_json.h"

/* The linker leads the archives' calls here (tests/module.mk). */
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *s);
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *s);

static long left = -1; /* allocations that succeed; -1: all */

static bool refuse(void)
{
	if (left > 0)
		left--;
	return left == 0;
}

void *__wrap_malloc(size_t n)
{
	return refuse() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return refuse() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	return refuse() ? NULL : __real_realloc(p, n);
}

char *__wrap_strdup(const char *s)
{
	return refuse() ? NULL : __real_strdup(s);
}

static struct vf_sim_dump_spec whole(void)
{
	static uint64_t words[600];
	static const struct vf_sim_blob blobs[] = {{{1}, "abc", 3}};
	struct vf_sim_dump_spec spec = fixture_spec();

	for (size_t i = 0; i < VF_ARRAY_LEN(words); i++)
		words[i] = NT + 8 * i;
	spec.stack = words;
	spec.stack_count = VF_ARRAY_LEN(words);
	spec.blobs = blobs;
	spec.blob_count = 1;
	return spec;
}

static void parsing(void **state)
{
	struct vf_sim_dump_spec spec = whole();
	struct vf_dump d;
	uint8_t *data;
	size_t len;
	long n = 0;
	enum vf_status st;

	(void)state;
	data = build(&spec, &len);
	do {
		left = ++n;
		st = parse_bytes(&d, data, len);
		left = -1;
		assert_true(st == VF_OK || st == VF_E_NOMEM);
	} while (st != VF_OK);
	assert_true(n > 10);
	assert_int_equal(d.driver_count, DRIVERS);
	vf_dump_release(&d);
	free(data);
}

static void writing(void **state)
{
	struct vf_sim_dump_spec spec = whole();
	uint8_t *data;
	size_t len;
	long n = 0;
	enum vf_status st;

	(void)state;
	spec.context_at = STACK + 0x720;
	do {
		left = ++n;
		st = vf_sim_dump_build(&spec, &data, &len, NULL);
		left = -1;
		assert_true(st == VF_OK || st == VF_E_NOMEM);
	} while (st != VF_OK);
	assert_true(n > 2);
	free(data);
}

/* Here jansson itself asks for the memory. */
static void printing(void **state)
{
	struct vf_sim_dump_spec spec = whole();
	json_t *json = NULL;
	struct vf_dump d;
	long n = 0;

	(void)state;
	parse_spec(&d, &spec);
	json_set_alloc_funcs(__wrap_malloc, free);
	while (!json) {
		left = ++n;
		json = vf_dump_to_json(&d, 8);
		left = -1;
	}
	assert_true(n > 100);
	json_decref(json);
	vf_dump_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parsing),
		cmocka_unit_test(writing),
		cmocka_unit_test(printing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
