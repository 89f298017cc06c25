/*
 * How a function says that it failed: a status that must be looked at, and an optional record
 * with the words. The record belongs to the caller, has a fixed size and is filled without
 * allocating, so that reporting a failure cannot fail. Passing NULL for it is allowed everywhere.
 */
#ifndef VERIFLEET_STATUS_H
#define VERIFLEET_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verifleet/banned.h"

enum vf_status {
	VF_OK = 0,
	VF_E_NOMEM,    /* out of memory */
	VF_E_INVALID,  /* the input is not what it must be; trying again will not help */
	VF_E_LIMIT,    /* well formed, but larger than a stated limit */
	VF_E_NOTFOUND, /* what was named does not exist */
	VF_E_CONFLICT, /* exists already with other content, or was changed by somebody else */
	VF_E_DENIED,   /* known, but not permitted */
	VF_E_CORRUPT,  /* stored data does not carry the checksum or shape it was written with */
	VF_E_AGAIN,    /* temporary: the same call may succeed later */
	VF_E_IO,       /* the operating system refused; vf_err.sys holds errno */
};

struct vf_err {
	enum vf_status code;
	int sys;        /* errno or another system code, 0 when there is none */
	char text[256]; /* one sentence, no newline, UTF-8, always terminated */
};

#define VF_MUST __attribute__((warn_unused_result))
#ifdef __MINGW32__
#define VF_PRINTF(f, a) __attribute__((format(gnu_printf, f, a)))
#else
#define VF_PRINTF(f, a) __attribute__((format(printf, f, a)))
#endif

#define VF_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/*
 * Fills `e` (may be NULL) and returns `code`, so that a failure is one statement:
 * `return vf_fail(err, VF_E_LIMIT, "%s is larger than %zu bytes", path, max);`
 * vf_fail_sys() also keeps errno and appends its text. Both are defined once on each side of the
 * wire (agent/core/status.c, server/runtime/status.c): include/ holds no code of its own.
 */
VF_PRINTF(3, 4) enum vf_status vf_fail(struct vf_err *e, enum vf_status code, const char *fmt, ...);
VF_PRINTF(3, 4)
enum vf_status vf_fail_sys(struct vf_err *e, enum vf_status code, const char *fmt, ...);

#endif
