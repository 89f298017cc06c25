#include "server/store/views.h"

#define HEARD "greatest(m.last_seen_at, a.heard)"

/* clang-format off */
#define MACHINE_COLUMNS \
	{"id", "m.id", VF_COL_INT}, \
	{"project", "p.slug", VF_COL_TEXT}, \
	{"simulated", "p.simulated", VF_COL_BOOL}, \
	{"name", "m.name", VF_COL_TEXT}, \
	{"kind", "m.kind", VF_COL_TEXT}, \
	{"status", "case when m.kind = 'imported' then 'imported' when " HEARD " is null then 'never'" \
		" when " HEARD " > now() - interval '2 minutes' then 'online'" \
		" when " HEARD " > now() - interval '15 minutes' then 'late' else 'offline' end", VF_COL_TEXT}, \
	{"os", "e.os_name", VF_COL_TEXT}, \
	{"os_build", "e.os_build", VF_COL_INT}, \
	{"arch", "e.arch", VF_COL_TEXT}, \
	{"agent_version", "(select x.version from agent x where x.machine_id = m.id order by x.id desc limit 1)", VF_COL_TEXT}, \
	{"last_seen", HEARD, VF_COL_TIME}, \
	{"boots", "(select count(*) from boot x where x.machine_id = m.id)", VF_COL_INT}, \
	{"runs", "(select count(*) from run x where x.machine_id = m.id)", VF_COL_INT}, \
	{"occurrences", "met.occurrences", VF_COL_INT}, \
	{"findings", "met.findings", VF_COL_INT}, \
	{"created_at", "m.created_at", VF_COL_TIME}
/* clang-format on */

#define MACHINE_FROM                                                                               \
	" join project p on p.id = m.project_id left join env_snapshot e on e.id = m.env_id"       \
	" cross join lateral (select max(x.last_seen_at) as heard from agent x"                    \
	" where x.machine_id = m.id) a"                                                            \
	" cross join lateral (select coalesce(sum(x.occurrences), 0)::bigint as occurrences,"      \
	" count(distinct x.finding_id) as findings from finding_machine x"                         \
	" where x.machine_id = m.id) met"

static const struct vf_column machine_column[] = {MACHINE_COLUMNS};

static const struct vf_column detail_column[] = {
	MACHINE_COLUMNS,
	{"identity.", "true", VF_COL_BOOL},
	{"identity.smbios_uuid", "m.smbios_uuid", VF_COL_TEXT},
	{"identity.machine_guid", "m.machine_guid", VF_COL_TEXT},
	{"identity.disk_serial", "m.disk_serial", VF_COL_TEXT},
	{"environment.", "e.id", VF_COL_INT},
	{"environment.os_name", "e.os_name", VF_COL_TEXT},
	{"environment.os_build", "e.os_build", VF_COL_INT},
	{"environment.ubr", "e.body->>'ubr'", VF_COL_INT},
	{"environment.arch", "e.arch", VF_COL_TEXT},
	{"environment.hypervisor", "e.body->>'hypervisor'", VF_COL_TEXT},
	{"environment.cpus", "e.body->>'cpus'", VF_COL_INT},
	{"environment.memory_bytes", "e.body->>'memory_bytes'", VF_COL_INT},
};

const struct vf_list vf_view_machine = {
	.name = "machine",
	.column = machine_column,
	.n_column = VF_ARRAY_LEN(machine_column),
	.table = "machine m",
	.alias = "m",
	.from = MACHINE_FROM,
	.project = "m.project_id = ${project_id}::bigint",
	.id = "m.id",
	.filter =
		{
			{"project", VF_FILTER_SLUG,
				"m.project_id = (select x.id from project x where x.slug = "
				"${project})",
				NULL, NULL},
			{"build", VF_FILTER_ID,
				"m.id in (select x.machine_id from finding_machine x where"
				" x.build_id = ${build}::bigint union select x.machine_id from run "
				"x"
				" where x.build_id = ${build}::bigint)",
				NULL, NULL},
			{"finding", VF_FILTER_ID,
				"exists (select from finding_machine x where x.machine_id = m.id "
				"and"
				" x.finding_id = ${finding}::bigint)",
				NULL, NULL},
			{"q", VF_FILTER_TEXT, "strpos(lower(m.name), lower(${q}::text)) > 0", NULL,
				NULL},
		},
	.sort = {{"name", "lower(m.name), m.id",
		"(lower(m.name), m.id) > (${1}::text, ${2}::bigint)",
		{{"lower(m.name)", VF_KEY_TEXT}, {"m.id", VF_KEY_INT}}}},
};

