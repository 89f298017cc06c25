/* Enrolment, heartbeat, imports and raw dumps, through their handlers, on a real PostgreSQL. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "server/runtime/hash.h"
#include "server/runtime/hex.h"
#include "server/runtime/secret.h"
#include "server/store/account.h"
#include "server/store/partition.h"
#include "server/store/project.h"
#include "tests/db/batch.h"

vf_handler vf_api_enroll, vf_api_heartbeat, vf_api_import_crash, vf_api_dumps, vf_api_dump_state,
	vf_api_dump_upload, vf_api_dump_download, vf_api_dump_delete, vf_api_dump_decoded;

static struct fixture fix;

/* ---------------------------------------------------------------- enrolment */

#define KEY                                                                                        \
	"-----BEGIN PUBLIC KEY-----\\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"                        \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==" \
	"\\n-----END PUBLIC KEY-----\\n"

static void token_new(const struct sender *s, struct vf_token *token, int uses, int64_t lasts_us,
	const char *networks)
{
	struct vf_enroll_token_new new = {
		.project_id = s->project_id, .max_uses = uses, .networks = networks};
	struct vf_err err;
	int64_t id, now = number(&fix, "select (extract(epoch from now()) * 1000000)::bigint");

	vf_token_new(token, "vfe");
	new.prefix = token->prefix;
	new.secret_hash = token->secret_hash;
	new.expires_us = now + lasts_us;
	assert_int_equal(vf_enroll_token_add(fix.db, &new, &id, &err), VF_OK);
}

static struct answer enrol_on(
	struct vf_db *db, const char *token, const char *name, const char *smbios)
{
	static const struct sender nobody;
	char body[2048];
	struct call c = {.handler = vf_api_enroll,
		.method = VF_POST,
		.from = &nobody,
		.body = body,
		.db = db};

	snprintf(body, sizeof body,
		"{\"token\":\"%s\",\"name\":\"%s\",\"public_key\":\"" KEY
		"\",\"evidence\":{\"smbios_uuid\":%s,"
		"\"machine_guid\":null,\"disk_serial\":null},\"env\":{\"os_name\":\"Windows 11 "
		"24H2\",\"os_build\":"
		"26100,\"arch\":\"x64\",\"hypervisor\":\"\"},\"agent_version\":\"0.1.0\"}",
		token, name, smbios);
	c.body_len = strlen(body);
	return call(&fix, &c);
}

static void enrol_fails(const char *token, const char *why)
{
	struct answer a = enrol_on(NULL, token, "LAB-09", "null");

	assert_int_equal(a.status, 403);
	if (!strstr(json_string_value(json_object_get(a.body, "detail")), why))
		fail_msg("%s: %s", why, json_string_value(json_object_get(a.body, "detail")));
	answer_release(&a);
}

static void test_token(void **state)
{
	struct vf_token good, late, far, other;
	struct sender s;
	struct answer a;

	(void)state;
	sender_new(&fix, &s);
	token_new(&s, &good, 2, 60000000, NULL);
	token_new(&s, &late, 2, -1000000, NULL);
	token_new(&s, &far, 2, 60000000, "{10.0.0.0/8,192.168.0.0/16}");
	token_new(&s, &other, 1, 60000000, "{127.0.0.0/8}");
	for (int i = 0; i < 2; i++) {
		a = enrol_on(NULL, good.text, "LAB-01", "null");
		assert_int_equal(a.status, 201);
		assert_string_equal(json_string_value(json_object_get(a.body, "machine")),
			i ? "LAB-01-3" : "LAB-01-2");
		assert_int_equal(json_integer_value(json_object_get(a.body, "heartbeat_s")), 15);
		answer_release(&a);
	}
	enrol_fails(good.text, "used up");
	enrol_fails(late.text, "expired");
	enrol_fails(far.text, "address 127.0.0.1");
	a = enrol_on(NULL, other.text, "LAB-07", "null");
	assert_int_equal(a.status, 201);
	answer_release(&a);
	run_sql(&fix, "update enroll_token set revoked_at = now(), uses = 0");
	enrol_fails(other.text, "revoked");
	vf_token_new(&other, "vfe");
	enrol_fails(other.text, "not known");
	a = enrol_on(NULL, "vfe_nonsense", "LAB-07", "null");
	assert_int_equal(a.status, 422);
	answer_release(&a);
	assert_int_equal(
		number(&fix, "select count(*) from audit_event where action = 'agent.enrol'"), 3);
}

