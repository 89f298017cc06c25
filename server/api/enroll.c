/* Agents: how one comes in, and its sign of life. */
#include <sodium.h>

#include "server/api/deed.h"
#include "server/ingest/env.h"
#include "server/ingest/member.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/metric.h"
#include "server/runtime/secret.h"
#include "server/store/agent.h"
#include "verifleet/wire.h"

vf_handler vf_api_enroll, vf_api_heartbeat;

#define ENROLMENTS_HELP "Enrolments by what became of them."
VF_COUNTER(m_enrolled, "verifleet_enrolments_total", ENROLMENTS_HELP, "result=\"enrolled\"");
VF_COUNTER(m_conflict, "verifleet_enrolments_total", ENROLMENTS_HELP, "result=\"conflict\"");
VF_COUNTER(m_refused, "verifleet_enrolments_total", ENROLMENTS_HELP, "result=\"refused\"");

/* SubjectPublicKeyInfo of a P-256 key: what stands before the 64 bytes of the point. */
static const unsigned char p256_head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
	0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03,
	0x42, 0x00, 0x04};

static bool is_p256_pem(const char *pem)
{
	static const char begin[] = "-----BEGIN PUBLIC KEY-----\n";
	static const char end[] = "-----END PUBLIC KEY-----";
	unsigned char der[sizeof p256_head + 64 + 1];
	const char *body, *stop, *rest;
	size_t n;

	if (strncmp(pem, begin, sizeof begin - 1) != 0)
		return false;
	body = pem + sizeof begin - 1;
	stop = strstr(body, end);
	if (!stop || sodium_base642bin(der, sizeof der, body, (size_t)(stop - body), "\r\n", &n,
			     &rest, sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	return n == sizeof p256_head + 64 && rest == stop &&
	       !memcmp(der, p256_head, sizeof p256_head);
}

static enum vf_status refuse(
	struct vf_request *req, struct vf_response *res, const struct vf_refusal *r)
{
	char detail[352];

	snprintf(detail, sizeof detail, "%s%s%s", r->field, *r->field ? " " : "", r->reason);
	return vf_res_problem(req, res, 422, "invalid", *r->field ? r->field : NULL, detail);
}

struct enrol {
	struct vf_enrolment row;
	struct vf_token token;
	struct vf_env_facts env;
};

/* PEM has line ends, so it is no member_text. */
static const char *read_key(struct vf_members *m)
{
	const json_t *v = m->ok ? json_object_get(m->object, "public_key") : NULL;
	const char *pem = json_string_value(v);

	if (pem && json_string_length(v) <= VF_AGENT_KEY_MAX && is_p256_pem(pem))
		return pem;
	vf_member_refuse(m, "public_key", "must be the PEM of an ECDSA P-256 public key");
	return NULL;
}

static bool read_enrol(const json_t *body, struct enrol *out, struct vf_refusal *refusal)
{
	const json_t *evidence;
	struct vf_members m, e;
	const char *token;

	vf_members_init(&m, body, "", refusal);
	token = vf_member_text(&m, "token", 128, VF_MEMBER_REQUIRED);
	if (token && !vf_token_parse(token, "vfe", &out->token))
		vf_member_refuse(&m, "token", "is no enrolment token");
	out->row.name = vf_member_text(&m, "name", VF_WIRE_NAME_MAX, VF_MEMBER_REQUIRED);
	out->row.version = vf_member_text(&m, "agent_version", 64, VF_MEMBER_REQUIRED);
	out->row.public_key = read_key(&m);
	evidence = vf_member_object(&m, "evidence", VF_MEMBER_OPTIONAL);
	if (evidence) {
		vf_members_init(&e, evidence, "evidence.", refusal);
		out->row.smbios_uuid = vf_member_text(&e, "smbios_uuid", 128, VF_MEMBER_OPTIONAL);
		out->row.machine_guid = vf_member_text(&e, "machine_guid", 128, VF_MEMBER_OPTIONAL);
		out->row.disk_serial = vf_member_text(&e, "disk_serial", 128, VF_MEMBER_OPTIONAL);
		m.ok = e.ok;
	}
	vf_env_read(&m, "env", &out->env);
	return m.ok;
}

static enum vf_status store_enrol(
	struct vf_request *req, struct enrol *in, struct vf_enrolled *out, struct vf_err *err)
{
	enum vf_status st;

	st = vf_store_enroll_token_use(
		req->db, in->token.secret_hash, req->remote_addr, &in->row.project_id, err);
	if (!st)
		st = vf_env_store(req->db, &in->env, &in->row.env_id, err);
	if (!st)
		st = vf_store_enroll(req->db, &in->row, out, err);
	if (st)
		return st;
	/* The token is spent: from here on the agent stands for itself. */
	req->who.kind = VF_WHO_AGENT;
	req->who.id = out->agent_id;
	snprintf(req->who.name, sizeof req->who.name, "%s", out->agent_uuid);
	return vf_deed_record(req, "agent.enrol", "machine", out->machine_id,
		json_pack("{s:s, s:s, s:b, s:b}", "machine", out->machine, "token",
			in->token.prefix, "known_machine", out->known_machine, "conflict",
			out->conflict),
		err);
}

enum vf_status vf_api_enroll(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_refusal refusal = {0};
	struct vf_enrolled done;
	struct enrol in = {0};
	enum vf_status st;
	char now[32];
	json_t *body;

	st = vf_req_json(req, &body, err);
	if (st)
		return st;
	if (!read_enrol(body, &in, &refusal))
		return refuse(req, res, &refusal);
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = store_enrol(req, &in, &done, err);
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (st) {
		vf_tx_rollback(req->db);
		vf_metric_add(&m_refused, st == VF_E_DENIED);
		if (st == VF_E_DENIED)
			return vf_res_problem(req, res, 403, "enroll-token", "token", err->text);
		return st;
	}
	vf_metric_add(done.conflict ? &m_conflict : &m_enrolled, 1);
	vf_log(VF_LOG_INFO, "enroll", "agent %s stands for machine %s", done.agent_uuid,
		done.machine_uuid);
	vf_time_text(req->now_us, now);
	return vf_res_json(req, res, 201,
		json_pack("{s:s, s:s, s:s, s:s, s:i}", "agent_id", done.agent_uuid, "machine_id",
			done.machine_uuid, "machine", done.machine, "server_time", now,
			"heartbeat_s", VF_WIRE_HEARTBEAT_S),
		err);
}

enum vf_status vf_api_heartbeat(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_heartbeat row = {.agent_id = req->who.id,
		.machine_id = req->who.machine_id,
		.spool_oldest_us = INT64_MIN};
	struct vf_refusal refusal = {0};
	const json_t *spool;
	struct vf_members m, s;
	enum vf_status st;
	char now[32];
	json_t *body;

	st = vf_req_json(req, &body, err);
	if (st)
		return st;
	vf_members_init(&m, body, "", &refusal);
	(void)vf_member_uuid(&m, "boot_uuid", VF_MEMBER_OPTIONAL);
	(void)vf_member_int(&m, "uptime_us", 0, INT64_MAX, VF_MEMBER_OPTIONAL, 0);
	(void)vf_member_int(&m, "policy_revision", 0, INT64_MAX, VF_MEMBER_OPTIONAL, 0);
	spool = vf_member_object(&m, "spool", VF_MEMBER_REQUIRED);
	if (spool) {
		vf_members_init(&s, spool, "spool.", &refusal);
		row.spool_records =
			vf_member_int(&s, "records", 0, INT64_MAX, VF_MEMBER_REQUIRED, 0);
		row.spool_bytes = vf_member_int(&s, "bytes", 0, INT64_MAX, VF_MEMBER_REQUIRED, 0);
		row.spool_oldest_us =
			vf_member_time(&s, "oldest_at", VF_MEMBER_OPTIONAL, INT64_MIN);
		m.ok = s.ok;
	}
	if (!m.ok)
		return refuse(req, res, &refusal);
	st = vf_store_heartbeat(req->db, &row, err);
	if (st)
		return st;
	vf_time_text(req->now_us, now);
	return vf_res_json(req, res, 200,
		json_pack("{s:s, s:i, s:i}", "server_time", now, "heartbeat_s", VF_WIRE_HEARTBEAT_S,
			"policy_revision", 0),
		err);
}
