/* Enrolment, and the identity that it leaves behind. */
#include <jansson.h>

#include "agent/service/agent.h"
#include "agent/wire/answer.h"
#include "verifleet/version.h"

enum vf_status vf_identity_load(struct vf_identity *id, const struct vf_files *files,
	const char *data_dir, struct vf_err *err)
{
	struct vf_buf text;
	enum vf_status st;
	char path[1200];
	json_t *root;
	int rc;
	const char *server, *agent, *machine_id, *machine;

	snprintf(path, sizeof path, "%s/identity.json", data_dir);
	vf_buf_init(&text, 65536);
	st = files->read_all(files->ctx, path, &text, err);
	if (st == VF_E_NOTFOUND)
		return vf_fail(err, st,
			"this machine is not enrolled: verifleet-agent enroll --server URL --token "
			"T");
	if (st != VF_OK)
		return st;
	root = json_loadb(vf_buf_text(&text), text.len, 0, NULL);
	rc = json_unpack(root, "{s:s, s:s, s:s, s:s}", "server", &server, "agent_id", &agent,
		"machine_id", &machine_id, "machine", &machine);
	if (rc == 0) {
		snprintf(id->server, sizeof id->server, "%s", server);
		snprintf(id->agent_id, sizeof id->agent_id, "%s", agent);
		snprintf(id->machine_id, sizeof id->machine_id, "%s", machine_id);
		snprintf(id->machine, sizeof id->machine, "%s", machine);
	}
	json_decref(root);
	vf_buf_release(&text);
	return rc ? vf_fail(err, VF_E_CORRUPT, "%.150s is damaged: enrol this machine again", path)
		  : VF_OK;
}

enum vf_status vf_identity_save(const struct vf_identity *id, const struct vf_files *files,
	const char *data_dir, struct vf_err *err)
{
	json_t *root = json_pack("{s:s, s:s, s:s, s:s}", "server", id->server, "agent_id",
		id->agent_id, "machine_id", id->machine_id, "machine", id->machine);
	char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	char path[1200];
	enum vf_status st;

	json_decref(root);
	if (!text)
		return vf_fail(err, VF_E_NOMEM, "no memory for the identity");
	snprintf(path, sizeof path, "%s/identity.json", data_dir);
	st = files->replace(files->ctx, path, text, strlen(text), err);
	free(text);
	return st;
}

static json_t *text_or_null(const char *s)
{
	return s && *s ? json_string(s) : json_null();
}

static char *request_body(
	const struct vf_agent_ports *ports, const struct vf_enrolment *e, struct vf_err *err)
{
	struct vf_buf pem, env;
	json_t *root = NULL;
	char *text = NULL;

	vf_buf_init(&pem, 8192);
	vf_buf_init(&env, 8192);
	if (ports->crypto->public_pem(ports->crypto->ctx, &pem, err) != VF_OK)
		goto out_release;
	if (vf_encode_env(&env, e->env) != VF_OK)
		goto out_release;
	root = json_pack("{s:s, s:s, s:s, s:{s:o, s:o, s:n}, s:o, s:s}", "token", e->token, "name",
		e->name, "public_key", vf_buf_text(&pem), "evidence", "smbios_uuid",
		text_or_null(e->smbios_uuid), "machine_guid", text_or_null(e->machine_guid),
		"disk_serial", "env", json_loads(vf_buf_text(&env), 0, NULL), "agent_version",
		VF_VERSION);
	text = root ? json_dumps(root, JSON_COMPACT) : NULL;
	json_decref(root);
	if (!text)
		(void)vf_fail(err, VF_E_NOMEM, "no memory for an enrolment, or a name is no UTF-8");
out_release:
	vf_buf_release(&env);
	vf_buf_release(&pem);
	return text;
}

enum vf_status vf_enroll(struct vf_identity *out, const struct vf_agent_ports *ports,
	const struct vf_enrolment *e, struct vf_err *err)
{
	struct vf_http_request req = {.method = "POST",
		.path = "/api/v1/enroll",
		.headers = {"Content-Type: application/json"}};
	struct vf_http_response res = {0};
	struct vf_answer answer;
	enum vf_status st;
	char *body = request_body(ports, e, err);

	if (!body)
		return VF_E_INVALID;
	req.body = body;
	req.body_len = strlen(body);
	vf_buf_init(&res.body, 65536);
	st = ports->http->exchange(ports->http->ctx, &req, &res, err);
	if (st == VF_OK) {
		vf_answer_parse(&answer, res.status, &res.body);
		if (answer.ok && answer.agent_id[0]) {
			snprintf(out->agent_id, sizeof out->agent_id, "%s", answer.agent_id);
			snprintf(out->machine_id, sizeof out->machine_id, "%s", answer.machine_id);
			snprintf(out->machine, sizeof out->machine, "%s", answer.machine);
		} else {
			st = vf_fail(err, answer.status >= 500 ? VF_E_AGAIN : VF_E_DENIED,
				"the server refused the enrolment: %.150s%s%.60s", answer.problem,
				answer.field[0] ? "; field " : "", answer.field);
		}
	}
	vf_buf_release(&res.body);
	free(body);
	return st;
}