struct racer {
	const char *token;
	int status;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct vf_err err;
	struct vf_db *db;
	struct answer a;

	if (vf_pool_get(fix.pool, &db, &err))
		return NULL;
	a = enrol_on(db, r->token, "RACE", "null");
	r->status = a.status;
	answer_release(&a);
	vf_pool_put(fix.pool, db);
	return NULL;
}

/* Eight at once with a token for three. */
static void test_token_race(void **state)
{
	struct vf_token token;
	struct racer r[8];
	pthread_t thread[8];
	struct sender s;
	int in = 0;

	(void)state;
	sender_new(&fix, &s);
	token_new(&s, &token, 3, 60000000, NULL);
	for (int i = 0; i < 8; i++) {
		r[i] = (struct racer){token.text, 0};
		pthread_create(&thread[i], NULL, race, &r[i]);
	}
	for (int i = 0; i < 8; i++) {
		pthread_join(thread[i], NULL);
		assert_true(r[i].status == 201 || r[i].status == 403);
		in += r[i].status == 201;
	}
	assert_int_equal(in, 3);
	assert_int_equal(number(&fix, "select count(*) from machine where project_id = %lld",
				 (long long)s.project_id),
		4);
}

static void test_identity(void **state)
{
	struct vf_token token;
	char first[40], again[40];
	struct sender s;
	struct answer a;

	(void)state;
	sender_new(&fix, &s);
	token_new(&s, &token, 10, 60000000, NULL);
	a = enrol_on(NULL, token.text, "PC", "\"SM-1\"");
	snprintf(first, sizeof first, "%s",
		json_string_value(json_object_get(a.body, "machine_id")));
	answer_release(&a);
	/* its agent is alive: another machine, and an incident */
	a = enrol_on(NULL, token.text, "PC", "\"SM-1\"");
	assert_string_not_equal(json_string_value(json_object_get(a.body, "machine_id")), first);
	assert_string_equal(json_string_value(json_object_get(a.body, "machine")), "PC-2");
	answer_release(&a);
	assert_int_equal(number(&fix,
				 "select count(*) from incident where class = 'identity_conflict' "
				 "and project_id = %lld",
				 (long long)s.project_id),
		1);
	/* silent for longer than two minutes: the same machine, the old agent retired */
	run_sql(&fix, "update agent set last_seen_at = now() - interval '3 minutes'");
	a = enrol_on(NULL, token.text, "NEW-NAME", "\"SM-1\"");
	snprintf(again, sizeof again, "%s",
		json_string_value(json_object_get(a.body, "machine_id")));
	assert_string_equal(again, first);
	assert_string_equal(json_string_value(json_object_get(a.body, "machine")), "PC");
	answer_release(&a);
	assert_int_equal(
		number(&fix,
			"select count(*) from agent a join machine m on m.id = a.machine_id where "
			"m.machine_uuid = '%s' and retired_at is not null",
			first),
		1);
	/* no evidence is nobody's evidence */
	a = enrol_on(NULL, token.text, "PC", "null");
	assert_string_not_equal(json_string_value(json_object_get(a.body, "machine_id")), first);
	answer_release(&a);
}

static void test_heartbeat(void **state)
{
	static const char good[] =
		"{\"boot_uuid\":null,\"uptime_us\":5,\"spool\":{\"records\":3,\"bytes\":99,"
		"\"oldest_at\":\"2026-11-21T20:00:00Z\"},\"policy_revision\":0}";
	struct call c = {.handler = vf_api_heartbeat,
		.method = VF_POST,
		.body = good,
		.body_len = sizeof good - 1};
	struct sender s;
	struct answer a;

	(void)state;
	sender_new(&fix, &s);
	c.from = &s;
	run_sql(&fix, "update agent set last_seen_at = now() - interval '1 hour'");
	a = call(&fix, &c);
	assert_int_equal(a.status, 200);
	answer_release(&a);
	assert_int_equal(number(&fix,
				 "select spool_records from agent where id = %lld and last_seen_at "
				 "> now() - interval '1 minute'",
				 (long long)s.agent_id),
		3);
	c.body = "{\"spool\":{\"records\":-1,\"bytes\":0}}";
	c.body_len = strlen(c.body);
	a = call(&fix, &c);
	assert_int_equal(a.status, 422);
	assert_string_equal(json_string_value(json_object_get(a.body, "field")), "spool.records");
	answer_release(&a);
}

/* ------------------------------------------------------------- imports, dumps */

