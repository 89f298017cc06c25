/*
 * Stores a batch exactly once. Everything of it, and the move of its stream's acknowledgement, is
 * one transaction: what is acknowledged is committed, and a batch that comes again finds the
 * acknowledgement moved and stores only what lies behind it.
 *
 * A record that the database refuses (SQLSTATE class 22 or 23) is found by halving the batch and
 * kept apart; the records around it are stored. Deadlocks and serialisation failures are retried
 * here a few times before the sender has to.
 */
#ifndef VF_SERVER_INGEST_ACCEPT_H
#define VF_SERVER_INGEST_ACCEPT_H

#include "server/ingest/decode.h"
#include "server/store/db.h"

struct vf_accept_from {
	int64_t agent_id, machine_id, project_id;
	int64_t now_us;
};

struct vf_accepted {
	uint64_t acked_seq;
	uint64_t stored, duplicates, rejected, gaps;
	uint64_t expected_seq; /* not 0: refused, this number must come first */
	bool wrong_lane;       /* refused: the stream belongs to the other lane */
};

/* VF_E_CONFLICT with expected_seq for a batch that leaves a hole. */
VF_MUST enum vf_status vf_accept(struct vf_db *, struct vf_arena *, const struct vf_accept_from *,
	struct vf_batch *, struct vf_accepted *out, struct vf_err *);

#endif
