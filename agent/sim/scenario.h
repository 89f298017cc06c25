/*
 * The script of the simulated lab: which machines there are, which builds of a driver they test,
 * which faults those builds have, and what therefore happens on a machine in its n-th test run.
 *
 * Everything follows from (seed, machine, number of the run): the same arguments give the same run
 * on every machine and at every time, so a lab goes on where it stopped without a memory of its
 * own. Times are relative to the lab's beginning. Pure but for writing a dump's file.
 */
#ifndef VF_AGENT_SIM_SCENARIO_H
#define VF_AGENT_SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/sim/dumpwriter.h"
#include "agent/wire/encode.h"

#define VF_SCENARIO_DRIVER "netx.sys"

enum {
	VF_SCENARIO_BUILDS = 8,
	VF_SCENARIO_HISTORY = 16,  /* runs of each machine that lie in the past when a lab begins */
	VF_SCENARIO_MACHINES = 64, /* at most */
	VF_SCENARIO_DAYS = 12,     /* that the past spans */
};

struct vf_scenario_image {
	uint32_t timestamp, size, checksum;
};

struct vf_scenario_build {
	const char *branch, *label, *commit;
	int64_t seq;
	struct vf_scenario_image x64, arm64;
};

struct vf_scenario_machine {
	char name[32], smbios_uuid[40];
	struct vf_wire_env env; /* borrows from the scenario's tables */
	bool arm64;
};

enum vf_scenario_evidence { VF_EVIDENCE_BOTH, VF_EVIDENCE_DUMP, VF_EVIDENCE_EVENT };

struct vf_scenario_crash {
	const char *fault; /* a word for the log, NULL = the run passes */
	enum vf_scenario_evidence evidence;
	int64_t after_us; /* from the beginning of the run */
	bool outside;     /* it comes when the run is over: no build is tested then */
	uint64_t uptime_100ns;
};

struct vf_scenario_run {
	char id[64];
	size_t build;
	int64_t begins_us; /* from the beginning of the lab; of a run beyond the past: 0 */
	int64_t lasts_us;
	struct vf_scenario_crash crash;
	size_t fault;    /* index of crash.fault */
	uint64_t random; /* what this run's details are drawn from */
};

const struct vf_scenario_build *vf_scenario_build(size_t i);
void vf_scenario_machine(struct vf_scenario_machine *out, uint64_t seed, size_t i);
void vf_scenario_run(struct vf_scenario_run *out, uint64_t seed, size_t machine, uint64_t n);
/* Code and parameters of the run's crash, as the event log tells them. */
void vf_scenario_bugcheck(const struct vf_scenario_run *r, const struct vf_scenario_machine *m,
	uint32_t *code, uint64_t params[4]);
VF_MUST enum vf_status vf_scenario_dump(const struct vf_scenario_run *r,
	const struct vf_scenario_machine *m, int64_t at_us, const char *path, struct vf_err *err);

#endif
