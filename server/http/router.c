#include "server/http/router.h"

#define ROUTE(method, path, handler, scope, limit) vf_handler handler;
#include "server/api/routes.def"
#undef ROUTE

static const struct vf_route table[] = {
#define ROUTE(method, path, handler, scope, limit) {method, path, handler, scope, limit},
#include "server/api/routes.def"
#undef ROUTE
};

static const char *const method_name[] = {
	[VF_GET] = "GET",
	[VF_HEAD] = "HEAD",
	[VF_POST] = "POST",
	[VF_PUT] = "PUT",
	[VF_PATCH] = "PATCH",
	[VF_DELETE] = "DELETE",
};

const struct vf_route *vf_routes(size_t *n)
{
	*n = VF_ARRAY_LEN(table);
	return table;
}

bool vf_method_parse(const char *text, enum vf_method *out)
{
	for (size_t i = 0; i < VF_ARRAY_LEN(method_name); i++)
		if (!strcmp(text, method_name[i])) {
			*out = (enum vf_method)i;
			return true;
		}
	return false;
}

const char *vf_method_name(enum vf_method method)
{
	return method_name[method];
}

bool vf_route_match(const char *pattern, const char *path, struct vf_segment *segment, size_t *n)
{
	*n = 0;
	while (*pattern) {
		if (*pattern == '{') {
			const char *end = strchr(pattern, '}');
			size_t len = strcspn(path, "/");

			if (!len || *n == VF_MAX_PARAMS)
				return false;
			segment[*n] = (struct vf_segment){.name = pattern + 1,
				.value = path,
				.name_len = (size_t)(end - pattern - 1),
				.value_len = len};
			++*n;
			pattern = end + 1;
			path += len;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return !*path;
}

const struct vf_route *vf_route_find(
	enum vf_method method, const char *path, char allow[64], bool *known_path)
{
	const struct vf_route *get = NULL;
	struct vf_segment segment[VF_MAX_PARAMS];
	unsigned seen = 0;
	size_t n, len = 0;

	for (size_t i = 0; i < VF_ARRAY_LEN(table); i++) {
		if (!vf_route_match(table[i].pattern, path, segment, &n))
			continue;
		if (table[i].method == method)
			return &table[i];
		if (table[i].method == VF_GET && !get)
			get = &table[i];
		seen |= 1u << table[i].method;
	}
	if (method == VF_HEAD && get)
		return get;
	*known_path = seen != 0;
	allow[0] = 0;
	if (seen & 1u << VF_GET)
		seen |= 1u << VF_HEAD;
	for (size_t i = 0; i < VF_ARRAY_LEN(method_name); i++)
		if (seen & 1u << i)
			len += (size_t)snprintf(
				allow + len, 64 - len, "%s%s", len ? ", " : "", method_name[i]);
	return NULL;
}
