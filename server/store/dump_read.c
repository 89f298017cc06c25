#include "server/store/views.h"

static const struct vf_column dump_column[] = {
	{"sha256", "d.sha256", VF_COL_BYTES},
	{"project", "p.slug", VF_COL_TEXT},
	{"simulated", "p.simulated", VF_COL_BOOL},
	{"size", "d.size", VF_COL_INT},
	{"received", "d.received", VF_COL_INT},
	{"file_name", "d.file_name", VF_COL_TEXT},
	{"decoder", "d.decoder", VF_COL_INT},
	{"complete", "d.uploaded_at is not null", VF_COL_BOOL},
	{"available", "d.uploaded_at is not null and d.deleted_at is null", VF_COL_BOOL},
	{"uploaded_at", "d.uploaded_at", VF_COL_TIME},
	{"deleted_at", "d.deleted_at", VF_COL_TIME},
	{"occurrence_id", "k.occurrence_id", VF_COL_INT},
};

/* One row for each project that knows the dump. */
const struct vf_list vf_view_dump = {
	.name = "dump",
	.column = dump_column,
	.n_column = VF_ARRAY_LEN(dump_column),
	.from = "dump d join crash_key k on k.dump_sha256 = d.sha256"
		" join project p on p.id = k.project_id",
	.project = "k.project_id = ${project_id}::bigint",
	.id = "d.id",
	.filter = {{.name = "project", .kind = VF_FILTER_SLUG, .sql = "p.slug = ${project}"},
		{.name = "decoder_below",
			.kind = VF_FILTER_ID,
			.sql = "coalesce(d.decoder, 0) < ${decoder_below}::bigint"}},
	.sort = {{"id", "d.id desc, k.project_id desc",
		"(d.id, k.project_id) < (${1}::bigint, ${2}::bigint)",
		{{"d.id", VF_KEY_INT}, {"k.project_id", VF_KEY_INT}}}},
};
