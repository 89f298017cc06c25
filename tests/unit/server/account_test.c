/* People, sessions, tokens and the audit, against a real PostgreSQL with the real migrations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/domain/access.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/secret.h"
#include "server/store/account.h"
#include "server/store/audit.h"
#include "server/store/db.h"
#include "server/store/migrate.h"
#include "tests/support/pg_fixture.h"

#define HOUR (3600 * INT64_C(1000000))

static struct vf_pool *pool;
static struct vf_db *db;
static struct vf_err err;

static int setup(void **state)
{
	const struct vf_pool_config config = {
		.conninfo = pg_fixture_conninfo(), .size = 1, .wait_ms = 1000};
	const struct vf_migrate_options options = {0};
	struct vf_migrations set = {0};
	enum vf_status st;

	(void)state;
	st = vf_pool_new(&config, &pool, &err);
	if (!st)
		st = vf_pool_get(pool, &db, &err);
	if (!st)
		st = vf_migrations_load("migrations", &set, &err);
	if (!st)
		st = vf_migrate(db, &set, &options, NULL, &err);
	vf_migrations_release(&set);
	return st ? -1 : 0;
}

static int teardown(void **state)
{
	(void)state;
	vf_pool_put(pool, db);
	vf_pool_free(pool);
	return 0;
}

static int64_t add(const char *name, int role)
{
	int64_t id;

	if (vf_account_add(db, name, "hash", role, false, &id, &err))
		fail_msg("%s", err.text);
	return id;
}

static void names_are_one_whatever_their_case(void **state)
{
	struct vf_account user;
	int64_t id = add("Alice", VF_ROLE_VIEWER);

	(void)state;
	assert_int_equal(vf_account_by_name(db, "aLICE", &user, &err), VF_OK);
	assert_int_equal(user.id, id);
	assert_string_equal(user.name, "Alice");
	assert_int_equal(vf_account_add(db, "ALICE", "hash", 1, false, NULL, &err), VF_E_CONFLICT);
	assert_int_equal(vf_account_add(db, "a b", "hash", 1, false, NULL, &err), VF_E_INVALID);
	assert_int_equal(vf_account_add(db, "", "hash", 1, false, NULL, &err), VF_E_INVALID);
	assert_int_equal(vf_account_by_name(db, "bob", &user, &err), VF_E_NOTFOUND);
}

static void a_session_lives_until_it_ends(void **state)
{
	static const unsigned char one[32] = {1}, two[32] = {2}, old[32] = {3};
	int64_t id = add("alice", VF_ROLE_OPERATOR), now = vf_now_us();
	struct vf_session s;

	(void)state;
	assert_int_equal(
		vf_session_add(db, one, id, "csrf-1", now + HOUR, "127.0.0.1", &err), VF_OK);
	assert_int_equal(vf_session_add(db, two, id, "csrf-2", now + HOUR, "::1", &err), VF_OK);
	assert_int_equal(vf_session_add(db, old, id, "csrf-3", now - HOUR, NULL, &err), VF_OK);
	assert_int_equal(vf_session_find(db, one, 1, &s, &err), VF_OK);
	assert_string_equal(s.csrf, "csrf-1");
	assert_int_equal(s.user.role, VF_ROLE_OPERATOR);
	assert_int_equal(vf_session_find(db, old, 1, &s, &err), VF_E_NOTFOUND);
	assert_int_equal(vf_session_end(db, one, &err), VF_OK);
	assert_int_equal(vf_session_find(db, one, 1, &s, &err), VF_E_NOTFOUND);
	assert_int_equal(vf_session_find(db, two, 1, &s, &err), VF_OK);
	assert_int_equal(vf_access_sweep(db, &err), VF_OK);
	assert_string_equal(pg_fixture_psql("select count(*) from session"), "1");
}

static void use_moves_the_end_of_a_session(void **state)
{
	static const unsigned char hash[32] = {1};
	struct vf_session s;

	(void)state;
	assert_int_equal(
		vf_session_add(db, hash, add("alice", 1), "c", vf_now_us() + HOUR, NULL, &err),
		VF_OK);
	(void)pg_fixture_psql("update session set last_seen_at = now() - interval '6 minutes'");
	assert_int_equal(vf_session_find(db, hash, 10, &s, &err), VF_OK);
	assert_string_equal(
		pg_fixture_psql("select expires_at > now() + interval '9 hours' from session"),
		"t");
}

static void a_new_password_signs_out_everywhere_else(void **state)
{
	static const unsigned char here[32] = {1}, there[32] = {2};
	int64_t id = add("alice", 1), now = vf_now_us();
	struct vf_session s;

	(void)state;
	assert_int_equal(vf_session_add(db, here, id, "c", now + HOUR, NULL, &err), VF_OK);
	assert_int_equal(vf_session_add(db, there, id, "c", now + HOUR, NULL, &err), VF_OK);
	assert_int_equal(vf_account_set_password(db, id, "new", false, here, &err), VF_OK);
	assert_int_equal(vf_session_find(db, here, 1, &s, &err), VF_OK);
	assert_string_equal(s.user.password_hash, "new");
	assert_int_equal(vf_session_find(db, there, 1, &s, &err), VF_E_NOTFOUND);
	assert_int_equal(vf_account_set_password(db, id, "reset", true, NULL, &err), VF_OK);
	assert_int_equal(vf_session_find(db, here, 1, &s, &err), VF_E_NOTFOUND);
}

static void disabling_signs_out_but_never_the_last_administrator(void **state)
{
	static const unsigned char hash[32] = {1};
	int64_t admin = add("admin", VF_ROLE_ADMINISTRATOR), other;
	struct vf_session s;

	(void)state;
	assert_int_equal(
		vf_session_add(db, hash, admin, "c", vf_now_us() + HOUR, NULL, &err), VF_OK);
	assert_int_equal(vf_account_disable(db, admin, &err), VF_E_CONFLICT);
	assert_int_equal(vf_session_find(db, hash, 1, &s, &err), VF_OK);
	other = add("other", VF_ROLE_ADMINISTRATOR);
	assert_int_equal(vf_account_disable(db, admin, &err), VF_OK);
	assert_int_equal(vf_session_find(db, hash, 1, &s, &err), VF_E_NOTFOUND);
	assert_int_equal(vf_account_disable(db, other, &err), VF_E_CONFLICT);
	assert_int_equal(vf_account_set_password(db, admin, "new", true, NULL, &err), VF_OK);
	assert_int_equal(vf_account_disable(db, other, &err), VF_OK); /* admin is back */
}

