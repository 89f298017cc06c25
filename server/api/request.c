#include "server/api/request.h"

#include <sodium.h>

#include "server/runtime/hex.h"
#include "server/runtime/number.h"

#define JSON_DEPTH_MAX 32

const char *vf_req_query(const struct vf_request *req, const char *name)
{
	for (size_t i = 0; i < req->n_query; i++)
		if (!strcmp(req->query[i].name, name))
			return req->query[i].value;
	return NULL;
}

enum vf_status vf_req_id(
	const struct vf_request *req, const char *name, int64_t *out, struct vf_err *err)
{
	for (size_t i = 0; i < req->n_param; i++)
		if (!strcmp(req->param[i].name, name) &&
			vf_parse_i64(req->param[i].value, 1, INT64_MAX, out))
			return VF_OK;
	return vf_fail(err, VF_E_NOTFOUND, "there is no such %s", name);
}

static bool too_deep(const json_t *value, int left)
{
	const char *key;
	json_t *item;
	size_t i;

	if (!left)
		return true;
	if (json_is_array(value)) {
		json_array_foreach ((json_t *)value, i, item)
			if ((json_is_array(item) || json_is_object(item)) &&
				too_deep(item, left - 1))
				return true;
	} else {
		json_object_foreach ((json_t *)value, key, item)
			if ((json_is_array(item) || json_is_object(item)) &&
				too_deep(item, left - 1))
				return true;
	}
	return false;
}

static void free_json(void *arg)
{
	json_decref(arg);
}

enum vf_status vf_req_json(struct vf_request *req, json_t **out, struct vf_err *err)
{
	json_error_t why;
	json_t *root;

	*out = NULL;
	if (!req->body_len)
		return vf_fail(err, VF_E_INVALID, "the body must be a JSON object");
	root = json_loadb((const char *)req->body, req->body_len, JSON_REJECT_DUPLICATES, &why);
	if (!root)
		return vf_fail(err, VF_E_INVALID, "the body is not JSON: line %d: %.150s", why.line,
			why.text);
	if (vf_arena_defer(req->arena, free_json, root)) {
		json_decref(root);
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	if (!json_is_object(root))
		return vf_fail(err, VF_E_INVALID, "the body must be a JSON object");
	if (too_deep(root, JSON_DEPTH_MAX))
		return vf_fail(
			err, VF_E_LIMIT, "the body is nested deeper than %d", JSON_DEPTH_MAX);
	*out = root;
	return VF_OK;
}

static void free_text(void *arg)
{
	free(arg);
}

enum vf_status vf_res_tag(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	unsigned char hash[16];
	char digits[2 * sizeof hash + 1];

	crypto_generichash(hash, sizeof hash, res->body, res->body_len, NULL, 0);
	vf_hex(hash, sizeof hash, digits);
	res->etag = vf_arena_printf(req->arena, "\"%s\"", digits);
	return res->etag ? VF_OK : vf_fail(err, VF_E_NOMEM, "out of memory");
}

enum vf_status vf_res_json(struct vf_request *req, struct vf_response *res, int status,
	json_t *value, struct vf_err *err)
{
	char *text = value ? json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;

	json_decref(value);
	if (!text)
		return vf_fail(err, VF_E_NOMEM, "the answer could not be made");
	if (vf_arena_defer(req->arena, free_text, text)) {
		free(text);
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	res->status = status;
	res->body = text;
	res->body_len = strlen(text);
	if (req->method <= VF_HEAD && status == 200 && !res->etag)
		return vf_res_tag(req, res, err);
	return VF_OK;
}
