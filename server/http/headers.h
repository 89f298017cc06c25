/* Headers that every answer carries (design: strict content policy, no other host). */
#ifndef VF_SERVER_HTTP_HEADERS_H
#define VF_SERVER_HTTP_HEADERS_H

#include <microhttpd.h>
#include <stdbool.h>

struct vf_header_kind {
	bool page;     /* the app: its own scripts and styles may run */
	bool download; /* a file that must never be shown in place */
	bool tls;
};

void vf_headers_add(struct MHD_Response *, struct vf_header_kind);

#endif
