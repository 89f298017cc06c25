/*
 * A batch of an agent (include/verifleet/wire.h) as typed records.
 *
 * What concerns the whole batch (body, header, sequence) refuses it: the sender broke the
 * protocol. What concerns one record leaves the batch whole: the record carries a refusal and its
 * text, for the table of rejected records. A line that cannot even tell its sequence number takes
 * the next one.
 *
 * Memory: the arena, and one JSON value a record, freed with the arena. Pure but for that.
 */
#ifndef VF_SERVER_INGEST_DECODE_H
#define VF_SERVER_INGEST_DECODE_H

#include "server/ingest/crash.h"
#include "server/ingest/plain.h"
#include "verifleet/wire.h"

struct vf_env_facts {
	const json_t *body; /* NULL = not told */
	const char *os_name, *arch;
	int64_t os_build; /* 0 = unknown */
};

struct vf_boot_record {
	const char *boot_uuid;
	int64_t ordinal;    /* -1 = unknown */
	int64_t started_us; /* INT64_MIN = unknown */
	struct vf_env_facts env;
	const char *previous_uuid; /* NULL = unknown */
	const char *previous_end;  /* constant word, NULL = not told */
};

#define VF_RUN_IMAGES_MAX 64
struct vf_run_record {
	const char *run;
	bool has_build;
	const char *driver, *branch, *label; /* label may be NULL */
	int64_t seq;
	struct vf_run_image {
		const char *name;
		uint32_t timestamp;
		int64_t size, checksum; /* checksum -1 = unknown */
	} * image;
	size_t n_images;
	const char *outcome; /* of a run_end: constant word */
};

struct vf_incident_record {
	const char *class;
	const json_t *detail; /* NULL = none */
};

struct vf_record {
	uint64_t seq, last;       /* the same but for a gap */
	enum vf_record_kind kind; /* 0 = refused before its kind was known */
	const char *kind_word;    /* as sent, NULL = unreadable */
	bool refused;
	struct vf_refusal refusal;
	struct vf_text line;
	int64_t at_us;
	const char *boot_uuid; /* NULL = none */
	union {
		struct vf_boot_record boot;
		struct vf_run_record run;
		struct vf_crash crash;
		struct vf_incident_record incident;
		const char *gap_reason; /* constant word */
	};
};

struct vf_batch {
	unsigned char stream[16];
	enum vf_lane lane;
	uint64_t first_seq;
	int64_t sent_us, uptime_us; /* uptime -1 = unknown */
	struct vf_record *record;
	size_t n_records;
	uint64_t last_seq; /* of the last record */
};

/*
 * VF_E_INVALID with the refusal filled when the batch breaks the protocol, VF_E_LIMIT when it has
 * too many records. Everything in `out` points into the arena or into `body`.
 */
VF_MUST enum vf_status vf_batch_decode(struct vf_arena *, struct vf_text body, struct vf_batch *out,
	struct vf_refusal *, struct vf_err *);

/* An environment member of an enrolment or a boot; canonical JSON comes from vf_env_canonical(). */
void vf_env_read(struct vf_members *, const char *name, struct vf_env_facts *);

#endif
