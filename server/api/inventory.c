/* Projects, branches and drivers. */
#include "server/api/body.h"
#include "server/api/deed.h"
#include "server/api/list.h"
#include "server/store/inventory.h"
#include "server/store/views.h"
#include "verifleet/wire.h"

vf_handler vf_api_project_create, vf_api_branch_create, vf_api_driver_create;

/* The end of a create: audit, commit, and the row as its list shows it. */
static enum vf_status made(struct vf_request *req, struct vf_response *res,
	const struct vf_list *view, const char *action, int64_t id, struct vf_err *err)
{
	enum vf_status st = vf_deed_record(req, action, view->name, id, NULL, err);
	json_t *row;

	if (!st)
		st = vf_tx_commit(req->db, err);
	if (!st)
		st = vf_list_item(req, view, id, &row, err);
	return st ? st : vf_res_json(req, res, 201, row, err);
}

/* Words of the store as a 409 or 422 that names the member. */
static enum vf_status refused(struct vf_request *req, struct vf_response *res, enum vf_status st,
	const char *field, const struct vf_err *err)
{
	vf_tx_rollback(req->db);
	if (st == VF_E_CONFLICT)
		return vf_res_problem(req, res, 409, "exists", field, err->text);
	if (st == VF_E_NOTFOUND || st == VF_E_INVALID)
		return vf_res_problem(req, res, 422, "invalid", field, err->text);
	return st;
}

static bool slug_ok(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return !text[n] && n >= 1 && n <= 63 && *text != '-';
}

enum vf_status vf_api_project_create(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_body b;
	const char *slug, *name;
	bool simulated;
	int64_t id;
	enum vf_status st;

	vf_body_open(&b, req, res, err);
	slug = vf_body_text(&b, "slug", 63, VF_REQUIRED);
	name = vf_body_text(&b, "name", VF_WIRE_NAME_MAX, VF_REQUIRED);
	simulated = vf_body_bool(&b, "simulated", false);
	if (slug && !slug_ok(slug))
		vf_body_refuse(&b, "slug", "must be lower-case letters, digits and hyphens");
	if (!vf_body_done(&b))
		return b.st;
	if (req->who.project_id)
		return vf_fail(err, VF_E_DENIED, "this token is for one project only");
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_store_project_new(req->db, slug, name, simulated, &id, err);
	if (st)
		return refused(req, res, st, "slug", err);
	return made(req, res, &vf_view_project, "project.create", id, err);
}

enum vf_status vf_api_branch_create(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_body b;
	const char *project, *name, *parent;
	int64_t project_id, fork_seq, id;
	enum vf_status st;

	vf_body_open(&b, req, res, err);
	project = vf_body_text(&b, "project", 63, VF_REQUIRED);
	name = vf_body_text(&b, "name", VF_WIRE_NAME_MAX, VF_REQUIRED);
	parent = vf_body_text(&b, "parent", VF_WIRE_NAME_MAX, VF_OPTIONAL);
	fork_seq = vf_body_int(&b, "fork_seq", 0, INT64_C(9007199254740991), -1, VF_OPTIONAL);
	if (!b.refused && !parent != (fork_seq < 0))
		vf_body_refuse(&b, parent ? "fork_seq" : "parent", "is needed with %s",
			parent ? "parent" : "fork_seq");
	if (!vf_body_done(&b))
		return b.st;
	st = vf_deed_project(req, res, project, &project_id, err);
	if (st || !project_id)
		return st;
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_store_branch_new(req->db, project_id, name, parent, fork_seq, &id, err);
	if (st)
		return refused(req, res, st, st == VF_E_NOTFOUND ? "parent" : "name", err);
	return made(req, res, &vf_view_branch, "branch.create", id, err);
}

enum vf_status vf_api_driver_create(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_body b;
	const char *project, *name;
	int64_t project_id, id;
	enum vf_status st;

	vf_body_open(&b, req, res, err);
	project = vf_body_text(&b, "project", 63, VF_REQUIRED);
	name = vf_body_text(&b, "name", VF_WIRE_NAME_MAX, VF_REQUIRED);
	if (!vf_body_done(&b))
		return b.st;
	st = vf_deed_project(req, res, project, &project_id, err);
	if (st || !project_id)
		return st;
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_store_driver_new(req->db, project_id, name, &id, err);
	if (st)
		return refused(req, res, st, "name", err);
	return made(req, res, &vf_view_driver, "driver.create", id, err);
}
