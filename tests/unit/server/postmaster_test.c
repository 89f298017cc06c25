#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "server/cluster/cluster.h"
#include "server/cluster/postmaster.h"

static char dir[] = "/tmp/vf-pm-XXXXXX";

static void put(const char *text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "%s/postmaster.pid", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	char path[64];

	(void)state;
	snprintf(path, sizeof path, "%s/postmaster.pid", dir);
	unlink(path);
	return rmdir(dir);
}

static void the_file_tells_process_socket_and_state(void **state)
{
	struct vf_postmaster pm;

	(void)state;
	assert_false(vf_postmaster_read(dir, &pm));
	put("4711\n/data/pg\n1795293662\n5432\n/run/verifleet\n\n  1234  0\nready   \n");
	assert_true(vf_postmaster_read(dir, &pm));
	assert_int_equal(pm.pid, 4711);
	assert_string_equal(pm.socket_dir, "/run/verifleet");
	assert_true(pm.ready);
	assert_false(pm.stopping);
	put("4711\n/data/pg\n1795293662\n5432\n/run/verifleet\n\n  1234  0\nstopping\n");
	assert_true(vf_postmaster_read(dir, &pm));
	assert_false(pm.ready);
	assert_true(pm.stopping);
}

static void a_file_that_is_not_whole_promises_nothing(void **state)
{
	struct vf_postmaster pm;

	(void)state;
	put("");
	assert_false(vf_postmaster_read(dir, &pm));
	put("-1\n");
	assert_false(vf_postmaster_read(dir, &pm));
	put("1\n"); /* never a postmaster */
	assert_false(vf_postmaster_read(dir, &pm));
	put("99999999999\n");
	assert_false(vf_postmaster_read(dir, &pm));
	put("4711\n/data");
	assert_true(vf_postmaster_read(dir, &pm));
	assert_false(pm.ready);
	assert_string_equal(pm.socket_dir, "");
}

static void another_process_with_the_number_is_not_it(void **state)
{
	struct vf_postmaster pm = {.pid = getpid()};
	char here[512];

	(void)state;
	assert_false(vf_postmaster_alive(&pm, dir)); /* alive, but works elsewhere */
	assert_non_null(getcwd(here, sizeof here));
	assert_true(vf_postmaster_alive(&pm, here));
	pm.pid = INT32_MAX;
	assert_false(vf_postmaster_alive(&pm, here));
}

static void a_socket_path_has_107_bytes(void **state)
{
	char path[128] = "/";
	struct vf_err err;

	(void)state;
	memset(path + 1, 'x', 91); /* 92 + "/.s.PGSQL.5432" + NUL is 107 */
	path[92] = 0;
	assert_int_equal(vf_cluster_check_socket_dir(path, &err), VF_OK);
	path[92] = 'x';
	path[93] = 0;
	assert_int_equal(vf_cluster_check_socket_dir(path, &err), VF_OK);
	path[93] = 'x';
	path[94] = 0;
	assert_int_equal(vf_cluster_check_socket_dir(path, &err), VF_E_LIMIT);
	assert_int_equal(vf_cluster_check_socket_dir("/a\"b", &err), VF_E_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_tells_process_socket_and_state),
		cmocka_unit_test(a_file_that_is_not_whole_promises_nothing),
		cmocka_unit_test(another_process_with_the_number_is_not_it),
		cmocka_unit_test(a_socket_path_has_107_bytes),
	};

	return cmocka_run_group_tests_name("postmaster", tests, setup, teardown);
}
