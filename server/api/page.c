#include "server/api/page.h"

#include <inttypes.h>
#include <stdarg.h>

#include <sodium.h>

#include "server/api/words.h"
#include "server/runtime/number.h"

#define CURSOR_MAX 512
#define SEPARATOR  '\x1f' /* no key holds one: names have no control characters */
#define KEY_MAX    256
#define FILTER_MAX 128
#define BASE64URL  sodium_base64_VARIANT_URLSAFE_NO_PADDING

enum vf_status vf_page_refuse(
	struct vf_request *req, struct vf_response *res, const char *field, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return vf_res_problem(req, res, 400, "bad-query", field, text);
}

char *vf_base64url(struct vf_arena *arena, const void *bytes, size_t len)
{
	size_t size = sodium_base64_encoded_len(len, BASE64URL);
	char *out = vf_arena_alloc(arena, size);

	return out ? sodium_bin2base64(out, size, bytes, len, BASE64URL) : NULL;
}

char *vf_unbase64url(struct vf_arena *arena, const char *text, size_t *len)
{
	size_t n = strlen(text);
	char *out = vf_arena_alloc(arena, n + 1);
	const char *end;

	if (!out ||
		sodium_base642bin((unsigned char *)out, n, text, n, NULL, len, &end, BASE64URL) ||
		*end)
		return NULL;
	out[*len] = 0;
	return out;
}

/* ------------------------------------------------------------------ members */

