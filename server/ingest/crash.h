/* A bug check as JSON, from an agent's record or an import, to what the store takes. */
#ifndef VF_SERVER_INGEST_CRASH_H
#define VF_SERVER_INGEST_CRASH_H

#include "server/ingest/member.h"
#include "server/runtime/arena.h"
#include "server/store/crash.h"

/*
 * Reads the member `dump` of `m` (sha256, size, file_name, decoder, decoded) into `out`. Of the
 * decoded dump only the members that the server uses are checked; the rest is kept as it came.
 * False when the member is absent, refused, or memory ended (then m->ok is false).
 */
bool vf_crash_read_dump(
	struct vf_members *m, enum vf_member_need, struct vf_arena *, struct vf_crash *out);

/* Reads `decoded`: code, parameters, culprit, drivers, build, time and uptime. */
void vf_crash_read_decoded(const json_t *decoded, const char *prefix, struct vf_arena *,
	struct vf_members *owner, struct vf_crash *out);

/* Every member of a record of kind bugcheck; `at_us` is the record's time. */
void vf_crash_read_record(
	struct vf_members *m, struct vf_arena *, int64_t at_us, struct vf_crash *out);

#endif
