#include "agent/core/events.h"

#include <errno.h>

#include "agent/core/rfc3339.h"

static bool number(const char **p, int base, uint64_t *out)
{
	char *end;

	while (**p == ' ' || **p == '(' || **p == ',')
		(*p)++;
	if (base == 16 && (*p)[0] == '0' && ((*p)[1] == 'x' || (*p)[1] == 'X'))
		*p += 2;
	if (!**p || !strchr("0123456789abcdefABCDEF", **p)) /* strtoull would take a sign */
		return false;
	errno = 0;
	*out = strtoull(*p, &end, base);
	if (errno || end == *p)
		return false;
	*p = end;
	return true;
}

bool vf_event_bugcheck_text(const char *text, uint32_t *code, uint64_t params[4])
{
	uint64_t c;

	if (!number(&text, 16, &c) || c > UINT32_MAX)
		return false;
	for (int i = 0; i < 4; i++)
		if (!number(&text, 16, &params[i]))
			return false;
	while (*text == ' ' || *text == ')' || *text == '.')
		text++;
	*code = (uint32_t)c;
	return !*text;
}

static void take_text(char *to, size_t size, const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	if (s && strlen(s) < size)
		memcpy(to, s, strlen(s) + 1);
}

static uint32_t without_mark(uint32_t code)
{
	return code & 0x0fffffffu;
}

static bool parse_1001(struct vf_event *e, const json_t *data, uint64_t key, int64_t record_id)
{
	const char *text = json_string_value(json_object_get(data, "param1"));
	struct vf_crash *c = &e->crash;

	if (!text || !vf_event_bugcheck_text(text, &c->raw_code, c->params))
		return false;
	c->code = without_mark(c->raw_code);
	c->at_us = e->at_us;
	c->has_event = true;
	c->event = (struct vf_crash_event){
		.key = key, .at_us = e->at_us, .event_id = 1001, .record_id = record_id};
	take_text(c->event.dump_path, sizeof c->event.dump_path, data, "param2");
	take_text(c->event.report_id, sizeof c->event.report_id, data, "param3");
	e->kind = VF_EVENT_BUGCHECK;
	return true;
}

static bool data_number(const json_t *data, const char *name, int base, uint64_t *out)
{
	const json_t *v = json_object_get(data, name);
	const char *s = json_string_value(v);

	if (json_is_integer(v) && json_integer_value(v) >= 0) {
		*out = (uint64_t)json_integer_value(v);
		return true;
	}
	return s && number(&s, base, out) && !*s;
}

static bool parse_41(struct vf_event *e, const json_t *data, uint64_t key, int64_t record_id)
{
	static const char *const names[4] = {"BugcheckParameter1", "BugcheckParameter2",
		"BugcheckParameter3", "BugcheckParameter4"};
	struct vf_crash *c = &e->crash;
	uint64_t code;

	if (!data_number(data, "BugcheckCode", 10, &code) || code > UINT32_MAX)
		return false;
	e->kind = VF_EVENT_POWER;
	if (!code)
		return true;
	for (int i = 0; i < 4; i++)
		if (!data_number(data, names[i], 16, &c->params[i]))
			return false;
	c->raw_code = (uint32_t)code;
	c->code = without_mark(c->raw_code);
	c->at_us = e->at_us;
	c->has_power = true;
	c->power = (struct vf_crash_event){
		.key = key, .at_us = e->at_us, .event_id = 41, .record_id = record_id};
	return true;
}

static bool parse_run(struct vf_event *e, json_t *data, int64_t id)
{
	struct vf_event_run *r = &e->run;

	take_text(r->id, sizeof r->id, data, "run");
	take_text(r->outcome, sizeof r->outcome, data, "outcome");
	take_text(r->driver, sizeof r->driver, data, "driver");
	take_text(r->branch, sizeof r->branch, data, "branch");
	take_text(r->label, sizeof r->label, data, "label");
	r->seq = json_integer_value(json_object_get(data, "seq"));
	e->kind = id == 1 ? VF_EVENT_RUN_START : VF_EVENT_RUN_END;
	if (id == 1 && json_is_array(json_object_get(data, "images")))
		e->images = json_incref(json_object_get(data, "images"));
	return r->id[0] && (id == 1 || id == 2);
}

enum vf_status vf_event_parse(
	struct vf_event *out, const char *line, size_t len, uint64_t key, struct vf_err *err)
{
	json_error_t why;
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, &why);
	const char *provider, *time;
	json_int_t id, record_id;
	json_t *data;
	bool ok = true;

	memset(out, 0, sizeof *out);
	if (!json_is_object(root)) {
		json_decref(root);
		return vf_fail(err, VF_E_INVALID, "an event is no JSON object: %.120s", why.text);
	}
	provider = json_string_value(json_object_get(root, "provider"));
	time = json_string_value(json_object_get(root, "time"));
	id = json_integer_value(json_object_get(root, "event_id"));
	record_id = json_integer_value(json_object_get(root, "record_id"));
	data = json_object_get(root, "data");
	if (!provider || !time || !vf_time_parse(time, &out->at_us)) {
		json_decref(root);
		return vf_fail(err, VF_E_INVALID, "an event lacks its provider or a time");
	}
	if (id == 1001 &&
		(strstr(provider, "WER-SystemErrorReporting") || strstr(provider, "BugCheck")))
		ok = parse_1001(out, data, key, record_id);
	else if (id == 41 && strstr(provider, "Kernel-Power"))
		ok = parse_41(out, data, key, record_id);
	else if ((id == 13 && strstr(provider, "Kernel-General")) || id == 1074 || id == 6006)
		out->kind = VF_EVENT_PLANNED;
	else if (id == 6008)
		out->kind = VF_EVENT_UNPLANNED;
	else if (!strcmp(provider, "Verifleet-Run"))
		ok = parse_run(out, data, id);
	json_decref(root);
	if (ok)
		return VF_OK;
	vf_event_release(out);
	return vf_fail(
		err, VF_E_INVALID, "event %lld lacks members that it must have", (long long)id);
}

void vf_event_release(struct vf_event *e)
{
	json_decref(e->images);
	e->images = NULL;
}
