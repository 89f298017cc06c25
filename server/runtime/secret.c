#include "server/runtime/secret.h"

#include <sodium.h>

#include "server/runtime/random.h"

#define PREFIX_LEN 8
#define SECRET_LEN 32

enum vf_status vf_secret_init(struct vf_err *err)
{
	return sodium_init() < 0 ? vf_fail(err, VF_E_IO, "the system gives no randomness") : VF_OK;
}

enum vf_status vf_password_hash(
	const char *password, char out[VF_PASSWORD_HASH], struct vf_err *err)
{
	_Static_assert(VF_PASSWORD_HASH >= crypto_pwhash_STRBYTES, "hash does not fit");
	if (crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
		    crypto_pwhash_MEMLIMIT_INTERACTIVE))
		return vf_fail(err, VF_E_NOMEM, "out of memory while hashing a password");
	return VF_OK;
}

bool vf_password_ok(const char *hash, const char *password)
{
	char spent[VF_PASSWORD_HASH];
	enum vf_status st;

	if (!hash) {
		st = vf_password_hash(password, spent, NULL);
		(void)st; /* only the time matters */
		return false;
	}
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

enum vf_status vf_password_acceptable(
	const char *password, const char *user_name, struct vf_err *err)
{
	size_t len = strlen(password), kinds = 0;
	bool seen[256] = {false};

	if (len < VF_PASSWORD_MIN || len > VF_PASSWORD_MAX)
		return vf_fail(err, VF_E_INVALID, "a password has %d to %d characters",
			VF_PASSWORD_MIN, VF_PASSWORD_MAX);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)password[i];

		if (c < 0x20 || c == 0x7f)
			return vf_fail(err, VF_E_INVALID, "a password has no control characters");
		kinds += !seen[c];
		seen[c] = true;
	}
	if (kinds < 5 || (*user_name && strcasestr(password, user_name)))
		return vf_fail(err, VF_E_INVALID,
			"this password is too easy: use five different characters or more, and not "
			"the "
			"name");
	return VF_OK;
}

static void hash_secret(struct vf_token *t)
{
	/* The whole text: a secret cannot be moved under another prefix. */
	crypto_hash_sha256(t->secret_hash, (const unsigned char *)t->text, strlen(t->text));
}

void vf_token_new(struct vf_token *t, const char *kind)
{
	char secret[SECRET_LEN + 1];

	vf_random_word(t->prefix, PREFIX_LEN);
	vf_random_word(secret, SECRET_LEN);
	snprintf(t->text, sizeof t->text, "%s_%s_%s", kind, t->prefix, secret);
	hash_secret(t);
	sodium_memzero(secret, sizeof secret);
}

bool vf_token_parse(const char *text, const char *kind, struct vf_token *out)
{
	size_t len = strlen(kind);

	memset(out, 0, sizeof *out);
	if (strlen(text) != len + PREFIX_LEN + SECRET_LEN + 2 || strncmp(text, kind, len) != 0 ||
		text[len] != '_' || text[len + 1 + PREFIX_LEN] != '_')
		return false;
	for (const char *p = text + len + 1; *p; p++)
		if (!((*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') ||
			    (*p >= 'a' && *p <= 'z') || p == text + len + 1 + PREFIX_LEN))
			return false;
	memcpy(out->prefix, text + len + 1, PREFIX_LEN);
	snprintf(out->text, sizeof out->text, "%s", text);
	hash_secret(out);
	return true;
}

bool vf_secret_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}
