#include "agent/wire/decoded.h"

#include "agent/wire/dump_json.h"
#include "verifleet/wire.h"

void vf_decoded_shorten(json_t *decoded, const char *name, size_t keep)
{
	json_t *list = json_object_get(decoded, name);
	size_t had = json_array_size(list);

	if (had <= keep)
		return;
	while (json_array_size(list) > keep)
		json_array_remove(list, json_array_size(list) - 1);
	json_array_append_new(json_object_get(decoded, "warnings"),
		json_sprintf("%u of %u entries of \"%s\" were left out to keep the record small",
			(unsigned)(had - keep), (unsigned)had, name));
}

json_t *vf_decoded_json(const struct vf_dump *d)
{
	json_t *decoded = vf_dump_to_json(d, VF_WIRE_STACK_MAX);

	if (decoded)
		vf_decoded_shorten(decoded, "drivers", VF_WIRE_DRIVERS_MAX);
	return decoded;
}

void vf_decoded_fit(json_t *decoded, size_t max)
{
	/* The tail of the stack says least, then the tails of the lists of drivers. */
	static const struct {
		const char *name;
		size_t keep;
	} steps[] = {{"stack", 64}, {"secondary", 64}, {"drivers", 512}, {"stack", 0},
		{"unloaded", 0}, {"secondary", 0}, {"drivers", 128}, {"drivers", 0}};

	for (size_t i = 0; i < VF_ARRAY_LEN(steps); i++) {
		if (json_dumpb(decoded, NULL, 0, VF_DUMP_JSON_FLAGS) < max)
			return;
		vf_decoded_shorten(decoded, steps[i].name, steps[i].keep);
	}
}
