/*
 * What the server answers to an agent. Answers come from outside as well: every member is checked,
 * and one that is absent or of the wrong type is as absent.
 */
#ifndef VF_AGENT_WIRE_ANSWER_H
#define VF_AGENT_WIRE_ANSWER_H

#include "agent/core/buf.h"

struct vf_answer {
	int status;
	bool ok; /* 2xx */
	bool has_acked, has_expected, has_received, has_time;
	uint64_t acked_seq, expected_seq, received;
	uint64_t stored, duplicates, rejected, gaps;
	int64_t server_time_us;
	unsigned heartbeat_s; /* 0 = not said */
	bool complete;
	char stream[33];   /* of a batch, as it was sent; empty: not said */
	char slug[48];     /* of a problem document: the last part of its type */
	char problem[200]; /* what a person should read */
	char field[80];
	char agent_id[40], machine_id[40], machine[132]; /* of an enrolment */
};

void vf_answer_parse(struct vf_answer *out, int status, const struct vf_buf *body);

#endif
