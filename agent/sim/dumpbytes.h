/*
 * The byte buffer that the dump writer fills: it grows up to VF_SIM_DUMP_BYTES, and after the first
 * failure every call does nothing, so that the writer looks at `status` once at the end.
 * Internal to agent/sim.
 */
#ifndef VF_AGENT_SIM_DUMPBYTES_H
#define VF_AGENT_SIM_DUMPBYTES_H

#include <stddef.h>
#include <stdint.h>

#include "agent/sim/dumpwriter.h"

struct vf_sim_bytes {
	uint8_t *data;
	size_t len, cap;
	enum vf_status status;
};

/* Grows the buffer to at least `len` bytes; new ones are zero. */
void vf_sim_reach(struct vf_sim_bytes *b, size_t len);
void vf_sim_put(struct vf_sim_bytes *b, size_t at, const void *data, size_t len);
void vf_sim_put16(struct vf_sim_bytes *b, size_t at, uint16_t v);
void vf_sim_put32(struct vf_sim_bytes *b, size_t at, uint32_t v);
void vf_sim_put64(struct vf_sim_bytes *b, size_t at, uint64_t v);
/* Writes a value of the dump's pointer size. */
void vf_sim_put_word(struct vf_sim_bytes *b, size_t at, uint64_t v, size_t word);
void vf_sim_fill(struct vf_sim_bytes *b, size_t at, size_t len); /* the kernel's PAGE filler */
/* Writes UTF-8 text as at most `max` UTF-16 units and returns how many it wrote. */
size_t vf_sim_put_utf16(struct vf_sim_bytes *b, size_t at, const char *text, size_t max);

/* Writes the CPU context (as the header and data blocks hold it) for the spec's processor. */
void vf_sim_put_context(
	struct vf_sim_bytes *b, size_t at, enum vf_sim_dump_arch arch, uint64_t pc, uint64_t sp);
uint64_t vf_sim_stack_top(const struct vf_sim_dump_spec *spec);

/* Appends the triage part behind a header that is in place already. */
void vf_sim_put_triage(struct vf_sim_bytes *b, const struct vf_sim_dump_spec *spec);

#endif
