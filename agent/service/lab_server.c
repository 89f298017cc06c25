/* What the lab needs on the server before its machines speak: a project and the builds. */
#include <inttypes.h>

#include <jansson.h>

#include "agent/service/lab.h"
#include "agent/wire/answer.h"

static enum vf_status post(struct vf_lab *lab, const char *path, json_t *body,
	struct vf_answer *answer, struct vf_err *err)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	struct vf_http_request req = {.method = "POST",
		.path = path,
		.headers = {"Content-Type: application/json"},
		.body = text,
		.body_len = text ? strlen(text) : 0};
	struct vf_http_response res = {0};
	char authorization[320];
	enum vf_status st;

	json_decref(body);
	if (!text)
		return vf_fail(err, VF_E_NOMEM, "no memory for a request");
	snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", lab->api_token);
	req.headers[1] = authorization;
	vf_buf_init(&res.body, 1 << 20);
	st = lab->http.port.exchange(lab->http.port.ctx, &req, &res, err);
	if (st == VF_OK)
		vf_answer_parse(answer, res.status, &res.body);
	vf_buf_release(&res.body);
	free(text);
	return st;
}

static json_t *image_json(const struct vf_scenario_image *image)
{
	return json_pack("{s:s, s:o, s:I, s:o}", "name", VF_SCENARIO_DRIVER, "timestamp",
		json_sprintf("0x%08" PRIx32, image->timestamp), "size", (json_int_t)image->size,
		"checksum", json_sprintf("0x%08" PRIx32, image->checksum));
}

static json_t *build_json(const struct vf_lab *lab, const struct vf_scenario_build *b)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:[oo]}", "project", lab->project,
		"driver", VF_SCENARIO_DRIVER, "branch", b->branch, "seq", (json_int_t)b->seq,
		"label", b->label, "commit", b->commit, "origin", "lab", "images",
		image_json(&b->x64), image_json(&b->arm64));
}

enum vf_status vf_lab_register(struct vf_lab *lab, struct vf_err *err)
{
	struct vf_answer answer;
	enum vf_status st;

	/* The project may exist already, or the token may not be allowed to make one: then the first
	 * build says whether that matters. */
	st = post(lab, "/api/v1/projects",
		json_pack("{s:s, s:s, s:b}", "slug", lab->project, "name", "Simulated lab",
			"simulated", 1),
		&answer, err);
	for (size_t i = 0; st == VF_OK && i < VF_SCENARIO_BUILDS; i++) {
		st = post(
			lab, "/api/v1/builds", build_json(lab, vf_scenario_build(i)), &answer, err);
		if (st == VF_OK && !answer.ok)
			st = vf_fail(err, VF_E_DENIED, "build %s could not be registered: %.160s",
				vf_scenario_build(i)->label, answer.problem);
	}
	return st;
}
