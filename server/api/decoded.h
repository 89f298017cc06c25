/* The bug check of an occurrence in words. */
#ifndef VF_SERVER_API_DECODED_H
#define VF_SERVER_API_DECODED_H

#include <jansson.h>

/*
 * From the members `bugcheck`, `raw_code` and `boot` of an occurrence as the API shows it. A new
 * reference: null for an occurrence that is no bug check, NULL when memory ends.
 */
json_t *vf_decoded_occurrence(json_t *occurrence);

#endif
