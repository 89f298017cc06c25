#include "server/api/cookie.h"

#include <sodium.h>

#include "server/api/env.h"
#include "server/runtime/hex.h"
#include "server/runtime/random.h"

#define NAME "vf_session"
#define HEX  64u

static const char *find(const char *cookies)
{
	while (cookies) {
		cookies += strspn(cookies, " \t");
		if (!strncmp(cookies, NAME "=", sizeof NAME))
			return cookies + sizeof NAME;
		cookies = strchr(cookies, ';');
		if (cookies)
			cookies++;
	}
	return NULL;
}

bool vf_cookie_hash(const struct vf_request *req, unsigned char hash[32])
{
	const char *value = find(req->header(req, "Cookie"));
	unsigned char raw[HEX / 2];
	size_t len = value ? strcspn(value, "; \t") : 0;

	if (len != HEX || !vf_unhex(value, len, raw, sizeof raw))
		return false;
	crypto_hash_sha256(hash, raw, sizeof raw);
	return true;
}

static char *header(struct vf_request *req, const char *value, int max_age_s)
{
	return vf_arena_printf(req->arena,
		NAME "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s", value, max_age_s,
		req->env->cookie_secure ? "; Secure" : "");
}

char *vf_cookie_new(struct vf_request *req, int max_age_s, unsigned char hash[32])
{
	unsigned char raw[HEX / 2];
	char value[HEX + 1];

	vf_random(raw, sizeof raw);
	vf_hex(raw, sizeof raw, value);
	crypto_hash_sha256(hash, raw, sizeof raw);
	return header(req, value, max_age_s);
}

char *vf_cookie_clear(struct vf_request *req)
{
	return header(req, "", 0);
}
