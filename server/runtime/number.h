/* Decimal numbers from outside: digits only (a '-' where it is signed), no blanks, no overflow. */
#ifndef VF_SERVER_RUNTIME_NUMBER_H
#define VF_SERVER_RUNTIME_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "verifleet/status.h"

/* True when `text` is one number within [min, max]; leading zeros are refused. */
VF_MUST bool vf_parse_i64(const char *text, int64_t min, int64_t max, int64_t *out);

#endif
