#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/runtime/throttle.h"
#include "verifleet/status.h"

#define SECOND INT64_C(1000000)

static const struct vf_throttle_rule rule = {3, 10, 60, 600};

static void waits_grow_with_failures(void **state)
{
	static struct vf_throttle t = VF_THROTTLE_INIT;
	static const int waits[] = {0, 0, 0, 10, 20, 40, 60, 60};
	uint64_t key = vf_throttle_key("10.0.0.1", "admin");
	int64_t now = 1000 * SECOND;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(waits); i++) {
		vf_throttle_fail(&t, key, &rule, now);
		assert_int_equal(vf_throttle_wait(&t, key, now), waits[i]);
	}
	assert_int_equal(vf_throttle_wait(&t, key, now + 59 * SECOND), 1);
	assert_int_equal(vf_throttle_wait(&t, key, now + 60 * SECOND), 0);
	vf_throttle_clear(&t, key);
	assert_int_equal(vf_throttle_wait(&t, key, now), 0);
}

static void old_failures_are_forgotten(void **state)
{
	static struct vf_throttle t = VF_THROTTLE_INIT;
	uint64_t key = vf_throttle_key("10.0.0.1", "admin");
	int64_t now = 1000 * SECOND;

	(void)state;
	for (int i = 0; i < 3; i++)
		vf_throttle_fail(&t, key, &rule, now);
	now += 601 * SECOND;
	vf_throttle_fail(&t, key, &rule, now);
	assert_int_equal(vf_throttle_wait(&t, key, now), 0);
}

static void keys_tell_apart_address_and_name(void **state)
{
	(void)state;
	assert_true(vf_throttle_key("10.0.0.1", "Admin") == vf_throttle_key("10.0.0.1", "aDMIN"));
	assert_true(vf_throttle_key("10.0.0.1", "a") != vf_throttle_key("10.0.0.2", "a"));
	assert_true(vf_throttle_key("10.0.0.1", "1a") != vf_throttle_key("10.0.0.11", "a"));
}

static void a_flood_of_keys_never_outgrows_the_table(void **state)
{
	static struct vf_throttle t = VF_THROTTLE_INIT;
	uint64_t key = vf_throttle_key("10.0.0.1", "admin");
	int64_t now = 1000 * SECOND;
	char name[32];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "user%d", i);
		vf_throttle_fail(&t, vf_throttle_key("10.0.0.9", name), &rule, now + i);
	}
	for (int i = 0; i < 4; i++)
		vf_throttle_fail(&t, key, &rule, now + 200000);
	assert_int_equal(vf_throttle_wait(&t, key, now + 200000), 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_grow_with_failures),
		cmocka_unit_test(old_failures_are_forgotten),
		cmocka_unit_test(keys_tell_apart_address_and_name),
		cmocka_unit_test(a_flood_of_keys_never_outgrows_the_table),
	};

	return cmocka_run_group_tests_name("throttle", tests, NULL, NULL);
}
