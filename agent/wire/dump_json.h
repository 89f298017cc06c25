/*
 * A decoded dump as JSON: the object that `verifleet dump --json` prints and that the agent sends
 * with a bug check. Its members and their order are stable; what is absent is null. 64-bit numbers
 * are hexadecimal strings, since JSON readers lose their low digits.
 */
#ifndef VF_AGENT_WIRE_DUMP_JSON_H
#define VF_AGENT_WIRE_DUMP_JSON_H

#include <jansson.h>
#include <stddef.h>

#include "agent/dump/dump.h"

/* For json_dumps() and its kin: one line, and every digit of the uptime without binary noise. */
#define VF_DUMP_JSON_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(15))

/*
 * A new reference, or NULL when memory runs out. At most `stack_words` of the stack are included;
 * what that leaves out is said in the warnings.
 */
json_t *vf_dump_to_json(const struct vf_dump *d, size_t stack_words);

#endif
