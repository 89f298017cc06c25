/* verifleet-agent: the program on each test machine. */
#include <stdio.h>
#include <string.h>

#include "verifleet/status.h"
#include "verifleet/version.h"

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "version")) {
		printf("verifleet-agent %s\n", VF_VERSION);
		return 0;
	}
	fputs("usage: verifleet-agent version\n", stderr);
	return 2;
}
