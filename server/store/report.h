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

/*
 * What changed after the position (txid, id), oldest first: columns topic, entity_id, txid, id.
 * `reset` tells that this database has never come to that position: it was made anew, or restored.
 */
VF_MUST enum vf_status vf_store_changes(struct vf_db *, int64_t txid, int64_t id, int limit,
	struct vf_rows **, bool *reset, struct vf_err *);
/* The position of now: nothing committed so far lies after it, whatever commits later does. */
VF_MUST enum vf_status vf_store_changes_end(
	struct vf_db *, int64_t *txid, int64_t *id, struct vf_err *);

#endif
