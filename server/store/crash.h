/*
 * Bug checks as stored truth: one way in for what agents send and for what people import.
 *
 * A set of crashes of one machine is stored by a fixed number of statements, whatever its size.
 * Equal evidence counts once: the same dump in a project is the same crash, whoever sends it, and
 * so are event and dump with the same code and parameters in one boot. Evidence that comes later
 * completes what is there (source `both`) instead of counting again. Roll-ups follow by trigger.
 *
 * Everything runs inside the caller's transaction and borrows its memory from the arena. The
 * statements see hostile values only as parameters; a value that PostgreSQL refuses makes the whole
 * set fail with VF_E_INVALID or VF_E_CONFLICT, and the caller splits it.
 */
#ifndef VF_SERVER_STORE_CRASH_H
#define VF_SERVER_STORE_CRASH_H

#include <jansson.h>

#include "server/domain/attribution.h"
#include "server/domain/identity.h"
#include "server/runtime/arena.h"
#include "server/store/db.h"

enum vf_evidence_source { VF_SOURCE_EVENTLOG, VF_SOURCE_DUMP, VF_SOURCE_BOTH };

struct vf_crash {
	/* What is known; all borrowed. */
	enum vf_evidence_source source;
	int64_t occurred_us;
	int64_t uptime_us;           /* -1 = unknown */
	const char *boot_uuid;       /* in which it was reported, NULL = unknown */
	const char *crash_boot_uuid; /* which it ended, NULL = unknown */
	const char *run;  /* name of the run, NULL = the one that its boot is in, if any */
	int64_t build_id; /* named by the importer, 0 = none */
	struct vf_crash_facts facts;
	const struct vf_module *module; /* loaded drivers */
	size_t n_modules;
	const char *arch; /* of the dump, NULL = unknown */
	int64_t cpus;     /* 0 = unknown */
	bool has_dump;
	unsigned char sha256[32];
	int64_t dump_size;
	const char *file_name; /* NULL = unknown */
	int64_t decoder;
	const json_t *decoded, *report; /* NULL = none */

	/* What became of it. */
	int64_t occurrence_id, finding_id;
	bool duplicate;     /* was counted before; nothing was added to the counts */
	bool merged;        /* completed what was known before */
	int64_t moved_from; /* build that it belonged to before, 0 = it stayed where it was */
	struct vf_attribution_result attribution;
};

/* Whose evidence it is. */
struct vf_crash_scope {
	int64_t project_id, machine_id;
	int64_t agent_id; /* 0 = imported by a person */
};

#define VF_CRASH_SET_MAX 1000

/* True when both would meet in one row: they may not be in one set. */
bool vf_crash_same(const struct vf_crash *, const struct vf_crash *);

VF_MUST enum vf_status vf_store_crashes(struct vf_db *, struct vf_arena *,
	const struct vf_crash_scope *, struct vf_crash **crash, size_t n, struct vf_err *);

#endif
