/*
 * Members of JSON objects from outside, read strictly: the wanted type and range, or a refusal that
 * names the member and says what it must be. Unknown members are ignored, so that a newer sender
 * is understood by an older server.
 *
 * A reader is `take(&m, …)` after `take(&m, …)` with one look at m.ok at the end: after the first
 * refusal nothing more is read. Strings and objects are borrowed from the JSON value.
 */
#ifndef VF_SERVER_INGEST_MEMBER_H
#define VF_SERVER_INGEST_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "verifleet/status.h"

/* Why something was not taken. Fits the columns of rejected_record and a problem document. */
struct vf_refusal {
	char reason[224];
	char field[96]; /* dotted path; empty when it is not about one member */
};

/* What a member may do besides having its type. */
enum vf_member_need {
	VF_MEMBER_OPTIONAL,
	VF_MEMBER_REQUIRED
}; /* optional = may be absent or null */

struct vf_members {
	const json_t *object;
	char prefix[64]; /* path of the object, "" or ending with a dot */
	struct vf_refusal *refusal;
	bool ok;
};

/* `value` must be an object; a refusal otherwise. */
void vf_members_init(
	struct vf_members *, const json_t *value, const char *prefix, struct vf_refusal *);
/* Refuses `name` (of this object) for the given reason; the first refusal stays. */
VF_PRINTF(3, 4) void vf_member_refuse(struct vf_members *, const char *name, const char *fmt, ...);

/* 1..max bytes of UTF-8 without control characters; NULL when absent, or optional and empty. */
const char *vf_member_text(struct vf_members *, const char *name, size_t max, enum vf_member_need);
/* A whole number; `absent` when absent. */
int64_t vf_member_int(struct vf_members *, const char *name, int64_t min, int64_t max,
	enum vf_member_need, int64_t absent);
/* "0x" and 1 to `digits` hexadecimal digits. False when absent or refused. */
bool vf_member_hex(
	struct vf_members *, const char *name, int digits, enum vf_member_need, uint64_t *out);
/* `len` bytes as exactly 2 * len lower-case digits. False when absent or refused. */
bool vf_member_bytes(
	struct vf_members *, const char *name, void *out, size_t len, enum vf_member_need);
/* RFC 3339; `absent` when absent. */
int64_t vf_member_time(struct vf_members *, const char *name, enum vf_member_need, int64_t absent);
/* 8-4-4-4-12 digits in either case; NULL when absent. */
const char *vf_member_uuid(struct vf_members *, const char *name, enum vf_member_need);
/* Seconds as a number, 0 to 100 years, in microseconds; -1 when absent. */
int64_t vf_member_seconds(struct vf_members *, const char *name, enum vf_member_need);
/* NULL when absent. */
const json_t *vf_member_object(struct vf_members *, const char *name, enum vf_member_need);
const json_t *vf_member_array(
	struct vf_members *, const char *name, size_t max, enum vf_member_need);
/* The index of the text in a list of words that ends with NULL; -1 when absent. */
int vf_member_word(
	struct vf_members *, const char *name, const char *const *words, enum vf_member_need);

/* 0..15, or -1 for what is no hexadecimal digit. */
int vf_hex_digit(char);

#endif
