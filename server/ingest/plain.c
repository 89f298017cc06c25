#include "server/ingest/plain.h"

#include <stdarg.h>

#include <zlib.h>

#include "verifleet/wire.h"

static enum vf_status inflate_body(struct vf_arena *arena, struct vf_text body, size_t max,
	struct vf_text *out, struct vf_err *err)
{
	z_stream z = {0};
	size_t cap = body.len * 8 + 4096;
	enum vf_status st = VF_OK;
	char *data;
	int rc;

	if (cap > max + 1)
		cap = max + 1;
	if (inflateInit2(&z, 15 + 16) != Z_OK) /* gzip only, not raw zlib */
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	z.next_in = (unsigned char *)(uintptr_t)body.data;
	z.avail_in = (uInt)body.len;
	for (size_t have = 0;; cap = cap * 4 > max + 1 ? max + 1 : cap * 4) {
		char *grown = vf_arena_alloc(arena, cap);

		if (!grown) {
			st = vf_fail(err, VF_E_NOMEM, "out of memory");
			break;
		}
		if (have)
			memcpy(grown, data, have);
		data = grown;
		z.next_out = (unsigned char *)data + have;
		z.avail_out = (uInt)(cap - have);
		rc = inflate(&z, Z_NO_FLUSH);
		have = cap - z.avail_out;
		if (rc == Z_STREAM_END && z.avail_in == 0 && have <= max) {
			*out = (struct vf_text){data, have};
			break;
		}
		if (have > max) {
			st = vf_fail(err, VF_E_LIMIT,
				"the body is larger than %zu bytes after decompression", max);
			break;
		}
		if (rc == Z_STREAM_END) {
			st = vf_fail(
				err, VF_E_INVALID, "there is more behind the end of the gzip body");
			break;
		}
		if ((rc != Z_OK && rc != Z_BUF_ERROR) || z.avail_out) {
			st = vf_fail(err, VF_E_INVALID, "the body is not a whole gzip member");
			break;
		}
	}
	inflateEnd(&z);
	return st;
}

enum vf_status vf_plain_body(struct vf_arena *arena, struct vf_text body, const char *encoding,
	size_t max, struct vf_text *out, struct vf_err *err)
{
	if (encoding && !strcmp(encoding, "gzip"))
		return inflate_body(arena, body, max, out, err);
	if (encoding && strcmp(encoding, "identity") != 0)
		return vf_fail(err, VF_E_INVALID, "Content-Encoding must be gzip or absent");
	if (body.len > max)
		return vf_fail(err, VF_E_LIMIT, "the body is larger than %zu bytes", max);
	*out = body;
	return VF_OK;
}

VF_PRINTF(2, 3) static bool refuse(struct vf_refusal *r, const char *fmt, ...)
{
	va_list ap;

	r->field[0] = 0;
	va_start(ap, fmt);
	vsnprintf(r->reason, sizeof r->reason, fmt, ap);
	va_end(ap);
	return false;
}

/* Four hexadecimal digits at p, or -1. */
static int unit(const char *p, const char *end)
{
	int v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int d = vf_hex_digit(p[i]);

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

/* After "\u": the bytes that the character takes in UTF-8, 0 = refused. */
static unsigned escaped(const char **p, const char *end)
{
	int hi = unit(*p, end), lo;

	if (hi <= 0)
		return 0;
	*p += 4;
	if (hi < 0xd800 || hi > 0xdfff)
		return hi < 0x80 ? 1 : hi < 0x800 ? 2 : 3;
	if (hi > 0xdbff || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
		return 0;
	lo = unit(*p + 2, end);
	if (lo < 0xdc00 || lo > 0xdfff)
		return 0;
	*p += 6;
	return 4;
}

/* `*p` stands behind the opening quote; moves it behind the closing one. */
static bool string_ok(const char **p, const char *end, struct vf_refusal *r)
{
	size_t len = 0;

	while (*p < end && **p != '"') {
		unsigned n = 1;

		if (*(*p)++ == '\\' && *p < end && *(*p)++ == 'u') {
			n = escaped(p, end);
			if (!n)
				return refuse(
					r, "a string has \\u0000 or half of a surrogate pair");
		}
		len += n;
		if (len > VF_WIRE_STRING_MAX)
			return refuse(r, "a string is longer than %u bytes", VF_WIRE_STRING_MAX);
	}
	if (*p == end)
		return refuse(r, "a string does not end");
	++*p;
	return true;
}

bool vf_plain_line_ok(struct vf_text line, struct vf_refusal *r)
{
	const char *p = line.data, *end;
	unsigned depth = 0;

	if (!line.len)
		return refuse(r, "the line is empty");
	end = p + line.len;
	if (line.len > VF_WIRE_LINE_MAX)
		return refuse(r, "the line is longer than %u bytes", VF_WIRE_LINE_MAX);
	while (p < end) {
		switch (*p++) {
		case '{':
		case '[':
			if (++depth > VF_WIRE_DEPTH_MAX)
				return refuse(r, "nested deeper than %u", VF_WIRE_DEPTH_MAX);
			break;
		case '}':
		case ']':
			if (!depth--)
				return refuse(r, "a bracket closes that was never opened");
			break;
		case '"':
			if (!string_ok(&p, end, r))
				return false;
			break;
		case 0: return refuse(r, "the line has a NUL byte");
		default: break;
		}
	}
	return depth ? refuse(r, "a bracket never closes") : true;
}