static void fake_dump(unsigned n, char *bytes, size_t len, char digits[65])
{
	unsigned char sum[32];

	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(i * 31 + n);
	vf_sha256(bytes, len, sum);
	vf_hex(sum, sizeof sum, digits);
}

static struct answer import(
	const struct sender *s, const char *sha, size_t size, const char *more, const char *culprit)
{
	char body[2048];
	struct call c = {.handler = vf_api_import_crash,
		.method = VF_POST,
		.from = s,
		.as_token = true,
		.body = body};

	snprintf(body, sizeof body,
		"{%s\"dump\":{\"sha256\":\"%s\",\"size\":%zu,\"file_name\":\"x.dmp\",\"decoder\":1,"
		"\"decoded\":{"
		"\"system_time\":\"2026-11-20T10:00:00Z\",\"os_build\":26100,\"arch\":\"x64\","
		"\"cpus\":4,"
		"\"bugcheck\":{\"raw_code\":\"0x000000d1\",\"parameters\":[\"0x0\",\"0x2\",\"0x0\","
		"\"0xfffff80412345678\"]},"
		"\"culprit\":{\"module\":\"%s\",\"offset\":\"0x10\",\"reason\":\"pc\"},\"drivers\":"
		"[{\"name\":"
		"\"netx.sys\",\"timestamp\":\"0x5f000001\",\"size\":36864}]}}}",
		more, sha, size, culprit);
	c.body_len = strlen(body);
	return call(&fix, &c);
}

static const char *word(const struct answer *a, const char *name)
{
	const char *s = json_string_value(json_object_get(a->body, name));

	return s ? s : "(none)";
}

static struct answer put_part(const struct sender *s, bool token, const char *sha,
	const char *bytes, size_t len, size_t offset, size_t size)
{
	char o[24], n[24];
	struct call c = {.handler = vf_api_dump_upload,
		.method = VF_PUT,
		.from = s,
		.as_token = token,
		.body = bytes,
		.body_len = len,
		.param = {"sha256", sha},
		.query = {{"offset", o}, {"size", n}}};

	snprintf(o, sizeof o, "%zu", offset);
	snprintf(n, sizeof n, "%zu", size);
	return call(&fix, &c);
}

static struct answer ask_dump(vf_handler *handler, const struct sender *s, const char *sha)
{
	return call(&fix,
		&(struct call){
			.handler = handler, .from = s, .as_token = true, .param = {"sha256", sha}});
}

/* The event came from the machine's agent, the dump by hand: one crash in either order, when the
 * machine is one that is watched. Under the name that stands for all others nothing meets. */
static void test_import_meets_event(void **state)
{
	(void)state;
	for (int order = 0; order < 4; order++) {
		const char *machine = order < 2 ? "\"machine\":\"LAB-01\"," : "";
		char bytes[64], sha[65];
		struct sender s;
		struct answer a;
		struct batch b;

		sender_new(&fix, &s);
		fake_dump(40, bytes, sizeof bytes, sha);
		batch_init(&b, "00000000000000000000000000000040", 1);
		batch_bug(&b, &(struct bug){.at = "2026-11-20T10:00:20Z"});
		for (int k = 0; k < 2; k++) {
			a = (k ^ order) & 1 ? import(&s, sha, sizeof bytes, machine, "netx.sys")
					    : batch_send(&fix, &s, &b);
			assert_true(a.status == 200 || a.status == 201);
			answer_release(&a);
		}
		batch_release(&b);
		assert_int_equal(number(&fix,
					 "select count(*) from occurrence where project_id = "
					 "%lld",
					 (long long)s.project_id),
			order < 2 ? 1 : 2);
		assert_string_equal(
			text(&fix, "select string_agg(key, ' ') from rollup_differences()"), "");
	}
}

