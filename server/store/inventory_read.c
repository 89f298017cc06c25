#include "server/store/views.h"

/* What people have not put aside. */
#define OPEN "f.triage in ('untriaged', 'confirmed', 'fix_proposed', 'fix_in_build')"

static const struct vf_column project_column[] = {
	{"id", "p.id", VF_COL_INT},
	{"slug", "p.slug", VF_COL_TEXT},
	{"name", "p.name", VF_COL_TEXT},
	{"simulated", "p.simulated", VF_COL_BOOL},
	{"created_at", "p.created_at", VF_COL_TIME},
	{"counts.drivers", "(select count(*) from driver x where x.project_id = p.id)", VF_COL_INT},
	{"counts.builds", "(select count(*) from build x where x.project_id = p.id)", VF_COL_INT},
	{"counts.machines", "(select count(*) from machine x where x.project_id = p.id)",
		VF_COL_INT},
	{"counts.findings",
		"(select count(*) from finding x where x.project_id = p.id and x.last_seen is not "
		"null)",
		VF_COL_INT},
};

const struct vf_list vf_view_project = {
	.name = "project",
	.column = project_column,
	.n_column = VF_ARRAY_LEN(project_column),
	.table = "project p",
	.alias = "p",
	.project = "p.id = ${project_id}::bigint",
	.id = "p.id",
	.filter = {{"q", VF_FILTER_TEXT,
		"(strpos(lower(p.name), lower(${q}::text)) > 0 or strpos(p.slug, "
		"lower(${q}::text)) > 0)",
		NULL, NULL}},
	.sort = {{"slug", "p.slug, p.id", "(p.slug, p.id) > (${1}::text, ${2}::bigint)",
		{{"p.slug", VF_KEY_TEXT}, {"p.id", VF_KEY_INT}}}},
};

static const struct vf_column branch_column[] = {
	{"id", "br.id", VF_COL_INT},
	{"project", "p.slug", VF_COL_TEXT},
	{"simulated", "p.simulated", VF_COL_BOOL},
	{"name", "br.name", VF_COL_TEXT},
	{"parent", "(select x.name from branch x where x.id = br.parent_id)", VF_COL_TEXT},
	{"fork_seq", "br.fork_seq", VF_COL_INT},
	{"builds", "(select count(*) from build x where x.branch_id = br.id)", VF_COL_INT},
};

const struct vf_list vf_view_branch = {
	.name = "branch",
	.column = branch_column,
	.n_column = VF_ARRAY_LEN(branch_column),
	.table = "branch br",
	.alias = "br",
	.from = " join project p on p.id = br.project_id",
	.project = "br.project_id = ${project_id}::bigint",
	.id = "br.id",
	.filter = {{"project", VF_FILTER_SLUG,
			   "br.project_id = (select x.id from project x where x.slug = ${project})",
			   NULL, NULL},
		{"q", VF_FILTER_TEXT, "strpos(lower(br.name), lower(${q}::text)) > 0", NULL, NULL}},
	.sort = {{"id", "br.id", "br.id > ${1}::bigint", {{"br.id", VF_KEY_INT}}}},
};

static const struct vf_column driver_column[] = {
	{"id", "d.id", VF_COL_INT},
	{"name", "d.name", VF_COL_TEXT},
	{"project", "p.slug", VF_COL_TEXT},
	{"simulated", "p.simulated", VF_COL_BOOL},
	{"builds", "(select count(*) from build x where x.driver_id = d.id)", VF_COL_INT},
	{"open_findings",
		"(select count(*) from finding f where f.project_id = d.project_id and"
		" lower(f.driver_name) = lower(d.name) and f.last_seen is not null and " OPEN ")",
		VF_COL_INT},
};

const struct vf_list vf_view_driver = {
	.name = "driver",
	.column = driver_column,
	.n_column = VF_ARRAY_LEN(driver_column),
	.table = "driver d",
	.alias = "d",
	.from = " join project p on p.id = d.project_id",
	.project = "d.project_id = ${project_id}::bigint",
	.id = "d.id",
	.filter = {{"project", VF_FILTER_SLUG,
			   "d.project_id = (select x.id from project x where x.slug = ${project})",
			   NULL, NULL},
		{"q", VF_FILTER_TEXT, "strpos(lower(d.name), lower(${q}::text)) > 0", NULL, NULL}},
	.sort = {{"name", "lower(d.name), d.id",
		"(lower(d.name), d.id) > (${1}::text, ${2}::bigint)",
		{{"lower(d.name)", VF_KEY_TEXT}, {"d.id", VF_KEY_INT}}}},
};
