/* What a worker does with one exchange: connection, sign-in, handler, answer. */
#include "server/api/problem.h"
#include "server/http/auth.h"
#include "server/http/state.h"
#include "server/http/work.h"
#include "server/runtime/log.h"
#include "server/store/db.h"

static enum vf_status run(struct vf_exchange *x, struct vf_err *err)
{
	struct vf_request *req = &x->req;
	struct vf_pool *pool = x->http->set.env->pool;
	bool allowed = false;
	enum vf_status st;

	if (pool) {
		st = vf_pool_get(pool, &req->db, err);
		if (st)
			return st;
	}
	st = vf_auth(x, &allowed, err);
	if (!st && allowed)
		st = x->route->handler(req, &x->res, err);
	vf_pool_put(pool, req->db);
	req->db = NULL;
	return st;
}

void vf_work_handle(struct vf_exchange *x)
{
	struct vf_err err = {0};
	enum vf_status st = run(x, &err);

	if (!st)
		return;
	if (st == VF_E_IO || st == VF_E_NOMEM || st == VF_E_CORRUPT)
		vf_log(VF_LOG_ERROR, "http", "%s %s: %s", vf_method_name(x->req.method),
			x->req.path, err.text);
	vf_res_failure(&x->req, &x->res, st, &err);
}
