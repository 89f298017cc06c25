#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/config.h"

static struct vf_config c;
static struct vf_err err;

static enum vf_status load(int argc, ...)
{
	static char words[8][64];
	char name[] = "verifleetd", *argv[9] = {name};
	va_list ap;

	va_start(ap, argc);
	for (int i = 0; i < argc; i++) {
		snprintf(words[i], sizeof words[i], "%s", va_arg(ap, const char *));
		argv[i + 1] = words[i];
	}
	va_end(ap);
	argc++;
	return vf_config_load(&c, &argc, argv, &err);
}

static void every_default_is_valid(void **state)
{
	(void)state;
	vf_config_defaults(&c);
#define SETTING(kind, name, def, min, max, reload, help)                                           \
	assert_int_equal(vf_config_set(&c, #name, def, VF_FROM_FILE, &err), VF_OK);
#include "server/config.def"
#undef SETTING
	assert_int_equal(vf_config_check(&c, &err), VF_OK);
	assert_int_equal(c.port, 8080);
	assert_string_equal(c.listen, "127.0.0.1,::1");
	assert_false(c.insecure);
}

static void later_sources_win(void **state)
{
	(void)state;
	assert_int_equal(load(0), VF_OK);
	assert_int_equal(c.port, 8080);
	setenv("VERIFLEET_PORT", "8081", 1);
	assert_int_equal(load(0), VF_OK);
	assert_int_equal(c.port, 8081);
	assert_int_equal(load(2, "--port", "8082"), VF_OK);
	assert_int_equal(c.port, 8082);
	assert_int_equal(load(1, "--port=8083"), VF_OK);
	assert_int_equal(c.port, 8083);
	unsetenv("VERIFLEET_PORT");
}

static void other_arguments_are_left(void **state)
{
	char a0[] = "verifleetd", a1[] = "user", a2[] = "--data-dir", a3[] = "/x", a4[] = "add",
	     a5[] = "--role", a6[] = "viewer", a7[] = "--insecure", a8[] = "bob";
	char *argv[] = {a0, a1, a2, a3, a4, a5, a6, a7, a8, NULL};
	int argc = 9;

	(void)state;
	assert_int_equal(vf_config_load(&c, &argc, argv, &err), VF_OK);
	assert_int_equal(argc, 6);
	assert_string_equal(argv[1], "user");
	assert_string_equal(argv[2], "add");
	assert_string_equal(argv[3], "--role");
	assert_string_equal(argv[5], "bob");
	assert_string_equal(c.data_dir, "/x");
	assert_true(c.insecure);
}

static void wrong_values_are_named(void **state)
{
	(void)state;
	assert_int_equal(load(2, "--port", "65536"), VF_E_INVALID);
	assert_non_null(strstr(err.text, "port (option) must be a number from 0 to 65535"));
	assert_int_equal(load(1, "--port=1x"), VF_E_INVALID);
	assert_int_equal(load(1, "--port"), VF_E_INVALID);
	assert_int_equal(load(1, "--insecure=perhaps"), VF_E_INVALID);
	assert_int_equal(load(1, "--listen="), VF_E_INVALID);
	assert_int_equal(load(2, "--config", "/nonexistent/x.ini"), VF_E_IO);
}

static void an_ini_file_is_read_strictly(void **state)
{
	(void)state;
	vf_config_defaults(&c);
	assert_int_equal(vf_config_parse(&c, "x.ini",
				 "# comment\n; too\n[verifleetd]\n\n  port = 99 "
				 "\r\ninsecure=yes\ntls-cert = /a b",
				 &err),
		VF_OK);
	assert_int_equal(c.port, 99);
	assert_true(c.insecure);
	assert_string_equal(c.tls_cert, "/a b");
	assert_int_equal(vf_config_parse(&c, "x.ini", "port\n", &err), VF_E_INVALID);
	assert_int_equal(vf_config_parse(&c, "x.ini", "\nprot = 1\n", &err), VF_E_NOTFOUND);
	assert_string_equal(err.text, "x.ini:2: there is no setting \"prot\"");
	assert_int_equal(vf_config_parse(&c, "x.ini", "[other]\n", &err), VF_E_INVALID);
}

static void beyond_this_machine_only_with_tls(void **state)
{
	(void)state;
	assert_int_equal(load(1, "--listen=0.0.0.0"), VF_OK);
	assert_int_equal(vf_config_check(&c, &err), VF_E_DENIED);
	assert_non_null(strstr(err.text, "--tls-cert"));
	assert_int_equal(load(2, "--listen=127.0.0.1,10.1.2.3", "--insecure"), VF_OK);
	assert_int_equal(vf_config_check(&c, &err), VF_OK);
	assert_int_equal(load(1, "--listen=127.0.0.1,::"), VF_OK);
	assert_int_equal(vf_config_check(&c, &err), VF_E_DENIED);
	assert_int_equal(load(3, "--listen=::", "--tls-cert=a", "--tls-key=b"), VF_OK);
	assert_int_equal(vf_config_check(&c, &err), VF_OK);
	assert_int_equal(load(1, "--tls-cert=a"), VF_OK);
	assert_int_equal(vf_config_check(&c, &err), VF_E_INVALID);
	assert_int_equal(load(1, "--log-level=loud"), VF_OK);
	assert_int_equal(vf_config_check(&c, &err), VF_E_INVALID);
}

static void loopback_is_recognised(void **state)
{
	(void)state;
	assert_true(vf_config_is_loopback("127.0.0.1"));
	assert_true(vf_config_is_loopback("127.9.9.9"));
	assert_true(vf_config_is_loopback("::1"));
	assert_true(vf_config_is_loopback("localhost"));
	assert_false(vf_config_is_loopback("128.0.0.1"));
	assert_false(vf_config_is_loopback("::"));
	assert_false(vf_config_is_loopback("0.0.0.0"));
	assert_false(vf_config_is_loopback("localhost.example"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_default_is_valid),
		cmocka_unit_test(later_sources_win),
		cmocka_unit_test(other_arguments_are_left),
		cmocka_unit_test(wrong_values_are_named),
		cmocka_unit_test(an_ini_file_is_read_strictly),
		cmocka_unit_test(beyond_this_machine_only_with_tls),
		cmocka_unit_test(loopback_is_recognised),
	};

	clearenv();
	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
