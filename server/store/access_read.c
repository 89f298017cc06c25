#include "server/store/views.h"

static const struct vf_column user_column[] = {
	{"id", "u.id", VF_COL_INT},
	{"name", "u.name", VF_COL_TEXT},
	{"role", "u.role", VF_COL_ROLE},
	{"must_change_password", "u.must_change", VF_COL_BOOL},
	{"created_at", "u.created_at", VF_COL_TIME},
	{"disabled_at", "u.disabled_at", VF_COL_TIME},
	{"last_sign_in_at", "u.last_sign_in_at", VF_COL_TIME},
};

const struct vf_list vf_view_user = {
	.name = "user",
	.column = user_column,
	.n_column = VF_ARRAY_LEN(user_column),
	.from = "app_user u",
	.id = "u.id",
	.sort = {{"name", "lower(u.name), u.id",
		"(lower(u.name), u.id) > (${1}::text, ${2}::bigint)",
		{{"lower(u.name)", VF_KEY_TEXT}, {"u.id", VF_KEY_INT}}}},
};

static const struct vf_column token_column[] = {
	{"id", "t.id", VF_COL_INT},
	{"prefix", "t.prefix", VF_COL_TEXT},
	{"name", "t.name", VF_COL_TEXT},
	{"scopes", "t.scopes_mask", VF_COL_SCOPES},
	{"project", "p.slug", VF_COL_TEXT},
	{"created_by", "u.name", VF_COL_TEXT},
	{"created_at", "t.created_at", VF_COL_TIME},
	{"expires_at", "t.expires_at", VF_COL_TIME},
	{"revoked_at", "t.revoked_at", VF_COL_TIME},
	{"last_used_at", "t.last_used_at", VF_COL_TIME},
};

const struct vf_list vf_view_token = {
	.name = "token",
	.column = token_column,
	.n_column = VF_ARRAY_LEN(token_column),
	.from = "api_token t left join project p on p.id = t.project_id"
		" left join app_user u on u.id = t.created_by",
	.project = "t.project_id = ${project_id}::bigint",
	.id = "t.id",
	.sort = {{"id", "t.id desc", "t.id < ${1}::bigint", {{"t.id", VF_KEY_INT}}}},
};

static const struct vf_column enroll_column[] = {
	{"id", "t.id", VF_COL_INT},
	{"prefix", "t.prefix", VF_COL_TEXT},
	{"project", "p.slug", VF_COL_TEXT},
	{"note", "t.note", VF_COL_TEXT},
	{"created_by", "u.name", VF_COL_TEXT},
	{"created_at", "t.created_at", VF_COL_TIME},
	{"expires_at", "t.expires_at", VF_COL_TIME},
	{"max_uses", "t.max_uses", VF_COL_INT},
	{"uses", "t.uses", VF_COL_INT},
	{"networks", "to_jsonb(t.networks)", VF_COL_JSON},
	{"revoked_at", "t.revoked_at", VF_COL_TIME},
};

const struct vf_list vf_view_enroll_token = {
	.name = "enroll_token",
	.column = enroll_column,
	.n_column = VF_ARRAY_LEN(enroll_column),
	.from = "enroll_token t join project p on p.id = t.project_id"
		" left join app_user u on u.id = t.created_by",
	.project = "t.project_id = ${project_id}::bigint",
	.id = "t.id",
	.filter = {{"project", VF_FILTER_SLUG, "p.slug = ${project}", NULL, NULL}},
	.sort = {{"id", "t.id desc", "t.id < ${1}::bigint", {{"t.id", VF_KEY_INT}}}},
};

static const struct vf_column audit_column[] = {
	{"id", "a.id", VF_COL_INT},
	{"at", "a.at", VF_COL_TIME},
	{"actor.kind", "a.actor_kind", VF_COL_TEXT},
	{"actor.id", "a.actor_id", VF_COL_INT},
	{"actor.name", "a.actor_name", VF_COL_TEXT},
	{"action", "a.action", VF_COL_TEXT},
	{"object.kind", "a.object_kind", VF_COL_TEXT},
	{"object.id", "a.object_id", VF_COL_TEXT},
	{"remote_addr", "host(a.remote_addr)", VF_COL_TEXT},
	{"detail", "a.detail", VF_COL_JSON},
};

const struct vf_list vf_view_audit = {
	.name = "audit",
	.column = audit_column,
	.n_column = VF_ARRAY_LEN(audit_column),
	.table = "audit_event a",
	.alias = "a",
	.id = "a.id",
	.filter =
		{
			{"action", VF_FILTER_TEXT, "a.action = ${action}", NULL, NULL},
			{"actor", VF_FILTER_TEXT, "a.actor_name = ${actor}", NULL, NULL},
			{"object_kind", VF_FILTER_TEXT, "a.object_kind = ${object_kind}", NULL,
				NULL},
			{"object_id", VF_FILTER_TEXT, "a.object_id = ${object_id}", NULL, NULL},
		},
	.sort = {{"id", "a.id desc", "a.id < ${1}::bigint", {{"a.id", VF_KEY_INT}}}},
};

static const struct vf_column rejected_column[] = {
	{"id", "j.id", VF_COL_INT},
	{"project", "p.slug", VF_COL_TEXT},
	{"simulated", "p.simulated", VF_COL_BOOL},
	{"received_at", "j.received_at", VF_COL_TIME},
	{"machine.id", "m.id", VF_COL_INT},
	{"machine.name", "m.name", VF_COL_TEXT},
	{"stream", "j.stream_id", VF_COL_BYTES},
	{"seq", "j.seq", VF_COL_INT},
	{"kind", "j.kind", VF_COL_TEXT},
	{"reason", "j.reason", VF_COL_TEXT},
	{"field", "j.field", VF_COL_TEXT},
	{"raw", "j.raw", VF_COL_TEXT},
	{"raw_size", "j.raw_size", VF_COL_INT},
};

const struct vf_list vf_view_rejected = {
	.name = "rejected",
	.column = rejected_column,
	.n_column = VF_ARRAY_LEN(rejected_column),
	.table = "rejected_record j",
	.alias = "j",
	.from = " join project p on p.id = j.project_id join agent a on a.id = j.agent_id"
		" join machine m on m.id = a.machine_id",
	.project = "j.project_id = ${project_id}::bigint",
	.id = "j.id",
	.filter = {{"project", VF_FILTER_SLUG,
			   "j.project_id = (select x.id from project x where x.slug = ${project})",
			   NULL, NULL},
		{"machine", VF_FILTER_ID,
			"j.agent_id in (select x.id from agent x where x.machine_id = "
			"${machine}::bigint)",
			NULL, NULL}},
	.sort = {{"id", "j.id desc", "j.id < ${1}::bigint", {{"j.id", VF_KEY_INT}}}},
};
