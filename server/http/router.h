/* Finds the route of a path: the table is server/api/routes.def. Pure, any thread. */
#ifndef VF_SERVER_HTTP_ROUTER_H
#define VF_SERVER_HTTP_ROUTER_H

#include "server/api/request.h"

struct vf_route {
	enum vf_method method;
	const char *pattern; /* "/api/v1/builds/{id}" */
	vf_handler *handler;
	uint32_t scope;
	size_t body_max;
};

const struct vf_route *vf_routes(size_t *n);
/*
 * The route of `method` and the still encoded `path`; HEAD falls back to GET. NULL when there is
 * none: then `allow` is NULL (no such path) or lists the methods of the path ("GET, POST").
 */
const struct vf_route *vf_route_find(
	enum vf_method method, const char *path, char allow[64], bool *known_path);
/* True when `path` fits `pattern`; the segments that stand for names go to `param` (encoded). */
struct vf_segment {
	const char *name, *value;
	size_t name_len, value_len;
};
VF_MUST bool vf_route_match(
	const char *pattern, const char *path, struct vf_segment *segment, size_t *n);
VF_MUST bool vf_method_parse(const char *text, enum vf_method *out);
const char *vf_method_name(enum vf_method);

#endif
