#include "server/ingest/member.h"

#include <math.h>
#include <stdarg.h>

#include "server/runtime/hex.h"
#include "server/runtime/rfc3339.h"

void vf_members_init(
	struct vf_members *m, const json_t *value, const char *prefix, struct vf_refusal *refusal)
{
	m->object = value;
	m->refusal = refusal;
	m->ok = true;
	snprintf(m->prefix, sizeof m->prefix, "%s", prefix);
	if (!json_is_object(value))
		vf_member_refuse(m, "", "must be an object");
}

void vf_member_refuse(struct vf_members *m, const char *name, const char *fmt, ...)
{
	size_t n = strlen(m->prefix);
	va_list ap;

	if (!m->ok)
		return;
	m->ok = false;
	/* The object itself: its path without the dot. */
	if (!*name && n)
		n--;
	snprintf(m->refusal->field, sizeof m->refusal->field, "%.*s%s", (int)n, m->prefix, name);
	va_start(ap, fmt);
	vsnprintf(m->refusal->reason, sizeof m->refusal->reason, fmt, ap);
	va_end(ap);
}

/* NULL when there is nothing to read: absent, null, or refused before. */
static const json_t *get(struct vf_members *m, const char *name, enum vf_member_need presence)
{
	const json_t *v;

	if (!m->ok)
		return NULL;
	v = json_object_get(m->object, name);
	if (v && !json_is_null(v))
		return v;
	if (presence == VF_MEMBER_REQUIRED)
		vf_member_refuse(m, name, v ? "must not be null" : "is missing");
	return NULL;
}

/* jansson has checked the UTF-8 already. U+0080..U+009F are two bytes, C2 80..9F. */
static bool has_control(const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)s[1] < 0xa0))
			return true;
	}
	return false;
}

const char *vf_member_text(
	struct vf_members *m, const char *name, size_t max, enum vf_member_need need)
{
	const json_t *v = get(m, name, need);
	const char *s;

	if (!v)
		return NULL;
	s = json_string_value(v);
	if (s && !*s && need == VF_MEMBER_OPTIONAL)
		return NULL; /* some senders have no other way to say nothing */
	if (!s || !*s || json_string_length(v) > max || has_control(s)) {
		vf_member_refuse(
			m, name, "must be 1 to %zu bytes of text without control characters", max);
		return NULL;
	}
	return s;
}

int64_t vf_member_int(struct vf_members *m, const char *name, int64_t min, int64_t max,
	enum vf_member_need presence, int64_t absent)
{
	const json_t *v = get(m, name, presence);

	if (!v)
		return absent;
	if (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max) {
		vf_member_refuse(m, name, "must be an integer from %lld to %lld", (long long)min,
			(long long)max);
		return absent;
	}
	return json_integer_value(v);
}

int vf_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool hex_value(const char *s, int digits, uint64_t *out)
{
	int n = 0;

	*out = 0;
	if (!s || s[0] != '0' || s[1] != 'x')
		return false;
	for (s += 2; *s; s++, n++) {
		int d = vf_hex_digit(*s);

		if (d < 0 || n == digits)
			return false;
		*out = *out << 4 | (unsigned)d;
	}
	return n > 0;
}

bool vf_member_hex(struct vf_members *m, const char *name, int digits, enum vf_member_need presence,
	uint64_t *out)
{
	const json_t *v = get(m, name, presence);

	if (!v)
		return false;
	if (hex_value(json_string_value(v), digits, out))
		return true;
	vf_member_refuse(m, name, "must be 0x and 1 to %d hexadecimal digits", digits);
	return false;
}

bool vf_member_bytes(
	struct vf_members *m, const char *name, void *out, size_t len, enum vf_member_need presence)
{
	const json_t *v = get(m, name, presence);

	if (!v)
		return false;
	if (json_is_string(v) && vf_unhex(json_string_value(v), json_string_length(v), out, len) &&
		!strpbrk(json_string_value(v), "ABCDEF"))
		return true;
	vf_member_refuse(m, name, "must be %zu lower-case hexadecimal digits", 2 * len);
	return false;
}

int64_t vf_member_time(
	struct vf_members *m, const char *name, enum vf_member_need presence, int64_t absent)
{
	const json_t *v = get(m, name, presence);
	int64_t us;

	if (!v)
		return absent;
	if (json_is_string(v) && vf_time_parse(json_string_value(v), &us))
		return us;
	vf_member_refuse(m, name, "must be a time like 2026-11-21T20:41:02.123456Z");
	return absent;
}

const char *vf_member_uuid(struct vf_members *m, const char *name, enum vf_member_need presence)
{
	const json_t *v = get(m, name, presence);
	const char *s = json_string_value(v);
	size_t i = 0;

	if (!v)
		return NULL;
	for (; s && s[i]; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23
				? s[i] != '-'
				: !strchr("0123456789abcdefABCDEF", s[i]))
			break;
	if (s && i == 36 && !s[i])
		return s;
	vf_member_refuse(m, name, "must be a UUID like 01234567-89ab-cdef-0123-456789abcdef");
	return NULL;
}

int64_t vf_member_seconds(struct vf_members *m, const char *name, enum vf_member_need presence)
{
	const json_t *v = get(m, name, presence);
	double s;

	if (!v)
		return -1;
	s = json_number_value(v);
	if (!json_is_number(v) || !(s >= 0) || s > 100.0 * 366 * 86400) {
		vf_member_refuse(m, name, "must be a number of seconds, at most 100 years");
		return -1;
	}
	return (int64_t)llround(s * 1e6);
}

const json_t *vf_member_object(struct vf_members *m, const char *name, enum vf_member_need presence)
{
	const json_t *v = get(m, name, presence);

	if (v && !json_is_object(v)) {
		vf_member_refuse(m, name, "must be an object");
		return NULL;
	}
	return v;
}

const json_t *vf_member_array(
	struct vf_members *m, const char *name, size_t max, enum vf_member_need presence)
{
	const json_t *v = get(m, name, presence);

	if (v && (!json_is_array(v) || json_array_size(v) > max)) {
		vf_member_refuse(m, name, "must be an array of at most %zu", max);
		return NULL;
	}
	return v;
}

int vf_member_word(struct vf_members *m, const char *name, const char *const *words,
	enum vf_member_need presence)
{
	const json_t *v = get(m, name, presence);
	char list[160] = "";
	size_t n = 0;

	if (!v)
		return -1;
	for (int i = 0; words[i]; i++) {
		if (json_is_string(v) && !strcmp(json_string_value(v), words[i]))
			return i;
		if (n < sizeof list)
			n += (size_t)snprintf(
				list + n, sizeof list - n, "%s%s", i ? ", " : "", words[i]);
	}
	vf_member_refuse(m, name, "must be one of: %s", list);
	return -1;
}
