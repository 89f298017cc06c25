#include "server/store/views.h"

static const struct vf_column run_column[] = {
	{"id", "r.id", VF_COL_INT},
	{"project", "p.slug", VF_COL_TEXT},
	{"simulated", "p.simulated", VF_COL_BOOL},
	{"external_id", "r.external_id", VF_COL_TEXT},
	VF_BUILD_REF("build"),
	{"machine.id", "m.id", VF_COL_INT},
	{"machine.name", "m.name", VF_COL_TEXT},
	{"started_at", "r.started_at", VF_COL_TIME},
	{"ended_at", "r.ended_at", VF_COL_TIME},
	{"outcome", "r.outcome", VF_COL_TEXT},
	{"occurrences", "(select count(*) from occurrence x where x.run_id = r.id)", VF_COL_INT},
};

const struct vf_list vf_view_run = {
	.name = "run",
	.column = run_column,
	.n_column = VF_ARRAY_LEN(run_column),
	.table = "run r",
	.alias = "r",
	.from = " join project p on p.id = r.project_id join machine m on m.id = r.machine_id"
		" left join build b on b.id = r.build_id left join driver d on d.id = b.driver_id"
		" left join branch br on br.id = b.branch_id",
	.project = "r.project_id = ${project_id}::bigint",
	.id = "r.id",
	.filter = {{"project", VF_FILTER_SLUG,
			   "r.project_id = (select x.id from project x where x.slug = ${project})",
			   NULL, NULL},
		{"build", VF_FILTER_ID, "r.build_id = ${build}::bigint", NULL, NULL},
		{"machine", VF_FILTER_ID, "r.machine_id = ${machine}::bigint", NULL, NULL}},
	.sort = {{"id", "r.id desc", "r.id < ${1}::bigint", {{"r.id", VF_KEY_INT}}}},
};
