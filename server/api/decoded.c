#include "server/api/decoded.h"

#include "server/api/catalog_json.h"

static uint64_t number(const json_t *hex)
{
	const char *text = json_string_value(hex);

	return text ? strtoull(text, NULL, 16) : 0;
}

json_t *vf_decoded_occurrence(json_t *occurrence)
{
	json_t *bugcheck = json_object_get(occurrence, "bugcheck");
	json_t *parameters = json_object_get(bugcheck, "parameters");
	json_t *raw = json_object_get(occurrence, "raw_code");
	json_t *boot = json_object_get(occurrence, "boot");
	struct vf_bugcheck_input in = {.n_parameters = 4};
	struct vf_decoded decoded;

	if (!json_is_object(bugcheck))
		return json_null();
	in.raw_code =
		(uint32_t)number(json_is_string(raw) ? raw : json_object_get(bugcheck, "code"));
	for (size_t i = 0; i < 4; i++)
		in.parameter[i] = number(json_array_get(parameters, i));
	in.os_build = (uint32_t)json_integer_value(json_object_get(boot, "os_build"));
	vf_decode_bugcheck(&in, &decoded);
	return vf_json_of_bugcheck(&decoded);
}
