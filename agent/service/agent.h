/*
 * The agent of one machine: collects evidence, keeps it in the spool, sends it. The same object runs
 * on a real machine (service/main.c) and, several times in one process, in the simulated lab.
 *
 * vf_agent_step() does what is due and returns; it waits only for the server's answers. Everything
 * the options point to outlives the agent. One thread.
 */
#ifndef VF_AGENT_SERVICE_AGENT_H
#define VF_AGENT_SERVICE_AGENT_H

#include "agent/core/config.h"
#include "agent/core/ports.h"
#include "agent/core/queue.h"
#include "agent/core/state.h"
#include "agent/wire/encode.h"

struct vf_agent_ports {
	const struct vf_clock *clock;
	const struct vf_files *files;
	const struct vf_random *random;
	const struct vf_crypto *crypto;
	const struct vf_http *http;
};

struct vf_agent_machine {
	const char *boot_marker; /* the same as long as the machine runs, another one after it */
	int64_t booted_at_us;
	struct vf_wire_env env;
};

/* Who we are to the server; written by the enrolment. */
struct vf_identity {
	char server[256];
	char agent_id[40], machine_id[40], machine[132];
};

struct vf_agent_options {
	const char *data_dir;
	const struct vf_config *config;
	struct vf_agent_ports ports;
	struct vf_agent_machine machine;
	const char *label; /* before every log line; NULL = none */
	bool quiet;        /* log warnings only */
};

struct vf_agent {
	struct vf_agent_options o;
	struct vf_identity id;
	struct vf_file *lock;
	struct vf_spool *spool;
	struct vf_queue queue;
	struct vf_collect collect;
	struct vf_state state;
	struct vf_spool_batch batch;
	struct vf_spool_opening opening;
	char state_path[1200];
	struct vf_candidate *candidates; /* dumps that are not old enough yet */
	size_t candidate_count, candidate_room;
	size_t candidate_found; /* where the search for the last name ended */
	bool dirty;             /* the state differs from its file */
	bool end_known, unclean, planned, power_loss, bugchecked; /* how the previous boot ended */
	bool refused; /* the server does not know us: enrol again */
	unsigned heartbeat_s;
	int64_t next_heartbeat_us, next_look_us, next_status_us, next_dump_us;
	uint64_t heartbeats, uploads_done, incidents;
	char last_problem[200];
};

VF_MUST enum vf_status vf_agent_open(
	struct vf_agent **out, const struct vf_agent_options *o, struct vf_err *err);
/* Returns microseconds until there may be something to do again. */
int64_t vf_agent_step(struct vf_agent *a);
/* Everything collected so far is stored on the server, dumps included. */
bool vf_agent_idle(const struct vf_agent *a);
/* Syncs what was collected and writes the state. */
void vf_agent_close(struct vf_agent *a);

void vf_agent_path(const struct vf_agent *a, char *out, size_t size, const char *name);
VF_PRINTF(3, 4) void vf_agent_log(struct vf_agent *a, char level, const char *fmt, ...);
/* Appends a record of bulk or critical lane; what VF_E_AGAIN says is tried at the next step. */
VF_MUST enum vf_status vf_agent_append(struct vf_agent *a, enum vf_record_kind kind, int64_t at_us,
	uint64_t source_key, const struct vf_buf *json, uint64_t *seq);
/* Takes the reference to `detail`. */
void vf_agent_incident(struct vf_agent *a, const char *class_word, json_t *detail);

/* identity.c */
VF_MUST enum vf_status vf_identity_load(struct vf_identity *id, const struct vf_files *files,
	const char *data_dir, struct vf_err *err);
VF_MUST enum vf_status vf_identity_save(const struct vf_identity *id, const struct vf_files *files,
	const char *data_dir, struct vf_err *err);
struct vf_enrolment {
	const char *token, *name, *smbios_uuid, *machine_guid; /* "" = unknown */
	const struct vf_wire_env *env;
};
VF_MUST enum vf_status vf_enroll(struct vf_identity *out, const struct vf_agent_ports *ports,
	const struct vf_enrolment *e, struct vf_err *err);

/* sources.c: what is new in the dump folder and in the event file. */
void vf_sources_look(struct vf_agent *a);
/* Turns crashes that are due into records; `all` without waiting for their other half. */
void vf_sources_emit(struct vf_agent *a, bool all);
void vf_sources_release(struct vf_agent *a);

/* uplink.c: the signed requests. Each returns whether it is worth going on at once. */
bool vf_uplink_records(struct vf_agent *a);
bool vf_uplink_dump(struct vf_agent *a);
void vf_uplink_heartbeat(struct vf_agent *a);

#endif