static void test_import(void **state)
{
	char bytes[3000], sha[65], more[64], other_build[64];
	struct sender s, other;
	struct batch b;
	struct answer a;
	int64_t occurrence, build;

	(void)state;
	sender_new(&fix, &s);
	sender_new(&fix, &other);
	fake_dump(1, bytes, sizeof bytes, sha);
	a = import(&s, sha, sizeof bytes, "", "netx.sys");
	assert_int_equal(a.status, 201);
	assert_string_equal(word(&a, "attribution"), "none");
	assert_true(json_is_true(json_object_get(a.body, "upload_needed")));
	occurrence = json_integer_value(json_object_get(a.body, "occurrence_id"));
	answer_release(&a);
	assert_string_equal(
		text(&fix,
			"select m.name || ' ' || m.kind || ' ' || b.kind || ' ' || e.os_build from "
			"occurrence o join machine m on m.id = o.machine_id join boot b on b.id = "
			"o.boot_id join env_snapshot e on e.id = b.env_id where o.id = %lld",
			(long long)occurrence),
		"imported imported imported 26100");
	/* again, and by an agent: known */
	a = import(&s, sha, sizeof bytes, "\"machine\":\"LAB-55\",", "netx.sys");
	assert_int_equal(a.status, 200);
	assert_int_equal(json_integer_value(json_object_get(a.body, "occurrence_id")), occurrence);
	answer_release(&a);
	batch_init(&b, "00000000000000000000000000000001", 1);
	batch_bug(&b, &(struct bug){.sha = sha});
	a = batch_send(&fix, &s, &b);
	assert_int_equal(a.status, 200);
	answer_release(&a);
	batch_release(&b);
	assert_int_equal(number(&fix, "select count(*) from occurrence where project_id = %lld",
				 (long long)s.project_id),
		1);
	/* said to be of a build now: claimed, and another person's later word counts */
	run_sql(&fix, "insert into driver (project_id, name) select max(id) - 1, 'netx.sys' from "
		      "project");
	run_sql(&fix, "insert into build (project_id, driver_id, branch_id, seq) select "
		      "d.project_id, d.id, b.id, s from driver d join branch b using (project_id), "
		      "generate_series(1, 2) s where d.id = (select max(id) from driver)");
	build = number(&fix, "select max(id) from build");
	snprintf(more, sizeof more, "\"build_id\":%lld,", (long long)build);
	a = import(&s, sha, sizeof bytes, more, "netx.sys");
	assert_int_equal(a.status, 200);
	assert_string_equal(word(&a, "attribution"), "explicit");
	assert_string_equal(word(&a, "role"), "own");
	assert_true(json_is_null(json_object_get(a.body, "moved_from")));
	answer_release(&a);
	assert_int_equal(number(&fix, "select occurrences from finding_build where build_id = %lld",
				 (long long)build),
		1);
	/* never from one build to another without a word */
	snprintf(other_build, sizeof other_build, "\"build_id\":%lld,", (long long)build - 1);
	a = import(&s, sha, sizeof bytes, other_build, "netx.sys");
	assert_int_equal(a.status, 200);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(a.body, "moved_from"), "id")),
		build);
	answer_release(&a);
	assert_string_equal(
		text(&fix,
			"select (detail->>'from_build')::bigint - %lld || ' ' || "
			"(detail->>'to_build')::bigint - %lld from audit_event where action = "
			"'occurrence.move' and object_id = '%lld'",
			(long long)build, (long long)build, (long long)occurrence),
		"0 -1");
	a = import(&s, sha, sizeof bytes, more, "netx.sys"); /* and back */
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(a.body, "moved_from"), "id")),
		build - 1);
	answer_release(&a);
	a = import(&s, sha, sizeof bytes, more, "netx.sys"); /* where it is already */
	assert_true(json_is_null(json_object_get(a.body, "moved_from")));
	answer_release(&a);
	/* a build of another project is nobody's business */
	a = import(&other, sha, sizeof bytes, more, "netx.sys");
	assert_int_equal(a.status, 404);
	answer_release(&a);
	/* loaded, but another module crashed */
	fake_dump(2, bytes, sizeof bytes, sha);
	a = import(&s, sha, sizeof bytes, more, "tcpip.sys");
	assert_int_equal(a.status, 201);
	assert_string_equal(word(&a, "role"), "loaded");
	answer_release(&a);
	a = import(&s, "xyz", 1, "", "netx.sys");
	assert_int_equal(a.status, 422);
	assert_string_equal(word(&a, "field"), "dump.sha256");
	answer_release(&a);
	assert_string_equal(text(&fix, "select rollup from rollup_differences() limit 1"), "");
}

