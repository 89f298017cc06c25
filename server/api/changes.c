/* What changed since a cursor: for pages that stay open. */
#include <inttypes.h>

#include "server/api/page.h"
#include "server/runtime/number.h"
#include "server/store/report.h"

vf_handler vf_api_changes;

/* A cursor is base64url of "<transaction> <id> <microseconds>". */
static bool read_position(
	const struct vf_request *req, const char *cursor, struct vf_change_position *out)
{
	int64_t *const part[] = {&out->txid, &out->id, &out->at_us};
	size_t len;
	char *text = strlen(cursor) <= 96 ? vf_unbase64url(req->arena, cursor, &len) : NULL;

	if (!text || strlen(text) != len)
		return false;
	for (size_t i = 0; i < VF_ARRAY_LEN(part); i++) {
		size_t n = strcspn(text, " ");
		bool more = text[n];

		text[n] = 0;
		if (more != (i + 1 < VF_ARRAY_LEN(part)) ||
			!vf_parse_i64(text, 0, i == 2 ? (int64_t)4e15 : INT64_MAX, part[i]))
			return false;
		text += n + more;
	}
	return true;
}

static json_t *item(const struct vf_rows *rows, int row)
{
	return json_pack("{s:s, s:I}", "topic", vf_row_text(rows, row, 0), "id",
		(json_int_t)vf_row_i64(rows, row, 1));
}

/* The rows as items, each thing once; the position moves behind the last row. */
static json_t *items_of(const struct vf_rows *rows, struct vf_change_position *at)
{
	json_t *items = json_array(), *seen = json_object();

	for (int i = 0; i < vf_rows_count(rows); i++) {
		char key[64];

		snprintf(key, sizeof key, "%s %" PRId64, vf_row_text(rows, i, 0),
			vf_row_i64(rows, i, 1));
		*at = (struct vf_change_position){
			vf_row_i64(rows, i, 2), vf_row_i64(rows, i, 3), vf_row_i64(rows, i, 4)};
		if (json_object_get(seen, key))
			continue;
		if (json_object_set_new(seen, key, json_true()) ||
			json_array_append_new(items, item(rows, i))) {
			json_decref(items);
			items = NULL;
			break;
		}
	}
	json_decref(seen);
	return items;
}

static bool read_query(struct vf_request *req, struct vf_response *res, int64_t *limit,
	struct vf_change_position *after, enum vf_status *st)
{
	static const char *const names[] = {"since", "wait", "limit"};
	const char *since = vf_req_query(req, "since"), *wait = vf_req_query(req, "wait");
	const char *text = vf_req_query(req, "limit");

	if (!vf_page_only(req, res, names, VF_ARRAY_LEN(names), st))
		return false;
	if (wait && strcmp(wait, "0") != 0)
		*st = vf_page_refuse(req, res, "wait", "must be 0");
	else if (text && !vf_parse_i64(text, 1, VF_PAGE_LIMIT_MAX, limit))
		*st = vf_page_refuse(req, res, "limit", "must be 1 to %d", VF_PAGE_LIMIT_MAX);
	else if (since && !read_position(req, since, after))
		*st = vf_page_refuse(req, res, "since", "is no cursor of this list");
	else
		return true;
	return false;
}

static enum vf_status answer(struct vf_request *req, struct vf_response *res, json_t *items,
	const struct vf_change_position *at, bool reset, struct vf_err *err)
{
	char *next = vf_arena_printf(
		req->arena, "%" PRId64 " %" PRId64 " %" PRId64, at->txid, at->id, at->at_us);

	if (next)
		next = vf_base64url(req->arena, next, strlen(next));
	return vf_res_json(req, res, 200,
		json_pack("{s:s, s:o, s:b}", "next", next, "items", items, "reset", reset), err);
}

enum vf_status vf_api_changes(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_change_position at = {0};
	int64_t limit = VF_PAGE_LIMIT_MAX;
	struct vf_rows *rows = NULL;
	bool reset = false;
	json_t *items;
	enum vf_status st;

	if (!read_query(req, res, &limit, &at, &st))
		return st;
	/* It names rows of every project, so it is not for a token that is bound to one. */
	if (req->who.project_id)
		return vf_fail(err, VF_E_DENIED, "this token is for one project only");
	if (vf_req_query(req, "since"))
		st = vf_store_changes(req->db, &at, (int)limit, &rows, &reset, err);
	if (!st && !rows)
		st = vf_store_changes_end(req->db, &at, err);
	if (st) {
		vf_rows_free(rows);
		return st;
	}
	items = rows ? items_of(rows, &at) : json_array();
	vf_rows_free(rows);
	return answer(req, res, items, &at, reset, err);
}
