/* Roles of people and permissions of requests: numbers that are stored, and their words. Pure. */
#ifndef VF_SERVER_DOMAIN_ACCESS_H
#define VF_SERVER_DOMAIN_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verifleet/status.h"

/* Ordered: a role includes every one before it. Stored: never renumber. */
enum vf_role { VF_ROLE_NONE, VF_ROLE_VIEWER, VF_ROLE_OPERATOR, VF_ROLE_ADMINISTRATOR };

/* What a route asks of its caller, and what a token was given. Stored as a mask: never renumber. */
enum vf_scope {
	VF_SCOPE_READ = 1 << 0,    /* every GET */
	VF_SCOPE_IMPORT = 1 << 1,  /* create builds, runs, send dumps */
	VF_SCOPE_OPERATE = 1 << 2, /* change what people decide: projects, branches, drivers */
	VF_SCOPE_DUMPS = 1 << 3,   /* download raw dumps */
	VF_SCOPE_ADMIN = 1 << 4,   /* users, tokens, audit, deletion */
	VF_SCOPE_SELF = 1 << 5,    /* a signed-in person's own session and password */
	VF_SCOPE_AGENT = 1 << 6,   /* signed by an enrolled agent; never given to a token */
	VF_SCOPE_NONE = 1 << 7, /* no sign-in: health, sign-in itself, enrolment (its own token) */
};

#define VF_TOKEN_SCOPES                                                                            \
	((uint32_t)(VF_SCOPE_READ | VF_SCOPE_IMPORT | VF_SCOPE_OPERATE | VF_SCOPE_DUMPS |          \
		    VF_SCOPE_ADMIN))

const char *vf_role_name(int role); /* "none" for a number that is none */
VF_MUST bool vf_role_parse(const char *text, int *out);
/* What people of a role may do. */
uint32_t vf_role_scopes(int role);
/* The least role that may hold all of these: a token acts with it. */
int vf_scopes_role(uint32_t scopes);
/* "read,import": only scopes that a token may have. */
VF_MUST bool vf_scopes_parse(const char *text, uint32_t *out);
void vf_scopes_text(uint32_t scopes, char *out, size_t cap);

#endif
