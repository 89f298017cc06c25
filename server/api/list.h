/* Answers made of lists (server/store/list.h): pages, single rows and lists inside other answers. */
#ifndef VF_SERVER_API_LIST_H
#define VF_SERVER_API_LIST_H

#include "server/api/request.h"
#include "server/store/list.h"

/* The whole handler of a list: query, one snapshot, {items, next, total}. */
VF_MUST enum vf_status vf_list_answer(
	struct vf_request *, struct vf_response *, const struct vf_list *, struct vf_err *);
/* The same for values that the handler has set itself; the query was read by it. */
VF_MUST enum vf_status vf_list_page(struct vf_request *, struct vf_response *,
	const struct vf_list *, const struct vf_ask *, struct vf_err *);
/* Rows of a list as an array; the caller owns it. */
VF_MUST enum vf_status vf_list_items(struct vf_request *, const struct vf_list *,
	const struct vf_ask *, json_t **, struct vf_err *);
/* One row as an object; VF_E_NOTFOUND when it does not exist or is not for this caller. */
VF_MUST enum vf_status vf_list_item(
	struct vf_request *, const struct vf_list *, int64_t id, json_t **, struct vf_err *);

#endif
