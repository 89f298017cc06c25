#include "server/http/decode.h"

#include "server/http/exchange.h"
#include "server/runtime/hex.h"

/* Length of the sequence at `p`, 0 when it is not well formed (RFC 3629). */
static size_t sequence(const unsigned char *p, size_t left)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if (!n || p[0] > 0xf4 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
		(p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0; /* overlong, a surrogate, or beyond U+10FFFF */
	return n;
}

bool vf_text_clean(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;

	while (len) {
		size_t n = sequence(p, len);

		if (!n || *p < 0x20 || *p == 0x7f || (n == 2 && p[0] == 0xc2 && p[1] < 0xa0))
			return false;
		p += n;
		len -= n;
	}
	return true;
}

enum vf_status vf_percent_decode(
	struct vf_arena *arena, const char *text, size_t len, bool form, char **out)
{
	char *p = vf_arena_alloc(arena, len + 1);
	size_t n = 0;

	if (!p)
		return VF_E_NOMEM;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '%') {
			if (len - i < 3 || !vf_unhex(text + i + 1, 2, &p[n++], 1))
				return VF_E_INVALID;
			i += 2;
		} else {
			p[n++] = form && text[i] == '+' ? ' ' : text[i];
		}
	}
	if (!vf_text_clean(p, n))
		return VF_E_INVALID;
	p[n] = 0;
	*out = p;
	return VF_OK;
}

static enum vf_status decode_query(struct vf_request *req, const char *text, struct vf_err *err)
{
	enum vf_status st;

	while (*text) {
		size_t len = strcspn(text, "&"), eq = strcspn(text, "=&");
		const char *value = eq < len ? text + eq + 1 : text + len;
		char *name_out, *value_out;

		if (len) {
			if (req->n_query == VF_MAX_QUERY)
				return vf_fail(err, VF_E_LIMIT, "more than %d query members",
					VF_MAX_QUERY);
			st = vf_percent_decode(req->arena, text, eq, true, &name_out);
			if (!st)
				st = vf_percent_decode(req->arena, value,
					(size_t)(text + len - value), true, &value_out);
			if (st)
				return vf_fail(
					err, st, "the query is not clean, percent-encoded UTF-8");
			req->query[req->n_query++] = (struct vf_pair){name_out, value_out};
		}
		text += len + (text[len] == '&');
	}
	return VF_OK;
}

enum vf_status vf_http_decode_target(struct vf_exchange *x, struct vf_err *err)
{
	struct vf_segment segment[VF_MAX_PARAMS];
	struct vf_request *req = &x->req;
	const char *target = req->target;
	size_t len = strcspn(target, "?");
	enum vf_status st;
	char *raw, *text;

	raw = vf_arena_memdup(req->arena, target, len);
	if (!raw)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	st = vf_percent_decode(req->arena, target, len, false, &text);
	if (st)
		return vf_fail(err, st, "the path is not clean, percent-encoded UTF-8");
	req->path = text;
	if (x->route && !vf_route_match(x->route->pattern, raw, segment, &req->n_param))
		return vf_fail(err, VF_E_NOTFOUND, "no such path");
	for (size_t i = 0; i < req->n_param; i++) {
		st = vf_percent_decode(
			req->arena, segment[i].value, segment[i].value_len, false, &text);
		req->param[i].value = text;
		req->param[i].name =
			vf_arena_memdup(req->arena, segment[i].name, segment[i].name_len);
		if (st || !req->param[i].name)
			return vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	return target[len] ? decode_query(req, target + len + 1, err) : VF_OK;
}