const struct vf_list vf_view_machine_detail = {
	.name = "machine",
	.column = detail_column,
	.n_column = VF_ARRAY_LEN(detail_column),
	.table = "machine m",
	.alias = "m",
	.from = MACHINE_FROM,
	.project = "m.project_id = ${project_id}::bigint",
	.id = "m.id",
	.sort = {{"id", "m.id", "true", {{"m.id", VF_KEY_INT}}}},
};

static const struct vf_column agent_column[] = {
	{"agent_id", "a.agent_uuid", VF_COL_TEXT},
	{"version", "a.version", VF_COL_TEXT},
	{"enrolled_at", "a.enrolled_at", VF_COL_TIME},
	{"last_seen_at", "a.last_seen_at", VF_COL_TIME},
	{"clock_offset_us", "a.clock_offset_us", VF_COL_INT},
	{"retired_at", "a.retired_at", VF_COL_TIME},
	{"spool.records", "a.spool_records", VF_COL_INT},
	{"spool.bytes", "a.spool_bytes", VF_COL_INT},
	{"spool.oldest_at", "a.spool_oldest_at", VF_COL_TIME},
	{"rejected",
		"(select coalesce(sum(s.rejected), 0)::bigint from agent_stream s where s.agent_id "
		"= "
		"a.id)",
		VF_COL_INT},
	{"lost",
		"(select coalesce(sum(s.lost), 0)::bigint from agent_stream s where s.agent_id = "
		"a.id)",
		VF_COL_INT},
};

const struct vf_list vf_view_agent = {
	.name = "agent",
	.column = agent_column,
	.n_column = VF_ARRAY_LEN(agent_column),
	.from = "agent a join machine m on m.id = a.machine_id",
	.project = "m.project_id = ${project_id}::bigint",
	.id = "a.id",
	.filter = {{"machine", VF_FILTER_ID, "a.machine_id = ${machine}::bigint", NULL, NULL}},
	.sort = {{"id", "a.id desc", "a.id < ${1}::bigint", {{"a.id", VF_KEY_INT}}}},
};

static const struct vf_column stream_column[] = {
	{"agent_id", "a.agent_uuid", VF_COL_TEXT},
	{"stream", "s.stream_id", VF_COL_BYTES},
	{"lane", "case s.lane when 1 then 'critical' else 'bulk' end", VF_COL_TEXT},
	{"acked_seq", "s.acked_seq", VF_COL_INT},
	{"updated_at", "s.updated_at", VF_COL_TIME},
};

const struct vf_list vf_view_stream = {
	.name = "stream",
	.column = stream_column,
	.n_column = VF_ARRAY_LEN(stream_column),
	.from = "agent_stream s join agent a on a.id = s.agent_id",
	.id = "a.id",
	.filter = {{"machine", VF_FILTER_ID, "a.machine_id = ${machine}::bigint", NULL, NULL}},
	.sort = {{"updated", "s.updated_at desc, s.stream_id", "true",
		{{VF_MICROSECONDS("s.updated_at"), VF_KEY_TIME}}}},
};

static const struct vf_column boot_column[] = {
	{"id", "bo.id", VF_COL_INT},
	{"boot_uuid", "bo.boot_uuid", VF_COL_TEXT},
	{"ordinal", "bo.ordinal", VF_COL_INT},
	{"kind", "bo.kind", VF_COL_TEXT},
	{"started_at", "bo.started_at", VF_COL_TIME},
	{"ended_at", "bo.ended_at", VF_COL_TIME},
	{"end_kind", "bo.end_kind", VF_COL_TEXT},
	{"os", "be.os_name", VF_COL_TEXT},
	{"os_build", "be.os_build", VF_COL_INT},
};

const struct vf_list vf_view_boot = {
	.name = "boot",
	.column = boot_column,
	.n_column = VF_ARRAY_LEN(boot_column),
	.table = "boot bo",
	.alias = "bo",
	.from = " left join env_snapshot be on be.id = bo.env_id",
	.project = "bo.project_id = ${project_id}::bigint",
	.id = "bo.id",
	.filter = {{"machine", VF_FILTER_ID, "bo.machine_id = ${machine}::bigint", NULL, NULL},
		{"run", VF_FILTER_ID,
			"bo.id in (select x.boot_id from run_boot x where x.run_id = "
			"${run}::bigint)",
			NULL, NULL}},
	.sort = {{"id", "bo.id desc", "bo.id < ${1}::bigint", {{"bo.id", VF_KEY_INT}}}},
};
