/* Base64 with padding (RFC 4648, section 4), for signatures in headers. */
#ifndef VF_AGENT_WIRE_BASE64_H
#define VF_AGENT_WIRE_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* Writes 4 * ((len + 2) / 3) characters and a NUL. */
static inline void vf_base64(char *out, const uint8_t *in, size_t len)
{
	static const char set[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i;
		uint32_t v = (uint32_t)in[i] << 16 | (n > 1 ? (uint32_t)in[i + 1] << 8 : 0) |
			     (n > 2 ? in[i + 2] : 0);

		*out++ = set[v >> 18];
		*out++ = set[v >> 12 & 63];
		*out++ = n > 1 ? set[v >> 6 & 63] : '=';
		*out++ = n > 2 ? set[v & 63] : '=';
	}
	*out = 0;
}

#endif
