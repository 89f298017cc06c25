#include <stdio.h>
#include <string.h>

#include "agent/cli/catalog_json.h"
#include "agent/cli/command.h"

static const char usage_text[] =
	"usage: verifleet catalog [--json]\n"
	"\n"
	"Lists the catalogues that this program carries, or prints all of them as one JSON\n"
	"document, always in the same order.\n";

static void print_counts(void)
{
	size_t n;

	vf_finding_kinds(&n);
	printf("%4zu finding kinds\n", n);
	vf_bugchecks(&n);
	printf("%4zu bug checks and live dumps\n", n);
	vf_sub_codes(&n);
	printf("%4zu readings of sub-codes of 0xC4, 0xC9 and 0xE6\n", n);
	vf_dma_misuses(&n);
	printf("%4zu classes of DMA misuse\n", n);
	vf_verifier_flags(&n);
	printf("%4zu options of Driver Verifier\n", n);
	vf_rules(&n);
	printf("%4zu rules for NDIS drivers\n", n);
}

static int finish(bool bad)
{
	if (!bad && !fflush(stdout) && !ferror(stdout))
		return VF_EXIT_OK;
	fputs("verifleet catalog: the answer could not be written\n", stderr);
	return VF_EXIT_FAILED;
}

int vf_cmd_catalog(int argc, char **argv)
{
	json_t *json;
	bool bad;

	if (argc == 1) {
		print_counts();
		return finish(false);
	}
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(usage_text, stdout);
		return VF_EXIT_OK;
	}
	if (argc != 2 || strcmp(argv[1], "--json") != 0) {
		fputs(usage_text, stderr);
		return VF_EXIT_USAGE;
	}
	json = vf_json_of_catalog();
	bad = !json || json_dumpf(json, stdout, JSON_INDENT(2)) || putchar('\n') == EOF;
	json_decref(json);
	return finish(bad);
}
