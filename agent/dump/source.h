/*
 * Where the bytes of a dump come from: a function that reads a range, and the size. The reader asks
 * only for ranges inside `size`, so that an implementation need not check them; it fills the whole
 * range or fails. Nothing here owns anything: the context must outlive the parse.
 */
#ifndef VF_AGENT_DUMP_SOURCE_H
#define VF_AGENT_DUMP_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "verifleet/status.h"

struct vf_source {
	enum vf_status (*read_at)(const void *ctx, uint64_t offset, void *buf, size_t len);
	const void *ctx;
	uint64_t size;
};

/* A source over bytes in memory, which it borrows. */
struct vf_source vf_source_memory(const void *data, size_t len);

#endif
