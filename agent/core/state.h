/*
 * What the agent remembers between its starts, beside the spool: which evidence it has taken, the
 * boot it belongs to, the runs of late, the raw dumps that are still to be sent. One small JSON file,
 * replaced as a whole; it is written after the spool has synced what it tells of, so a crash in
 * between makes evidence be looked at twice, and vf_spool_found() then says that it was taken.
 */
#ifndef VF_AGENT_CORE_STATE_H
#define VF_AGENT_CORE_STATE_H

#include "agent/core/collect.h"
#include "agent/core/ports.h"
#include "agent/core/segment.h"

enum { VF_STATE_RUNS = 16 };

struct vf_state_boot {
	char marker[80]; /* "" = none */
	char uuid[40];
	uint64_t ordinal;
	int64_t started_at_us;
};

struct vf_state_dump {
	char *name;
	uint64_t size;
	int64_t mtime_us;
	char sha256[65]; /* "" = was no dump */
	bool present;    /* seen in the last look at the folder; not stored */
};

struct vf_state_upload {
	char *name;
	char sha256[65];
	uint64_t size;
	uint8_t stream
		[VF_STREAM_ID_LEN]; /* of its record: the dump follows once that is acknowledged */
	uint64_t seq;
};

struct vf_state_run {
	char id[VF_WIRE_NAME_MAX + 1];
	int64_t start_us, end_us; /* end 0 = goes on */
};

struct vf_state {
	struct vf_state_boot boot, previous;
	bool boot_told;          /* the boot record is in the spool */
	uint64_t event_position; /* every line before it is done with */
	uint64_t *event_keys;    /* lines behind it that are, too */
	size_t event_key_count, event_key_room;
	struct vf_state_dump *dumps;
	size_t dump_count, dump_room;
	size_t dump_found; /* where the last look-up ended: a folder is listed in one order */
	struct vf_state_upload *uploads;
	size_t upload_count, upload_room;
	struct vf_state_run runs[VF_STATE_RUNS];
	size_t run_count;
};

void vf_state_release(struct vf_state *s);
/* An absent file is an empty state. VF_E_CORRUPT: there is one, but it cannot be understood. */
VF_MUST enum vf_status vf_state_load(struct vf_state *s, struct vf_collect *told,
	const struct vf_files *files, const char *path, struct vf_err *err);
VF_MUST enum vf_status vf_state_save(const struct vf_state *s, const struct vf_collect *told,
	const struct vf_files *files, const char *path, struct vf_err *err);

bool vf_state_has_event(const struct vf_state *s, uint64_t key);
VF_MUST enum vf_status vf_state_add_event(struct vf_state *s, uint64_t key);
void vf_state_forget_event(struct vf_state *s, uint64_t key);
struct vf_state_dump *vf_state_dump(struct vf_state *s, const char *name);
bool vf_state_has_sha256(const struct vf_state *s, const char *sha256);
/* Adds it, or brings it up to date. */
VF_MUST enum vf_status vf_state_set_dump(
	struct vf_state *s, const char *name, uint64_t size, int64_t mtime_us, const char *sha256);
void vf_state_drop_absent_dumps(struct vf_state *s);
VF_MUST enum vf_status vf_state_add_upload(struct vf_state *s, const struct vf_state_upload *u);
void vf_state_drop_upload(struct vf_state *s, size_t i);
void vf_state_run_begins(struct vf_state *s, const char *id, int64_t at_us);
void vf_state_run_ends(struct vf_state *s, const char *id, int64_t at_us);
/* The run that was going on at a moment, NULL = none. */
const char *vf_state_run_at(const struct vf_state *s, int64_t at_us);

#endif
