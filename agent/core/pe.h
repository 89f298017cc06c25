/*
 * The identity of a driver image: what Windows notes of it in a crash dump, read from the headers
 * of the file. Strict: anything that is not a whole, ordinary PE image is refused with the reason.
 * The bytes are hostile; nothing outside `len` is read.
 */
#ifndef VF_AGENT_CORE_PE_H
#define VF_AGENT_CORE_PE_H

#include "verifleet/status.h"

struct vf_pe {
	uint16_t machine; /* 0x8664 x64, 0xaa64 ARM64, 0x014c x86 */
	uint32_t timestamp, size_of_image, checksum;
};

/* `data`: the beginning of the file (4 KiB are enough for any real one), `file_len` its length. */
VF_MUST enum vf_status vf_pe_read(
	struct vf_pe *out, const uint8_t *data, size_t len, uint64_t file_len, struct vf_err *err);

#endif
