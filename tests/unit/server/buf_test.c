#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/runtime/buf.h"

static void grows_up_to_its_ceiling(void **state)
{
	struct vf_buf b;

	(void)state;
	vf_buf_init(&b, 1000);
	for (int i = 0; i < 100; i++)
		assert_int_equal(vf_buf_add(&b, "0123456789", 10), VF_OK);
	assert_int_equal(b.len, 1000);
	assert_int_equal(b.data[1000], 0);
	assert_int_equal(vf_buf_add(&b, "", 0), VF_OK);
	assert_int_equal(vf_buf_add(&b, "x", 1), VF_E_LIMIT);
	vf_buf_release(&b);
}

static void a_failure_frees_and_poisons(void **state)
{
	struct vf_buf b;

	(void)state;
	vf_buf_init(&b, 4);
	vf_buf_puts(&b, "abc");
	assert_int_equal(vf_buf_puts(&b, "de"), VF_E_LIMIT);
	assert_null(b.data);
	assert_int_equal(vf_buf_puts(&b, "x"), VF_E_LIMIT); /* although it would fit */
	assert_int_equal(vf_buf_status(&b), VF_E_LIMIT);
	assert_null(vf_buf_take(&b, NULL));
	vf_buf_reset(&b);
	assert_int_equal(vf_buf_puts(&b, "x"), VF_OK);
	assert_string_equal(b.data, "x");
	vf_buf_release(&b);
}

static void formats_and_hands_over(void **state)
{
	struct vf_buf b;
	size_t len;
	char *text;

	(void)state;
	vf_buf_init(&b, 100);
	text = vf_buf_take(&b, &len);
	assert_string_equal(text, "");
	assert_int_equal(len, 0);
	free(text);
	assert_int_equal(vf_buf_printf(&b, "%s=%d;", "a", 1), VF_OK);
	assert_int_equal(vf_buf_printf(&b, "%099d", 1), VF_E_LIMIT);
	vf_buf_reset(&b);
	vf_buf_printf(&b, "%s=%d;", "a", 1);
	text = vf_buf_take(&b, &len);
	assert_string_equal(text, "a=1;");
	assert_int_equal(len, 4);
	assert_null(b.data);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_up_to_its_ceiling),
		cmocka_unit_test(a_failure_frees_and_poisons),
		cmocka_unit_test(formats_and_hands_over),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
