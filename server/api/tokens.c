/* Tokens for programs and for agents that enrol. A secret is shown once, when it is made. */
#include "server/api/body.h"
#include "server/api/deed.h"
#include "server/api/list.h"
#include "server/api/page.h"
#include "server/runtime/secret.h"
#include "server/store/account.h"
#include "server/store/views.h"

#define DAY_S        86400
#define SCOPES_MAX   5
#define NETWORKS_MAX 32
#define NETWORK_SIZE 64

vf_handler vf_api_token_create, vf_api_token_delete, vf_api_enroll_token_create,
	vf_api_enroll_token_delete;

/* People stand in created_by; a token that made another is named by the audit. */
static int64_t maker(const struct vf_request *req)
{
	return req->who.kind == VF_WHO_USER ? req->who.id : 0;
}

static uint32_t read_scopes(struct vf_body *b)
{
	json_t *array = vf_body_array(b, "scopes", SCOPES_MAX, VF_REQUIRED), *item;
	uint32_t mask = 0;
	size_t i;

	json_array_foreach (array, i, item) {
		const char *word = json_string_value(item);
		uint32_t scope = 0;

		if (!word || strchr(word, ',') || !vf_scopes_parse(word, &scope) || mask & scope) {
			vf_body_refuse(b, "scopes",
				"must be different words of: read, import, "
				"operate, dumps, admin");
			return 0;
		}
		mask |= scope;
	}
	if (array && !mask)
		vf_body_refuse(b, "scopes", "must have at least one word");
	/* Nobody hands out more than they have. */
	if (mask & ~b->req->who.scopes)
		vf_body_refuse(b, "scopes", "must not go beyond what you may do yourself");
	return mask;
}

/* Audit, commit, and the row with the secret. */
static enum vf_status made(struct vf_request *req, struct vf_response *res,
	const struct vf_list *view, const char *action, const struct vf_token *token, int64_t id,
	struct vf_err *err)
{
	json_t *row = NULL;
	enum vf_status st = vf_deed_record(
		req, action, view->name, id, json_pack("{s:s}", "prefix", token->prefix), err);

	if (!st)
		st = vf_list_item(req, view, id, &row, err);
	if (!st && json_object_set_new(row, "token", json_string(token->text)))
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (!st)
		return vf_res_json(req, res, 201, row, err);
	json_decref(row);
	return st;
}

enum vf_status vf_api_token_create(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_api_token_new new = {.created_by = maker(req)};
	const char *project;
	struct vf_token token;
	struct vf_body b;
	int64_t ttl, id;
	enum vf_status st;

	vf_body_open(&b, req, res, err);
	new.name = vf_body_text(&b, "name", 128, VF_REQUIRED);
	new.scopes = read_scopes(&b);
	project = vf_body_text(&b, "project", 63, VF_OPTIONAL);
	ttl = vf_body_int(&b, "ttl_s", 60, 730 * DAY_S, 0, VF_OPTIONAL);
	if (!vf_body_done(&b))
		return b.st;
	new.project_id = req->who.project_id;
	if (project) {
		st = vf_deed_project(req, res, project, &new.project_id, err);
		if (st || !new.project_id)
			return st;
	}
	new.role = vf_scopes_role(new.scopes);
	new.expires_us = ttl ? req->now_us + ttl * 1000000 : INT64_MIN;
	vf_token_new(&token, "vf");
	new.prefix = token.prefix;
	new.secret_hash = token.secret_hash;
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_api_token_add(req->db, &new, &id, err);
	return st ? st : made(req, res, &vf_view_token, "token.create", &token, id, err);
}

static bool revoke(struct vf_request *req, struct vf_response *res, const struct vf_list *view,
	int64_t *id, enum vf_status *st, struct vf_err *err)
{
	json_t *row;

	if (!vf_page_no_query(req, res, st))
		return false;
	*st = vf_req_id(req, "id", id, err);
	/* Looked up first, so that a caller bound to a project only meets what is its own. */
	if (!*st)
		*st = vf_list_item(req, view, *id, &row, err);
	if (!*st) {
		json_decref(row);
		*st = vf_tx_begin(req->db, err);
	}
	return !*st;
}

static enum vf_status revoked(struct vf_request *req, struct vf_response *res, const char *action,
	const char *kind, int64_t id, struct vf_err *err)
{
	enum vf_status st = vf_deed_record(req, action, kind, id, NULL, err);

	if (!st)
		st = vf_tx_commit(req->db, err);
	if (!st)
		res->status = 204;
	return st;
}

enum vf_status vf_api_token_delete(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	int64_t id;
	enum vf_status st;

	if (!revoke(req, res, &vf_view_token, &id, &st, err))
		return st;
	st = vf_api_token_revoke(req->db, id, err);
	return st ? st : revoked(req, res, "token.revoke", "token", id, err);
}

enum vf_status vf_api_enroll_token_delete(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	int64_t id;
	enum vf_status st;

	if (!revoke(req, res, &vf_view_enroll_token, &id, &st, err))
		return st;
	st = vf_enroll_token_revoke(req->db, id, err);
	return st ? st : revoked(req, res, "enroll_token.revoke", "enroll_token", id, err);
}

/* An address, optionally with a prefix length. PostgreSQL has the last word on its meaning. */
static bool network_ok(const char *text)
{
	size_t n = strspn(text, "0123456789abcdefABCDEF:./");

	return n && !text[n] && n < NETWORK_SIZE;
}

/* "{10.0.0.0/8,…}" in the arena; NULL after a refusal. */
static const char *read_networks(struct vf_body *b)
{
	json_t *array = vf_body_array(b, "networks", NETWORKS_MAX, VF_OPTIONAL), *item;
	const char *out = "{";
	size_t i;

	json_array_foreach (array, i, item) {
		const char *text = json_string_value(item);

		if (!text || !network_ok(text)) {
			vf_body_refuse(b, "networks", "must be addresses like 10.0.0.0/8");
			return NULL;
		}
		out = vf_arena_printf(b->req->arena, "%s%s%s", out, i ? "," : "", text);
		if (!out)
			return NULL;
	}
	return vf_arena_printf(b->req->arena, "%s}", out);
}

enum vf_status vf_api_enroll_token_create(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_enroll_token_new new = {.created_by = maker(req)};
	const char *project;
	struct vf_token token;
	struct vf_body b;
	int64_t ttl, id;
	enum vf_status st;

	vf_body_open(&b, req, res, err);
	project = vf_body_text(&b, "project", 63, VF_OPTIONAL);
	ttl = vf_body_int(&b, "ttl_s", 60, 365 * DAY_S, DAY_S, VF_OPTIONAL);
	new.max_uses = (int)vf_body_int(&b, "max_uses", 1, 100000, 10, VF_OPTIONAL);
	new.networks = read_networks(&b);
	new.note = vf_body_text(&b, "note", 256, VF_OPTIONAL);
	if (!vf_body_done(&b))
		return b.st;
	st = vf_deed_project(req, res, project, &new.project_id, err);
	if (st || !new.project_id)
		return st;
	new.expires_us = req->now_us + ttl * 1000000;
	vf_token_new(&token, "vfe");
	new.prefix = token.prefix;
	new.secret_hash = token.secret_hash;
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_enroll_token_add(req->db, &new, &id, err);
	if (st == VF_E_INVALID) {
		vf_tx_rollback(req->db);
		return vf_res_problem(req, res, 422, "invalid", "networks",
			"networks must be addresses like 10.0.0.0/8, with no bits set after the "
			"prefix");
	}
	return st ? st
		  : made(req, res, &vf_view_enroll_token, "enroll_token.create", &token, id, err);
}
