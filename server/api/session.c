/* Signing in and out, and one's own password. */
#include <sodium.h>

#include "server/api/cookie.h"
#include "server/api/env.h"
#include "server/runtime/hex.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"
#include "server/runtime/secret.h"
#include "server/runtime/throttle.h"
#include "server/store/account.h"
#include "server/store/audit.h"
#include "server/store/db.h"
#include "verifleet/version.h"

vf_handler vf_api_session_get, vf_api_session_create, vf_api_session_delete,
	vf_api_session_password;

/* One name from one address; and one address with whatever names. */
static struct vf_throttle throttle = VF_THROTTLE_INIT;
static const struct vf_throttle_rule name_rule = {5, 15, 900, 3600},
				     address_rule = {30, 15, 900, 3600};

/* How far the installation is: pages lead a new one through its first steps. */
static enum vf_status setup_counts(struct vf_request *req, json_t **out, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st = vf_query(req->db, "session_setup",
		"select (select count(*) from (select 1 from build limit 1000) b), "
		"(select count(*) from (select 1 from machine limit 1000) m), "
		"(select count(*) from (select 1 from finding limit 1000) f)",
		NULL, &rows, err);

	if (!st)
		*out = json_pack("{s:I, s:I, s:I}", "builds", (json_int_t)vf_row_i64(rows, 0, 0),
			"machines", (json_int_t)vf_row_i64(rows, 0, 1), "findings",
			(json_int_t)vf_row_i64(rows, 0, 2));
	vf_rows_free(rows);
	return st;
}

static enum vf_status session_document(struct vf_request *req, struct vf_response *res,
	const struct vf_account *user, const char *csrf, struct vf_err *err)
{
	json_t *setup = NULL;
	enum vf_status st = setup_counts(req, &setup, err);

	if (st)
		return st;
	return vf_res_json(req, res, 200,
		json_pack("{s:{s:I, s:s, s:s, s:b}, s:s, s:{s:s, s:s}, s:o}", "user", "id",
			(json_int_t)user->id, "name", user->name, "role", vf_role_name(user->role),
			"must_change_password", user->must_change, "csrf", csrf, "server",
			"version", VF_VERSION, "public_url", req->env->public_url, "setup", setup),
		err);
}

static enum vf_status current(
	struct vf_request *req, struct vf_session *out, unsigned char hash[32], struct vf_err *err)
{
	if (req->who.kind != VF_WHO_USER || !vf_cookie_hash(req, hash))
		return vf_fail(err, VF_E_DENIED, "only a person who signed in has a session");
	return vf_session_find(req->db, hash, req->env->session_hours, out, err);
}

enum vf_status vf_api_session_get(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_session session;
	unsigned char hash[32];
	enum vf_status st = current(req, &session, hash, err);

	return st ? st : session_document(req, res, &session.user, session.csrf, err);
}

/* A member that must be text; its words stay valid as long as the document. */
static const char *member(const json_t *doc, const char *name, size_t max)
{
	const json_t *value = json_object_get(doc, name);
	const char *text = json_string_value(value);

	return text && json_string_length(value) <= max && strlen(text) == json_string_length(value)
		       ? text
		       : NULL;
}

static enum vf_status open_session(struct vf_request *req, struct vf_response *res,
	struct vf_account *user, struct vf_err *err)
{
	const struct vf_actor who = {"user", user->id, user->name, req->remote_addr};
	int hours = req->env->session_hours;
	unsigned char hash[32], raw[16];
	enum vf_status st;
	char csrf[33];

	res->set_cookie = vf_cookie_new(req, hours * 3600, hash);
	if (!res->set_cookie)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	vf_random(raw, sizeof raw);
	vf_hex(raw, sizeof raw, csrf);
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_session_add(req->db, hash, user->id, csrf,
			req->now_us + (int64_t)hours * 3600 * 1000000, req->remote_addr, err);
	if (!st)
		st = vf_account_signed_in(req->db, user->id, err);
	if (!st)
		st = vf_audit(req->db, &who, "session.start", "user", user->name, NULL, err);
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (st) {
		vf_tx_rollback(req->db);
		res->set_cookie = NULL;
		return st;
	}
	return session_document(req, res, user, csrf, err);
}

static enum vf_status too_often(struct vf_request *req, struct vf_response *res, int wait_s)
{
	res->retry_after_s = wait_s;
	return vf_res_problem(req, res, 429, "too-many-tries", NULL,
		vf_arena_printf(req->arena, "Too many wrong tries: wait %d seconds.", wait_s));
}

