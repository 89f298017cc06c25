/*
 * Writes the seeds of the dump corpus: make_corpus_dump FOLDER. One small synthetic dump of each
 * shape; what the fuzzer finds is added beside them by hand.
 */
#include <stdio.h>

#include "agent/sim/dumpwriter.h"

#define NT    UINT64_C(0xfffff80000000000)
#define NETX  UINT64_C(0xfffff80010000000)
#define STACK UINT64_C(0xffff850000000000)

static const struct vf_sim_driver drivers[] = {
	{"\\SystemRoot\\system32\\ntoskrnl.exe", NT, 0x1046000, 1, 2},
	{"hal.dll", NT + 0x2000000, 0x6000, 3, 4},
	{"\\??\\C:\\netx.sys", NETX, 0x20000, 5, 6},
};
static const struct vf_sim_driver drivers32[] = {
	{"ntkrnlpa.exe", 0x82a3c000, 0x412000, 1, 2},
	{"netx.sys", 0x8b000000, 0x9000, 3, 4},
};
static const struct vf_sim_unloaded unloaded[] = {{"gone.sys", NETX + 0x100000, NETX + 0x108000}};
static const uint64_t words[] = {NT + 0x1000, NETX + 0x2000, NETX + 0x100040};
static const uint64_t words32[] = {0x82a3d000, 0x8b001000};
static const struct vf_sim_blob blobs[] = {{{1, 2, 3}, "evidence", 8}, {{4}, NULL, 0}};
static const struct vf_sim_block name = {STACK + 0x5000, "netx.sys", 9};

static struct vf_sim_dump_spec triage(enum vf_sim_dump_arch arch)
{
	struct vf_sim_dump_spec spec = {
		.arch = arch,
		.code = 0x1000007e,
		.params = {0xc0000005, NETX + 0x334c, STACK + 0xee8, STACK + 0x720},
		.build_lab = "19041.1.amd64fre.vb_release.191206-1406",
		.pc = NETX + 0x334c,
		.stack_top = STACK,
		.drivers = drivers,
		.driver_count = 3,
		.unloaded = unloaded,
		.unloaded_count = 1,
		.stack = words,
		.stack_count = 3,
		.exception_at = STACK + 0xee8,
		.context_at = STACK + 0x720,
		.blobs = blobs,
		.blob_count = 2,
	};

	if (arch == VF_SIM_X86) {
		spec.drivers = drivers32;
		spec.driver_count = 2;
		spec.unloaded_count = 0;
		spec.stack = words32;
		spec.stack_count = 2;
		spec.stack_top = 0x8b5f0000;
	}
	return spec;
}

int main(int argc, char **argv)
{
	struct vf_sim_dump_spec specs[] = {
		triage(VF_SIM_X64),
		triage(VF_SIM_ARM64),
		triage(VF_SIM_X86),
		triage(VF_SIM_X64),
		triage(VF_SIM_X64),
		{.shape = VF_SIM_HEADER, .code = 0xd1},
		{.shape = VF_SIM_HEADER, .arch = VF_SIM_X86, .code = 0xa},
		{.shape = VF_SIM_KERNEL, .code = 0x133},
		{.shape = VF_SIM_BITMAP_FULL, .arch = VF_SIM_ARM64, .code = 0x3b},
		{.shape = VF_SIM_LIVE_KERNEL, .code = 0x1c4},
	};
	static const char *const names[] = {"triage_x64", "triage_arm64", "triage_x86", "leak_name",
		"old_without_parts", "header64", "header32", "kernel64", "bitmap_arm64", "live64"};
	char path[1024];

	if (argc != 2) {
		fputs("usage: make_corpus_dump FOLDER\n", stderr);
		return 2;
	}
	specs[3].code = 0xc4;
	specs[3].params[0] = 0x62;
	specs[3].params[1] = name.address;
	specs[3].blocks = &name;
	specs[3].block_count = 1;
	specs[4].os_build = 7601;
	specs[4].without = VF_SIM_NO_BLOCKS | VF_SIM_NO_MARK | VF_SIM_NO_CONTEXT;
	specs[4].blob_count = 0;
	for (size_t i = 0; i < VF_ARRAY_LEN(specs); i++) {
		struct vf_err err;

		snprintf(path, sizeof path, "%s/%s.dmp", argv[1], names[i]);
		if (vf_sim_dump_write(&specs[i], path, &err) != VF_OK) {
			fprintf(stderr, "make_corpus_dump: %s\n", err.text);
			return 1;
		}
	}
	return 0;
}
