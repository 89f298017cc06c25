#include "server/api/list.h"

#include "server/api/json_out.h"
#include "server/api/page.h"

enum vf_status vf_list_items(struct vf_request *req, const struct vf_list *list,
	const struct vf_ask *ask, json_t **out, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st = vf_list_rows(req->db, list, ask, &rows, err);

	*out = NULL;
	if (!st) {
		*out = vf_json_rows(
			rows, vf_list_keys(list, ask->sort), list->column, list->n_column);
		if (!*out)
			st = vf_fail(err, VF_E_NOMEM, "rows of %s cannot be written", list->name);
	}
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_list_item(struct vf_request *req, const struct vf_list *list, int64_t id,
	json_t **out, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st = vf_list_one(req->db, list, id, req->who.project_id, &rows, err);

	*out = NULL;
	if (!st) {
		*out = vf_json_row(rows, 0, vf_list_keys(list, 0), list->column, list->n_column);
		if (!*out)
			st = vf_fail(err, VF_E_NOMEM, "a row of %s cannot be written", list->name);
	}
	vf_rows_free(rows);
	return st;
}

/* One row more than the page shows tells whether there is a next page. */
static enum vf_status read_page(struct vf_request *req, const struct vf_list *list,
	const struct vf_ask *ask, json_t **items, const char **next, struct vf_err *err)
{
	struct vf_ask more = *ask;
	struct vf_rows *rows;
	enum vf_status st;

	*items = NULL;
	*next = NULL;
	more.limit++;
	st = vf_list_rows(req->db, list, &more, &rows, err);
	if (!st) {
		*items = vf_json_rows(
			rows, vf_list_keys(list, ask->sort), list->column, list->n_column);
		if (vf_rows_count(rows) > ask->limit)
			*next = vf_page_cursor(req, list, ask, rows, ask->limit - 1);
		if (!*items || (vf_rows_count(rows) > ask->limit && !*next))
			st = vf_fail(err, VF_E_NOMEM, "rows of %s cannot be written", list->name);
		else if (*next)
			json_array_remove(*items, (size_t)ask->limit);
	}
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_list_page(struct vf_request *req, struct vf_response *res,
	const struct vf_list *list, const struct vf_ask *ask, struct vf_err *err)
{
	json_t *items = NULL;
	const char *next = NULL;
	int64_t total = -1;
	enum vf_status st;

	st = vf_snapshot_begin(req->db, err);
	if (st)
		return st;
	st = read_page(req, list, ask, &items, &next, err);
	if (!st && !ask->after)
		st = vf_list_total(req->db, list, ask, &total, err);
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (st) {
		vf_tx_rollback(req->db);
		json_decref(items);
		return st;
	}
	return vf_res_json(req, res, 200,
		json_pack("{s:o, s:s?, s:o}", "items", items, "next", next, "total",
			total < 0 ? json_null() : json_integer(total)),
		err);
}

enum vf_status vf_list_answer(struct vf_request *req, struct vf_response *res,
	const struct vf_list *list, struct vf_err *err)
{
	struct vf_ask ask;
	enum vf_status st;

	if (!vf_page_read(req, res, list, &ask, &st, err))
		return st;
	return vf_list_page(req, res, list, &ask, err);
}
