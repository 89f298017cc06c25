/*
 * What an agent's records become, one by one: boots, runs, incidents, refused records, and the
 * high-water mark of their stream. Everything inside the caller's transaction.
 */
#ifndef VF_SERVER_STORE_STREAM_H
#define VF_SERVER_STORE_STREAM_H

#include "server/store/db.h"

/* Which stream of which agent. */
struct vf_stream_key {
	int64_t agent_id, machine_id, project_id;
	const unsigned char *stream; /* 16 bytes */
	int lane;
};

/* Makes the stream when it is new and locks its row until the transaction ends. VF_E_INVALID when
 * the stream is known in another lane. */
VF_MUST enum vf_status vf_store_stream_lock(
	struct vf_db *, const struct vf_stream_key *, uint64_t *acked, struct vf_err *);

struct vf_stream_step {
	uint64_t acked; /* new high-water mark = old one + stored + rejected + lost */
	uint64_t stored, rejected, lost;
	int64_t clock_offset_us; /* machine's clock minus ours */
};
VF_MUST enum vf_status vf_store_stream_advance(struct vf_db *, const struct vf_stream_key *,
	const struct vf_stream_step *, struct vf_err *);

struct vf_rejected {
	uint64_t seq;
	const char *kind, *reason, *field; /* kind and field may be NULL */
	const char *raw;                   /* valid UTF-8 without NUL */
	uint64_t raw_size;                 /* of the record as it came */
};
VF_MUST enum vf_status vf_store_rejected(
	struct vf_db *, const struct vf_stream_key *, const struct vf_rejected *, struct vf_err *);

struct vf_incident_row {
	const char *class;
	int64_t at_us;
	const char *detail; /* JSON object */
};
VF_MUST enum vf_status vf_store_incident(struct vf_db *, const struct vf_stream_key *,
	const struct vf_incident_row *, struct vf_err *);

struct vf_boot_row {
	const char *boot_uuid, *previous_uuid, *previous_end; /* the latter two may be NULL */
	int64_t ordinal;                                      /* -1 = unknown */
	int64_t started_us;                                   /* INT64_MIN = unknown */
	int64_t env_id;                                       /* 0 = unknown */
};
VF_MUST enum vf_status vf_store_boot(
	struct vf_db *, const struct vf_stream_key *, const struct vf_boot_row *, struct vf_err *);

struct vf_build_name {
	const char *driver, *branch, *label; /* label may be NULL */
	int64_t seq;
};
/* The build with this driver, branch and number; what is missing of them is made. */
VF_MUST enum vf_status vf_store_build_named(struct vf_db *, int64_t project_id,
	const struct vf_build_name *, int64_t *build_id, struct vf_err *);

struct vf_run_row {
	const char *run, *boot_uuid; /* boot may be NULL */
	int64_t build_id;            /* 0 = unknown */
	int64_t at_us;
	const char *outcome; /* NULL: it starts; else it ends */
};
VF_MUST enum vf_status vf_store_run(struct vf_db *, const struct vf_stream_key *,
	const struct vf_run_row *, int64_t *run_id, struct vf_err *);

#endif
