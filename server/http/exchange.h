/*
 * One exchange on the wire: what the listener collects, what a worker fills, what is sent.
 *
 * Owned by the listener from the first line of the request to the completed callback of
 * microhttpd; a worker owns it while the connection is suspended. Never by both at once.
 */
#ifndef VF_SERVER_HTTP_EXCHANGE_H
#define VF_SERVER_HTTP_EXCHANGE_H

#include <microhttpd.h>

#include "server/api/request.h"
#include "server/http/router.h"
#include "server/runtime/buf.h"

struct vf_http;

enum vf_stage {
	VF_STAGE_NEW,     /* headers not seen yet */
	VF_STAGE_BODY,    /* collecting the body */
	VF_STAGE_DISCARD, /* answered already; the rest of the body is read and dropped */
	VF_STAGE_WORK,    /* suspended, with a worker */
	VF_STAGE_ANSWER,  /* `res` is ready to be sent */
};

struct vf_exchange {
	struct vf_exchange *next; /* of the work queue */
	struct vf_http *http;
	struct MHD_Connection *conn;
	enum vf_stage stage;
	const struct vf_route *route; /* NULL: static file or problem */
	const char *allow;            /* value of Allow, with 405 */
	struct vf_arena arena;
	struct vf_buf body;
	size_t discarded;
	size_t body_counted; /* bytes counted in the ceiling of all bodies */
	int64_t begin_us;    /* monotonic */
	char id[17], addr[64];
	bool head;        /* no body goes out */
	bool public_page; /* the content policy of the app instead of the one of the API */
	bool gzipped;
	bool close;   /* the connection ends with the answer */
	bool counted; /* among the exchanges in flight */
	struct vf_request req;
	struct vf_response res;
};

/* response.c: queues `res`; compresses before that, on the thread of the caller. */
void vf_http_prepare(struct vf_exchange *);
enum MHD_Result vf_http_send(struct vf_exchange *);

/* decode.c: fills path, query and params of the request from target; a problem answer if bad. */
VF_MUST enum vf_status vf_http_decode_target(struct vf_exchange *, struct vf_err *);

#endif
