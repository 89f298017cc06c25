/*
 * The record of who did what: rows are only ever added (a trigger refuses the rest). Written in the
 * caller's transaction, so that a deed and its record are kept or lost together.
 */
#ifndef VF_SERVER_STORE_AUDIT_H
#define VF_SERVER_STORE_AUDIT_H

#include <jansson.h>

#include "verifleet/status.h"

struct vf_db;

struct vf_actor {
	const char *kind; /* "system", "user", "token", "agent" or "console" */
	int64_t id;       /* 0 = none */
	const char *name;
	const char *remote_addr; /* NULL = none */
};

/*
 * `action` is object.verb ("user.reset"); `object_kind` and `object_id` may be NULL. Takes `detail`
 * (NULL is an empty object), also when it fails. Never put secrets in it.
 */
VF_MUST enum vf_status vf_audit(struct vf_db *, const struct vf_actor *, const char *action,
	const char *object_kind, const char *object_id, json_t *detail, struct vf_err *);

#endif
