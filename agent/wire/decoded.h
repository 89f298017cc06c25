/*
 * From a dump to the JSON that the server stores for it, within the limits of the wire: at most
 * VF_WIRE_STACK_MAX stack words and VF_WIRE_DRIVERS_MAX drivers. What is left out is said in the
 * dump's own warnings.
 */
#ifndef VF_AGENT_WIRE_DECODED_H
#define VF_AGENT_WIRE_DECODED_H

#include <jansson.h>

#include "agent/dump/dump.h"

/* A new reference, NULL without memory. */
json_t *vf_decoded_json(const struct vf_dump *d);
/* Cuts an array of the decoded dump to `keep` entries and says so. */
void vf_decoded_shorten(json_t *decoded, const char *name, size_t keep);
/* Takes away more and more until less than `max` bytes of compact JSON remain. */
void vf_decoded_fit(json_t *decoded, size_t max);

#endif
