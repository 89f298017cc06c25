/* The pool and its connections, against a real PostgreSQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/store/db.h"
#include "tests/support/pg_fixture.h"

static struct vf_pool *pool;
static struct vf_err err;

static int setup(void **state)
{
	const struct vf_pool_config config = {.conninfo = pg_fixture_conninfo(),
		.size = 2,
		.wait_ms = 200,
		.statement_timeout_ms = 2000};

	(void)state;
	return vf_pool_new(&config, &pool, &err) ? -1 : 0;
}

static int teardown(void **state)
{
	(void)state;
	vf_pool_free(pool);
	return 0;
}

static struct vf_db *get(void)
{
	struct vf_db *db;

	if (vf_pool_get(pool, &db, &err))
		fail_msg("%s", err.text);
	return db;
}

static void values_go_there_and_back(void **state)
{
	static const unsigned char bytes[] = {0, 1, 0xff, '\\', '\''};
	unsigned char out[8];
	struct vf_db *db = get();
	struct vf_rows *rows;
	struct vf_args a;
	size_t len;

	(void)state;
	vf_args_init(&a);
	vf_arg_text(&a, "a'b \"ü\"");
	vf_arg_i64(&a, INT64_MIN);
	vf_arg_u64(&a, UINT64_MAX);
	vf_arg_bytes(&a, bytes, sizeof bytes);
	vf_arg_bool(&a, true);
	vf_arg_null(&a);
	vf_arg_time(&a, 1795293662123456);
	vf_arg_time(&a, INT64_MIN);
	for (int twice = 0; twice < 2; twice++) { /* prepared, then found again */
		assert_int_equal(
			vf_query(db, "all",
				"select $1::text, $2::bigint, $3::bigint, $4::bytea, $5::boolean, "
				"$6::text, $7::timestamptz, $8::timestamptz, 2.5::float8",
				&a, &rows, &err),
			VF_OK);
		assert_int_equal(vf_rows_count(rows), 1);
		assert_string_equal(vf_row_text(rows, 0, 0), "a'b \"ü\"");
		assert_true(vf_row_i64(rows, 0, 1) == INT64_MIN);
		assert_true(vf_row_i64(rows, 0, 2) == -1);
		assert_int_equal(vf_row_bytes(rows, 0, 3, out, sizeof out, &len), VF_OK);
		assert_int_equal(len, sizeof bytes);
		assert_memory_equal(out, bytes, len);
		assert_int_equal(vf_row_bytes(rows, 0, 3, out, 4, &len), VF_E_LIMIT);
		assert_true(vf_row_bool(rows, 0, 4));
		assert_null(vf_row_text(rows, 0, 5));
		assert_true(vf_row_null(rows, 0, 5));
		assert_int_equal(vf_row_i64(rows, 0, 5), 0);
		assert_string_equal(vf_row_text(rows, 0, 6), "2026-11-21 20:41:02.123456+00");
		assert_true(vf_row_null(rows, 0, 7));
		assert_true(vf_row_f64(rows, 0, 8) == 2.5);
		vf_rows_free(rows);
	}
	vf_pool_put(pool, db);
}

static void one_argument_too_many_is_refused(void **state)
{
	struct vf_db *db = get();
	struct vf_args a;

	(void)state;
	vf_args_init(&a);
	for (int i = 0; i <= VF_MAX_ARGS; i++)
		vf_arg_i64(&a, i);
	assert_int_equal(vf_query(db, NULL, "select 1", &a, NULL, &err), VF_E_INVALID);
	vf_pool_put(pool, db);
}

static void one_name_is_one_statement(void **state)
{
	struct vf_db *db = get();

	(void)state;
	assert_int_equal(vf_query(db, "s", "select 1", NULL, NULL, &err), VF_OK);
	assert_int_equal(vf_query(db, "s", "select 2", NULL, NULL, &err), VF_E_INVALID);
	assert_int_equal(vf_query(db, "s", "select 1", NULL, NULL, &err), VF_OK);
	vf_pool_put(pool, db);
}

