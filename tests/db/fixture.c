#include "tests/db/fixture.h"

#include <stdarg.h>
#include <unistd.h>

#include "server/api/problem.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"
#include "server/runtime/secret.h"
#include "server/store/agent.h"
#include "server/store/migrate.h"

static void die(const char *what, const struct vf_err *err)
{
	fprintf(stderr, "# %s: %s\n", what, err->text);
	exit(3);
}

void fixture_open(struct fixture *f)
{
	struct vf_pool_config config = {
		.conninfo = getenv("VF_TEST_CONNINFO"), .size = 16, .wait_ms = 10000};
	struct vf_migrations set;
	struct vf_err err = {0};

	memset(f, 0, sizeof *f);
	if (!config.conninfo) {
		puts("1..0 # SKIP VF_TEST_CONNINFO names no database (tests/db/run.sh does)");
		exit(0);
	}
	vf_log_init(getenv("VF_TEST_LOG") ? VF_LOG_DEBUG : VF_LOG_ERROR);
	if (vf_secret_init(&err) || vf_pool_new(&config, &f->pool, &err) ||
		vf_pool_get(f->pool, &f->db, &err) ||
		vf_migrations_load("migrations", &set, &err) ||
		vf_migrate(f->db, &set, &(struct vf_migrate_options){0}, NULL, &err))
		die("the database", &err);
	vf_migrations_release(&set);
	snprintf(f->dump_dir, sizeof f->dump_dir, "/tmp/vf-dumps-XXXXXX");
	if (!mkdtemp(f->dump_dir))
		die("a folder for dumps", &err);
	f->env = (struct vf_api_env){.public_url = "http://localhost",
		.dump_dir = f->dump_dir,
		.dump_max = 8 << 20,
		.pool = f->pool};
}

void fixture_close(struct fixture *f)
{
	char command[96];

	vf_pool_put(f->pool, f->db);
	vf_pool_free(f->pool);
	snprintf(command, sizeof command, "rm -rf '%s'", f->dump_dir);
	if (system(command))
		fprintf(stderr, "# %s stays\n", f->dump_dir);
}

static void enrol(struct fixture *f, struct sender *s, const char *name)
{
	char key[128];
	struct vf_enrolment in = {
		.project_id = s->project_id, .name = name, .public_key = key, .version = "test"};
	struct vf_enrolled out;
	struct vf_err err = {0};

	memset(key, 'k', sizeof key - 1);
	key[sizeof key - 1] = 0;
	if (vf_store_enroll(f->db, &in, &out, &err))
		die("enrolment", &err);
	s->machine_id = out.machine_id;
	s->agent_id = out.agent_id;
}

void sender_new(struct fixture *f, struct sender *s)
{
	memset(s, 0, sizeof *s);
	memcpy(s->slug, "t-", 2);
	vf_random_word(s->slug + 2, 12);
	for (char *p = s->slug; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	s->project_id = number(
		f, "insert into project (slug, name) values ('%s', 'Test') returning id", s->slug);
	enrol(f, s, "LAB-01");
}

void sender_beside(struct fixture *f, const struct sender *s, struct sender *out)
{
	*out = *s;
	enrol(f, out, "LAB-02");
}

static const char *header(const struct vf_request *req, const char *name)
{
	const struct call *c = req->header_arg;

	return strcmp(name, "Content-Type") ? NULL : c->content_type;
}

struct answer call(struct fixture *f, const struct call *c)
{
	struct vf_request req = {.method = c->method,
		.path = "/",
		.target = "/",
		.header = header,
		.header_arg = (void *)(uintptr_t)c,
		.body = c->body,
		.body_len = c->body_len,
		.content_encoding = c->encoding,
		.remote_addr = "127.0.0.1",
		.request_id = "0123456789abcdef",
		.now_us = vf_now_us(),
		.db = c->db ? c->db : f->db,
		.env = &f->env};
	struct vf_response res = {.file_fd = -1};
	struct answer a = {.file_fd = -1};
	struct vf_arena arena;
	struct vf_err err = {0};
	enum vf_status st;

	vf_arena_init(&arena, 64 << 20);
	req.arena = &arena;
	req.who.kind = c->as_token ? VF_WHO_TOKEN : VF_WHO_AGENT;
	req.who.id = c->as_token ? 1 : c->from->agent_id;
	req.who.machine_id = c->as_token ? 0 : c->from->machine_id;
	req.who.project_id = c->from->project_id;
	req.who.scopes = c->as_token
				 ? VF_SCOPE_READ | VF_SCOPE_IMPORT | VF_SCOPE_DUMPS | VF_SCOPE_ADMIN
				 : VF_SCOPE_AGENT;
	snprintf(req.who.name, sizeof req.who.name, "test");
	if (c->param.name)
		req.param[req.n_param++] = c->param;
	for (size_t i = 0; i < VF_ARRAY_LEN(c->query) && c->query[i].name; i++)
		req.query[req.n_query++] = c->query[i];
	st = c->handler(&req, &res, &err);
	if (st)
		vf_res_failure(&req, &res, st, &err);
	a.status = res.status ? res.status : 200;
	a.file_fd = res.file_fd;
	a.file_len = res.file_len;
	if (res.body_len)
		a.body = json_loadb(res.body, res.body_len, 0, NULL);
	vf_tx_rollback(req.db);
	vf_arena_release(&arena);
	return a;
}

void answer_release(struct answer *a)
{
	json_decref(a->body);
	if (a->file_fd >= 0)
		close(a->file_fd);
}

static const char *ask(struct fixture *f, const char *fmt, va_list ap)
{
	static char out[4096];
	char sql[4096];
	struct vf_rows *rows;
	struct vf_err err = {0};

	vsnprintf(sql, sizeof sql, fmt, ap);
	if (vf_query(f->db, NULL, sql, NULL, &rows, &err))
		die(sql, &err);
	snprintf(out, sizeof out, "%s",
		vf_rows_count(rows) && !vf_row_null(rows, 0, 0) ? vf_row_text(rows, 0, 0) : "");
	vf_rows_free(rows);
	return out;
}

const char *text(struct fixture *f, const char *fmt, ...)
{
	const char *out;
	va_list ap;

	va_start(ap, fmt);
	out = ask(f, fmt, ap);
	va_end(ap);
	return out;
}

int64_t number(struct fixture *f, const char *fmt, ...)
{
	const char *out;
	va_list ap;

	va_start(ap, fmt);
	out = ask(f, fmt, ap);
	va_end(ap);
	return strtoll(out, NULL, 10);
}

void run_sql(struct fixture *f, const char *sql)
{
	struct vf_err err = {0};

	if (vf_exec_script(f->db, sql, &err))
		die(sql, &err);
}
