/* Findings and their occurrences. */
#include "server/api/decoded.h"
#include "server/api/list.h"
#include "server/api/page.h"
#include "server/store/views.h"

#define LIST_MAX    200
#define RELATED_MAX 20

vf_handler vf_api_finding, vf_api_occurrence;

/* Rows of `view` about one finding, as a member of it. */
static enum vf_status add_list(struct vf_request *req, json_t *out, const char *member,
	const struct vf_list *view, const char *id, int limit, struct vf_err *err)
{
	struct vf_ask ask;
	json_t *items;
	enum vf_status st;

	vf_ask_init(&ask, limit);
	vf_ask_set(view, &ask, "finding", id);
	st = vf_list_items(req, view, &ask, &items, err);
	if (!st && json_object_set_new(out, member, items))
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
	return st;
}

/* The newest occurrence stands for the finding: its dump, and its code in words. */
static enum vf_status add_sample(
	struct vf_request *req, json_t *out, const char *id, struct vf_err *err)
{
	struct vf_ask ask;
	json_t *items, *sample, *decoded = json_null(), *sample_id;
	enum vf_status st;

	vf_ask_init(&ask, 1);
	vf_ask_set(&vf_view_occurrence, &ask, "finding", id);
	st = vf_list_items(req, &vf_view_occurrence, &ask, &items, err);
	if (st)
		return st;
	sample = json_array_get(items, 0);
	sample_id = sample ? json_incref(json_object_get(sample, "id")) : json_null();
	if (sample)
		decoded = vf_decoded_occurrence(sample);
	json_decref(items);
	if (json_object_set_new(out, "sample_occurrence_id", sample_id) ||
		json_object_set_new(out, "decoded", decoded))
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	return VF_OK;
}

enum vf_status vf_api_finding(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	json_t *out = NULL;
	int64_t id;
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
	if (!st)
		st = vf_list_item(req, &vf_view_finding_detail, id, &out, err);
	if (!st)
		st = add_sample(req, out, text, err);
	if (!st)
		st = add_list(req, out, "build_list", &vf_view_finding_build, text, LIST_MAX, err);
	if (!st)
		st = add_list(
			req, out, "machine_list", &vf_view_finding_machine, text, LIST_MAX, err);
	if (!st)
		st = add_list(req, out, "related", &vf_view_related, text, RELATED_MAX, err);
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (!st)
		return vf_res_json(req, res, 200, out, err);
	vf_tx_rollback(req->db);
	json_decref(out);
	return st;
}

enum vf_status vf_api_occurrence(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	json_t *out;
	int64_t id;
	enum vf_status st;

	if (!vf_page_no_query(req, res, &st))
		return st;
	st = vf_req_id(req, "id", &id, err);
	if (!st)
		st = vf_list_item(req, &vf_view_occurrence_detail, id, &out, err);
	if (st)
		return st;
	if (json_object_set_new(out, "explanation", vf_decoded_occurrence(out))) {
		json_decref(out);
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	return vf_res_json(req, res, 200, out, err);
}