static void sqlstate_decides_the_status(void **state)
{
	static const struct {
		const char *sql;
		enum vf_status st;
	} table[] = {
		{"insert into t values (1)", VF_E_CONFLICT},
		{"insert into t values (-1)", VF_E_INVALID}, /* check */
		{"insert into t values (null)", VF_E_INVALID},
		{"select 1/0", VF_E_INVALID},
		{"select 'x'::integer", VF_E_INVALID},
		{"select 'x'::uuid", VF_E_INVALID},
		{"select nothing from nowhere", VF_E_IO},
		{"select from select", VF_E_IO},
		{"do $$ begin raise exception 'x' using errcode = '40001'; end $$", VF_E_AGAIN},
		{"do $$ begin raise exception 'x' using errcode = '40P01'; end $$", VF_E_AGAIN},
		{"do $$ begin raise exception 'x' using errcode = '57P01'; end $$", VF_E_AGAIN},
	};
	struct vf_db *db = get();

	(void)state;
	assert_int_equal(vf_exec_script(db,
				 "create table t (id integer primary key check (id > 0)); "
				 "insert into t values (1)",
				 &err),
		VF_OK);
	for (size_t i = 0; i < VF_ARRAY_LEN(table); i++)
		if (vf_query(db, NULL, table[i].sql, NULL, NULL, &err) != table[i].st)
			fail_msg("%s: %d %s", table[i].sql, err.code, err.text);
	assert_null(strchr(err.text, '\n'));
	vf_pool_put(pool, db);
}

static void a_statement_ends_after_its_time(void **state)
{
	const struct vf_pool_config config = {.conninfo = pg_fixture_conninfo(),
		.size = 1,
		.wait_ms = 100,
		.statement_timeout_ms = 50};
	struct vf_pool *brief;
	struct vf_db *db;

	(void)state;
	assert_int_equal(vf_pool_new(&config, &brief, &err), VF_OK);
	assert_int_equal(vf_pool_get(brief, &db, &err), VF_OK);
	assert_int_equal(vf_query(db, NULL, "select pg_sleep(60)", NULL, NULL, &err), VF_E_IO);
	assert_int_equal(vf_query(db, NULL, "select 1", NULL, NULL, &err), VF_OK);
	vf_pool_put(brief, db);
	vf_pool_free(brief);
}

static void transactions_keep_or_leave_everything(void **state)
{
	struct vf_db *db = get();

	(void)state;
	assert_int_equal(vf_exec_script(db, "create table t (id integer)", &err), VF_OK);
	assert_int_equal(vf_tx_begin(db, &err), VF_OK);
	assert_int_equal(vf_tx_begin(db, &err), VF_E_INVALID);
	assert_int_equal(vf_query(db, NULL, "insert into t values (1)", NULL, NULL, &err), VF_OK);
	vf_tx_rollback(db);
	vf_tx_rollback(db); /* nothing open: fine */
	assert_string_equal(pg_fixture_psql("select count(*) from t"), "0");
	for (int i = 0; i < 2; i++) { /* one after the other */
		assert_int_equal(vf_tx_begin(db, &err), VF_OK);
		assert_int_equal(
			vf_query(db, NULL, "insert into t values (2)", NULL, NULL, &err), VF_OK);
		assert_int_equal(vf_tx_commit(db, &err), VF_OK);
	}
	assert_string_equal(pg_fixture_psql("select count(*) from t"), "2");
	/* A failed statement dooms its transaction: the commit must say so. */
	assert_int_equal(vf_tx_begin(db, &err), VF_OK);
	assert_int_equal(vf_query(db, NULL, "insert into t values (3)", NULL, NULL, &err), VF_OK);
	assert_int_equal(vf_query(db, NULL, "select 1/0", NULL, NULL, &err), VF_E_INVALID);
	assert_int_equal(vf_tx_commit(db, &err), VF_E_INVALID);
	assert_int_equal(vf_tx_commit(db, &err), VF_E_INVALID);
	assert_string_equal(pg_fixture_psql("select count(*) from t"), "2");
	vf_pool_put(pool, db);
}

static void a_connection_left_in_a_transaction_is_repaired(void **state)
{
	struct vf_db *db = get();

	(void)state;
	assert_int_equal(vf_exec_script(db, "create table t (id integer)", &err), VF_OK);
	assert_int_equal(vf_tx_begin(db, &err), VF_OK);
	assert_int_equal(vf_query(db, NULL, "insert into t values (1)", NULL, NULL, &err), VF_OK);
	vf_pool_put(pool, db);
	assert_string_equal(pg_fixture_psql("select count(*) from t"), "0");
	db = get();
	assert_int_equal(vf_tx_begin(db, &err), VF_OK);
	vf_pool_put(pool, db);
}

static void a_busy_pool_says_so_in_time(void **state)
{
	struct vf_db *one = get(), *two = get(), *three;
	struct vf_pool_stats stats;
	int64_t begin = vf_mono_us();

	(void)state;
	assert_int_equal(vf_pool_get(pool, &three, &err), VF_E_AGAIN);
	assert_null(three);
	assert_true(vf_mono_us() - begin >= 190000);
	vf_pool_stats(pool, &stats);
	assert_int_equal(stats.in_use, 2);
	assert_int_equal(stats.timeouts, 1);
	vf_pool_put(pool, one);
	three = get();
	vf_pool_put(pool, two);
	vf_pool_put(pool, three);
	vf_pool_put(pool, NULL);
	vf_pool_stats(pool, &stats);
	assert_int_equal(stats.in_use, 0);
}

