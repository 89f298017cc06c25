/*
 * One crash, one record: the dump and the events of the system log that tell of the same bug check
 * are brought together here. A half waits a bounded time for the other; whichever is alone then goes
 * out alone, and what comes later still is recognised as told already.
 *
 * Two pieces belong together when code and parameters agree and no piece of that sort is there yet.
 * Pure; the caller brings the time. Owns copies of everything.
 */
#ifndef VF_AGENT_CORE_COLLECT_H
#define VF_AGENT_CORE_COLLECT_H

#include <stdbool.h>
#include <stdint.h>

#include "verifleet/status.h"

enum { VF_COLLECT_PENDING = 64, VF_COLLECT_RECENT = 32 };

struct vf_crash_event {
	uint64_t key; /* of the event: nothing is taken twice */
	int64_t at_us;
	int event_id;      /* 1001 or 41 */
	int64_t record_id; /* 0 = unknown */
	char dump_path[260];
	char report_id[64];
};

struct vf_crash_dump {
	uint64_t key;
	char sha256[65];
	uint64_t size;
	char file_name[256];
	char *decoded; /* JSON text, owned; NULL when the dump could not be decoded */
};

struct vf_crash {
	uint32_t code, raw_code; /* code has bit 28 cleared */
	uint64_t params[4];
	int64_t at_us;                       /* best known time of the crash */
	bool has_dump, has_event, has_power; /* power: Kernel-Power 41 */
	struct vf_crash_event event, power;
	struct vf_crash_dump dump;
	int64_t deadline_us; /* monotonic: goes out alone then */
};

/* What went out already, so that a late half is not counted as another crash. */
struct vf_crash_told {
	uint32_t code;
	uint64_t params[4];
	int64_t at_us;
	bool has_dump, has_event, has_power;
};

struct vf_collect {
	int64_t wait_us;
	struct vf_crash pending[VF_COLLECT_PENDING];
	size_t count;
	struct vf_crash_told told[VF_COLLECT_RECENT];
	size_t told_count;
};

enum vf_collected {
	VF_COLLECT_WAITS, /* taken; comes out of vf_collect_due() */
	VF_COLLECT_LATE,  /* its crash was told already; what to do is the caller's choice */
	VF_COLLECT_FULL,  /* no room now: offer it again later */
};

/*
 * Offers one piece of evidence: `piece` has exactly one of has_dump, has_event, has_power. Takes
 * over piece->dump.decoded when the answer is VF_COLLECT_WAITS.
 */
enum vf_collected vf_collect_offer(struct vf_collect *c, struct vf_crash *piece, int64_t now_us);
/* The next crash that is complete, or has waited long enough; `now_us` INT64_MAX: all of them. The
 * caller owns out->dump.decoded. */
bool vf_collect_due(struct vf_collect *c, int64_t now_us, struct vf_crash *out);
void vf_collect_release(struct vf_collect *c);

#endif
