/* The project of the simulated lab: made once, and removed with everything in it. */
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "server/admin/command.h"
#include "server/runtime/clock.h"
#include "server/store/account.h"
#include "server/store/db.h"
#include "server/store/inventory.h"
#include "server/store/project.h"

#define DEMO_SLUG "demo"
#define ATTEMPTS  6

static int done(struct vf_command *c, enum vf_status st)
{
	if (!st)
		st = vf_tx_commit(c->db, &c->err);
	if (!st)
		return 0;
	vf_tx_rollback(c->db);
	return vf_command_failed(c);
}

int vf_demo_create(struct vf_command *c)
{
	enum vf_status st;
	int64_t id;
	int code;

	if (!vf_command_empty(c))
		return VF_USAGE;
	st = vf_project_id(c->db, DEMO_SLUG, &id, &c->err);
	if (!st) {
		puts("the project " DEMO_SLUG " exists already");
		return 0;
	}
	if (st != VF_E_NOTFOUND)
		return vf_command_failed(c);
	st = vf_tx_begin(c->db, &c->err);
	if (!st)
		st = vf_store_project_new(c->db, DEMO_SLUG, "Simulated lab", true, &id, &c->err);
	if (!st)
		st = vf_audit(
			c->db, &c->who, "project.create", "project", DEMO_SLUG, NULL, &c->err);
	code = done(c, st);
	if (!code)
		puts("made the project " DEMO_SLUG);
	return code;
}

/* The agents of the project may still be sending: the database then lets one of both go on, and the
 * other one tries again. */
static enum vf_status remove_rows(
	struct vf_command *c, int64_t id, const char *slug, struct vf_project_removal *gone)
{
	enum vf_status st = VF_E_AGAIN;

	for (int attempt = 0; st == VF_E_AGAIN && attempt < ATTEMPTS; attempt++) {
		*gone = (struct vf_project_removal){0};
		vf_sleep_ms(attempt * 100);
		st = vf_tx_begin(c->db, &c->err);
		if (!st)
			st = vf_project_remove(c->db, id, gone, &c->err);
		if (!st)
			st = vf_audit(c->db, &c->who, "project.remove", "project", slug,
				json_pack("{s:I, s:I, s:I, s:I, s:I}", "machines",
					(json_int_t)gone->machines, "builds",
					(json_int_t)gone->builds, "findings",
					(json_int_t)gone->findings, "occurrences",
					(json_int_t)gone->occurrences, "dumps",
					(json_int_t)gone->dumps),
				&c->err);
		if (st == VF_E_AGAIN) {
			vf_tx_rollback(c->db);
			vf_rows_free(gone->dump_list);
			gone->dump_list = NULL;
		}
	}
	return st;
}

/* One project in one transaction, its files after the commit: a file too many does no harm. */
static int remove_one(struct vf_command *c, int64_t id, const char *slug)
{
	struct vf_project_removal gone;
	char path[1400];
	int code = done(c, remove_rows(c, id, slug, &gone));

	for (int i = 0; !code && i < gone.dumps; i++) {
		const char *sha = vf_row_text(gone.dump_list, i, 0);

		snprintf(path, sizeof path, "%s/%.2s/%s", c->dump_dir, sha, sha);
		if (unlink(path) && errno != ENOENT)
			fprintf(stderr, "verifleetd: %s could not be removed\n", path);
	}
	if (!code)
		printf("removed the project %s: %" PRId64 " machines, %" PRId64 " builds, %" PRId64
		       " findings, %" PRId64 " occurrences, %" PRId64 " dumps\n",
			slug, gone.machines, gone.builds, gone.findings, gone.occurrences,
			gone.dumps);
	vf_rows_free(gone.dump_list);
	return code;
}

int vf_demo_remove(struct vf_command *c)
{
	struct vf_rows *rows;
	int code = 0;

	if (!vf_command_empty(c))
		return VF_USAGE;
	if (vf_query(c->db, NULL, "select id, slug from project where simulated order by id", NULL,
		    &rows, &c->err))
		return vf_command_failed(c);
	if (!vf_rows_count(rows))
		puts("there is no simulated project");
	for (int i = 0; !code && i < vf_rows_count(rows); i++)
		code = remove_one(c, vf_row_i64(rows, i, 0), vf_row_text(rows, i, 1));
	vf_rows_free(rows);
	return code;
}
