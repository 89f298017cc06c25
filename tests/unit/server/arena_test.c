#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/runtime/arena.h"

static int order[4], n_order;

static void note(void *arg)
{
	order[n_order++] = *(int *)arg;
}

static void gives_zeroed_aligned_memory(void **state)
{
	struct vf_arena a;

	(void)state;
	vf_arena_init(&a, 1 << 22);
	for (size_t size = 0; size < 9000; size += 37) {
		unsigned char *p = vf_arena_alloc(&a, size);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
	vf_arena_release(&a);
}

static void keeps_its_ceiling(void **state)
{
	struct vf_arena a;

	(void)state;
	vf_arena_init(&a, 1000);
	assert_null(vf_arena_alloc(&a, 1001));
	assert_non_null(vf_arena_alloc(&a, 900));
	assert_null(vf_arena_alloc(&a, 200));
	assert_non_null(vf_arena_alloc(&a, 64)); /* still usable */
	assert_null(vf_arena_alloc(&a, SIZE_MAX));
	assert_null(vf_arena_alloc(&a, SIZE_MAX - 8));
	assert_null(vf_arena_memdup(&a, "", SIZE_MAX));
	vf_arena_release(&a);
	assert_non_null(vf_arena_alloc(&a, 900)); /* and again after a release */
	vf_arena_release(&a);
}

static void copies_and_formats_text(void **state)
{
	struct vf_arena a;

	(void)state;
	vf_arena_init(&a, 1 << 16);
	assert_string_equal(vf_arena_strdup(&a, "netx.sys"), "netx.sys");
	assert_string_equal(vf_arena_printf(&a, "%d-%s", 7, "x"), "7-x");
	assert_memory_equal(vf_arena_memdup(&a, "a\0b", 3), "a\0b\0", 4);
	vf_arena_release(&a);
}

static void cleans_up_newest_first(void **state)
{
	static int one = 1, two = 2, three = 3;
	struct vf_arena a;

	(void)state;
	vf_arena_init(&a, 4096);
	assert_int_equal(vf_arena_defer(&a, note, &one), VF_OK);
	assert_int_equal(vf_arena_defer(&a, note, &two), VF_OK);
	assert_int_equal(vf_arena_defer(&a, note, &three), VF_OK);
	vf_arena_release(&a);
	assert_int_equal(n_order, 3);
	assert_int_equal(order[0], 3);
	assert_int_equal(order[2], 1);
	vf_arena_release(&a);
	assert_int_equal(n_order, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_zeroed_aligned_memory),
		cmocka_unit_test(keeps_its_ceiling),
		cmocka_unit_test(copies_and_formats_text),
		cmocka_unit_test(cleans_up_newest_first),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
