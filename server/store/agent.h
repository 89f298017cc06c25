/*
 * Agents and the machines they stand for: enrolment, keys, heartbeats.
 *
 * A machine is known again by the evidence that its agent shows (SMBIOS UUID, machine GUID, disk
 * serial). Evidence can repeat (cloned images), so it never merges two agents that are both alive:
 * the second becomes a machine of its own and an incident says why.
 */
#ifndef VF_SERVER_STORE_AGENT_H
#define VF_SERVER_STORE_AGENT_H

#include "server/store/db.h"

#define VF_AGENT_KEY_MAX 1024

/* What checking a signature needs. */
struct vf_agent_key {
	int64_t agent_id, machine_id, project_id;
	char public_key[VF_AGENT_KEY_MAX + 1]; /* SubjectPublicKeyInfo in PEM */
};
/* `agent_uuid` in any case; VF_E_NOTFOUND when no such agent is enrolled or it was retired. */
VF_MUST enum vf_status vf_store_agent_key(
	struct vf_db *, const char *agent_uuid, struct vf_agent_key *out, struct vf_err *);

/*
 * Takes one use of an enrolment token, atomically. VF_E_DENIED with the reason when it is unknown,
 * expired, revoked, used up or not for this address. Inside the caller's transaction, so that a
 * failed enrolment uses nothing.
 */
VF_MUST enum vf_status vf_store_enroll_token_use(struct vf_db *, const void *secret_hash,
	const char *remote_addr, int64_t *project_id, struct vf_err *);

struct vf_enrolment {
	int64_t project_id;
	const char *name, *public_key, *version;
	const char *smbios_uuid, *machine_guid, *disk_serial; /* NULL = not known */
	int64_t env_id;                                       /* 0 = none */
};
struct vf_enrolled {
	int64_t agent_id, machine_id;
	char agent_uuid[37], machine_uuid[37];
	char machine[160];  /* the name it got */
	bool known_machine; /* an agent had stood for it before */
	bool conflict;      /* a live agent shows the same evidence */
};
/* Inside the caller's transaction. */
VF_MUST enum vf_status vf_store_enroll(
	struct vf_db *, const struct vf_enrolment *, struct vf_enrolled *out, struct vf_err *);

struct vf_heartbeat {
	int64_t agent_id, machine_id;
	int64_t spool_records, spool_bytes;
	int64_t spool_oldest_us; /* INT64_MIN = the spool is empty */
};
VF_MUST enum vf_status vf_store_heartbeat(
	struct vf_db *, const struct vf_heartbeat *, struct vf_err *);

/* One row for each different environment. `body` is a JSON object; columns may be NULL. */
struct vf_env {
	const char *body, *os_name, *arch;
	int64_t os_build; /* 0 = unknown */
};
VF_MUST enum vf_status vf_store_env(
	struct vf_db *, const struct vf_env *, int64_t *env_id, struct vf_err *);

#endif
