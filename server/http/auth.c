#include "server/http/auth.h"

#include "server/api/cookie.h"
#include "server/api/env.h"
#include "server/http/signature.h"
#include "server/runtime/secret.h"
#include "server/store/account.h"

static enum vf_status unknown(struct vf_exchange *x, const char *slug, const char *detail)
{
	return vf_res_problem(&x->req, &x->res, 401, slug, NULL, detail);
}

static enum vf_status denied(struct vf_exchange *x, const char *slug, const char *detail)
{
	return vf_res_problem(&x->req, &x->res, 403, slug, NULL, detail);
}

static enum vf_status by_token(
	struct vf_exchange *x, const char *header, bool *known, struct vf_err *err)
{
	struct vf_principal *who = &x->req.who;
	struct vf_api_token stored;
	struct vf_token token;
	enum vf_status st;

	header += strspn(header, " ");
	if (!vf_token_parse(header, "vf", &token))
		return unknown(x, "bad-token", "The token has not the form of one.");
	st = vf_api_token_find(x->req.db, token.prefix, token.secret_hash, &stored, err);
	if (st == VF_E_NOTFOUND)
		return unknown(x, "bad-token", "The token is unknown, expired or revoked.");
	if (st)
		return st;
	who->kind = VF_WHO_TOKEN;
	who->id = stored.id;
	who->project_id = stored.project_id;
	who->role = (enum vf_role)stored.role;
	who->scopes = stored.scopes & ~(uint32_t)(VF_SCOPE_SELF | VF_SCOPE_AGENT | VF_SCOPE_NONE);
	snprintf(who->name, sizeof who->name, "vf_%s", stored.prefix);
	*known = true;
	return VF_OK;
}

bool vf_same_origin(const char *fetch_site, const char *origin, const char *host)
{
	const char *at;

	if (fetch_site)
		return !strcmp(fetch_site, "same-origin") || !strcmp(fetch_site, "none");
	if (!origin)
		return true; /* not a browser of this century: the token in the header decides */
	at = strstr(origin, "://");
	return at && host && !strcasecmp(at + 3, host);
}

static bool from_our_pages(const struct vf_request *req)
{
	return vf_same_origin(req->header(req, "Sec-Fetch-Site"), req->header(req, "Origin"),
		req->header(req, "Host"));
}

static bool csrf_ok(const struct vf_request *req, const char *csrf)
{
	const char *sent = req->header(req, "X-CSRF-Token");

	return sent && strlen(sent) == strlen(csrf) && vf_secret_equal(sent, csrf, strlen(csrf));
}

static enum vf_status by_cookie(
	struct vf_exchange *x, const unsigned char hash[32], bool *known, struct vf_err *err)
{
	struct vf_principal *who = &x->req.who;
	struct vf_session session;
	enum vf_status st;

	st = vf_session_find(x->req.db, hash, x->req.env->session_hours, &session, err);
	if (st == VF_E_NOTFOUND)
		return unknown(x, "session-ended", "The session has ended: sign in again.");
	if (st)
		return st;
	if (x->req.method > VF_HEAD &&
		(!from_our_pages(&x->req) || !csrf_ok(&x->req, session.csrf)))
		return denied(x, "csrf",
			"The request carries a session but not its X-CSRF-Token: it may come from "
			"another "
			"page.");
	who->kind = VF_WHO_USER;
	who->id = session.user.id;
	who->role = (enum vf_role)session.user.role;
	who->scopes = vf_role_scopes(session.user.role);
	snprintf(who->name, sizeof who->name, "%s", session.user.name);
	if (session.user.must_change && !(x->route->scope & VF_SCOPE_SELF))
		return denied(x, "password-change-needed",
			"The one-time password must be changed first.");
	*known = true;
	return VF_OK;
}

/* The first kind of sign-in that the request carries counts; a wrong one is never passed over. */
static enum vf_status identify(struct vf_exchange *x, bool *known, struct vf_err *err)
{
	const char *authorization = x->req.header(&x->req, "Authorization");
	unsigned char hash[32];

	if (x->req.header(&x->req, "X-Verifleet-Signature"))
		return vf_signature_check(x, known, err);
	if (authorization) {
		if (strncasecmp(authorization, "Bearer ", 7) != 0)
			return unknown(x, "bad-token", "Use Authorization: Bearer.");
		return by_token(x, authorization + 7, known, err);
	}
	if (vf_cookie_hash(&x->req, hash))
		return by_cookie(x, hash, known, err);
	return unknown(x, "sign-in-needed", "Sign in, or send a token.");
}

enum vf_status vf_auth(struct vf_exchange *x, bool *allowed, struct vf_err *err)
{
	uint32_t scope = x->route->scope;
	bool known = false;
	enum vf_status st;
	char names[96];

	*allowed = false;
	if (scope & VF_SCOPE_NONE) {
		if (x->req.method > VF_HEAD && !from_our_pages(&x->req))
			return denied(x, "csrf", "The request comes from another site.");
		*allowed = true;
		return VF_OK;
	}
	st = identify(x, &known, err);
	if (st || !known)
		return st;
	if (!(x->req.who.scopes & scope)) {
		vf_scopes_text(scope, names, sizeof names);
		return denied(x, "scope-missing",
			vf_arena_printf(
				&x->arena, "This needs one of these permissions: %s.", names));
	}
	*allowed = true;
	return VF_OK;
}
