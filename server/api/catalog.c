/* GET /api/v1/catalog: every catalogue that the program carries, in one document. */
#include "server/api/catalog_json.h"
#include "server/runtime/hash.h"
#include "server/runtime/hex.h"

vf_handler vf_api_catalog;

enum { TAG_BYTES = 16 };

enum vf_status vf_res_facts(
	struct vf_request *req, struct vf_response *res, json_t *value, struct vf_err *err)
{
	unsigned char digest[VF_SHA256_LEN];
	char tag[2 * TAG_BYTES + 1];
	enum vf_status st = vf_res_json(req, res, 200, value, err);

	if (st)
		return st;
	vf_sha256(res->body, res->body_len, digest);
	vf_hex(digest, TAG_BYTES, tag);
	res->etag = vf_arena_printf(req->arena, "\"%s\"", tag);
	if (!res->etag)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	res->cache_control = "private, no-cache";
	return VF_OK;
}

enum vf_status vf_api_catalog(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	if (req->n_query)
		return vf_res_problem(
			req, res, 400, "bad-query", req->query[0].name, "is no query member here");
	return vf_res_facts(req, res, vf_json_of_catalog(), err);
}
