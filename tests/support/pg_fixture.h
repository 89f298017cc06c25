/*
 * A throw-away PostgreSQL for one test program: started in the group set-up, gone in its tear-down.
 * Without the PostgreSQL programs the set-up says so and fails.
 */
#ifndef VF_TESTS_SUPPORT_PG_FIXTURE_H
#define VF_TESTS_SUPPORT_PG_FIXTURE_H

/* cmocka group fixtures. The working directory is the root of the tree, as under make. */
int pg_fixture_start(void **state);
int pg_fixture_stop(void **state);
/* Of an empty database of its own, made anew for each call. Valid until the next call. */
const char *pg_fixture_conninfo(void);
/* Ends (kill -9) or restarts the server, as a crash would. */
void pg_fixture_crash(void);
void pg_fixture_restart(void);
/* Runs SQL with psql in the database of the last pg_fixture_conninfo(); its output is trimmed. */
const char *pg_fixture_psql(const char *sql);

#endif
