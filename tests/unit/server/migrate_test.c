/* Migrations, against a real PostgreSQL: the project's own, and small ones made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <unistd.h>

#include "server/runtime/log.h"
#include "server/store/db.h"
#include "server/store/migrate.h"
#include "tests/support/pg_fixture.h"

static char dir[32];
static struct vf_pool *pool;
static struct vf_db *db;
static struct vf_err err;

static void put(const char *name, const char *sql)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	if (!sql) {
		unlink(path);
		return;
	}
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(sql, f);
	fclose(f);
}

static int setup(void **state)
{
	const struct vf_pool_config config = {
		.conninfo = pg_fixture_conninfo(), .size = 4, .wait_ms = 1000};

	(void)state;
	snprintf(dir, sizeof dir, "/tmp/vf-mig-XXXXXX");
	if (!mkdtemp(dir) || vf_pool_new(&config, &pool, &err) || vf_pool_get(pool, &db, &err))
		return -1;
	put("0001_a.sql", "create table a (id integer);\ninsert into a values (1);\n");
	put("0002_b.sql", "-- Why.\n-- Lock cost: none.\ncreate table b (id integer);\n");
	put("README.md", "not a migration");
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {
		"0001_a.sql", "0001_c.sql", "0002_b.sql", "0003_c.sql", "0004_d.sql", "README.md"};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(names); i++)
		put(names[i], NULL);
	vf_pool_put(pool, db);
	vf_pool_free(pool);
	return rmdir(dir);
}

static enum vf_status migrate(const struct vf_migrate_options *options, int *n)
{
	struct vf_migrations set;
	enum vf_status st = vf_migrations_load(dir, &set, &err);

	if (!st)
		st = vf_migrate(db, &set, options, n, &err);
	vf_migrations_release(&set);
	return st;
}

static const struct vf_migrate_options plain = {0};

static void each_file_is_applied_once(void **state)
{
	int n, version;

	(void)state;
	assert_int_equal(vf_migrate_version(db, &version, &err), VF_OK);
	assert_int_equal(version, 0);
	assert_int_equal(migrate(&plain, &n), VF_OK);
	assert_int_equal(n, 2);
	assert_int_equal(migrate(&plain, &n), VF_OK);
	assert_int_equal(n, 0);
	put("0003_c.sql", "create table c (id integer)");
	assert_int_equal(migrate(&plain, &n), VF_OK);
	assert_int_equal(n, 1);
	assert_int_equal(vf_migrate_version(db, &version, &err), VF_OK);
	assert_int_equal(version, 3);
	assert_string_equal(pg_fixture_psql("select count(*) from a"), "1");
}

static void a_dry_run_changes_nothing(void **state)
{
	const struct vf_migrate_options dry = {.dry_run = true};
	int n;

	(void)state;
	assert_int_equal(migrate(&dry, &n), VF_OK);
	assert_int_equal(n, 2);
	assert_string_equal(
		pg_fixture_psql("select count(*) from pg_tables where schemaname = 'public'"), "0");
}

static void a_failing_file_leaves_nothing_behind(void **state)
{
	int n, version;

	(void)state;
	put("0002_b.sql", "create table half (id integer); select 1/0;");
	assert_int_equal(migrate(&plain, &n), VF_E_INVALID);
	assert_non_null(strstr(err.text, "0002_b.sql"));
	assert_int_equal(vf_migrate_version(db, &version, &err), VF_OK);
	assert_int_equal(version, 1);
	assert_string_equal(pg_fixture_psql("select to_regclass('half') is null"), "t");
	put("0002_b.sql", "create table b (id integer);");
	assert_int_equal(migrate(&plain, &n), VF_OK);
}

static void an_applied_file_that_changed_is_refused(void **state)
{
	int n;

	(void)state;
	assert_int_equal(migrate(&plain, &n), VF_OK);
	put("0001_a.sql", "create table a (id integer, more integer);\n");
	assert_int_equal(migrate(&plain, &n), VF_E_CONFLICT);
	assert_non_null(strstr(err.text, "0001_a.sql"));
}

static void a_newer_database_is_refused(void **state)
{
	int n;

	(void)state;
	assert_int_equal(migrate(&plain, &n), VF_OK);
	put("0002_b.sql", NULL);
	assert_int_equal(migrate(&plain, &n), VF_E_CONFLICT);
	assert_non_null(strstr(err.text, "newer program"));
}

static void numbers_have_neither_holes_nor_doubles(void **state)
{
	int n;

	(void)state;
	put("0004_d.sql", "select 1");
	assert_int_equal(migrate(&plain, &n), VF_E_INVALID);
	put("0004_d.sql", NULL);
	put("0001_c.sql", "select 1");
	assert_int_equal(migrate(&plain, &n), VF_E_INVALID);
}

static void what_removes_data_asks_for_a_backup(void **state)
{
	const struct vf_migrate_options allow = {.allow_destructive = true};
	int n;

	(void)state;
	assert_int_equal(migrate(&plain, &n), VF_OK);
	put("0003_c.sql",
		"-- The table is not read any more.\n-- destructive: yes\ndrop table a;\n");
	assert_int_equal(migrate(&plain, &n), VF_E_DENIED);
	assert_non_null(strstr(err.text, "backup"));
	assert_string_equal(pg_fixture_psql("select count(*) from a"), "1");
	assert_int_equal(migrate(&allow, &n), VF_OK);
	assert_int_equal(n, 1);
	assert_string_equal(pg_fixture_psql("select to_regclass('a') is null"), "t");
}

static void a_fresh_database_has_nothing_to_lose(void **state)
{
	int n;

	(void)state;
	put("0002_b.sql", "-- destructive: yes\ndrop table a;\n");
	assert_int_equal(migrate(&plain, &n), VF_OK);
	assert_int_equal(n, 2);
}

struct racer {
	struct vf_db *db;
	enum vf_status st;
	int n;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct vf_migrations set;
	struct vf_err why;

	r->st = vf_migrations_load(dir, &set, &why);
	if (!r->st)
		r->st = vf_migrate(r->db, &set, &plain, &r->n, &why);
	vf_migrations_release(&set);
	return NULL;
}

static void two_servers_do_not_migrate_at_once(void **state)
{
	struct racer r[3] = {{0}};
	pthread_t thread[3];
	int sum = 0;

	(void)state;
	put("0002_b.sql", "select pg_sleep(0.2); create table b (id integer);");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(vf_pool_get(pool, &r[i].db, &err), VF_OK);
		pthread_create(&thread[i], NULL, race, &r[i]);
	}
	for (int i = 0; i < 3; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(r[i].st, VF_OK);
		sum += r[i].n;
		vf_pool_put(pool, r[i].db);
	}
	assert_int_equal(sum, 2);
}

static void the_projects_own_apply_to_an_empty_database(void **state)
{
	struct vf_migrations set;
	int n;

	(void)state;
	assert_int_equal(vf_migrations_load("migrations", &set, &err), VF_OK);
	if (vf_migrate(db, &set, &plain, &n, &err))
		fail_msg("%s", err.text);
	assert_int_equal(n, set.n);
	assert_string_equal(pg_fixture_psql("select slug from project"), "default");
	vf_migrations_release(&set);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_file_is_applied_once),
		CASE(a_dry_run_changes_nothing),
		CASE(a_failing_file_leaves_nothing_behind),
		CASE(an_applied_file_that_changed_is_refused),
		CASE(a_newer_database_is_refused),
		CASE(numbers_have_neither_holes_nor_doubles),
		CASE(what_removes_data_asks_for_a_backup),
		CASE(a_fresh_database_has_nothing_to_lose),
		CASE(two_servers_do_not_migrate_at_once),
		CASE(the_projects_own_apply_to_an_empty_database),
	};

	vf_log_init(VF_LOG_ERROR);
	return cmocka_run_group_tests_name("migrate", tests, pg_fixture_start, pg_fixture_stop);
}
