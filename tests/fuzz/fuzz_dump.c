/*
 * Whatever the bytes, the dump reader ends, stays inside them and gives text that JSON can carry.
 * Run by libFuzzer (`make fuzz-dump SECONDS=60`) and, over the corpus, by replay.c in `make check`.
 *
 * An input is a dump; or, after the word PATCH and a byte for the processor, a list of changes to a
 * synthetic one, six bytes each: where (16 bits) and what (32 bits). With the latter the fuzzer need
 * not find its way through 8 KiB of header to the offsets and counts behind it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "agent/dump/dump.h"
#include "agent/sim/dumpwriter.h"
#include "agent/wire/dump_json.h"

#define NT    UINT64_C(0xfffff80000000000)
#define NETX  UINT64_C(0xfffff80010000000)
#define STACK UINT64_C(0xffff850000000000)

enum { CHANGE = 6, HEAD = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void decode(const uint8_t *data, size_t len)
{
	struct vf_source source = vf_source_memory(data, len);
	struct vf_dump *d = malloc(sizeof *d);
	json_t *json;

	if (!d)
		return;
	if (vf_dump_parse(d, &source, NULL) == VF_OK) {
		json = vf_dump_to_json(d, 64);
		if (!json)
			abort();
		json_decref(json);
		vf_dump_release(d);
	}
	free(d);
}

static enum vf_status whole(uint8_t arch, uint8_t **out, size_t *len)
{
	static const struct vf_sim_driver drivers[] = {
		{"\\SystemRoot\\system32\\ntoskrnl.exe", NT, 0x1046000, 1, 2},
		{"hal.dll", NT + 0x2000000, 0x6000, 3, 4},
		{"\\??\\C:\\netx.sys", NETX, 0x20000, 5, 6},
	};
	static const struct vf_sim_unloaded gone[] = {
		{"gone.sys", NETX + 0x100000, NETX + 0x108000}};
	static const uint64_t words[] = {NT + 0x1000, NETX + 0x2000, NETX + 0x100040};
	static const struct vf_sim_blob blobs[] = {{{1, 2, 3}, "evidence", 8}, {{4}, NULL, 0}};
	static const struct vf_sim_block name = {STACK + 0x5000, "netx.sys", 9};
	struct vf_sim_dump_spec spec = {
		.arch = (enum vf_sim_dump_arch)(arch % 3),
		.code = arch / 3 % 2 ? 0xc4 : 0x7e,
		.params = {arch / 3 % 2 ? 0x62 : 0xc0000005, STACK + 0x5000, STACK + 0xee8,
			STACK + 0x720},
		.build_lab = "19041.1.amd64fre.vb_release.191206-1406",
		.pc = NT + 1,
		.stack_top = STACK,
		.drivers = drivers,
		.driver_count = 3,
		.unloaded = gone,
		.unloaded_count = 1,
		.stack = words,
		.stack_count = 3,
		.exception_at = STACK + 0xee8,
		.context_at = STACK + 0x720,
		.blobs = blobs,
		.blob_count = 2,
		.blocks = &name,
		.block_count = 1,
	};

	return vf_sim_dump_build(&spec, out, len, NULL);
}

static void patch(const uint8_t *changes, size_t len)
{
	uint8_t *dump;
	size_t size, at;

	if (whole(changes[0], &dump, &size) != VF_OK)
		return;
	for (size_t i = 1; i + CHANGE <= len; i += CHANGE) {
		at = changes[i] | (size_t)changes[i + 1] << 8;
		if (at + 4 <= size)
			memcpy(dump + at, changes + i + 2, 4);
	}
	decode(dump, size);
	free(dump);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len >= HEAD && !memcmp(data, "PATCH", HEAD - 1))
		patch(data + HEAD - 1, len - HEAD + 1);
	else
		decode(data, len);
	return 0;
}