static void test_upload(void **state)
{
	char bytes[3000], sha[65], got[3001];
	struct sender s, other;
	struct answer a;

	(void)state;
	sender_new(&fix, &s);
	sender_new(&fix, &other);
	fake_dump(3, bytes, sizeof bytes, sha);
	a = put_part(&s, false, sha, bytes, 100, 0, sizeof bytes);
	assert_int_equal(a.status, 404); /* no crash names it */
	answer_release(&a);
	a = import(&s, sha, sizeof bytes, "", "netx.sys");
	answer_release(&a);
	a = put_part(&other, false, sha, bytes, 100, 0, sizeof bytes);
	assert_int_equal(a.status, 404); /* not of this project */
	answer_release(&a);
	a = put_part(&s, false, sha, bytes, 1000, 0, sizeof bytes);
	assert_int_equal(a.status, 200);
	assert_int_equal(json_integer_value(json_object_get(a.body, "received")), 1000);
	answer_release(&a);
	a = put_part(&s, true, sha, bytes, 1000, 0, sizeof bytes); /* again: told where to go on */
	assert_int_equal(a.status, 409);
	assert_int_equal(json_integer_value(json_object_get(a.body, "received")), 1000);
	answer_release(&a);
	a = put_part(&s, true, sha, bytes + 1000, 2001, 1000, sizeof bytes + 1); /* other size */
	assert_int_equal(a.status, 422);
	answer_release(&a);
	a = put_part(&s, true, sha, bytes, 2000, 1000, sizeof bytes); /* wrong bytes */
	assert_int_equal(a.status, 422);
	assert_string_equal(word(&a, "type"), "/problems/hash-mismatch");
	answer_release(&a);
	a = ask_dump(vf_api_dump_state, &s, sha);
	assert_int_equal(json_integer_value(json_object_get(a.body, "received")), 0);
	answer_release(&a);
	a = ask_dump(vf_api_dump_download, &s, sha);
	assert_int_equal(a.status, 404);
	answer_release(&a);
	for (size_t at = 0; at < sizeof bytes; at += 1000) {
		a = put_part(&s, at == 1000, sha, bytes + at, 1000, at, sizeof bytes);
		assert_int_equal(a.status, 200);
		assert_true(json_is_true(json_object_get(a.body, "complete")) == (at == 2000));
		answer_release(&a);
	}
	a = put_part(&s, true, sha, bytes, 10, 0, sizeof bytes); /* complete at once */
	assert_int_equal(a.status, 200);
	assert_true(json_is_true(json_object_get(a.body, "complete")));
	answer_release(&a);
	a = ask_dump(vf_api_dump_download, &other, sha);
	assert_int_equal(a.status, 404);
	answer_release(&a);
	a = ask_dump(vf_api_dump_download, &s, sha);
	assert_int_equal(a.status, 200);
	assert_int_equal(read(a.file_fd, got, sizeof got), sizeof bytes);
	assert_memory_equal(got, bytes, sizeof bytes);
	answer_release(&a);
	assert_int_equal(number(&fix,
				 "select count(*) from audit_event where action = 'dump.download' "
				 "and detail->>'sha256' = '%s'",
				 sha),
		1);
	for (int i = 0; i < 2; i++) {
		a = ask_dump(vf_api_dump_delete, &s, sha);
		assert_int_equal(a.status, 204);
		answer_release(&a);
	}
	assert_int_equal(number(&fix,
				 "select count(*) from audit_event where action = 'dump.delete' "
				 "and detail->>'sha256' = '%s'",
				 sha),
		1);
	a = ask_dump(vf_api_dump_download, &s, sha);
	assert_int_equal(a.status, 404);
	answer_release(&a);
	a = put_part(
		&s, true, sha, bytes, 1000, 0, sizeof bytes); /* removed on purpose: not wanted */
	assert_int_equal(a.status, 404);
	answer_release(&a);
	a = import(&s, sha, sizeof bytes, "", "netx.sys");
	assert_false(json_is_true(json_object_get(a.body, "upload_needed")));
	answer_release(&a);
	a = put_part(&s, true, sha, bytes, 10, 0, 9u << 20);
	assert_int_equal(a.status, 413);
	answer_release(&a);
}

