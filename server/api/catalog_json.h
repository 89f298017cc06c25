/*
 * What decoding and the catalogues answer, as JSON (include/verifleet/catalog_json.h lists the
 * members). Each gives a new reference, or NULL when memory ran out.
 */
#ifndef VF_SERVER_API_CATALOG_JSON_H
#define VF_SERVER_API_CATALOG_JSON_H

#include <jansson.h>

#include "verifleet/catalog.h"

json_t *vf_json_of_bugcheck(const struct vf_decoded *);
json_t *vf_json_of_flags(const struct vf_decoded_flags *, enum vf_windows);
json_t *vf_json_of_catalog(void);

#endif
