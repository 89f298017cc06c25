/*
 * Records as JSON, in the shape that include/verifleet/wire.h names: one object without "seq",
 * which the batch adds when the record is sent. Every function appends to a buffer whose ceiling
 * is the ceiling of a record (VF_SEGMENT_PAYLOAD_MAX), and fails with VF_E_LIMIT beyond it, except
 * that a bug check gives up parts of its decoded dump first and says so in the dump's warnings.
 */
#ifndef VF_AGENT_WIRE_ENCODE_H
#define VF_AGENT_WIRE_ENCODE_H

#include <jansson.h>

#include "agent/core/buf.h"
#include "agent/core/collect.h"
#include "agent/core/events.h"

struct vf_wire_env {
	const char *os_name;
	uint32_t os_build, ubr; /* ubr 0 = unknown */
	const char *arch;       /* x64, arm64, x86, other */
	const char *hypervisor; /* NULL = none known */
	uint32_t cpus;
	uint64_t memory_bytes;
};

struct vf_wire_boot {
	const char *boot_uuid;
	uint64_t ordinal;
	int64_t started_at_us;
	const struct vf_wire_env *env;
	const char *previous_uuid; /* NULL = nothing is known of an earlier boot */
	const char *previous_end;  /* clean, bugcheck, unexpected, power_loss, unknown */
};

VF_MUST enum vf_status vf_encode_env(struct vf_buf *out, const struct vf_wire_env *env);
VF_MUST enum vf_status vf_encode_boot(
	struct vf_buf *out, int64_t at_us, const struct vf_wire_boot *b);
/* `e` of kind run start or run end. */
VF_MUST enum vf_status vf_encode_run(
	struct vf_buf *out, const struct vf_event *e, const char *boot_uuid);
/* `crash_boot`, `run`: NULL = not known. */
VF_MUST enum vf_status vf_encode_bugcheck(struct vf_buf *out, const struct vf_crash *c,
	const char *boot_uuid, const char *crash_boot, const char *run);
/* `detail` is borrowed. */
VF_MUST enum vf_status vf_encode_incident(struct vf_buf *out, int64_t at_us, const char *boot_uuid,
	const char *class_word, json_t *detail);

#endif
