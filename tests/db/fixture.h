/*
 * A real database for tests, and handlers called without sockets. VF_TEST_CONNINFO names an empty
 * database of a throw-away cluster; it gets the migrations of this tree. Every failure ends the
 * program: a test that cannot look at the database has nothing to say.
 */
#ifndef VF_TESTS_DB_FIXTURE_H
#define VF_TESTS_DB_FIXTURE_H

#include <jansson.h>

#include "server/api/env.h"
#include "server/api/request.h"
#include "server/store/db.h"

struct fixture {
	struct vf_pool *pool;
	struct vf_db *db;
	struct vf_api_env env;
	char dump_dir[64];
};

/* Who sends: an enrolled agent in a project of its own, or a token of that project. */
struct sender {
	int64_t project_id, machine_id, agent_id;
	char slug[32];
};

struct answer {
	int status;
	json_t *body; /* NULL when there is none */
	int file_fd;
	uint64_t file_len;
};

void fixture_open(struct fixture *);
void fixture_close(struct fixture *);
/* Makes project, machine and agent. */
void sender_new(struct fixture *, struct sender *);
/* A second machine with an agent in the same project. */
void sender_beside(struct fixture *, const struct sender *, struct sender *out);

/* One call of a handler: as the agent, or with `slug_token` as a token of the project. */
struct call {
	vf_handler *handler;
	enum vf_method method;
	const struct sender *from;
	bool as_token;
	const char *content_type, *encoding;
	const void *body;
	size_t body_len;
	struct vf_pair param, query[4];
	struct vf_db *db; /* NULL: the fixture's */
};
struct answer call(struct fixture *, const struct call *);
void answer_release(struct answer *);

/* The one value that the statement (a format) gives, as a number or text (static buffer). */
VF_PRINTF(2, 3) int64_t number(struct fixture *, const char *sql, ...);
VF_PRINTF(2, 3) const char *text(struct fixture *, const char *sql, ...);
void run_sql(struct fixture *, const char *sql);

#endif
