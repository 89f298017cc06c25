#include "server/store/claim.h"

#include "server/store/crash_impl.h"

#define PAGE 200

/* Columns that read() expects, of occurrence o, its detail d and its run u. */
#define COLUMNS                                                                                    \
	"o.id, o.received_at, o.project_id, o.machine_id, array_position(enum_range("              \
	"null::attribution_kind), o.attribution) - 1, array_position(enum_range("                  \
	"null::evidence_role), o.role) - 1, coalesce(o.build_id, 0), d.decoded->'culprit'->>"      \
	"'module', (select jsonb_agg(jsonb_build_array(m->>'name', m->>'timestamp', m->'size'))"   \
	" from jsonb_array_elements(case when jsonb_typeof(d.decoded->'drivers') = 'array' then"   \
	" d.decoded->'drivers' else '[]' end) m), coalesce(u.build_id, 0), (select v.name from"    \
	" build b join driver v on v.id = b.driver_id where b.id = u.build_id), (select v.name"    \
	" from build b join driver v on v.id = b.driver_id where b.id = o.build_id)"
#define TABLES                                                                                     \
	" from occurrence o left join occurrence_detail d on d.occurrence_id = o.id"               \
	" left join run u on u.id = o.run_id"

/* The first branch may win the crash, the second already has it and may change its role. */
static const char by_image[] =
	"select " COLUMNS TABLES
	", driver_image i where i.id = $1 and o.id > $2 and o.project_id = i.project_id"
	" and ((o.attribution in ('none', 'image') and o.role <> 'own' and exists (select from"
	" jsonb_array_elements(case when jsonb_typeof(d.decoded->'drivers') = 'array' then"
	" d.decoded->'drivers' else '[]' end) m where lower(m->>'name') = lower(i.name)"
	" and (m->>'size')::numeric = i.size_of_image))"
	" or (o.build_id = i.build_id and o.attribution in ('run', 'explicit')))"
	" order by o.id limit $3";
static const char by_run[] =
	"select " COLUMNS TABLES
	" where o.run_id = $1 and o.id > $2 and o.attribution in ('none', 'image')"
	" order by o.id limit $3";

struct candidate {
	struct vf_crash crash;
	struct vf_attribution_result before;
	const char *received_at;
};

static void free_json(void *value)
{
	json_decref(value);
}

static enum vf_status read_modules(
	struct vf_arena *arena, const char *text, struct vf_crash *out, struct vf_err *err)
{
	json_t *list = text ? json_loads(text, 0, NULL) : NULL;
	struct vf_module *module;
	enum vf_status st = VF_OK;

	if (!list)
		return VF_OK;
	module = vf_arena_alloc(arena, (json_array_size(list) + 1) * sizeof *module);
	if (!module || vf_arena_defer(arena, free_json, list)) {
		json_decref(list);
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *name = json_string_value(json_array_get(one, 0));
		const char *stamp = json_string_value(json_array_get(one, 1));

		if (!name)
			continue;
		module[out->n_modules++] = (struct vf_module){.name = name,
			.timestamp = stamp ? (uint32_t)strtoul(stamp, NULL, 16) : 0,
			.size = (uint64_t)json_integer_value(json_array_get(one, 2))};
	}
	out->module = module;
	return st;
}

static enum vf_status read(struct vf_arena *arena, const struct vf_rows *rows, int i,
	struct candidate *c, struct vf_crash_row *row, struct vf_err *err)
{
	const char *run_driver = vf_row_text(rows, i, 10), *driver = vf_row_text(rows, i, 11);

	*c = (struct candidate){.crash = {.occurrence_id = vf_row_i64(rows, i, 0)},
		.received_at = vf_arena_strdup(arena, vf_row_text(rows, i, 1)),
		.before = {(enum vf_attribution)vf_row_i64(rows, i, 4),
			(enum vf_evidence_role)vf_row_i64(rows, i, 5), vf_row_i64(rows, i, 6)}};
	*row = (struct vf_crash_row){.in = &c->crash};
	if (vf_row_text(rows, i, 7))
		row->identity.driver = vf_arena_strdup(arena, vf_row_text(rows, i, 7));
	if (c->before.attribution == VF_ATTRIBUTION_EXPLICIT) {
		row->explicit_build.id = c->before.build_id;
		row->explicit_build.driver_name = driver ? vf_arena_strdup(arena, driver) : NULL;
	}
	row->run_build.id = vf_row_i64(rows, i, 9);
	row->run_build.driver_name = run_driver ? vf_arena_strdup(arena, run_driver) : NULL;
	if (!c->received_at)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	return read_modules(arena, vf_row_text(rows, i, 8), &c->crash, err);
}

