/* The contract itself, as it was read at start. */
#include "server/api/env.h"
#include "server/api/request.h"

vf_handler vf_api_openapi;

enum vf_status vf_api_openapi(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	if (!req->env->openapi_len)
		return vf_fail(
			err, VF_E_NOTFOUND, "openapi.json was not found when the server started");
	res->body = req->env->openapi;
	res->body_len = req->env->openapi_len;
	return vf_res_tag(req, res, err);
}
