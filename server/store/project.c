#include "server/store/project.h"

#include "server/store/db.h"

#define MACHINES "(select id from machine where project_id = $1)"
#define FINDINGS "(select id from finding where project_id = $1)"
#define AGENTS                                                                                     \
	"(select a.id from agent a join machine m on m.id = a.machine_id where m.project_id = $1)"

/* What the files of the project's dumps are called, except those that another project knows. */
static const char orphans[] =
	"delete from dump d where exists (select from occurrence o where o.project_id = $1"
	" and o.dump_sha256 = d.sha256) and not exists (select from occurrence o"
	" where o.project_id <> $1 and o.dump_sha256 = d.sha256)"
	" returning encode(d.sha256, 'hex')";

enum counted { NOTHING, OCCURRENCES, FINDING_ROWS, MACHINE_ROWS, BUILD_ROWS };

/* Children before what they name: no foreign key cascades, so that nothing vanishes by accident. */
static const struct {
	enum counted counted;
	const char *sql;
} steps[] = {
	{NOTHING, "delete from crash_key where project_id = $1"},
	{NOTHING, "delete from boot_crash where boot_id in (select id from boot where project_id = "
		  "$1)"},
	{NOTHING, "delete from occurrence_detail where occurrence_id in"
		  " (select id from occurrence where project_id = $1)"},
	{OCCURRENCES, "delete from occurrence where project_id = $1"},
	{NOTHING, "delete from finding_build where finding_id in " FINDINGS},
	{NOTHING, "delete from finding_machine where finding_id in " FINDINGS},
	{NOTHING, "delete from finding_daily where finding_id in " FINDINGS},
	{FINDING_ROWS, "delete from finding where project_id = $1"},
	{NOTHING, "delete from rejected_record where project_id = $1"},
	{NOTHING, "delete from incident where project_id = $1"},
	{NOTHING,
		"delete from run_boot where run_id in (select id from run where project_id = $1)"},
	{NOTHING, "delete from run where project_id = $1"},
	{NOTHING, "delete from boot where project_id = $1"},
	{NOTHING, "delete from agent_stream where agent_id in " AGENTS},
	{NOTHING, "delete from agent_nonce where agent_id in " AGENTS},
	{NOTHING, "delete from agent where machine_id in " MACHINES},
	{MACHINE_ROWS, "delete from machine where project_id = $1"},
	{NOTHING, "delete from driver_image where project_id = $1"},
	{BUILD_ROWS, "delete from build where project_id = $1"},
	{NOTHING, "delete from driver where project_id = $1"},
	{NOTHING, "delete from branch where project_id = $1"},
	/* Its tokens go with it by cascade: a token is nothing without its project. */
	{NOTHING, "delete from project where id = $1"},
	{NOTHING, "insert into change (topic, entity_id) values ('project', $1)"},
};

static enum vf_status step(struct vf_db *db, const char *sql, int64_t project_id,
	struct vf_rows **rows, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, project_id);
	return vf_query(db, NULL, sql, &args, rows, err);
}

enum vf_status vf_project_remove(
	struct vf_db *db, int64_t project_id, struct vf_project_removal *out, struct vf_err *err)
{
	int64_t ignored, *count[] = {[NOTHING] = &ignored,
				 [OCCURRENCES] = &out->occurrences,
				 [FINDING_ROWS] = &out->findings,
				 [MACHINE_ROWS] = &out->machines,
				 [BUILD_ROWS] = &out->builds};
	struct vf_rows *rows = NULL;
	enum vf_status st;

	*out = (struct vf_project_removal){0};
	st = vf_exec_script(db, "set local statement_timeout = 0", err);
	if (!st)
		st = step(db, orphans, project_id, &out->dump_list, err);
	if (!st)
		out->dumps = vf_rows_count(out->dump_list);
	for (size_t i = 0; !st && i < VF_ARRAY_LEN(steps); i++) {
		st = step(db, steps[i].sql, project_id, &rows, err);
		if (!st)
			*count[steps[i].counted] = vf_rows_affected(rows);
		vf_rows_free(rows);
		rows = NULL;
	}
	if (st) {
		vf_rows_free(out->dump_list);
		out->dump_list = NULL;
	}
	return st;
}
