/* Lower-case hexadecimal text of bytes and back. Decoding takes either case, nothing else. */
#ifndef VF_SERVER_RUNTIME_HEX_H
#define VF_SERVER_RUNTIME_HEX_H

#include <stdbool.h>
#include <stddef.h>

#include "verifleet/status.h"

void vf_hex(const void *bytes, size_t len, char *out); /* 2 * len + 1 bytes */
/* True when `text` is exactly 2 * len digits. */
VF_MUST bool vf_unhex(const char *text, size_t text_len, void *out, size_t len);

#endif
