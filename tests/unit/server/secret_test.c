#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/runtime/secret.h"

static void a_password_is_kept_as_argon2id(void **state)
{
	char one[VF_PASSWORD_HASH], two[VF_PASSWORD_HASH];

	(void)state;
	assert_int_equal(vf_password_hash("correct horse", one, NULL), VF_OK);
	assert_int_equal(vf_password_hash("correct horse", two, NULL), VF_OK);
	assert_memory_equal(one, "$argon2id$", 10);
	assert_string_not_equal(one, two); /* salted */
	assert_true(vf_password_ok(one, "correct horse"));
	assert_false(vf_password_ok(one, "correct horsf"));
	assert_false(vf_password_ok(one, ""));
	assert_false(vf_password_ok(NULL, "correct horse"));
	assert_false(vf_password_ok("not a hash", "correct horse"));
}

static void easy_passwords_are_refused(void **state)
{
	static const char *const bad[] = {"", "short", "aaaaaaaaaaaaaa", "abababababab",
		"with\ncontrol", "my-admin-password"};
	struct vf_err err;

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(bad); i++)
		assert_int_equal(vf_password_acceptable(bad[i], "Admin", &err), VF_E_INVALID);
	assert_int_equal(vf_password_acceptable("four plain words here", "admin", &err), VF_OK);
	assert_int_equal(vf_password_acceptable("pässwörter sind lang", "admin", &err), VF_OK);
}

static void a_token_is_read_back(void **state)
{
	struct vf_token made, read, other;

	(void)state;
	vf_token_new(&made, "vf");
	assert_true(vf_token_parse(made.text, "vf", &read));
	assert_string_equal(read.prefix, made.prefix);
	assert_memory_equal(read.secret_hash, made.secret_hash, 32);
	vf_token_new(&other, "vf");
	assert_string_not_equal(other.text, made.text);
	assert_memory_not_equal(other.secret_hash, made.secret_hash, 32);
	assert_false(vf_token_parse(made.text, "vfe", &read));
}

static void what_is_no_token_is_refused(void **state)
{
	struct vf_token t;
	char text[96];

	(void)state;
	vf_token_new(&t, "vfe");
	snprintf(text, sizeof text, "%s", t.text);
	assert_true(vf_token_parse(text, "vfe", &t));
	text[strlen(text) - 1] = 0;
	assert_false(vf_token_parse(text, "vfe", &t)); /* too short */
	snprintf(text, sizeof text, "%sab", t.text);
	assert_false(vf_token_parse(text, "vfe", &t)); /* too long */
	snprintf(text, sizeof text, "%s", "vfe_abcdefgh_abcdefghabcdefghabcdefghabcdef'h");
	assert_false(vf_token_parse(text, "vfe", &t));
	assert_false(vf_token_parse("", "vfe", &t));
	assert_false(vf_token_parse("vfe_", "vfe", &t));
	assert_false(vf_token_parse("vfe_abcdef_habcdefghabcdefghabcdefghabcdefgh", "vfe", &t));
}

static int group_setup(void **state)
{
	(void)state;
	return vf_secret_init(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_is_kept_as_argon2id),
		cmocka_unit_test(easy_passwords_are_refused),
		cmocka_unit_test(a_token_is_read_back),
		cmocka_unit_test(what_is_no_token_is_refused),
	};

	return cmocka_run_group_tests_name("secret", tests, group_setup, NULL);
}