#define ROUNDS 200

static void *work(void *arg)
{
	int *done = arg;

	for (int i = 0; i < ROUNDS; i++) {
		struct vf_rows *rows;
		struct vf_db *db;
		struct vf_err why;

		if (vf_pool_get(pool, &db, &why))
			continue;
		if (!vf_query(db, "count", "select count(*) from pg_class", NULL, &rows, &why))
			++*done;
		vf_rows_free(rows);
		vf_pool_put(pool, db);
	}
	return NULL;
}

static void threads_share_a_pool(void **state)
{
	pthread_t thread[6];
	int done[6] = {0};

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(thread); i++)
		assert_int_equal(pthread_create(&thread[i], NULL, work, &done[i]), 0);
	for (size_t i = 0; i < VF_ARRAY_LEN(thread); i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(done[i], ROUNDS);
	}
}

static void a_crash_inside_a_transaction_is_told_and_survived(void **state)
{
	struct vf_db *db = get(), *idle = get();
	struct vf_pool_stats stats;
	int64_t until;

	(void)state;
	assert_int_equal(vf_exec_script(db, "create table t (id integer)", &err), VF_OK);
	assert_int_equal(vf_query(idle, "one", "select 1", NULL, NULL, &err), VF_OK);
	vf_pool_put(pool, idle);
	assert_int_equal(vf_tx_begin(db, &err), VF_OK);
	assert_int_equal(vf_query(db, NULL, "insert into t values (1)", NULL, NULL, &err), VF_OK);
	pg_fixture_crash();
	assert_int_equal(
		vf_query(db, NULL, "insert into t values (2)", NULL, NULL, &err), VF_E_AGAIN);
	pg_fixture_restart();
	/* Not on a fresh connection outside of the transaction. */
	assert_int_equal(
		vf_query(db, NULL, "insert into t values (3)", NULL, NULL, &err), VF_E_AGAIN);
	assert_int_equal(vf_tx_commit(db, &err), VF_E_AGAIN);
	vf_pool_put(pool, db);
	assert_string_equal(pg_fixture_psql("select count(*) from t"), "0");
	until = vf_mono_us() + 5000000;
	while (vf_pool_get(pool, &db, &err) && vf_mono_us() < until)
		vf_sleep_ms(20);
	assert_int_equal(vf_query(db, "one", "select 1", NULL, NULL, &err), VF_OK);
	assert_int_equal(vf_query(db, NULL, "insert into t values (4)", NULL, NULL, &err), VF_OK);
	/* The connection that was idle has noticed too, without a failing statement. */
	idle = get();
	assert_int_equal(vf_query(idle, "one", "select 1", NULL, NULL, &err), VF_OK);
	vf_pool_put(pool, idle);
	vf_pool_put(pool, db);
	vf_pool_stats(pool, &stats);
	assert_true(stats.reconnects >= 4);
}

static void a_database_that_is_away_is_not_hammered(void **state)
{
	const struct vf_pool_config config = {
		.conninfo = "host=/tmp/vf-nowhere dbname=x user=x", .size = 1, .wait_ms = 10};
	struct vf_pool_stats stats;
	struct vf_pool *away;
	struct vf_db *db;
	int64_t until;

	(void)state;
	assert_int_equal(vf_pool_new(&config, &away, &err), VF_OK);
	until = vf_mono_us() + 1000000;
	while (vf_mono_us() < until)
		assert_int_equal(vf_pool_get(away, &db, &err), VF_E_AGAIN);
	vf_pool_stats(away, &stats);
	assert_true(stats.failures >= 2 && stats.failures <= 12);
	assert_true(stats.gets > 100);
	vf_pool_free(away);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(values_go_there_and_back),
		CASE(one_argument_too_many_is_refused),
		CASE(one_name_is_one_statement),
		CASE(sqlstate_decides_the_status),
		CASE(a_statement_ends_after_its_time),
		CASE(transactions_keep_or_leave_everything),
		CASE(a_connection_left_in_a_transaction_is_repaired),
		CASE(a_busy_pool_says_so_in_time),
		CASE(threads_share_a_pool),
		CASE(a_crash_inside_a_transaction_is_told_and_survived),
		CASE(a_database_that_is_away_is_not_hammered),
	};

	vf_log_init(VF_LOG_ERROR);
	return cmocka_run_group_tests_name("db", tests, pg_fixture_start, pg_fixture_stop);
}