/* Says no in the same words and about the same time, whether the name or the password is wrong. */
static enum vf_status refuse(struct vf_request *req, struct vf_response *res, const char *name,
	const struct vf_account *user, struct vf_err *err)
{
	const struct vf_actor who = {"system", 0, "sign-in", req->remote_addr};
	enum vf_status st = VF_OK;

	vf_throttle_fail(
		&throttle, vf_throttle_key(req->remote_addr, name), &name_rule, req->now_us);
	vf_throttle_fail(
		&throttle, vf_throttle_key(req->remote_addr, ""), &address_rule, req->now_us);
	if (user)
		st = vf_audit(req->db, &who, "session.refused", "user", user->name, NULL, err);
	if (st)
		return st;
	return vf_res_problem(
		req, res, 401, "wrong-credentials", NULL, "The name or the password is wrong.");
}

enum vf_status vf_api_session_create(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	const char *type = req->header(req, "Content-Type"), *name, *password;
	struct vf_account user;
	enum vf_status st;
	bool known;
	json_t *doc;
	int wait, wait_address;

	/* A form of another page cannot send this type without asking first. */
	if (!type || strncasecmp(type, "application/json", 16) != 0)
		return vf_res_problem(req, res, 415, NULL, NULL, "Send application/json.");
	st = vf_req_json(req, &doc, err);
	if (st)
		return st;
	name = member(doc, "name", 63);
	password = member(doc, "password", VF_PASSWORD_MAX);
	if (!name || !password)
		return vf_res_problem(req, res, 422, NULL, name ? "password" : "name",
			"The body must hold a name and a password.");
	wait = vf_throttle_wait(&throttle, vf_throttle_key(req->remote_addr, name), req->now_us);
	wait_address =
		vf_throttle_wait(&throttle, vf_throttle_key(req->remote_addr, ""), req->now_us);
	if (wait || wait_address)
		return too_often(req, res, wait > wait_address ? wait : wait_address);
	st = vf_account_by_name(req->db, name, &user, err);
	if (st && st != VF_E_NOTFOUND)
		return st;
	known = !st && !user.disabled;
	if (!vf_password_ok(known ? user.password_hash : NULL, password))
		return refuse(req, res, name, known ? &user : NULL, err);
	vf_throttle_clear(&throttle, vf_throttle_key(req->remote_addr, name));
	return open_session(req, res, &user, err);
}

enum vf_status vf_api_session_delete(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	const struct vf_actor who = {"user", req->who.id, req->who.name, req->remote_addr};
	unsigned char hash[32];
	enum vf_status st;

	if (req->who.kind != VF_WHO_USER || !vf_cookie_hash(req, hash))
		return vf_fail(err, VF_E_DENIED, "only a person who signed in has a session");
	st = vf_session_end(req->db, hash, err);
	if (!st)
		st = vf_audit(req->db, &who, "session.end", "user", req->who.name, NULL, err);
	if (st)
		return st;
	res->status = 204;
	res->set_cookie = vf_cookie_clear(req);
	return VF_OK;
}

static enum vf_status store_password(struct vf_request *req, const struct vf_session *session,
	const unsigned char keep[32], const char *password, struct vf_err *err)
{
	const struct vf_actor who = {
		"user", session->user.id, session->user.name, req->remote_addr};
	char hash[VF_PASSWORD_HASH];
	enum vf_status st = vf_password_hash(password, hash, err);

	if (st)
		return st;
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_account_set_password(req->db, session->user.id, hash, false, keep, err);
	if (!st)
		st = vf_audit(
			req->db, &who, "user.password", "user", session->user.name, NULL, err);
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (st)
		vf_tx_rollback(req->db);
	return st;
}

enum vf_status vf_api_session_password(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_session session;
	const char *old, *new;
	unsigned char hash[32];
	struct vf_err why;
	enum vf_status st;
	uint64_t key;
	json_t *doc;
	int wait;

	st = current(req, &session, hash, err);
	if (!st)
		st = vf_req_json(req, &doc, err);
	if (st)
		return st;
	old = member(doc, "current", VF_PASSWORD_MAX);
	new = member(doc, "new", VF_PASSWORD_MAX);
	if (!old || !new)
		return vf_res_problem(req, res, 422, NULL, old ? "new" : "current",
			"The body must hold the current and the new password.");
	key = vf_throttle_key(req->remote_addr, session.user.name);
	wait = vf_throttle_wait(&throttle, key, req->now_us);
	if (wait)
		return too_often(req, res, wait);
	if (!vf_password_ok(session.user.password_hash, old)) {
		vf_throttle_fail(&throttle, key, &name_rule, req->now_us);
		return vf_res_problem(
			req, res, 422, NULL, "current", "The current password is wrong.");
	}
	if (!strcmp(old, new))
		return vf_res_problem(req, res, 422, NULL, "new",
			"The new password must differ from the current one.");
	if (vf_password_acceptable(new, session.user.name, &why))
		return vf_res_problem(req, res, 422, NULL, "new", why.text);
	st = store_password(req, &session, hash, new, err);
	res->status = 204;
	return st;
}
