/*
 * CRC-32C (Castagnoli, reflected 0x82f63b78), the checksum of every record in the spool.
 * Start with 0 and pass the result of one piece as `crc` of the next.
 */
#ifndef VF_AGENT_CORE_CRC32C_H
#define VF_AGENT_CORE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t vf_crc32c(uint32_t crc, const void *data, size_t len);

#endif
