/* Figures of one build that are no list of rows. */
#ifndef VF_SERVER_STORE_REPORT_H
#define VF_SERVER_STORE_REPORT_H

#include "server/store/list.h"

/* Columns of vf_store_report_kinds(). */
extern const struct vf_column vf_report_kind_column[];
extern const size_t vf_report_kind_columns;

/* For each kind that was met with the build: findings new, own and of others, occurrences. */
VF_MUST enum vf_status vf_store_report_kinds(
	struct vf_db *, int64_t build_id, struct vf_rows **, struct vf_err *);

/* A place in the feed of changes: after the row `id` of transaction `txid`, known since `at_us`. */
struct vf_change_position {
	int64_t txid, id, at_us;
};

/*
 * What changed after a position, oldest first: columns topic, entity_id, txid, id, microseconds.
 * `reset` (then there are no rows) tells that the feed cannot say: what came after is no longer
 * kept, or this database, made anew or restored, has never come to that position.
 */
VF_MUST enum vf_status vf_store_changes(struct vf_db *, const struct vf_change_position *after,
	int limit, struct vf_rows **, bool *reset, struct vf_err *);
/* The position of now: what is committed lies before it, what commits later after it. */
VF_MUST enum vf_status vf_store_changes_end(
	struct vf_db *, struct vf_change_position *, struct vf_err *);

#endif
