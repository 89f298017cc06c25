#include "server/http/signature.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "server/api/problem.h"
#include "server/runtime/clock.h"
#include "server/runtime/hash.h"
#include "server/runtime/hex.h"
#include "server/runtime/rfc3339.h"
#include "server/store/account.h"
#include "server/store/agent.h"

#define NONCE_HEX       32u
#define SIGNATURE_CHARS 256u

static gnutls_datum_t datum(const char *text)
{
	return (gnutls_datum_t){.data = (unsigned char *)text, .size = (unsigned)strlen(text)};
}

static bool is_p256(gnutls_pubkey_t key)
{
	gnutls_ecc_curve_t curve;
	unsigned bits;

	return gnutls_pubkey_get_pk_algorithm(key, &bits) == GNUTLS_PK_ECDSA &&
	       gnutls_pubkey_export_ecc_raw2(key, &curve, NULL, NULL, 0) == 0 &&
	       curve == GNUTLS_ECC_CURVE_SECP256R1;
}

bool vf_signature_fits(const char *public_key, const char *text, const char *signature)
{
	gnutls_datum_t pem = datum(public_key), signed_text = datum(text), b64 = datum(signature);
	gnutls_datum_t der = {0};
	gnutls_pubkey_t key;
	bool fits = false;

	if (b64.size > SIGNATURE_CHARS || gnutls_base64_decode2(&b64, &der))
		return false;
	if (gnutls_pubkey_init(&key))
		goto out_der;
	fits = gnutls_pubkey_import(key, &pem, GNUTLS_X509_FMT_PEM) == 0 && is_p256(key) &&
	       gnutls_pubkey_verify_data2(key, GNUTLS_SIGN_ECDSA_SHA256, 0, &signed_text, &der) >=
		       0;
	gnutls_pubkey_deinit(key);
out_der:
	gnutls_free(der.data);
	return fits;
}

static bool uuid_like(const char *text)
{
	for (int i = 0; i < 36; i++) {
		char c = text[i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-'
			 : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
				   (c >= 'A' && c <= 'F')))
			return false;
	}
	return !text[36];
}

static enum vf_status refuse(
	struct vf_exchange *x, const char *slug, const char *detail, json_t *extra)
{
	return vf_res_problem_with(&x->req, &x->res, 401, slug, NULL, detail, extra);
}

static char *signed_text(struct vf_exchange *x, const char *time, const char *nonce)
{
	const struct vf_request *req = &x->req;
	unsigned char sum[VF_SHA256_LEN];
	char hex[2 * VF_SHA256_LEN + 1];

	vf_sha256(req->body_len ? req->body : (const unsigned char *)"", req->body_len, sum);
	vf_hex(sum, sizeof sum, hex);
	return vf_arena_printf(&x->arena, "%s\n%s\n%s\n%s\n%s", vf_method_name(req->method),
		req->target, hex, time, nonce);
}

enum vf_status vf_signature_check(struct vf_exchange *x, bool *known, struct vf_err *err)
{
	struct vf_request *req = &x->req;
	const char *agent = req->header(req, "X-Verifleet-Agent");
	const char *time = req->header(req, "X-Verifleet-Time");
	const char *nonce = req->header(req, "X-Verifleet-Nonce");
	const char *signature = req->header(req, "X-Verifleet-Signature");
	struct vf_agent_key key;
	unsigned char raw[NONCE_HEX / 2];
	enum vf_status st;
	char now[32], *text;
	int64_t at;

	if (!agent || !time || !nonce || !uuid_like(agent) || !vf_time_parse(time, &at) ||
		!vf_unhex(nonce, strlen(nonce), raw, sizeof raw))
		return refuse(
			x, "bad-signature", "The headers of the signature are not whole.", NULL);
	if (at < req->now_us - VF_SIGNATURE_WINDOW_S * INT64_C(1000000) ||
		at > req->now_us + VF_SIGNATURE_WINDOW_S * INT64_C(1000000)) {
		vf_time_text(req->now_us, now);
		return refuse(x, "clock-skew",
			"The time of the signature is too far from the server's.",
			json_pack("{s:s}", "server_time", now));
	}
	st = vf_store_agent_key(req->db, agent, &key, err);
	if (st == VF_E_NOTFOUND)
		return refuse(x, "unknown-agent", "No such agent is enrolled.", NULL);
	if (st)
		return st;
	text = signed_text(x, time, nonce);
	if (!text)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	if (!vf_signature_fits(key.public_key, text, signature))
		return refuse(
			x, "bad-signature", "The signature does not fit the agent's key.", NULL);
	/* After the signature, so that only the agent itself can use up its nonces. */
	st = vf_agent_nonce_use(req->db, key.agent_id, raw, err);
	if (st == VF_E_CONFLICT)
		return refuse(x, "replayed-nonce", "This request was seen before.", NULL);
	if (st)
		return st;
	req->who.kind = VF_WHO_AGENT;
	req->who.id = key.agent_id;
	req->who.machine_id = key.machine_id;
	req->who.project_id = key.project_id;
	req->who.scopes = VF_SCOPE_AGENT;
	snprintf(req->who.name, sizeof req->who.name, "%s", agent);
	*known = true;
	return VF_OK;
}
