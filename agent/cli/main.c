/* `verifleet`: for people and CI. Finds the subcommand and runs it. */
#include <stdio.h>
#include <string.h>

#include "agent/cli/command.h"
#include "verifleet/status.h"

static const struct {
	const char *name, *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
	{"dump", "decode Windows kernel crash dumps", vf_cmd_dump},
	{"import", "send crash dumps to a build", vf_cmd_import},
	{"build", "register a build and its driver images", vf_cmd_build},
	{"branch", "register a branch and where it left its parent", vf_cmd_branch},
	{"login", "keep the server's address and a token", vf_cmd_login},
	{"status", "say which server is used and whether it answers", vf_cmd_status},
	{"decode", "say what a bug check or a verifier mask means", vf_cmd_decode},
	{"catalog", "print the catalogues of documented facts", vf_cmd_catalog},
	{"version", "print versions of the program and of its formats", vf_cmd_version},
};

static int usage(FILE *out, int code)
{
	fputs("usage: verifleet COMMAND [ARGUMENTS]\n\ncommands:\n", out);
	for (size_t i = 0; i < VF_ARRAY_LEN(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("\n`verifleet COMMAND --help` says more about one of them.\n", out);
	return code;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name)
		return usage(stderr, VF_EXIT_USAGE);
	if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help"))
		return usage(stdout, VF_EXIT_OK);
	if (!strcmp(name, "--version"))
		name = "version";
	if (argc > 2 && !strcmp(name, "dump") && !strcmp(argv[2], "redecode"))
		return vf_cmd_redecode(argc - 2, argv + 2);
	for (size_t i = 0; i < VF_ARRAY_LEN(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "verifleet: there is no command \"%s\"\n\n", name);
	return usage(stderr, VF_EXIT_USAGE);
}
