/* Bytes as lower-case hexadecimal text and back. */
#ifndef VF_AGENT_CORE_HEX_H
#define VF_AGENT_CORE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes 2 * len digits and a NUL. */
static inline void vf_hex(char *out, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[data[i] >> 4];
		out[2 * i + 1] = digits[data[i] & 15];
	}
	out[2 * len] = 0;
}

static inline int vf_hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* Exactly 2 * len digits, nothing behind them. */
static inline bool vf_unhex(uint8_t *out, size_t len, const char *text)
{
	for (size_t i = 0; i < len; i++) {
		int a = vf_hex_digit(text[2 * i]), b = a < 0 ? -1 : vf_hex_digit(text[2 * i + 1]);

		if (b < 0)
			return false;
		out[i] = (uint8_t)(a << 4 | b);
	}
	return !text[2 * len];
}

#endif
