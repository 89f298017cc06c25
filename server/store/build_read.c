#include "server/store/views.h"

/* clang-format off */
#define BUILD_COLUMNS \
	{"id", "b.id", VF_COL_INT}, \
	{"project", "p.slug", VF_COL_TEXT}, \
	{"simulated", "p.simulated", VF_COL_BOOL}, \
	{"driver.id", "d.id", VF_COL_INT}, \
	{"driver.name", "d.name", VF_COL_TEXT}, \
	{"branch", "br.name", VF_COL_TEXT}, \
	{"seq", "b.seq", VF_COL_INT}, \
	{"label", "b.label", VF_COL_TEXT}, \
	{"commit", "b.commit_id", VF_COL_TEXT}, \
	{"created_at", "b.created_at", VF_COL_TIME}, \
	{"counts.new", "(select count(*) from build_new_findings(b.id))", VF_COL_INT}, \
	{"counts.own", "(select count(*) from finding_build x where x.build_id = b.id and x.role = 'own')", VF_COL_INT}, \
	{"counts.other", "(select count(distinct x.finding_id) from finding_build x where x.build_id = b.id and x.role in ('loaded', 'other'))", VF_COL_INT}, \
	{"counts.occurrences", "(select coalesce(sum(x.occurrences), 0)::bigint from finding_build x where x.build_id = b.id)", VF_COL_INT}, \
	{"counts.machines", "(select count(*) from (select x.machine_id from finding_machine x where x.build_id = b.id union select x.machine_id from run x where x.build_id = b.id) u)", VF_COL_INT}, \
	{"counts.runs", "(select count(*) from run x where x.build_id = b.id)", VF_COL_INT}, \
	{"last_seen", "greatest((select max(x.last_seen) from finding_build x where x.build_id = b.id), (select max(x.started_at) from run x where x.build_id = b.id))", VF_COL_TIME}
/* clang-format on */

#define BUILD_FROM                                                                                 \
	" join project p on p.id = b.project_id join driver d on d.id = b.driver_id"               \
	" join branch br on br.id = b.branch_id"

static const struct vf_column build_column[] = {BUILD_COLUMNS};

/* Columns that only the view of one build has; `parent` stands in its own members. */
static const struct vf_column detail_column[] = {
	BUILD_COLUMNS,
	{"origin", "b.origin", VF_COL_TEXT},
	{"external_id", "b.external_id", VF_COL_TEXT},
	{"parent.id", "pb.id", VF_COL_INT},
	{"parent.driver", "d.name", VF_COL_TEXT},
	{"parent.branch", "pbr.name", VF_COL_TEXT},
	{"parent.seq", "pb.seq", VF_COL_INT},
	{"parent.label", "pb.label", VF_COL_TEXT},
};

const struct vf_list vf_view_build = {
	.name = "build",
	.column = build_column,
	.n_column = VF_ARRAY_LEN(build_column),
	.table = "build b",
	.alias = "b",
	.from = BUILD_FROM,
	.project = "b.project_id = ${project_id}::bigint",
	.id = "b.id",
	.filter =
		{
			{"project", VF_FILTER_SLUG,
				"b.project_id = (select x.id from project x where x.slug = "
				"${project})",
				NULL, NULL},
			{"driver", VF_FILTER_TEXT,
				"b.driver_id in (select x.id from driver x where lower(x.name) = "
				"lower(${driver}::text))",
				NULL, NULL},
			{"branch", VF_FILTER_TEXT,
				"b.branch_id in (select x.id from branch x where x.name = "
				"${branch})",
				NULL, NULL},
			{"finding", VF_FILTER_ID,
				"exists (select from finding_build x where x.build_id = b.id and"
				" x.finding_id = ${finding}::bigint)",
				NULL, NULL},
			{"machine", VF_FILTER_ID,
				"b.id in (select x.build_id from finding_machine x where"
				" x.machine_id = ${machine}::bigint union select x.build_id from "
				"run x"
				" where x.machine_id = ${machine}::bigint)",
				NULL, NULL},
			{"q", VF_FILTER_TEXT,
				"(b.driver_id in (select x.id from driver x where "
				"strpos(lower(x.name), lower(${q}::text)) > 0)"
				" or strpos(lower(b.label), lower(${q}::text)) > 0"
				" or strpos(lower(b.commit_id), lower(${q}::text)) = 1"
				" or b.branch_id in (select x.id from branch x where "
				"strpos(lower(x.name), lower(${q}::text)) > 0))",
				NULL, NULL},
		},
	.sort = {{"lineage", "b.branch_id, b.seq desc, b.id desc",
			 "(b.branch_id > ${1}::integer or (b.branch_id = ${1}::integer"
			 " and (b.seq, b.id) < (${2}::bigint, ${3}::bigint)))",
			 {{"b.branch_id", VF_KEY_INT}, {"b.seq", VF_KEY_INT},
				 {"b.id", VF_KEY_INT}}},
		{"created", "b.id desc", "b.id < ${1}::bigint", {{"b.id", VF_KEY_INT}}}},
};

