/*
 * Events of the Windows system log as the agent reads them: one JSON object a line, with the
 * members that the log's XML has, whatever brought them here (a subscription, an export, a script).
 *
 *   {"provider":"…","event_id":1001,"record_id":77,"time":"2026-11-21T20:41:02Z","data":{…}}
 *
 * 1001 of WER-SystemErrorReporting (or BugCheck): data.param1 "0x000000e6 (0x…, 0x…, 0x…, 0x…)",
 * param2 dump path, param3 report id. 41 of Kernel-Power: data.BugcheckCode (decimal; 0 = power was
 * lost), BugcheckParameter1..4. 13 of Kernel-General, 1074, 6006: a planned end. 6008: an unplanned
 * one. "Verifleet-Run" 1 and 2: a test run begins (data.run, driver, branch, seq, label, images) or
 * ends (data.run, outcome). Everything else is VF_EVENT_OTHER. Pure; hostile text is expected.
 */
#ifndef VF_AGENT_CORE_EVENTS_H
#define VF_AGENT_CORE_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "agent/core/collect.h"
#include "verifleet/status.h"
#include "verifleet/wire.h"

enum vf_event_kind {
	VF_EVENT_OTHER,
	VF_EVENT_BUGCHECK,  /* 1001: .crash is filled */
	VF_EVENT_POWER,     /* 41: .crash is filled unless its code is 0 */
	VF_EVENT_PLANNED,   /* the boot ended as somebody asked */
	VF_EVENT_UNPLANNED, /* 6008 */
	VF_EVENT_RUN_START,
	VF_EVENT_RUN_END,
};

struct vf_event_run {
	char id[VF_WIRE_NAME_MAX + 1];
	char outcome[16]; /* completed, bugcheck, aborted */
	char driver[VF_WIRE_NAME_MAX + 1], branch[VF_WIRE_NAME_MAX + 1],
		label[VF_WIRE_NAME_MAX + 1];
	int64_t seq; /* of the build; 0 = the run names none */
};

struct vf_event {
	enum vf_event_kind kind;
	int64_t at_us;
	struct vf_crash crash;
	struct vf_event_run run;
	json_t *images; /* of a run start, owned by the event; NULL = none */
};

/* `key` names the event for good (vf_crash_event.key). VF_E_INVALID: not such a line. */
VF_MUST enum vf_status vf_event_parse(
	struct vf_event *out, const char *line, size_t len, uint64_t key, struct vf_err *err);
void vf_event_release(struct vf_event *e);
/* "0x000000e6 (0x26, 0x1, 0x2, 0x3)" in any of the spellings that Windows uses. */
bool vf_event_bugcheck_text(const char *text, uint32_t *code, uint64_t params[4]);

#endif
