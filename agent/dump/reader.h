/*
 * Bounds-checked little-endian view of a source. Every getter returns false, and leaves its result
 * alone, when the range is not wholly inside the file or the source fails; `status` remembers the
 * latter. Holds two windows of the file, so that small reads in a row cost one call even when they
 * go back and forth between a list and the texts that it points at.
 */
#ifndef VF_AGENT_DUMP_READER_H
#define VF_AGENT_DUMP_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/dump/source.h"

enum { VF_READER_WINDOW = 16384, VF_READER_WINDOWS = 2 };

struct vf_reader_window {
	uint64_t at;
	size_t len;
	uint8_t data[VF_READER_WINDOW];
};

struct vf_reader {
	const struct vf_source *source;
	enum vf_status status; /* VF_OK until the source has failed */
	size_t latest;         /* the window used last; the other one is given up for a new range */
	struct vf_reader_window windows[VF_READER_WINDOWS];
};

void vf_reader_init(struct vf_reader *r, const struct vf_source *source);
VF_MUST bool vf_reader_get(struct vf_reader *r, uint64_t at, void *buf, size_t len);
VF_MUST bool vf_reader_u32(struct vf_reader *r, uint64_t at, uint32_t *v);
/* Reads a pointer-sized value: `word` is 4 or 8. */
VF_MUST bool vf_reader_word(struct vf_reader *r, uint64_t at, size_t word, uint64_t *v);
/* Whether [at, at + len) lies in the file. */
bool vf_reader_holds(const struct vf_reader *r, uint64_t at, uint64_t len);

uint16_t vf_le16(const uint8_t *p);
uint32_t vf_le32(const uint8_t *p);
uint64_t vf_le64(const uint8_t *p);
uint64_t vf_le_word(const uint8_t *p, size_t word);

#endif
