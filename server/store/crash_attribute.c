/* The builds and images that a set of crashes may belong to, looked up once for the whole set. */
#include <strings.h>

#include "server/store/crash_impl.h"

struct names {
	const char **list; /* sorted without case */
	size_t n;
};

static int compare_names(const void *a, const void *b)
{
	return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_name(const struct names *names, const char *name)
{
	return bsearch(&name, names->list, names->n, sizeof *names->list, compare_names) != NULL;
}

/* A project registers images of few names, under which a dump's other modules need no look-up.
 * The recursion hops over the index from name to name. */
static enum vf_status image_names(struct vf_crash_work *w, struct names *out, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, w->scope.project_id);
	st = vf_query(w->db, "crash_image_names",
		"with recursive hop as ((select lower(name) as name from driver_image"
		" where project_id = $1 order by lower(name) limit 1) union all"
		" select (select lower(i.name) from driver_image i where i.project_id = $1"
		" and lower(i.name) > hop.name order by lower(i.name) limit 1) from hop"
		" where hop.name is not null) select name from hop where name is not null",
		&args, &rows, err);
	if (st)
		goto out_rows;
	out->n = (size_t)vf_rows_count(rows);
	out->list = vf_arena_alloc(w->arena, (out->n + 1) * sizeof *out->list);
	for (size_t i = 0; out->list && i < out->n; i++)
		if (!(out->list[i] = vf_arena_strdup(w->arena, vf_row_text(rows, (int)i, 0))))
			out->list = NULL;
	if (!out->list)
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
	else
		qsort(out->list, out->n, sizeof *out->list, compare_names);
out_rows:
	vf_rows_free(rows);
	return st;
}

/* Name, time stamp and size of the loaded modules that may be registered, as rows. */
static void wanted_modules(
	struct vf_crash_work *w, const struct names *names, struct vf_json_rows *list)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct vf_crash *in = w->row[i].in;

		if (w->row[i].settled)
			continue;
		for (size_t k = 0; k < in->n_modules; k++)
			if (has_name(names, in->module[k].name))
				vf_json_rows_add(list,
					json_pack("{ss sI so}", "name", in->module[k].name,
						"timestamp", (json_int_t)in->module[k].timestamp,
						"size", vf_json_u64(in->module[k].size)));
	}
}

static void wanted_builds(struct vf_crash_work *w, json_t *ids)
{
	int64_t last = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct vf_crash_row *row = &w->row[i];
		int64_t id = row->explicit_build.id ? row->explicit_build.id : row->run_build.id;

		if (!row->settled && id && id != last)
			json_array_append_new(ids, json_integer(id));
		last = id;
	}
}

struct images {
	struct vf_image *list;
	size_t n;
};

static enum vf_status load_images(struct vf_crash_work *w, struct images *out, struct vf_err *err)
{
	struct vf_json_rows modules = {0};
	json_t *builds = json_array();
	struct names names = {0};
	struct vf_rows *rows = NULL;
	const char *module_text, *build_text;
	struct vf_args args;
	enum vf_status st;

	st = image_names(w, &names, err);
	if (st || !names.n) {
		json_decref(builds);
		return st;
	}
	wanted_modules(w, &names, &modules);
	wanted_builds(w, builds);
	st = vf_json_rows_text(w->arena, &modules, &module_text, err);
	if (st) {
		json_decref(builds);
		return st;
	}
	st = vf_json_text(w->arena, builds, &build_text, err);
	if (st)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, w->scope.project_id);
	vf_arg_text(&args, module_text ? module_text : "[]");
	vf_arg_text(&args, build_text);
	st = vf_query(w->db, "crash_images",
		"select i.build_id, i.name, i.timestamp, i.size_of_image from (select distinct"
		" lower(name) as name, timestamp, size from jsonb_to_recordset($2::jsonb)"
		" as r(name text, timestamp bigint, size bigint)) r join driver_image i"
		" on i.project_id = $1 and lower(i.name) = r.name and i.timestamp = r.timestamp"
		" and i.size_of_image = r.size"
		" union select i.build_id, i.name, i.timestamp, i.size_of_image from driver_image i"
		" where i.project_id = $1 and i.build_id in"
		" (select value::bigint from jsonb_array_elements_text($3::jsonb))",
		&args, &rows, err);
	if (st)
		goto out_rows;
	out->n = (size_t)vf_rows_count(rows);
	out->list = vf_arena_alloc(w->arena, (out->n + 1) * sizeof *out->list);
	if (!out->list) {
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
		goto out_rows;
	}
	for (size_t i = 0; i < out->n; i++)
		out->list[i] = (struct vf_image){.build_id = vf_row_i64(rows, (int)i, 0),
			.module = {.name = vf_arena_strdup(w->arena, vf_row_text(rows, (int)i, 1)),
				.timestamp = (uint32_t)vf_row_i64(rows, (int)i, 2),
				.size = (uint64_t)vf_row_i64(rows, (int)i, 3)}};
out_rows:
	vf_rows_free(rows);
	return st;
}

/* The builds that importers named: they must be of the project. */
static enum vf_status explicit_builds(struct vf_crash_work *w, struct vf_err *err)
{
	enum vf_status st = VF_OK;

	for (size_t i = 0; !st && i < w->n; i++) {
		struct vf_crash_row *row = &w->row[i];
		struct vf_rows *rows = NULL;
		struct vf_args args;

		if (row->settled || !row->in->build_id || row->explicit_build.id)
			continue;
		vf_args_init(&args);
		vf_arg_i64(&args, w->scope.project_id);
		vf_arg_i64(&args, row->in->build_id);
		st = vf_query(w->db, "crash_explicit_build",
			"select d.name from build b join driver d on d.id = b.driver_id"
			" where b.project_id = $1 and b.id = $2",
			&args, &rows, err);
		if (!st && vf_rows_count(rows) != 1)
			st = vf_fail(err, VF_E_NOTFOUND, "the project has no build %lld",
				(long long)row->in->build_id);
		if (!st) {
			row->explicit_build.id = row->in->build_id;
			row->explicit_build.driver_name =
				vf_arena_strdup(w->arena, vf_row_text(rows, 0, 0));
		}
		vf_rows_free(rows);
	}
	return st;
}

enum vf_status vf_crash_lock_images(struct vf_db *db, bool shared, struct vf_err *err)
{
	return shared ? vf_query(db, "crash_lock_images_shared",
				"select pg_advisory_xact_lock_shared(hashtextextended('images', "
				"0))",
				NULL, NULL, err)
		      : vf_query(db, "crash_lock_images",
				"select pg_advisory_xact_lock(hashtextextended('images', 0))", NULL,
				NULL, err);
}

enum vf_status vf_crash_attribute(struct vf_crash_work *w, struct vf_err *err)
{
	struct images images = {0};
	enum vf_status st;

	st = vf_crash_lock_images(w->db, true, err);
	if (!st)
		st = explicit_builds(w, err);
	if (!st)
		st = load_images(w, &images, err);
	for (size_t i = 0; !st && i < w->n; i++) {
		struct vf_crash_row *row = &w->row[i];
		struct vf_attribution_facts facts = {.explicit_build = row->explicit_build,
			.run_build = row->run_build,
			.culprit_module = row->identity.driver,
			.loaded = row->in->module,
			.n_loaded = row->in->n_modules,
			.image = images.list,
			.n_images = images.n};

		if (!row->settled)
			vf_attribute(&facts, &row->in->attribution);
	}
	return st;
}
