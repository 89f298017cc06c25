/*
 * People, their sessions, and tokens. Secrets come in already hashed (runtime/secret.h); nothing
 * here writes audit rows, so that the caller can name who acted.
 */
#ifndef VF_SERVER_STORE_ACCOUNT_H
#define VF_SERVER_STORE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "verifleet/status.h"

struct vf_db;

struct vf_account {
	int64_t id;
	char name[64];
	char password_hash[128];
	int role; /* enum vf_role: 1 viewer, 2 operator, 3 administrator */
	bool must_change, disabled;
};

VF_MUST bool vf_account_name_ok(const char *name);
/* VF_E_NOTFOUND without such a user; names are compared without case. */
VF_MUST enum vf_status vf_account_by_name(
	struct vf_db *, const char *name, struct vf_account *out, struct vf_err *);
VF_MUST enum vf_status vf_account_by_id(
	struct vf_db *, int64_t id, struct vf_account *out, struct vf_err *);
/* VF_E_CONFLICT when the name is taken. */
VF_MUST enum vf_status vf_account_add(struct vf_db *, const char *name, const char *password_hash,
	int role, bool must_change, int64_t *id, struct vf_err *);
VF_MUST enum vf_status vf_account_count(struct vf_db *, int64_t *out, struct vf_err *);
/* A new password ends every session except `keep` (NULL: every one), and enables the account. */
VF_MUST enum vf_status vf_account_set_password(struct vf_db *, int64_t id,
	const char *password_hash, bool must_change, const unsigned char keep[32], struct vf_err *);
/* Disabling ends the sessions; the last enabled administrator cannot be disabled. */
VF_MUST enum vf_status vf_account_disable(struct vf_db *, int64_t id, struct vf_err *);
VF_MUST enum vf_status vf_account_signed_in(struct vf_db *, int64_t id, struct vf_err *);

struct vf_session {
	struct vf_account user;
	char csrf[48];
};

VF_MUST enum vf_status vf_session_add(struct vf_db *, const unsigned char hash[32], int64_t user_id,
	const char *csrf, int64_t expires_us, const char *remote_addr, struct vf_err *);
/*
 * The session of a cookie: VF_E_NOTFOUND when there is none, it expired, or its user is disabled.
 * A use moves its end `hours` ahead, written at most once in five minutes.
 */
VF_MUST enum vf_status vf_session_find(struct vf_db *, const unsigned char hash[32], int hours,
	struct vf_session *out, struct vf_err *);
VF_MUST enum vf_status vf_session_end(
	struct vf_db *, const unsigned char hash[32], struct vf_err *);

struct vf_api_token {
	int64_t id, project_id; /* project_id 0: every project */
	uint32_t scopes;
	int role;
	char prefix[16], name[208];
};

struct vf_api_token_new {
	const char *prefix, *name;
	const unsigned char *secret_hash; /* 32 bytes */
	uint32_t scopes;
	int role;
	int64_t project_id; /* 0: every project */
	int64_t created_by; /* 0: the console */
	int64_t expires_us; /* INT64_MIN: never */
};
VF_MUST enum vf_status vf_api_token_add(
	struct vf_db *, const struct vf_api_token_new *, int64_t *id, struct vf_err *);
/* VF_E_NOTFOUND for an unknown, expired or revoked token, or a wrong secret. */
VF_MUST enum vf_status vf_api_token_find(struct vf_db *, const char *prefix,
	const unsigned char secret_hash[32], struct vf_api_token *out, struct vf_err *);
VF_MUST enum vf_status vf_api_token_revoke(struct vf_db *, int64_t id, struct vf_err *);

struct vf_enroll_token_new {
	const char *prefix;
	const unsigned char *secret_hash; /* 32 bytes */
	int64_t project_id, created_by, expires_us;
	int max_uses;
	const char *networks; /* array text, "{10.0.0.0/8}"; NULL: from anywhere */
	const char *note;     /* may be NULL */
};
VF_MUST enum vf_status vf_enroll_token_add(
	struct vf_db *, const struct vf_enroll_token_new *, int64_t *id, struct vf_err *);
VF_MUST enum vf_status vf_enroll_token_revoke(struct vf_db *, int64_t id, struct vf_err *);
VF_MUST enum vf_status vf_project_id(
	struct vf_db *, const char *slug, int64_t *out, struct vf_err *);

/* Remembers a nonce; VF_E_CONFLICT when it was used before. */
VF_MUST enum vf_status vf_agent_nonce_use(
	struct vf_db *, int64_t agent_id, const unsigned char nonce[16], struct vf_err *);
/* Removes sessions that ended and nonces older than the window needs. */
VF_MUST enum vf_status vf_access_sweep(struct vf_db *, struct vf_err *);

#endif
