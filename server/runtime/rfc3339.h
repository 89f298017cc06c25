/* Times as the wire has them. Pure. */
#ifndef VF_SERVER_RUNTIME_RFC3339_H
#define VF_SERVER_RUNTIME_RFC3339_H

#include <stdint.h>

#include "verifleet/status.h"

/*
 * "2026-11-21T20:41:02.123456Z" to microseconds since 1970 in UTC: years 1601 to 9999, one to six
 * digits of a second or none, the zone always Z. False for anything else, leap seconds included.
 */
VF_MUST bool vf_time_parse(const char *text, int64_t *utc_us);

#endif
