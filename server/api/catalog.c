/* GET /api/v1/catalog: every catalogue that the program carries, in one document. */
#include "server/api/catalog_json.h"
#include "server/api/page.h"

vf_handler vf_api_catalog;

enum vf_status vf_api_catalog(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	enum vf_status st;

	if (!vf_page_no_query(req, res, &st))
		return st;
	/* Large, and the same until the server is replaced: worth keeping and asking by its tag. */
	res->cache_control = "private, no-cache";
	return vf_res_json(req, res, 200, vf_json_of_catalog(), err);
}
