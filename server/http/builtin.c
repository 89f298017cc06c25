#include "server/http/builtin.h"

#include "server/http/metrics.h"
#include "server/http/state.h"
#include "server/store/migrate.h"
#include "verifleet/version.h"

static vf_handler healthz, readyz;

static const struct vf_route routes[] = {
	{VF_GET, "/healthz", healthz, VF_SCOPE_NONE, 0},
	{VF_GET, "/readyz", readyz, VF_SCOPE_NONE, 0},
	{VF_GET, "/metrics", vf_metrics_handler, VF_SCOPE_READ, 0},
};

const struct vf_route *vf_builtin_route(const char *path, enum vf_method method)
{
	for (size_t i = 0; method <= VF_HEAD && i < VF_ARRAY_LEN(routes); i++)
		if (!strcmp(path, routes[i].pattern))
			return &routes[i];
	return NULL;
}

static enum vf_status healthz(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	return vf_res_json(
		req, res, 200, json_pack("{s:s, s:s}", "status", "ok", "version", VF_VERSION), err);
}

void vf_builtin_healthz(struct vf_exchange *x)
{
	struct vf_err err;

	if (healthz(&x->req, &x->res, &err))
		x->res.status = 500;
}

/* Ready means: the database answers and has the shape that this program was written for. */
static enum vf_status readyz(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	const struct vf_exchange *x =
		(const struct vf_exchange *)((const char *)req - offsetof(struct vf_exchange, req));
	int want = x->http->set.schema_version, have;
	enum vf_status st;

	if (!req->db)
		return vf_res_problem(req, res, 503, "not-ready", NULL, "There is no database.");
	st = vf_migrate_version(req->db, &have, err);
	if (st)
		return VF_E_AGAIN;
	if (have != want)
		return vf_res_problem(req, res, 503, "not-ready", NULL,
			"The database has another version than this program: restart verifleetd.");
	return vf_res_json(
		req, res, 200, json_pack("{s:s, s:i}", "status", "ready", "schema", have), err);
}

bool vf_builtin_needs_sign_in(const struct vf_exchange *x)
{
	const struct vf_request *req = &x->req;

	return x->route->scope != VF_SCOPE_NONE && !req->header(req, "Authorization") &&
	       !req->header(req, "Cookie") && !req->header(req, "X-Verifleet-Signature");
}

bool vf_builtin_slow(const struct vf_route *route)
{
	return route->method == VF_POST &&
	       (!strcmp(route->pattern, "/api/v1/session") ||
		       !strcmp(route->pattern, "/api/v1/session/password"));
}