static void test_redecode(void **state)
{
	static const char reading[] = "{\"decoder\":2,\"decoded\":{\"bugcheck\":{\"raw_code\":"
				      "\"0x000000d1\",\"parameters\":[\"0x0\","
				      "\"0x2\",\"0x0\",\"0xfffff80412345678\"]},\"culprit\":{"
				      "\"module\":\"other.sys\",\"offset\":\"0x20\"},"
				      "\"drivers\":[]}}";
	struct call c = {.handler = vf_api_dump_decoded,
		.method = VF_PUT,
		.as_token = true,
		.body = reading,
		.body_len = sizeof reading - 1};
	char bytes[100], sha[65];
	struct sender s;
	struct answer a;

	(void)state;
	sender_new(&fix, &s);
	fake_dump(4, bytes, sizeof bytes, sha);
	c.from = &s;
	c.param = (struct vf_pair){"sha256", sha};
	a = call(&fix, &c);
	assert_int_equal(a.status, 404);
	answer_release(&a);
	a = import(&s, sha, sizeof bytes, "", "netx.sys");
	answer_release(&a);
	for (int i = 0; i < 2; i++) {
		a = call(&fix, &c);
		assert_int_equal(a.status, 200);
		assert_true(json_is_true(json_object_get(a.body, "moved")) == (i == 0));
		answer_release(&a);
	}
	assert_string_equal(
		text(&fix, "select string_agg(fp_text, ' ') from finding where project_id = %lld",
			(long long)s.project_id),
		"bugcheck/v1|0xd1|-|other.sys|+0x20");
	assert_string_equal(text(&fix,
				    "select o.source || ' ' || o.occurred_at::date || ' ' || "
				    "d.decoder from occurrence o join dump d on d.sha256 = "
				    "o.dump_sha256 where o.project_id = %lld",
				    (long long)s.project_id),
		"dump 2026-11-20 2");
	assert_string_equal(text(&fix, "select rollup from rollup_differences() limit 1"), "");
	a = call(&fix, &(struct call){.handler = vf_api_dumps, .from = &s, .as_token = true});
	assert_int_equal(a.status, 200);
	assert_int_equal(json_integer_value(json_object_get(
				 json_array_get(json_object_get(a.body, "items"), 0), "decoder")),
		2);
	answer_release(&a);
}

static void test_removal(void **state)
{
	struct vf_project_removal gone;
	char bytes[100], sha[65];
	struct vf_err err = {0};
	struct sender s, t;
	struct batch b;
	struct answer a;

	(void)state;
	sender_new(&fix, &s);
	sender_new(&fix, &t);
	fake_dump(5, bytes, sizeof bytes, sha);
	a = import(&s, sha, sizeof bytes, "", "netx.sys");
	answer_release(&a);
	a = import(&t, sha, sizeof bytes, "", "netx.sys"); /* the other project keeps it */
	answer_release(&a);
	fake_dump(6, bytes, sizeof bytes, sha);
	a = import(&s, sha, sizeof bytes, "", "netx.sys");
	answer_release(&a);
	batch_init(&b, "00000000000000000000000000000001", 1);
	batch_bug(&b, &(struct bug){.run = "r"});
	batch_gap(&b, 9);
	batch_line(&b, "junk");
	a = batch_send(&fix, &s, &b);
	answer_release(&a);
	batch_release(&b);
	assert_int_equal(vf_tx_begin(fix.db, &err), VF_OK);
	if (vf_project_remove(fix.db, s.project_id, &gone, &err))
		fail_msg("%s", err.text);
	assert_int_equal(vf_tx_commit(fix.db, &err), VF_OK);
	assert_int_equal(gone.occurrences, 3);
	assert_int_equal(gone.findings, 2);
	assert_int_equal(gone.dumps, 1);
	assert_string_equal(vf_row_text(gone.dump_list, 0, 0), sha);
	vf_rows_free(gone.dump_list);
	assert_int_equal(number(&fix, "select count(*) from occurrence where project_id = %lld",
				 (long long)t.project_id),
		1);
	assert_string_equal(text(&fix, "select rollup from rollup_differences() limit 1"), "");
}

static void test_upkeep(void **state)
{
	struct vf_err err = {0};

	(void)state;
	run_sql(&fix, "insert into change (topic, entity_id, at) values ('build', 424242, now() - "
		      "interval '4 days')");
	assert_int_equal(vf_store_upkeep(fix.db, &err), VF_OK);
	assert_int_equal(number(&fix, "select count(*) from change where entity_id = 424242"), 0);
	assert_true(number(&fix, "select count(*) from pg_inherits where inhparent = "
				 "'occurrence'::regclass") >= 6);
}

static int open_all(void **state)
{
	(void)state;
	fixture_open(&fix);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	fixture_close(&fix);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_token_race),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_heartbeat),
		cmocka_unit_test(test_import),
		cmocka_unit_test(test_import_meets_event),
		cmocka_unit_test(test_upload),
		cmocka_unit_test(test_redecode),
		cmocka_unit_test(test_removal),
		cmocka_unit_test(test_upkeep),
	};

	return cmocka_run_group_tests_name("handlers", tests, open_all, close_all);
}
