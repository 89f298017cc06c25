#include "server/store/views.h"

/* Roles as the filter `role` names them: other is every one that is not the build's own. */
#define ROLE_IS(column)                                                                            \
	"case ${role}::text when 'own' then " column " = 'own' when 'loaded' then " column         \
	" = 'loaded' else " column " in ('loaded', 'other') end"

static const char *const roles[] = {"own", "loaded", "other", NULL};
static const char *const states[] = {"open", "closed", NULL};
static const char *const yes[] = {"1", NULL};
static const char *const triage[] = {"untriaged", "confirmed", "fix_proposed", "fix_in_build",
	"false_positive", "wont_fix", NULL};

/* clang-format off */
#define FINDING_COLUMNS \
	{"id", "f.id", VF_COL_INT}, \
	{"project", "p.slug", VF_COL_TEXT}, \
	{"simulated", "p.simulated", VF_COL_BOOL}, \
	{"kind", "f.kind", VF_COL_KIND}, \
	{"title", "f.title", VF_COL_TEXT}, \
	{"bugcheck.code", "f.bugcheck_code", VF_COL_HEX32}, \
	{"bugcheck.name", "f.bugcheck_code", VF_COL_BUGCHECK}, \
	{"culprit.module", "f.culprit_module", VF_COL_TEXT}, \
	{"culprit.offset", "f.culprit_offset", VF_COL_OFFSET}, \
	{"driver", "f.driver_name", VF_COL_TEXT}, \
	{"triage", "f.triage", VF_COL_TEXT}, \
	{"weak", "f.weak", VF_COL_BOOL}, \
	VF_BUILD_REF_OF("first_build", "b1", "d1", "br1"), \
	VF_BUILD_REF_OF("last_build", "b2", "d2", "br2"), \
	{"first_seen", "f.first_seen", VF_COL_TIME}, \
	{"last_seen", "f.last_seen", VF_COL_TIME}, \
	{"occurrences", "f.occurrence_count", VF_COL_INT}, \
	{"machines", "(select count(distinct x.machine_id) from finding_machine x where x.finding_id = f.id)", VF_COL_INT}, \
	{"builds", "(select count(distinct x.build_id) from finding_build x where x.finding_id = f.id)", VF_COL_INT}

/* clang-format on */

#define FINDING_FROM                                                                               \
	" join project p on p.id = f.project_id"                                                   \
	" left join build b1 on b1.id = f.first_build_id left join driver d1 on d1.id = "          \
	"b1.driver_id"                                                                             \
	" left join branch br1 on br1.id = b1.branch_id"                                           \
	" left join build b2 on b2.id = f.last_build_id left join driver d2 on d2.id = "           \
	"b2.driver_id"                                                                             \
	" left join branch br2 on br2.id = b2.branch_id"

/* Roles are ordered: own is the greatest. Without a build every column is NULL. */
#define IN_BUILD_FROM                                                                              \
	" cross join lateral (select max(x.role) as role, sum(x.occurrences)::bigint as "          \
	"occurrences,"                                                                             \
	" (select count(distinct y.machine_id) from finding_machine y where y.finding_id = f.id"   \
	" and y.build_id = ${build}::bigint) as machines from finding_build x"                     \
	" where x.finding_id = f.id and x.build_id = ${build}::bigint) ib"

static const struct vf_column finding_column[] = {
	FINDING_COLUMNS,
	{"in_build.role", "ib.role", VF_COL_TEXT},
	{"in_build.new", "f.id in (select build_new_findings(${build}::bigint))", VF_COL_BOOL},
	{"in_build.occurrences", "ib.occurrences", VF_COL_INT},
	{"in_build.machines", "ib.machines", VF_COL_INT},
};

const struct vf_list vf_view_finding = {
	.name = "finding",
	.column = finding_column,
	.n_column = VF_ARRAY_LEN(finding_column),
	.table = "finding f",
	.alias = "f",
	.from = FINDING_FROM IN_BUILD_FROM,
	.where = "f.last_seen is not null",
	.project = "f.project_id = ${project_id}::bigint",
	.id = "f.id",
	.filter =
		{
			{"project", VF_FILTER_SLUG,
				"f.project_id = (select x.id from project x where x.slug = "
				"${project})",
				NULL, NULL},
			{"build", VF_FILTER_ID,
				"f.id in (select x.finding_id from finding_build x where"
				" x.build_id = ${build}::bigint)",
				NULL, NULL},
			{"role", VF_FILTER_WORD,
				"exists (select from finding_build x where x.finding_id = f.id and"
				" x.build_id = ${build}::bigint and " ROLE_IS("x.role") ")",
				"build", roles},
			{"kind", VF_FILTER_KIND, "f.kind = ${kind}::smallint", NULL, NULL},
			{"driver", VF_FILTER_TEXT, "lower(f.driver_name) = lower(${driver}::text)",
				NULL, NULL},
			{"machine", VF_FILTER_ID,
				"exists (select from finding_machine x where x.finding_id = f.id "
				"and"
				" x.machine_id = ${machine}::bigint and (${build}::bigint is null "
				"or"
				" x.build_id = ${build}::bigint))",
				NULL, NULL},
			{"new", VF_FILTER_WORD,
				"f.id in (select build_new_findings(${build}::bigint))", "build",
				yes},
			{"triage", VF_FILTER_WORD, "f.triage = ${triage}", NULL, triage},
			{"state", VF_FILTER_WORD,
				"(f.triage in ('false_positive', 'wont_fix')) = (${state}::text = "
				"'closed')",
				NULL, states},
			{"q", VF_FILTER_TEXT,
				"(strpos(lower(f.title), lower(${q}::text)) > 0"
				" or strpos(lower(f.culprit_module), lower(${q}::text)) > 0"
				" or strpos(f.fp_text, lower(${q}::text)) > 0)",
				NULL, NULL},
		},
	.sort = {{"last_seen", "f.last_seen desc, f.id desc",
			 "(f.last_seen, f.id) < (${1}::timestamptz, ${2}::bigint)",
			 {{VF_MICROSECONDS("f.last_seen"), VF_KEY_TIME}, {"f.id", VF_KEY_INT}}},
		{"occurrences", "f.occurrence_count desc, f.id desc",
			"(f.occurrence_count, f.id) < (${1}::bigint, ${2}::bigint)",
			{{"f.occurrence_count", VF_KEY_INT}, {"f.id", VF_KEY_INT}}},
		{"created", "f.id desc", "f.id < ${1}::bigint", {{"f.id", VF_KEY_INT}}}},
};

