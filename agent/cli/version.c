#include "agent/cli/command.h"

#include <stdio.h>

#include "verifleet/version.h"

int vf_cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	printf("verifleet %s (wire %d, fingerprints %d, dump decoder %d)\n", VF_VERSION,
		VF_WIRE_VERSION, VF_FP_VERSION, VF_DUMP_DECODER);
	return VF_EXIT_OK;
}
