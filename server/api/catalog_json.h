/*
 * What decoding and the catalogues answer, as JSON (include/verifleet/catalog_json.h lists the
 * members). The first three give a new reference, or NULL when memory ran out.
 */
#ifndef VF_SERVER_API_CATALOG_JSON_H
#define VF_SERVER_API_CATALOG_JSON_H

#include "server/api/request.h"
#include "verifleet/catalog.h"

json_t *vf_json_of_bugcheck(const struct vf_decoded *);
json_t *vf_json_of_flags(const struct vf_decoded_flags *, enum vf_windows);
json_t *vf_json_of_catalog(void);

/* Answers with facts of the program: takes `value`, tags it by its content, lets browsers keep it. */
VF_MUST enum vf_status vf_res_facts(
	struct vf_request *, struct vf_response *, json_t *value, struct vf_err *);

#endif
