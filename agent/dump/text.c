#include "agent/dump/text.h"

#include <string.h>

#include "agent/dump/reader.h"

enum { REPLACEMENT = 0xfffd };

static bool showable(uint32_t c)
{
	return c >= 0x20 && !(c >= 0x7f && c < 0xa0) && !(c >= 0x200e && c <= 0x200f) &&
	       !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069) && c != 0xfeff;
}

/* Takes one code point from `*at`, which it moves. */
static uint32_t next_point(const uint8_t *raw, size_t units, size_t *at)
{
	uint32_t c = vf_le16(raw + 2 * (*at)++), low;

	if (c < 0xd800 || c > 0xdfff)
		return showable(c) ? c : REPLACEMENT;
	if (c >= 0xdc00 || *at == units)
		return REPLACEMENT;
	low = vf_le16(raw + 2 * *at);
	if (low < 0xdc00 || low > 0xdfff)
		return REPLACEMENT;
	(*at)++;
	return 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
}

static size_t encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

size_t vf_text_utf16(const uint8_t *raw, size_t units, char *out, size_t size)
{
	size_t at = 0, len = 0;

	while (at < units && vf_le16(raw + 2 * at)) {
		char bytes[4];
		size_t n = encode(next_point(raw, units, &at), bytes);

		if (len + n + 1 > size)
			break;
		memcpy(out + len, bytes, n);
		len += n;
	}
	out[len] = '\0';
	return len;
}

bool vf_text_ascii(const uint8_t *raw, size_t len, char *out, size_t size)
{
	size_t n = 0;

	while (n < len && n + 1 < size && raw[n] >= 0x20 && raw[n] < 0x7f) {
		out[n] = (char)raw[n];
		n++;
	}
	out[n] = '\0';
	return n < len && raw[n] == 0;
}

const char *vf_text_base_name(const char *path)
{
	const char *name = path;

	for (const char *s = path; *s; s++)
		if (*s == '\\' && s[1])
			name = s + 1;
	return name;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool vf_text_same(const char *a, const char *b)
{
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}
