/*
 * Passwords and tokens. A password is kept as argon2id, which takes about a tenth of a second and
 * 64 MiB on purpose: hash and check them on few threads. A token is random, 160 bits and more, so
 * its SHA-256 is enough. Any thread; vf_secret_init() first.
 */
#ifndef VF_SERVER_RUNTIME_SECRET_H
#define VF_SERVER_RUNTIME_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "verifleet/status.h"

#define VF_PASSWORD_HASH 128 /* bytes of its text form, with the NUL */
#define VF_PASSWORD_MIN  10
#define VF_PASSWORD_MAX  256

VF_MUST enum vf_status vf_secret_init(struct vf_err *);

VF_MUST enum vf_status vf_password_hash(
	const char *password, char out[VF_PASSWORD_HASH], struct vf_err *);
/* `hash` NULL does the same work for a name that does not exist, and says no. */
VF_MUST bool vf_password_ok(const char *hash, const char *password);
/* Length and variety that a person may choose; the reason goes to `err`. */
VF_MUST enum vf_status vf_password_acceptable(
	const char *password, const char *user_name, struct vf_err *);

/* "<kind>_<prefix>_<secret>": the prefix may be shown, the secret is seen once. */
struct vf_token {
	char text[80];
	char prefix[16];
	unsigned char secret_hash[32];
};
void vf_token_new(struct vf_token *, const char *kind); /* "vf", "vfe" */
/* False when `text` is no token of this kind. */
VF_MUST bool vf_token_parse(const char *text, const char *kind, struct vf_token *out);
VF_MUST bool vf_secret_equal(const void *a, const void *b, size_t len); /* constant time */

#endif
