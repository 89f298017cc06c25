/* The state as a file: writing it, and reading it back with suspicion. */
#include <inttypes.h>

#include <jansson.h>

#include "agent/core/hex.h"
#include "agent/core/state.h"

enum { VERSION = 1, LONGEST = 16 << 20 };

static json_t *hex64(uint64_t v)
{
	return json_sprintf("%016" PRIx64, v);
}

static json_t *boot_json(const struct vf_state_boot *b)
{
	return json_pack("{s:s, s:s, s:I, s:I}", "marker", b->marker, "uuid", b->uuid, "ordinal",
		(json_int_t)b->ordinal, "started_at_us", (json_int_t)b->started_at_us);
}

static json_t *lists_json(const struct vf_state *s)
{
	json_t *keys = json_array(), *dumps = json_array(), *uploads = json_array();
	json_t *runs = json_array();
	char stream[2 * VF_STREAM_ID_LEN + 1];

	for (size_t i = 0; i < s->event_key_count; i++)
		json_array_append_new(keys, hex64(s->event_keys[i]));
	for (size_t i = 0; i < s->dump_count; i++)
		json_array_append_new(dumps,
			json_pack("{s:s, s:I, s:I, s:s}", "name", s->dumps[i].name, "size",
				(json_int_t)s->dumps[i].size, "mtime_us",
				(json_int_t)s->dumps[i].mtime_us, "sha256", s->dumps[i].sha256));
	for (size_t i = 0; i < s->upload_count; i++) {
		const struct vf_state_upload *u = &s->uploads[i];

		vf_hex(stream, u->stream, VF_STREAM_ID_LEN);
		json_array_append_new(
			uploads, json_pack("{s:s, s:s, s:I, s:s, s:I}", "name", u->name, "sha256",
					 u->sha256, "size", (json_int_t)u->size, "stream", stream,
					 "seq", (json_int_t)u->seq));
	}
	for (size_t i = 0; i < s->run_count; i++)
		json_array_append_new(runs, json_pack("{s:s, s:I, s:I}", "id", s->runs[i].id,
						    "start_us", (json_int_t)s->runs[i].start_us,
						    "end_us", (json_int_t)s->runs[i].end_us));
	return json_pack("{s:o, s:o, s:o, s:o}", "event_keys", keys, "dumps", dumps, "uploads",
		uploads, "runs", runs);
}

static json_t *told_json(const struct vf_collect *c)
{
	json_t *told = json_array();

	for (size_t i = 0; i < c->told_count; i++) {
		const struct vf_crash_told *t = &c->told[i];

		json_array_append_new(
			told, json_pack("{s:I, s:[oooo], s:I, s:b, s:b, s:b}", "code",
				      (json_int_t)t->code, "parameters", hex64(t->params[0]),
				      hex64(t->params[1]), hex64(t->params[2]), hex64(t->params[3]),
				      "at_us", (json_int_t)t->at_us, "dump", t->has_dump, "event",
				      t->has_event, "power", t->has_power));
	}
	return told;
}

enum vf_status vf_state_save(const struct vf_state *s, const struct vf_collect *told,
	const struct vf_files *files, const char *path, struct vf_err *err)
{
	json_t *root = lists_json(s);
	enum vf_status st;
	char *text;

	if (!root)
		return vf_fail(err, VF_E_NOMEM, "no memory to keep the state");
	json_object_set_new(root, "v", json_integer(VERSION));
	json_object_set_new(root, "boot", boot_json(&s->boot));
	json_object_set_new(root, "previous", boot_json(&s->previous));
	json_object_set_new(root, "boot_told", json_boolean(s->boot_told));
	json_object_set_new(root, "event_position", json_integer((json_int_t)s->event_position));
	json_object_set_new(root, "told", told_json(told));
	text = json_dumps(root, JSON_INDENT(1));
	json_decref(root);
	if (!text)
		return vf_fail(err, VF_E_NOMEM, "no memory to keep the state");
	st = files->replace(files->ctx, path, text, strlen(text), err);
	free(text);
	return st;
}

static bool take_text(char *to, size_t size, const json_t *root, const char *name)
{
	const char *s = json_string_value(json_object_get(root, name));

	if (!s || strlen(s) >= size)
		return false;
	memcpy(to, s, strlen(s) + 1);
	return true;
}

static int64_t number(const json_t *root, const char *name)
{
	return json_integer_value(json_object_get(root, name));
}

