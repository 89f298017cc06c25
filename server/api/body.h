/*
 * Members of a JSON body, read strictly and named when they are refused. The first refusal fills
 * the response; every later read then gives nothing, so that a handler reads all it wants and asks
 * once, with vf_body_done(), whether to go on. Members that nobody read are refused too.
 */
#ifndef VF_SERVER_API_BODY_H
#define VF_SERVER_API_BODY_H

#include "server/api/request.h"

#define VF_BODY_MEMBERS 24

struct vf_body {
	struct vf_request *req;
	struct vf_response *res;
	json_t *root;
	const char *at; /* where in the body: "" or "images[3]." in the names of refusals */
	bool refused;
	enum vf_status st; /* what the handler returns once refused */
	const char *read[VF_BODY_MEMBERS];
	size_t n_read;
};

/* The body as an object. */
void vf_body_open(struct vf_body *, struct vf_request *, struct vf_response *, struct vf_err *);
/* An object inside the body; `at` names it, with a dot at the end. */
void vf_body_inner(struct vf_body *, struct vf_request *, struct vf_response *, json_t *object,
	const char *at);

enum vf_presence { VF_OPTIONAL, VF_REQUIRED };
/* NULL when absent or null. Length in bytes; no control characters, no blanks at the ends. */
const char *vf_body_text(struct vf_body *, const char *name, size_t max, enum vf_presence);
int64_t vf_body_int(struct vf_body *, const char *name, int64_t min, int64_t max, int64_t absent,
	enum vf_presence);
bool vf_body_bool(struct vf_body *, const char *name, bool absent);
/* 0x and eight digits; `absent` when absent or null. */
int64_t vf_body_hex32(struct vf_body *, const char *name, int64_t absent, enum vf_presence);
/* NULL when absent or null. */
json_t *vf_body_array(struct vf_body *, const char *name, size_t max, enum vf_presence);

VF_PRINTF(3, 4) void vf_body_refuse(struct vf_body *, const char *name, const char *fmt, ...);
/* True: nothing was refused and no member is left over. Else the handler returns body.st. */
VF_MUST bool vf_body_done(struct vf_body *);

#endif