static enum vf_status write_back(struct vf_crash_work *w, const struct candidate *c, size_t n,
	int64_t *claimed, struct vf_err *err)
{
	struct vf_json_rows list = {0};
	struct vf_args args;
	enum vf_status st;
	const char *text;

	for (size_t i = 0; i < n; i++) {
		const struct vf_attribution_result *a = &c[i].crash.attribution;

		if (!memcmp(a, &c[i].before, sizeof *a))
			continue;
		*claimed += a->build_id != c[i].before.build_id;
		vf_json_rows_add(&list,
			json_pack("{sI ss sI ss ss}", "id", (json_int_t)c[i].crash.occurrence_id,
				"received", c[i].received_at, "build", (json_int_t)a->build_id,
				"attribution", vf_attribution_word(a->attribution), "role",
				vf_evidence_role_word(a->role)));
	}
	st = vf_json_rows_text(w->arena, &list, &text, err);
	if (st || !text)
		return st;
	vf_args_init(&args);
	vf_arg_text(&args, text);
	return vf_query(w->db, "claim_write",
		"update occurrence o set build_id = nullif(r.build, 0), attribution = "
		"r.attribution,"
		" role = r.role from jsonb_to_recordset($1::jsonb) as r(id bigint,"
		" received timestamptz, build bigint, attribution attribution_kind,"
		" role evidence_role) where o.received_at = r.received and o.id = r.id",
		&args, NULL, err);
}

static enum vf_status claim_page(struct vf_db *db, struct vf_arena *arena,
	const struct vf_rows *rows, int64_t *claimed, struct vf_err *err)
{
	size_t n = (size_t)vf_rows_count(rows);
	struct candidate *c = vf_arena_alloc(arena, n * sizeof *c);
	struct vf_crash_work w = {.db = db,
		.arena = arena,
		.scope = {.project_id = vf_row_i64(rows, 0, 2)},
		.row = vf_arena_alloc(arena, n * sizeof *w.row),
		.n = n};
	enum vf_status st = VF_OK;

	if (!c || !w.row)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	for (size_t i = 0; !st && i < n; i++)
		st = read(arena, rows, (int)i, &c[i], &w.row[i], err);
	if (!st)
		st = vf_crash_attribute(&w, err);
	if (!st)
		st = write_back(&w, c, n, claimed, err);
	return st;
}

static enum vf_status claim(struct vf_db *db, const char *name, const char *sql, int64_t id,
	int64_t *claimed, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	int64_t last = 0;
	int n = PAGE;

	*claimed = 0;
	while (!st && n == PAGE) {
		struct vf_rows *rows = NULL;
		struct vf_arena arena;
		struct vf_args args;

		vf_arena_init(&arena, 64 << 20);
		vf_args_init(&args);
		vf_arg_i64(&args, id);
		vf_arg_i64(&args, last);
		vf_arg_i64(&args, PAGE);
		st = vf_query(db, name, sql, &args, &rows, err);
		n = st ? 0 : vf_rows_count(rows);
		if (n) {
			last = vf_row_i64(rows, n - 1, 0);
			st = claim_page(db, &arena, rows, claimed, err);
		}
		vf_rows_free(rows);
		vf_arena_release(&arena);
	}
	return st;
}

enum vf_status vf_store_claim_image(
	struct vf_db *db, int64_t image_id, int64_t *claimed, struct vf_err *err)
{
	int64_t n = 0;
	enum vf_status st = vf_crash_lock_images(db, false, err);

	if (!st)
		st = claim(db, "claim_image", by_image, image_id, &n, err);
	if (claimed)
		*claimed = n;
	return st;
}

enum vf_status vf_store_claim_run(struct vf_db *db, int64_t run_id, struct vf_err *err)
{
	int64_t n;

	return claim(db, "claim_run", by_run, run_id, &n, err);
}
