#include "server/store/crash.h"

#include "server/runtime/clock.h"
#include "server/runtime/hex.h"
#include "server/store/crash_impl.h"

enum vf_status vf_json_text(
	struct vf_arena *arena, json_t *take, const char **out, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	char *text;

	*out = NULL;
	if (!take)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	text = json_dumps(take, JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(take);
	if (!text || vf_arena_defer(arena, free, text)) {
		free(text);
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
	} else {
		*out = text;
	}
	return st;
}

void vf_json_rows_add(struct vf_json_rows *rows, json_t *take)
{
	if (!rows->list)
		rows->list = json_array();
	if (json_array_append_new(rows->list, take))
		rows->bad = true;
}

enum vf_status vf_json_rows_text(
	struct vf_arena *arena, struct vf_json_rows *rows, const char **out, struct vf_err *err)
{
	*out = NULL;
	if (rows->bad) {
		json_decref(rows->list);
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	return rows->list ? vf_json_text(arena, rows->list, out, err) : VF_OK;
}

json_t *vf_json_u64(uint64_t value)
{
	json_int_t same;

	memcpy(&same, &value, sizeof same);
	return json_integer(same);
}

json_t *vf_json_when(int64_t utc_us)
{
	char text[32];

	if (utc_us == INT64_MIN)
		return json_null();
	vf_time_text(utc_us, text);
	return json_string(text);
}

json_t *vf_json_hex(const void *bytes, size_t len)
{
	char text[129];

	vf_hex(bytes, len, text);
	return json_string(text);
}

bool vf_crash_same(const struct vf_crash *a, const struct vf_crash *b)
{
	if (a->has_dump && b->has_dump && !memcmp(a->sha256, b->sha256, sizeof a->sha256))
		return true;
	if (vf_bugcheck_code(a->facts.raw_code) != vf_bugcheck_code(b->facts.raw_code) ||
		memcmp(a->facts.parameter, b->facts.parameter, sizeof a->facts.parameter) != 0)
		return false;
	/* Without a boot they may still meet by time. */
	return !a->crash_boot_uuid || !b->crash_boot_uuid ||
	       vf_same_name(a->crash_boot_uuid, b->crash_boot_uuid);
}

static enum vf_status take_ids(struct vf_crash_work *w, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, (int64_t)w->n);
	st = vf_query(w->db, "crash_ids",
		"select nextval('occurrence_id_seq') from generate_series(1, $1::bigint)", &args,
		&rows, err);
	for (size_t i = 0; !st && i < w->n; i++)
		w->row[i].in->occurrence_id = vf_row_i64(rows, (int)i, 0);
	vf_rows_free(rows);
	return st;
}

static enum vf_status store(struct vf_crash_work *w, struct vf_err *err)
{
	static enum vf_status (*const step[])(struct vf_crash_work *, struct vf_err *) = {
		vf_crash_lock_machine,
		take_ids,
		vf_crash_dump_keys,
		vf_crash_boots,
		vf_crash_boot_keys,
		vf_crash_by_time,
		vf_crash_make_boots,
		vf_crash_boot_keys,
		vf_crash_runs,
		vf_crash_attribute,
		vf_crash_findings,
		vf_crash_details,
		vf_crash_occurrences,
	};
	enum vf_status st = VF_OK;

	for (size_t i = 0; !st && i < VF_ARRAY_LEN(step); i++)
		st = step[i](w, err);
	return st;
}

enum vf_status vf_store_crashes(struct vf_db *db, struct vf_arena *arena,
	const struct vf_crash_scope *scope, struct vf_crash **crash, size_t n, struct vf_err *err)
{
	struct vf_crash_work w = {.db = db, .arena = arena, .scope = *scope, .n = n};

	if (!n)
		return VF_OK;
	if (n > VF_CRASH_SET_MAX)
		return vf_fail(err, VF_E_LIMIT, "more than %d crashes at once", VF_CRASH_SET_MAX);
	w.row = vf_arena_alloc(arena, n * sizeof *w.row);
	if (!w.row)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		w.row[i].in = crash[i];
		crash[i]->duplicate = crash[i]->merged = false;
		crash[i]->moved_from = 0;
		vf_identity_of_crash(&crash[i]->facts, &w.row[i].identity);
	}
	return store(&w, err);
}