static const struct vf_column detail_column[] = {
	FINDING_COLUMNS,
	{"fingerprint.version", "f.fp_version", VF_COL_INT},
	{"fingerprint.text", "f.fp_text", VF_COL_TEXT},
	{"fingerprint.hash", "f.fingerprint", VF_COL_BYTES},
	{"fingerprint.parts", "f.fp_parts", VF_COL_JSON},
};

const struct vf_list vf_view_finding_detail = {
	.name = "finding",
	.column = detail_column,
	.n_column = VF_ARRAY_LEN(detail_column),
	.table = "finding f",
	.alias = "f",
	.from = FINDING_FROM,
	.project = "f.project_id = ${project_id}::bigint",
	.id = "f.id",
	.sort = {{"id", "f.id", "true", {{"f.id", VF_KEY_INT}}}},
};

static const struct vf_column build_column[] = {
	VF_BUILD_REF("build"),
	{"role", "x.role", VF_COL_TEXT},
	{"occurrences", "x.occurrences", VF_COL_INT},
	{"machines",
		"(select count(distinct y.machine_id) from finding_machine y where"
		" y.finding_id = x.finding_id and y.build_id = x.build_id and y.role = x.role)",
		VF_COL_INT},
};

const struct vf_list vf_view_finding_build = {
	.name = "finding_build",
	.column = build_column,
	.n_column = VF_ARRAY_LEN(build_column),
	.from = "finding_build x join build b on b.id = x.build_id join driver d on"
		" d.id = b.driver_id join branch br on br.id = b.branch_id",
	.project = "b.project_id = ${project_id}::bigint",
	.filter = {{"finding", VF_FILTER_ID, "x.finding_id = ${finding}::bigint", NULL, NULL}},
	.sort = {{"lineage", "b.branch_id, b.seq desc, b.id desc, x.role desc", "true",
		{{"b.id", VF_KEY_INT}}}},
};

static const struct vf_column machine_column[] = {
	{"machine.id", "m.id", VF_COL_INT},
	{"machine.name", "m.name", VF_COL_TEXT},
	{"os", "e.os_name", VF_COL_TEXT},
	{"occurrences", "x.occurrences", VF_COL_INT},
	{"last_seen", "x.last_seen", VF_COL_TIME},
};

const struct vf_list vf_view_finding_machine = {
	.name = "finding_machine",
	.column = machine_column,
	.n_column = VF_ARRAY_LEN(machine_column),
	.from = "(select machine_id, sum(occurrences)::bigint as occurrences, max(last_seen) as"
		" last_seen from finding_machine where finding_id = ${finding}::bigint"
		" group by machine_id) x join machine m on m.id = x.machine_id"
		" left join env_snapshot e on e.id = m.env_id",
	.project = "m.project_id = ${project_id}::bigint",
	.filter = {{"finding", VF_FILTER_ID, NULL, NULL, NULL}},
	.sort = {{"occurrences", "x.occurrences desc, m.id", "true", {{"m.id", VF_KEY_INT}}}},
};

/* Findings that a reader of this one wants to know of, with the reason. */
static const struct vf_column related_column[] = {
	{"id", "f.id", VF_COL_INT},
	{"kind", "f.kind", VF_COL_KIND},
	{"title", "f.title", VF_COL_TEXT},
	{"reason",
		"case when lower(f.culprit_module) = lower(this.culprit_module) then 'same_culprit'"
		" else 'same_code' end",
		VF_COL_TEXT},
};

const struct vf_list vf_view_related = {
	.name = "related",
	.column = related_column,
	.n_column = VF_ARRAY_LEN(related_column),
	.from = "finding this join finding f on f.project_id = this.project_id and f.id <> this.id"
		" and f.last_seen is not null and (lower(f.culprit_module) ="
		" lower(this.culprit_module) or (f.bugcheck_code = this.bugcheck_code and"
		" f.sub_code is not distinct from this.sub_code))",
	.project = "f.project_id = ${project_id}::bigint",
	.filter = {{"finding", VF_FILTER_ID, "this.id = ${finding}::bigint", NULL, NULL}},
	.sort = {{"last_seen",
		"(lower(f.culprit_module) = lower(this.culprit_module)) is true desc,"
		" f.last_seen desc, f.id desc",
		"true", {{"f.id", VF_KEY_INT}}}},
};
