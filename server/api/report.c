/* What a build's report page shows, read in one snapshot. */
#include "server/api/json_out.h"
#include "server/api/list.h"
#include "server/api/page.h"
#include "server/api/words.h"
#include "server/store/report.h"
#include "server/store/views.h"

#define NEW_MAX      50
#define RUNS_MAX     20
#define MACHINES_MAX 50
#define IMAGES_MAX   200

vf_handler vf_api_build, vf_api_report;

static enum vf_status items_of(struct vf_request *req, const struct vf_list *view, const char *id,
	int limit, json_t **out, struct vf_err *err)
{
	struct vf_ask ask;

	vf_ask_init(&ask, limit);
	vf_ask_set(view, &ask, "build", id);
	if (view == &vf_view_finding)
		vf_ask_set(view, &ask, "new", "1");
	return vf_list_items(req, view, &ask, out, err);
}

static enum vf_status add(json_t *out, const char *member, json_t *value, struct vf_err *err)
{
	return json_object_set_new(out, member, value) ? vf_fail(err, VF_E_NOMEM, "out of memory")
						       : VF_OK;
}

/* The build whole, inside an open snapshot. */
static enum vf_status read_build(
	struct vf_request *req, int64_t id, const char *text, json_t **out, struct vf_err *err)
{
	json_t *images = NULL;
	enum vf_status st = vf_list_item(req, &vf_view_build_detail, id, out, err);

	if (!st)
		st = items_of(req, &vf_view_image, text, IMAGES_MAX, &images, err);
	return st ? st : add(*out, "images", images, err);
}

static enum vf_status read_kinds(
	struct vf_request *req, int64_t id, json_t **out, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st = vf_store_report_kinds(req->db, id, &rows, err);

	*out = NULL;
	if (!st) {
		*out = vf_json_rows(rows, 0, vf_report_kind_column, vf_report_kind_columns);
		if (!*out)
			st = vf_fail(err, VF_E_NOMEM, "the kinds of a report cannot be written");
	}
	vf_rows_free(rows);
	return st;
}

static enum vf_status fill(
	struct vf_request *req, int64_t id, const char *text, json_t *out, struct vf_err *err)
{
	json_t *build = NULL, *part = NULL;
	enum vf_status st = read_build(req, id, text, &build, err);

	if (!st) {
		json_t *simulated = json_object_get(build, "simulated");
		json_t *counts = json_object_get(build, "counts");

		if (json_object_set_new(out, "build", build) ||
			json_object_set(out, "simulated", simulated) ||
			json_object_set(out, "totals", counts))
			return vf_fail(err, VF_E_NOMEM, "out of memory");
		st = read_kinds(req, id, &part, err);
	} else {
		json_decref(build);
	}
	if (!st)
		st = add(out, "by_kind", part, err);
	if (!st)
		st = items_of(req, &vf_view_finding, text, NEW_MAX, &part, err);
	if (!st)
		st = add(out, "new", part, err);
	if (!st)
		st = items_of(req, &vf_view_run, text, RUNS_MAX, &part, err);
	if (!st)
		st = add(out, "runs", part, err);
	if (!st)
		st = items_of(req, &vf_view_report_machine, text, MACHINES_MAX, &part, err);
	return st ? st : add(out, "machines", part, err);
}

/* Both routes: no query, an id, one snapshot. `whole` makes the report of it. */
static enum vf_status answer(
	struct vf_request *req, struct vf_response *res, bool whole, struct vf_err *err)
{
	json_t *out = NULL;
	int64_t id = 0;
	const char *text;
	enum vf_status st;

	if (!vf_page_no_query(req, res, &st))
		return st;
	st = vf_req_id(req, "id", &id, err);
	if (st)
		return st;
	text = vf_arena_printf(req->arena, "%lld", (long long)id);
	if (!text)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	st = vf_snapshot_begin(req->db, err);
	if (!st && whole) {
		out = json_object();
		st = fill(req, id, text, out, err);
	} else if (!st) {
		st = read_build(req, id, text, &out, err);
	}
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (!st)
		return vf_res_json(req, res, 200, out, err);
	vf_tx_rollback(req->db);
	json_decref(out);
	return st;
}

enum vf_status vf_api_build(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	return answer(req, res, false, err);
}

enum vf_status vf_api_report(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	return answer(req, res, true, err);
}
