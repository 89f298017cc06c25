/* What the files that store crashes share; nobody else includes this. */
#ifndef VF_SERVER_STORE_CRASH_IMPL_H
#define VF_SERVER_STORE_CRASH_IMPL_H

#include "server/store/crash.h"

/* A crash on its way into the tables. */
struct vf_crash_row {
	struct vf_crash *in;
	struct vf_identity identity;
	int64_t boot_id, run_id; /* 0 = none yet */
	struct vf_build_ref explicit_build, run_build;
	bool keyed;   /* its boot key was asked for */
	bool settled; /* nothing more to do: duplicate or merged */
};

/* Evidence that is stored already, as one row. */
struct vf_known_crash {
	int64_t occurrence_id, finding_id;
	char received_at[64]; /* exact text of PostgreSQL: key of the partition */
	enum vf_evidence_source source;
	struct vf_attribution_result attribution;
	int64_t run_id;
	struct vf_build_ref explicit_build, run_build;
	bool has_dump, has_report;
	int64_t project_id;
};

struct vf_crash_work {
	struct vf_db *db;
	struct vf_arena *arena;
	struct vf_crash_scope scope;
	bool watched; /* the machine is one, not the name that stands for all others */
	struct vf_crash_row *row;
	size_t n;
};

/* Text of a JSON value in the arena; takes the value, NULL included. */
VF_MUST enum vf_status vf_json_text(
	struct vf_arena *, json_t *take, const char **out, struct vf_err *);
/* Rows for jsonb_to_recordset(); one that could not be made spoils them all. */
struct vf_json_rows {
	json_t *list;
	bool bad;
};
void vf_json_rows_add(struct vf_json_rows *, json_t *take);
/* NULL when there are none. Ends the rows. */
VF_MUST enum vf_status vf_json_rows_text(
	struct vf_arena *, struct vf_json_rows *, const char **out, struct vf_err *);
/* As a JSON integer with the same 64 bits. */
json_t *vf_json_u64(uint64_t);
json_t *vf_json_when(int64_t utc_us); /* null for INT64_MIN */
json_t *vf_json_hex(const void *bytes, size_t len);

/* crash_keys.c */
/* Code, parameters, time and boot of row i, as statements know them. */
json_t *vf_crash_signature(const struct vf_crash_row *, size_t i);
/* Before everything else; sets w->watched. */
VF_MUST enum vf_status vf_crash_lock_machine(struct vf_crash_work *, struct vf_err *);
VF_MUST enum vf_status vf_crash_dump_keys(struct vf_crash_work *, struct vf_err *);
VF_MUST enum vf_status vf_crash_boot_keys(struct vf_crash_work *, struct vf_err *);
VF_MUST enum vf_status vf_crash_by_time(struct vf_crash_work *, struct vf_err *);

/* crash_boots.c */
/* $1 project, $2 machine, $3 agent (0 = none). */
void vf_crash_args(struct vf_args *, const struct vf_crash_work *);
VF_MUST enum vf_status vf_crash_boots(struct vf_crash_work *, struct vf_err *);
VF_MUST enum vf_status vf_crash_make_boots(struct vf_crash_work *, struct vf_err *);
VF_MUST enum vf_status vf_crash_runs(struct vf_crash_work *, struct vf_err *);

/* crash_attribute.c: the builds and images that may matter, then vf_attribute() of each row that
 * is not settled. */
VF_MUST enum vf_status vf_crash_attribute(struct vf_crash_work *, struct vf_err *);

/* Whoever stores crashes shares it, whoever claims them for a new image has it alone: else a crash
 * and the image that it belongs to could pass each other unseen. Held until commit. */
VF_MUST enum vf_status vf_crash_lock_images(struct vf_db *, bool shared, struct vf_err *);

/* crash_insert.c */
VF_MUST enum vf_status vf_crash_findings(struct vf_crash_work *, struct vf_err *);
VF_MUST enum vf_status vf_crash_occurrences(struct vf_crash_work *, struct vf_err *);
VF_MUST enum vf_status vf_crash_details(struct vf_crash_work *, struct vf_err *);

/* crash_merge.c */
VF_MUST enum vf_status vf_crash_known(struct vf_db *, int64_t occurrence_id,
	const char *received_at, struct vf_known_crash *out, struct vf_err *);
/* Completes what is stored with what `row` knows more, and settles the row. */
VF_MUST enum vf_status vf_crash_merge(struct vf_crash_work *, struct vf_crash_row *,
	const struct vf_known_crash *, struct vf_err *);
/* Gives a stored crash another reading of its dump: identity, attribution, detail. */
VF_MUST enum vf_status vf_crash_reread(struct vf_crash_work *, struct vf_crash_row *,
	const struct vf_known_crash *, struct vf_err *);

#endif