static void tokens_count_until_revoked_or_expired(void **state)
{
	struct vf_api_token_new t = {.name = "ci",
		.scopes = VF_SCOPE_READ | VF_SCOPE_IMPORT,
		.role = VF_ROLE_OPERATOR,
		.expires_us = vf_now_us() + HOUR};
	struct vf_api_token found;
	struct vf_token token;
	int64_t id;

	(void)state;
	vf_token_new(&token, "vf");
	t.prefix = token.prefix;
	t.secret_hash = token.secret_hash;
	assert_int_equal(vf_project_id(db, "default", &t.project_id, &err), VF_OK);
	assert_int_equal(vf_api_token_add(db, &t, &id, &err), VF_OK);
	assert_int_equal(
		vf_api_token_find(db, token.prefix, token.secret_hash, &found, &err), VF_OK);
	assert_int_equal(found.id, id);
	assert_int_equal(found.scopes, t.scopes);
	assert_int_equal(found.project_id, t.project_id);
	assert_string_equal(pg_fixture_psql("select last_used_at is not null from api_token"), "t");
	token.secret_hash[5] ^= 1;
	assert_int_equal(vf_api_token_find(db, token.prefix, token.secret_hash, &found, &err),
		VF_E_NOTFOUND);
	token.secret_hash[5] ^= 1;
	(void)pg_fixture_psql("update api_token set expires_at = now()");
	assert_int_equal(vf_api_token_find(db, token.prefix, token.secret_hash, &found, &err),
		VF_E_NOTFOUND);
	(void)pg_fixture_psql("update api_token set expires_at = null");
	assert_int_equal(
		vf_api_token_find(db, token.prefix, token.secret_hash, &found, &err), VF_OK);
	assert_int_equal(vf_api_token_revoke(db, id, &err), VF_OK);
	assert_int_equal(vf_api_token_find(db, token.prefix, token.secret_hash, &found, &err),
		VF_E_NOTFOUND);
	assert_int_equal(vf_api_token_revoke(db, id + 1, &err), VF_E_NOTFOUND);
}

static void a_nonce_counts_once_for_an_agent(void **state)
{
	static const unsigned char one[16] = {1}, two[16] = {2};

	(void)state;
	assert_int_equal(vf_agent_nonce_use(db, 7, one, &err), VF_OK);
	assert_int_equal(vf_agent_nonce_use(db, 7, one, &err), VF_E_CONFLICT);
	assert_int_equal(vf_agent_nonce_use(db, 7, two, &err), VF_OK);
	assert_int_equal(vf_agent_nonce_use(db, 8, one, &err), VF_OK);
	(void)pg_fixture_psql(
		"update agent_nonce set at = now() - interval '11 minutes' where agent_id = 7");
	assert_int_equal(vf_access_sweep(db, &err), VF_OK);
	assert_string_equal(pg_fixture_psql("select count(*) from agent_nonce"), "1");
}

static void the_audit_only_grows(void **state)
{
	const struct vf_actor who = {"user", 3, "alice", "10.0.0.1"};
	static const char *const deeds[] = {"update audit_event set action = 'x'",
		"delete from audit_event", "truncate audit_event"};

	(void)state;
	assert_int_equal(vf_audit(db, &who, "user.add", "user", "bob",
				 json_pack("{s:s}", "role", "viewer"), &err),
		VF_OK);
	for (size_t i = 0; i < VF_ARRAY_LEN(deeds); i++) {
		assert_int_equal(vf_query(db, NULL, deeds[i], NULL, NULL, &err), VF_E_IO);
		assert_string_equal(err.text, "audit_event is append-only");
	}
	assert_string_equal(
		pg_fixture_psql(
			"select actor_name, action, object_id, host(remote_addr), detail from "
			"audit_event"),
		"alice|user.add|bob|10.0.0.1|{\"role\": \"viewer\"}");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(names_are_one_whatever_their_case),
		CASE(a_session_lives_until_it_ends),
		CASE(use_moves_the_end_of_a_session),
		CASE(a_new_password_signs_out_everywhere_else),
		CASE(disabling_signs_out_but_never_the_last_administrator),
		CASE(tokens_count_until_revoked_or_expired),
		CASE(a_nonce_counts_once_for_an_agent),
		CASE(the_audit_only_grows),
	};

	vf_log_init(VF_LOG_ERROR);
	return cmocka_run_group_tests_name("account", tests, pg_fixture_start, pg_fixture_stop);
}
