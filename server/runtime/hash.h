/* SHA-256 of bytes in memory. Cannot fail; any thread. */
#ifndef VF_SERVER_RUNTIME_HASH_H
#define VF_SERVER_RUNTIME_HASH_H

#include <stddef.h>

#define VF_SHA256_LEN 32

void vf_sha256(const void *bytes, size_t len, unsigned char out[VF_SHA256_LEN]);

#endif
