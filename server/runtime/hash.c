#include "server/runtime/hash.h"

#include <sodium.h>

void vf_sha256(const void *bytes, size_t len, unsigned char out[VF_SHA256_LEN])
{
	crypto_hash_sha256(out, bytes, len);
}
