#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/domain/access.h"

static void a_role_includes_the_ones_before(void **state)
{
	(void)state;
	for (int role = VF_ROLE_VIEWER; role < VF_ROLE_ADMINISTRATOR; role++)
		assert_int_equal(vf_role_scopes(role) & ~vf_role_scopes(role + 1), 0);
	assert_int_equal(vf_role_scopes(VF_ROLE_VIEWER), VF_SCOPE_SELF | VF_SCOPE_READ);
	assert_int_equal(
		vf_role_scopes(VF_ROLE_ADMINISTRATOR) & (VF_SCOPE_AGENT | VF_SCOPE_NONE), 0);
}

static void scopes_have_words(void **state)
{
	char text[96];
	uint32_t mask;

	(void)state;
	assert_true(vf_scopes_parse("read,import", &mask));
	assert_int_equal(mask, VF_SCOPE_READ | VF_SCOPE_IMPORT);
	vf_scopes_text(mask, text, sizeof text);
	assert_string_equal(text, "read,import");
	assert_true(vf_scopes_parse("admin", &mask));
	assert_int_equal(mask, VF_SCOPE_ADMIN);
}

static void a_token_cannot_have_every_scope(void **state)
{
	static const char *const bad[] = {"", "session", "agent", "none", "read,agent", "reads",
		"rea", "READ", "read;import"};
	uint32_t mask;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++)
		assert_false(vf_scopes_parse(bad[i], &mask));
}

static void a_token_acts_with_the_least_role(void **state)
{
	(void)state;
	assert_int_equal(vf_scopes_role(VF_SCOPE_READ), VF_ROLE_VIEWER);
	assert_int_equal(vf_scopes_role(VF_SCOPE_IMPORT), VF_ROLE_OPERATOR);
	assert_int_equal(vf_scopes_role(VF_SCOPE_READ | VF_SCOPE_ADMIN), VF_ROLE_ADMINISTRATOR);
}

static void roles_have_words(void **state)
{
	int role = 0;

	(void)state;
	assert_true(vf_role_parse("operator", &role));
	assert_int_equal(role, VF_ROLE_OPERATOR);
	assert_string_equal(vf_role_name(VF_ROLE_ADMINISTRATOR), "administrator");
	assert_string_equal(vf_role_name(99), "none");
	assert_string_equal(vf_role_name(-1), "none");
	assert_false(vf_role_parse("none", &role));
	assert_false(vf_role_parse("root", &role));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_role_includes_the_ones_before),
		cmocka_unit_test(scopes_have_words),
		cmocka_unit_test(a_token_cannot_have_every_scope),
		cmocka_unit_test(a_token_acts_with_the_least_role),
		cmocka_unit_test(roles_have_words),
	};

	return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
