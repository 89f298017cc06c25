/*
 * Whatever the bytes, the dump reader ends, stays inside them and gives text that JSON can carry.
 * Run by libFuzzer (`make fuzz-dump SECONDS=60`) and, over the corpus, by replay.c in `make check`.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "agent/dump/dump.h"
#include "agent/wire/dump_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct vf_source source = vf_source_memory(data, len);
	struct vf_dump *d = malloc(sizeof *d);
	json_t *json;

	if (!d)
		return 0;
	if (vf_dump_parse(d, &source, NULL) == VF_OK) {
		json = vf_dump_to_json(d, 64);
		if (!json)
			abort();
		json_decref(json);
		vf_dump_release(d);
	}
	free(d);
	return 0;
}
