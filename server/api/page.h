/*
 * The query of a list: filters, order, limit and cursor, read strictly. A member that the list
 * does not have, one given twice, or a value that does not fit is refused with its name.
 *
 * A cursor is opaque to callers: base64url of the order's key of the last row, bound to the list,
 * its order and its filters by a hash, so that it cannot be used for another question. It gives no
 * rights: what it leads to is asked of the database with the caller's own rights.
 */
#ifndef VF_SERVER_API_PAGE_H
#define VF_SERVER_API_PAGE_H

#include "server/api/request.h"
#include "server/store/list.h"

#define VF_PAGE_LIMIT_MAX     200
#define VF_PAGE_LIMIT_DEFAULT 50

/*
 * False: the request was refused, `res` is filled (or *st is a failure) and the handler returns
 * *st. Values of `ask` lie in the request's arena.
 */
VF_MUST bool vf_page_read(struct vf_request *, struct vf_response *, const struct vf_list *,
	struct vf_ask *, enum vf_status *st, struct vf_err *);
/* Refuses every query member. */
VF_MUST bool vf_page_no_query(struct vf_request *, struct vf_response *, enum vf_status *st);
/* Refuses query members whose names are not among `names`, and any that come twice. */
VF_MUST bool vf_page_only(struct vf_request *, struct vf_response *, const char *const *names,
	size_t n, enum vf_status *st);
/* The cursor after row `row` of a result of this ask; NULL when memory ends. */
char *vf_page_cursor(struct vf_request *, const struct vf_list *, const struct vf_ask *,
	const struct vf_rows *, int row);

/* 400 with the member's name. Returns what the handler returns. */
VF_PRINTF(4, 5)
enum vf_status vf_page_refuse(
	struct vf_request *, struct vf_response *, const char *field, const char *fmt, ...);

/* base64url without padding, in the arena; NULL when memory ends or the text is not such. */
char *vf_base64url(struct vf_arena *, const void *bytes, size_t len);
char *vf_unbase64url(struct vf_arena *, const char *text, size_t *len);

#endif
