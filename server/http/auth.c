#include "server/http/auth.h"

enum vf_status vf_auth(struct vf_exchange *x, bool *allowed, struct vf_err *err)
{
	*allowed = x->route->scope == VF_SCOPE_NONE;
	if (*allowed)
		return VF_OK;
	(void)err;
	return vf_res_problem(
		&x->req, &x->res, 401, "sign-in-needed", NULL, "Sign in, or send a token.");
}