static bool take_hex64(uint64_t *to, const json_t *v)
{
	const char *s = json_string_value(v);
	uint8_t raw[8];

	if (!s || !vf_unhex(raw, sizeof raw, s))
		return false;
	*to = 0;
	for (size_t i = 0; i < sizeof raw; i++)
		*to = *to << 8 | raw[i];
	return true;
}

static bool load_boot(struct vf_state_boot *b, const json_t *root)
{
	b->ordinal = (uint64_t)number(root, "ordinal");
	b->started_at_us = number(root, "started_at_us");
	return take_text(b->marker, sizeof b->marker, root, "marker") &&
	       take_text(b->uuid, sizeof b->uuid, root, "uuid");
}

static bool load_uploads(struct vf_state *s, const json_t *list)
{
	struct vf_state_upload u;
	const char *name, *stream;
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		u = (struct vf_state_upload){.size = (uint64_t)number(item, "size"),
			.seq = (uint64_t)number(item, "seq")};
		name = json_string_value(json_object_get(item, "name"));
		stream = json_string_value(json_object_get(item, "stream"));
		if (!name || !stream || !vf_unhex(u.stream, VF_STREAM_ID_LEN, stream) ||
			!take_text(u.sha256, sizeof u.sha256, item, "sha256"))
			return false;
		u.name = (char *)(uintptr_t)name; /* copied by the next line */
		if (vf_state_add_upload(s, &u) != VF_OK)
			return false;
	}
	return true;
}

static bool load_lists(struct vf_state *s, const json_t *root)
{
	char sha256[65], id[VF_WIRE_NAME_MAX + 1];
	json_t *item;
	uint64_t key;
	size_t i;

	json_array_foreach (json_object_get(root, "event_keys"), i, item)
		if (!take_hex64(&key, item) || vf_state_add_event(s, key) != VF_OK)
			return false;
	json_array_foreach (json_object_get(root, "dumps"), i, item) {
		const char *name = json_string_value(json_object_get(item, "name"));

		if (!name || !take_text(sha256, sizeof sha256, item, "sha256") ||
			vf_state_set_dump(s, name, (uint64_t)number(item, "size"),
				number(item, "mtime_us"), sha256) != VF_OK)
			return false;
	}
	json_array_foreach (json_object_get(root, "runs"), i, item) {
		if (!take_text(id, sizeof id, item, "id"))
			return false;
		vf_state_run_begins(s, id, number(item, "start_us"));
		s->runs[s->run_count - 1].end_us = number(item, "end_us");
	}
	return load_uploads(s, json_object_get(root, "uploads"));
}

static bool load_told(struct vf_collect *c, const json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		struct vf_crash_told t = {
			.code = (uint32_t)number(item, "code"),
			.at_us = number(item, "at_us"),
			.has_dump = json_is_true(json_object_get(item, "dump")),
			.has_event = json_is_true(json_object_get(item, "event")),
			.has_power = json_is_true(json_object_get(item, "power")),
		};

		for (size_t k = 0; k < 4; k++)
			if (!take_hex64(&t.params[k],
				    json_array_get(json_object_get(item, "parameters"), k)))
				return false;
		if (c->told_count < VF_COLLECT_RECENT)
			c->told[c->told_count++] = t;
	}
	return true;
}

enum vf_status vf_state_load(struct vf_state *s, struct vf_collect *told,
	const struct vf_files *files, const char *path, struct vf_err *err)
{
	struct vf_buf text;
	enum vf_status st;
	json_t *root;
	bool ok;

	*s = (struct vf_state){0};
	vf_buf_init(&text, LONGEST);
	st = files->read_all(files->ctx, path, &text, err);
	if (st == VF_E_NOTFOUND)
		return VF_OK;
	if (st != VF_OK)
		return st;
	root = json_loadb(vf_buf_text(&text), text.len, 0, NULL);
	vf_buf_release(&text);
	ok = json_is_object(root) && number(root, "v") == VERSION &&
	     number(root, "event_position") >= 0 &&
	     load_boot(&s->boot, json_object_get(root, "boot")) &&
	     load_boot(&s->previous, json_object_get(root, "previous")) && load_lists(s, root) &&
	     load_told(told, json_object_get(root, "told"));
	if (ok) {
		s->event_position = (uint64_t)number(root, "event_position");
		s->boot_told = json_is_true(json_object_get(root, "boot_told"));
	} else {
		vf_state_release(s);
		told->told_count = 0;
		st = vf_fail(err, VF_E_CORRUPT, "%.180s cannot be understood", path);
	}
	json_decref(root);
	return st;
}
