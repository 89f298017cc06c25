#include "server/store/views.h"

#define ROLE_IS(column)                                                                            \
	"case ${role}::text when 'own' then " column " = 'own' when 'loaded' then " column         \
	" = 'loaded' else " column " in ('loaded', 'other') end"

static const char *const roles[] = {"own", "loaded", "other", NULL};
static const char *const attributions[] = {"explicit", "run", "image", "none", NULL};

/* clang-format off */
#define OCCURRENCE_COLUMNS \
	{"id", "o.id", VF_COL_INT}, \
	{"project", "p.slug", VF_COL_TEXT}, \
	{"simulated", "p.simulated", VF_COL_BOOL}, \
	{"finding.id", "f.id", VF_COL_INT}, \
	{"finding.kind", "f.kind", VF_COL_KIND}, \
	{"finding.title", "f.title", VF_COL_TEXT}, \
	{"occurred_at", "o.occurred_at", VF_COL_TIME}, \
	{"received_at", "o.received_at", VF_COL_TIME}, \
	{"machine.id", "m.id", VF_COL_INT}, \
	{"machine.name", "m.name", VF_COL_TEXT}, \
	VF_BUILD_REF("build"), \
	{"run.id", "r.id", VF_COL_INT}, \
	{"run.external_id", "r.external_id", VF_COL_TEXT}, \
	{"attribution", "o.attribution", VF_COL_TEXT}, \
	{"role", "o.role", VF_COL_TEXT}, \
	{"source", "o.source", VF_COL_TEXT}, \
	{"bugcheck.code", "o.bugcheck_code", VF_COL_HEX32}, \
	{"bugcheck.name", "o.bugcheck_code", VF_COL_BUGCHECK}, \
	{"bugcheck.parameters", "array[coalesce(o.p1, 0), coalesce(o.p2, 0), coalesce(o.p3, 0), coalesce(o.p4, 0)]", VF_COL_HEX64S}, \
	{"uptime_seconds", "o.uptime_us / 1e6::float8", VF_COL_REAL}, \
	{"dump.sha256", "o.dump_sha256", VF_COL_BYTES}, \
	{"dump.size", "du.size", VF_COL_INT}, \
	{"dump.file_name", "du.file_name", VF_COL_TEXT}, \
	{"dump.available", "du.uploaded_at is not null and du.deleted_at is null", VF_COL_BOOL}
/* clang-format on */

#define OCCURRENCE_FROM                                                                            \
	" join project p on p.id = o.project_id join finding f on f.id = o.finding_id"             \
	" join machine m on m.id = o.machine_id left join build b on b.id = o.build_id"            \
	" left join driver d on d.id = b.driver_id left join branch br on br.id = b.branch_id"     \
	" left join run r on r.id = o.run_id left join dump du on du.sha256 = o.dump_sha256"

static const struct vf_column occurrence_column[] = {OCCURRENCE_COLUMNS};

#define SUM "coalesce(sum(o.occurrences), 0)::bigint"
#define WITH_PROJECT(rollup)                                                                       \
	"(select x.*, f.project_id from " rollup " x join finding f on f.id = x.finding_id) o"

const struct vf_list vf_view_occurrence = {
	.name = "occurrence",
	.column = occurrence_column,
	.n_column = VF_ARRAY_LEN(occurrence_column),
	.table = "occurrence o",
	.alias = "o",
	.from = OCCURRENCE_FROM,
	/* Roll-ups have the same columns for these filters. */
	.sum = {{SUM,
			"(select id as finding_id, project_id, occurrence_count as occurrences "
			"from finding) o",
			" project finding kind ", NULL},
		{SUM, WITH_PROJECT("finding_build"), " project finding kind build role ", "build"},
		{SUM, WITH_PROJECT("finding_machine"), " project finding kind build role machine ",
			NULL}},
	.project = "o.project_id = ${project_id}::bigint",
	.id = "o.id",
	.filter =
		{
			{"project", VF_FILTER_SLUG,
				"o.project_id = (select x.id from project x where x.slug = "
				"${project})",
				NULL, NULL},
			{"finding", VF_FILTER_ID, "o.finding_id = ${finding}::bigint", NULL, NULL},
			{"build", VF_FILTER_ID, "o.build_id = ${build}::bigint", NULL, NULL},
			{"machine", VF_FILTER_ID, "o.machine_id = ${machine}::bigint", NULL, NULL},
			{"role", VF_FILTER_WORD, ROLE_IS("o.role"), "build", roles},
			{"kind", VF_FILTER_KIND,
				"o.finding_id in (select x.id from finding x where x.kind = "
				"${kind}::smallint)",
				NULL, NULL},
			{"run", VF_FILTER_ID, "o.run_id = ${run}::bigint", NULL, NULL},
			{"attribution", VF_FILTER_WORD,
				"o.attribution = ${attribution}::attribution_kind", NULL,
				attributions},
		},
	.sort = {{"received", "o.received_at desc, o.id desc",
		"(o.received_at, o.id) < (${1}::timestamptz, ${2}::bigint)",
		{{VF_MICROSECONDS("o.received_at"), VF_KEY_TIME}, {"o.id", VF_KEY_INT}}}},
};

static const struct vf_column detail_column[] = {
	OCCURRENCE_COLUMNS,
	{"boot.id", "bo.id", VF_COL_INT},
	{"boot.boot_uuid", "bo.boot_uuid", VF_COL_TEXT},
	{"boot.ordinal", "bo.ordinal", VF_COL_INT},
	{"boot.kind", "bo.kind", VF_COL_TEXT},
	{"boot.started_at", "bo.started_at", VF_COL_TIME},
	{"boot.ended_at", "bo.ended_at", VF_COL_TIME},
	{"boot.end_kind", "bo.end_kind", VF_COL_TEXT},
	{"boot.os", "be.os_name", VF_COL_TEXT},
	{"boot.os_build", "be.os_build", VF_COL_INT},
	{"raw_code", "o.raw_code", VF_COL_HEX32},
	{"decoded", "od.decoded", VF_COL_JSON},
	{"report", "od.report", VF_COL_JSON},
};

const struct vf_list vf_view_occurrence_detail = {
	.name = "occurrence",
	.column = detail_column,
	.n_column = VF_ARRAY_LEN(detail_column),
	.table = "occurrence o",
	.alias = "o",
	.from = OCCURRENCE_FROM " left join boot bo on bo.id = o.boot_id"
				" left join env_snapshot be on be.id = bo.env_id"
				" left join occurrence_detail od on od.occurrence_id = o.id",
	.project = "o.project_id = ${project_id}::bigint",
	.id = "o.id",
	.sort = {{"id", "o.id", "true", {{"o.id", VF_KEY_INT}}}},
};