const struct vf_list vf_view_build_detail = {
	.name = "build",
	.column = detail_column,
	.n_column = VF_ARRAY_LEN(detail_column),
	.table = "build b",
	.alias = "b",
	.from = BUILD_FROM
	" left join build pb on pb.id = coalesce(b.parent_build_id, build_parent(b.id))"
	" left join branch pbr on pbr.id = pb.branch_id",
	.project = "b.project_id = ${project_id}::bigint",
	.id = "b.id",
	.sort = {{"id", "b.id", "true", {{"b.id", VF_KEY_INT}}}},
};

static const struct vf_column ref_column[] = {
	{"id", "b.id", VF_COL_INT},
	{"driver", "d.name", VF_COL_TEXT},
	{"branch", "br.name", VF_COL_TEXT},
	{"seq", "b.seq", VF_COL_INT},
	{"label", "b.label", VF_COL_TEXT},
};

const struct vf_list vf_view_build_ref = {
	.name = "build",
	.column = ref_column,
	.n_column = VF_ARRAY_LEN(ref_column),
	.table = "build b",
	.alias = "b",
	.from = BUILD_FROM,
	.project = "b.project_id = ${project_id}::bigint",
	.id = "b.id",
	.sort = {{"id", "b.id", "true", {{"b.id", VF_KEY_INT}}}},
};

static const struct vf_column image_column[] = {
	{"id", "i.id", VF_COL_INT},
	{"name", "i.name", VF_COL_TEXT},
	{"timestamp", "i.timestamp", VF_COL_HEX32},
	{"size", "i.size_of_image", VF_COL_INT},
	{"checksum", "i.checksum", VF_COL_HEX32},
	{"sha256", "i.sha256", VF_COL_BYTES},
};

const struct vf_list vf_view_image = {
	.name = "image",
	.column = image_column,
	.n_column = VF_ARRAY_LEN(image_column),
	.table = "driver_image i",
	.alias = "i",
	.project = "i.project_id = ${project_id}::bigint",
	.id = "i.id",
	.filter = {{"build", VF_FILTER_ID, "i.build_id = ${build}::bigint", NULL, NULL}},
	.sort = {{"id", "i.id", "i.id > ${1}::bigint", {{"i.id", VF_KEY_INT}}}},
};

/* Machines that met a finding with the build, or ran it. */
static const struct vf_column machine_column[] = {
	{"id", "m.id", VF_COL_INT},
	{"name", "m.name", VF_COL_TEXT},
	{"os", "e.os_name", VF_COL_TEXT},
	{"occurrences", "coalesce(x.occurrences, 0)", VF_COL_INT},
	{"findings", "coalesce(x.findings, 0)", VF_COL_INT},
	{"last_seen", "greatest(x.last_seen, r.started_at)", VF_COL_TIME},
};

const struct vf_list vf_view_report_machine = {
	.name = "report_machine",
	.column = machine_column,
	.n_column = VF_ARRAY_LEN(machine_column),
	.from = "(select machine_id, sum(occurrences)::bigint as occurrences,"
		" count(distinct finding_id) as findings, max(last_seen) as last_seen"
		" from finding_machine where build_id = ${build}::bigint group by machine_id) x"
		" full join (select machine_id, max(started_at) as started_at from run"
		" where build_id = ${build}::bigint group by machine_id) r using (machine_id)"
		" join machine m on m.id = machine_id left join env_snapshot e on e.id = m.env_id",
	.project = "m.project_id = ${project_id}::bigint",
	.id = "m.id",
	.filter = {{"build", VF_FILTER_ID, NULL, NULL, NULL}},
	.sort = {{"name", "lower(m.name), m.id", "true",
		{{"lower(m.name)", VF_KEY_TEXT}, {"m.id", VF_KEY_INT}}}},
};
