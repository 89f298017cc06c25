#include "agent/wire/answer.h"

#include <jansson.h>

#include "agent/core/rfc3339.h"

static bool take_number(uint64_t *to, const json_t *root, const char *name)
{
	const json_t *v = json_object_get(root, name);

	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return false;
	*to = (uint64_t)json_integer_value(v);
	return true;
}

static void take_text(char *to, size_t size, const char *s)
{
	if (s)
		snprintf(to, size, "%s", s);
	for (; *to; to++)
		if ((unsigned char)*to < 0x20)
			*to = ' ';
}

static const char *text(const json_t *root, const char *name)
{
	return json_string_value(json_object_get(root, name));
}

void vf_answer_parse(struct vf_answer *out, int status, const struct vf_buf *body)
{
	json_t *root = json_loadb(vf_buf_text(body), body->len, 0, NULL);
	const char *type, *title, *detail;
	uint64_t beat;

	*out = (struct vf_answer){.status = status, .ok = status >= 200 && status < 300};
	if (json_is_object(root)) {
		out->has_acked = take_number(&out->acked_seq, root, "acked_seq");
		out->has_expected = take_number(&out->expected_seq, root, "expected_seq");
		out->has_received = take_number(&out->received, root, "received");
		(void)take_number(&out->stored, root, "stored");
		(void)take_number(&out->duplicates, root, "duplicates");
		(void)take_number(&out->rejected, root, "rejected");
		(void)take_number(&out->gaps, root, "gaps");
		if (take_number(&beat, root, "heartbeat_s") && beat >= 1 && beat <= 3600)
			out->heartbeat_s = (unsigned)beat;
		out->complete = json_is_true(json_object_get(root, "complete"));
		if (text(root, "server_time"))
			out->has_time =
				vf_time_parse(text(root, "server_time"), &out->server_time_us);
		take_text(out->stream, sizeof out->stream, text(root, "stream"));
		take_text(out->agent_id, sizeof out->agent_id, text(root, "agent_id"));
		take_text(out->machine_id, sizeof out->machine_id, text(root, "machine_id"));
		take_text(out->machine, sizeof out->machine, text(root, "machine"));
		take_text(out->field, sizeof out->field, text(root, "field"));
		type = text(root, "type");
		if (type)
			take_text(out->slug, sizeof out->slug,
				strrchr(type, '/')   ? strrchr(type, '/') + 1
				: strrchr(type, ':') ? strrchr(type, ':') + 1
						     : type);
		title = text(root, "title");
		detail = text(root, "detail");
		take_text(out->problem, sizeof out->problem, detail ? detail : title);
	}
	if (!out->ok && !out->problem[0])
		snprintf(out->problem, sizeof out->problem, "the server answered %d", status);
	json_decref(root);
}
