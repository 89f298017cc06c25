#include "server/api/body.h"

#include <stdarg.h>

void vf_body_inner(struct vf_body *b, struct vf_request *req, struct vf_response *res,
	json_t *object, const char *at)
{
	memset(b, 0, sizeof *b);
	b->req = req;
	b->res = res;
	b->root = object;
	b->at = at;
	if (!json_is_object(object))
		vf_body_refuse(b, "", "must be an object");
}

void vf_body_open(
	struct vf_body *b, struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	json_t *root;
	enum vf_status st = vf_req_json(req, &root, err);

	memset(b, 0, sizeof *b);
	b->req = req;
	b->res = res;
	b->at = "";
	b->root = root;
	b->refused = st != VF_OK;
	b->st = st;
}

void vf_body_refuse(struct vf_body *b, const char *name, const char *fmt, ...)
{
	char what[200], field[128], detail[360];
	va_list ap;

	if (b->refused)
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	snprintf(field, sizeof field, "%s%s", b->at, name);
	if (!*name && *field)
		field[strlen(field) - 1] = 0; /* the object itself: without the dot */
	snprintf(detail, sizeof detail, "%s %s", *field ? field : "the body", what);
	b->refused = true;
	b->st = vf_res_problem(b->req, b->res, 422, "invalid", *field ? field : NULL, detail);
}

/* NULL: absent, null, or refused. */
static json_t *take(struct vf_body *b, const char *name, enum vf_presence presence)
{
	json_t *value;

	if (b->refused)
		return NULL;
	if (b->n_read == VF_BODY_MEMBERS)
		abort();
	b->read[b->n_read++] = name;
	value = json_object_get(b->root, name);
	if (value && !json_is_null(value))
		return value;
	if (presence == VF_REQUIRED)
		vf_body_refuse(b, name, "is missing");
	return NULL;
}

static bool clean(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;

	if (!len || text[0] == ' ' || text[len - 1] == ' ')
		return false;
	for (size_t i = 0; i < len; i++)
		if (p[i] < 0x20 || p[i] == 0x7f || (p[i] == 0xc2 && p[i + 1] < 0xa0))
			return false;
	return true;
}

const char *vf_body_text(struct vf_body *b, const char *name, size_t max, enum vf_presence presence)
{
	json_t *value = take(b, name, presence);

	if (!value)
		return NULL;
	if (!json_is_string(value))
		vf_body_refuse(b, name, "must be a string");
	else if (json_string_length(value) > max)
		vf_body_refuse(b, name, "is longer than %zu bytes", max);
	else if (!clean(json_string_value(value), json_string_length(value)))
		vf_body_refuse(b, name,
			"must not be empty, hold control characters, or begin or end with a blank");
	return b->refused ? NULL : json_string_value(value);
}

int64_t vf_body_int(struct vf_body *b, const char *name, int64_t min, int64_t max, int64_t absent,
	enum vf_presence presence)
{
	json_t *value = take(b, name, presence);

	if (!value)
		return absent;
	if (!json_is_integer(value) || json_integer_value(value) < min ||
		json_integer_value(value) > max) {
		vf_body_refuse(b, name, "must be a whole number from %lld to %lld", (long long)min,
			(long long)max);
		return absent;
	}
	return json_integer_value(value);
}

bool vf_body_bool(struct vf_body *b, const char *name, bool absent)
{
	json_t *value = take(b, name, VF_OPTIONAL);

	if (!value)
		return absent;
	if (!json_is_boolean(value))
		vf_body_refuse(b, name, "must be true or false");
	return json_is_true(value);
}

int64_t vf_body_hex32(
	struct vf_body *b, const char *name, int64_t absent, enum vf_presence presence)
{
	json_t *value = take(b, name, presence);
	const char *text = json_string_value(value);

	if (!value)
		return absent;
	if (!text || strlen(text) != 10 || strncmp(text, "0x", 2) ||
		strspn(text + 2, "0123456789abcdef") != 8) {
		vf_body_refuse(b, name, "must be 0x and eight lower-case hexadecimal digits");
		return absent;
	}
	return (int64_t)strtoul(text + 2, NULL, 16);
}

json_t *vf_body_array(struct vf_body *b, const char *name, size_t max, enum vf_presence presence)
{
	json_t *value = take(b, name, presence);

	if (!value)
		return NULL;
	if (!json_is_array(value) || json_array_size(value) > max) {
		vf_body_refuse(b, name, "must be an array of at most %zu", max);
		return NULL;
	}
	return value;
}

bool vf_body_done(struct vf_body *b)
{
	const char *key;
	json_t *value;

	if (b->refused)
		return false;
	json_object_foreach (b->root, key, value) {
		size_t i = 0;

		while (i < b->n_read && strcmp(b->read[i], key) != 0)
			i++;
		if (i == b->n_read) {
			vf_body_refuse(b, key, "is not known here");
			return false;
		}
	}
	return true;
}
