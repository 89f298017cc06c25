/*
 * The body of a batch as text, and the cheap checks that come before any JSON is parsed: they
 * bound what the parser can be made to do, and refuse what PostgreSQL would refuse later.
 */
#ifndef VF_SERVER_INGEST_PLAIN_H
#define VF_SERVER_INGEST_PLAIN_H

#include "server/ingest/member.h"
#include "server/runtime/arena.h"

struct vf_text {
	const char *data; /* not terminated */
	size_t len;
};

/*
 * `encoding` is NULL, "identity" or "gzip"; anything else is VF_E_INVALID. At most `max` bytes come
 * out, else VF_E_LIMIT: a small body cannot become a large one. Without encoding the body itself
 * is returned, else memory of the arena.
 */
VF_MUST enum vf_status vf_plain_body(struct vf_arena *, struct vf_text body, const char *encoding,
	size_t max, struct vf_text *out, struct vf_err *);

/* One line of JSON within the limits of wire.h: length, nesting, strings, no NUL, no half pair. */
VF_MUST bool vf_plain_line_ok(struct vf_text line, struct vf_refusal *);

#endif
