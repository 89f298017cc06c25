#include "server/api/problem.h"

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{200, "OK"},
	{201, "Created"},
	{204, "No Content"},
	{304, "Not Modified"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{409, "Conflict"},
	{411, "Length Required"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{415, "Unsupported Media Type"},
	{422, "Unprocessable Content"},
	{429, "Too Many Requests"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{503, "Service Unavailable"},
};

const char *vf_http_reason(int status)
{
	for (size_t i = 0; i < VF_ARRAY_LEN(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Error";
}

enum vf_status vf_res_problem(struct vf_request *req, struct vf_response *res, int status,
	const char *slug, const char *field, const char *detail)
{
	return vf_res_problem_with(req, res, status, slug, field, detail, NULL);
}

enum vf_status vf_res_problem_with(struct vf_request *req, struct vf_response *res, int status,
	const char *slug, const char *field, const char *detail, json_t *extra)
{
	char type[96] = "about:blank";
	struct vf_err err;
	json_t *doc;

	if (slug)
		snprintf(type, sizeof type, "/problems/%s", slug);
	doc = json_pack("{s:s, s:s, s:i, s:s*, s:s*, s:s*}", "type", type, "title",
		vf_http_reason(status), "status", status, "detail", detail, "field", field,
		"request_id", req->request_id);
	if (extra && json_object_update_missing(doc, extra)) {
		json_decref(doc);
		doc = NULL;
	}
	json_decref(extra);
	if (vf_res_json(req, res, status, doc, &err)) {
		/* Out of memory, or a detail that is not UTF-8: the status alone still tells. */
		res->status = status;
		res->body = "{}";
		res->body_len = 2;
	}
	res->content_type = "application/problem+json";
	res->etag = NULL;
	return VF_OK;
}

void vf_res_failure(struct vf_request *req, struct vf_response *res, enum vf_status st,
	const struct vf_err *err)
{
	const char *detail = err && *err->text ? err->text : NULL;
	enum vf_status done;
	int status = 500;

	switch (st) {
	case VF_E_INVALID: status = 422; break;
	case VF_E_LIMIT: status = 413; break;
	case VF_E_NOTFOUND: status = 404; break;
	case VF_E_CONFLICT: status = 409; break;
	case VF_E_DENIED: status = 403; break;
	case VF_E_AGAIN:
		status = 503;
		res->retry_after_s = 2;
		break;
	default: detail = "The server failed; its log has the reason under this request id."; break;
	}
	done = vf_res_problem(req, res, status, NULL, NULL, detail);
	(void)done; /* always VF_OK */
}
