/*
 * The machines of the simulated lab: each is a real agent with a spool of its own on scripted
 * evidence. Internal to the command `lab`; the script is agent/sim/scenario.h.
 */
#ifndef VF_AGENT_SERVICE_LAB_H
#define VF_AGENT_SERVICE_LAB_H

#include "agent/service/command.h"
#include "agent/sim/scenario.h"

struct vf_lab_machine {
	size_t index;
	struct vf_scenario_machine facts;
	char dir[1000], marker[64];
	struct vf_config config;
	struct vf_posix_crypto crypto;
	struct vf_agent *agent;
	/* Kept in lab.json: */
	uint64_t run; /* the run that goes on, or comes next */
	bool running; /* it has begun */
	uint64_t boots, events;
	int64_t booted_at_us, begun_at_us;
	int64_t due_us; /* monotonic; not kept */
};

struct vf_lab {
	char server[256], token[256], api_token[256], ca_file[512], project[64], dir[800];
	uint64_t seed;
	size_t count;
	double speed;
	int64_t began_at_us;
	struct vf_clock clock;
	struct vf_files files;
	struct vf_random random;
	struct vf_posix_http http;
	struct vf_lab_machine machines[VF_SCENARIO_MACHINES];
	uint64_t runs, crashes; /* by this process */
};

/* lab.c: the past and the machines' places in the script. */
VF_MUST enum vf_status vf_lab_save(const struct vf_lab *lab, struct vf_err *err);
VF_MUST enum vf_status vf_lab_load(struct vf_lab *lab, struct vf_err *err);

/* lab_machine.c */
VF_MUST enum vf_status vf_lab_machine_open(
	struct vf_lab *lab, struct vf_lab_machine *m, struct vf_err *err);
void vf_lab_machine_close(struct vf_lab_machine *m);
/* Lets the next thing of the script happen: a run begins, or ends one way or the other. */
VF_MUST enum vf_status vf_lab_machine_advance(
	struct vf_lab *lab, struct vf_lab_machine *m, struct vf_err *err);

/* lab_server.c: project and builds; what exists already stays as it is. */
VF_MUST enum vf_status vf_lab_register(struct vf_lab *lab, struct vf_err *err);

int vf_agent_cmd_lab(int argc, char **argv);

#endif