static bool known(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

bool vf_page_only(struct vf_request *req, struct vf_response *res, const char *const *names,
	size_t n, enum vf_status *st)
{
	*st = VF_OK;
	for (size_t i = 0; i < req->n_query; i++) {
		const char *name = req->query[i].name;

		if (!known(name, names, n)) {
			*st = vf_page_refuse(req, res, name, "there is no such query member here");
			return false;
		}
		for (size_t j = 0; j < i; j++)
			if (!strcmp(req->query[j].name, name)) {
				*st = vf_page_refuse(req, res, name, "given more than once");
				return false;
			}
	}
	return true;
}

bool vf_page_no_query(struct vf_request *req, struct vf_response *res, enum vf_status *st)
{
	return vf_page_only(req, res, NULL, 0, st);
}

static bool list_members(struct vf_request *req, struct vf_response *res,
	const struct vf_list *list, enum vf_status *st)
{
	const char *names[VF_LIST_FILTERS + 3] = {"limit", "cursor"};
	size_t n = 2;

	if (list->sort[1].name)
		names[n++] = "sort";
	for (int i = 0; i < VF_LIST_FILTERS && list->filter[i].name; i++)
		names[n++] = list->filter[i].name;
	return vf_page_only(req, res, names, n, st);
}

/* ------------------------------------------------------------------ filters */

static bool is_slug(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n <= 63 && !text[n] && *text != '-';
}

/* NULL when the value fits; else what is asked of it. */
static const char *unfit(const struct vf_filter *filter, const char *value)
{
	int64_t n;

	switch (filter->kind) {
	case VF_FILTER_ID:
		return vf_parse_i64(value, 1, INT64_MAX, &n) ? NULL
							     : "must be an id: a number from 1";
	case VF_FILTER_SLUG: return is_slug(value) ? NULL : "must be the short name of a project";
	case VF_FILTER_TEXT:
		return *value && strlen(value) <= FILTER_MAX ? NULL : "must have 1 to 128 bytes";
	case VF_FILTER_KIND: return vf_kind_number(value) ? NULL : "is no kind of finding";
	case VF_FILTER_WORD:
		for (size_t i = 0; filter->words[i]; i++)
			if (!strcmp(filter->words[i], value))
				return NULL;
		return "is none of the words that are allowed here";
	}
	return "is not understood";
}

static const char *parameter(struct vf_request *req, const struct vf_filter *filter, const char *v)
{
	return filter->kind == VF_FILTER_KIND ? vf_arena_printf(req->arena, "%d", vf_kind_number(v))
					      : v;
}

static bool read_filters(struct vf_request *req, struct vf_response *res,
	const struct vf_list *list, struct vf_ask *ask, enum vf_status *st)
{
	for (int i = 0; i < VF_LIST_FILTERS && list->filter[i].name; i++) {
		const struct vf_filter *f = &list->filter[i];
		const char *value = vf_req_query(req, f->name), *why;

		if (!value)
			continue;
		why = unfit(f, value);
		if (!why && f->needs && !vf_req_query(req, f->needs))
			why = "only means something together with another filter: build";
		if (why) {
			*st = vf_page_refuse(req, res, f->name, "%s", why);
			return false;
		}
		ask->value[i] = parameter(req, f, value);
		if (!ask->value[i]) {
			*st = VF_E_NOMEM;
			return false;
		}
	}
	return true;
}

static bool read_sort(struct vf_request *req, struct vf_response *res, const struct vf_list *list,
	struct vf_ask *ask, enum vf_status *st)
{
	const char *value = vf_req_query(req, "sort");

	if (!value)
		return true;
	for (ask->sort = 0; ask->sort < VF_LIST_SORTS && list->sort[ask->sort].name; ask->sort++)
		if (!strcmp(list->sort[ask->sort].name, value))
			return true;
	*st = vf_page_refuse(req, res, "sort", "is no order of this list");
	return false;
}

static bool read_limit(
	struct vf_request *req, struct vf_response *res, struct vf_ask *ask, enum vf_status *st)
{
	const char *value = vf_req_query(req, "limit");
	int64_t n = VF_PAGE_LIMIT_DEFAULT;

	if (value && !vf_parse_i64(value, 1, VF_PAGE_LIMIT_MAX, &n)) {
		*st = vf_page_refuse(req, res, "limit", "must be 1 to %d", VF_PAGE_LIMIT_MAX);
		return false;
	}
	ask->limit = (int)n;
	return true;
}

/* ------------------------------------------------------------------ cursors */

static uint64_t mix(uint64_t h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211u;
	return (h ^ SEPARATOR) * 1099511628211u;
}

/* What a cursor is good for: list, order, filters, and the caller's project. */
static uint64_t question(const struct vf_list *list, const struct vf_ask *ask)
{
	uint64_t h = mix(14695981039346656037u, list->name);
	char project[24];

	snprintf(project, sizeof project, "%" PRId64, ask->project_id);
	h = mix(mix(h, project), list->sort[ask->sort].name ? list->sort[ask->sort].name : "");
	for (int i = 0; i < VF_LIST_FILTERS && list->filter[i].name; i++)
		h = mix(mix(h, ask->value[i] ? "=" : "-"), ask->value[i] ? ask->value[i] : "");
	return h;
}

/* UTF-8, as PostgreSQL insists. */
static bool is_text(const char *text)
{
	json_t *value = strlen(text) <= KEY_MAX ? json_string(text) : NULL;

	json_decref(value);
	return value != NULL;
}

static bool key_fits(enum vf_key_kind kind, const char *text)
{
	int64_t n;

	switch (kind) {
	case VF_KEY_INT: return vf_parse_i64(text, INT64_MIN, INT64_MAX, &n);
	/* A time beyond what PostgreSQL holds would make the statement fail. */
	case VF_KEY_TIME: return vf_parse_i64(text, -(int64_t)2e17, (int64_t)9e18, &n);
	case VF_KEY_TEXT: return is_text(text);
	}
	return false;
}

static bool split_keys(const struct vf_list *list, struct vf_ask *ask, char *text, size_t len)
{
	const char separator[] = {SEPARATOR, 0};
	int n = vf_list_keys(list, ask->sort);
	char tag[18];

	snprintf(tag, sizeof tag, "%016" PRIx64 "%c", question(list, ask), SEPARATOR);
	if (strlen(text) != len || strncmp(text, tag, strlen(tag)))
		return false;
	text += strlen(tag);
	for (int i = 0; i < n; i++) {
		size_t size = strcspn(text, separator);
		bool more = text[size];

		text[size] = 0;
		if (more != (i < n - 1) || !key_fits(list->sort[ask->sort].key[i].kind, text))
			return false;
		ask->key[i] = text;
		text += size + more;
	}
	return true;
}

static bool read_cursor(struct vf_request *req, struct vf_response *res, const struct vf_list *list,
	struct vf_ask *ask, enum vf_status *st)
{
	const char *value = vf_req_query(req, "cursor");
	char *text = NULL;
	size_t len;

	if (!value)
		return true;
	if (strlen(value) <= CURSOR_MAX)
		text = vf_unbase64url(req->arena, value, &len);
	if (!text || !split_keys(list, ask, text, len)) {
		*st = vf_page_refuse(req, res, "cursor",
			"is no cursor of this list with these filters; start again without one");
		return false;
	}
	ask->after = true;
	return true;
}

char *vf_page_cursor(struct vf_request *req, const struct vf_list *list, const struct vf_ask *ask,
	const struct vf_rows *rows, int row)
{
	char *text = vf_arena_printf(req->arena, "%016" PRIx64, question(list, ask));

	for (int i = 0; text && i < vf_list_keys(list, ask->sort); i++) {
		const char *key = vf_row_text(rows, row, i);

		text = vf_arena_printf(req->arena, "%s%c%s", text, SEPARATOR, key ? key : "");
	}
	return text ? vf_base64url(req->arena, text, strlen(text)) : NULL;
}

bool vf_page_read(struct vf_request *req, struct vf_response *res, const struct vf_list *list,
	struct vf_ask *ask, enum vf_status *st, struct vf_err *err)
{
	*st = VF_OK;
	vf_ask_init(ask, VF_PAGE_LIMIT_DEFAULT);
	ask->project_id = req->who.project_id;
	if (list_members(req, res, list, st) && read_filters(req, res, list, ask, st) &&
		read_sort(req, res, list, ask, st) && read_limit(req, res, ask, st) &&
		read_cursor(req, res, list, ask, st))
		return true;
	if (*st)
		*st = vf_fail(err, *st, "out of memory");
	return false;
}
