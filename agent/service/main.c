/* verifleet-agent: the program on each test machine. Finds the command and runs it. */
#include <stdio.h>
#include <string.h>

#include "agent/service/command.h"
#include "agent/service/lab.h"
#include "verifleet/status.h"
#include "verifleet/version.h"

static int cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	printf("verifleet-agent %s (wire %d, spool %d, dump decoder %d)\n", VF_VERSION,
		VF_WIRE_VERSION, VF_SPOOL_VERSION, VF_DUMP_DECODER);
	return 0;
}

static const struct {
	const char *name, *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
	{"enroll", "introduce this machine to a server", vf_agent_cmd_enroll},
	{"run", "collect and send until stopped", vf_agent_cmd_run},
	{"once", "collect and send what there is, then end", vf_agent_cmd_once},
	{"status", "what waits to be sent, and when the server was last reached",
		vf_agent_cmd_status},
	{"spool", "look into the store of unsent records and check it", vf_agent_cmd_spool},
	{"config", "print the settings in effect as a file", vf_agent_cmd_config},
	{"lab", "simulated test machines, for trying things out", vf_agent_cmd_lab},
	{"version", "print versions", cmd_version},
};

static int usage(FILE *out, int code)
{
	fputs("usage: verifleet-agent COMMAND [OPTIONS]\n\ncommands:\n", out);
	for (size_t i = 0; i < VF_ARRAY_LEN(commands); i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
	fputs("\n`verifleet-agent COMMAND --help` says more about one of them.\n", out);
	return code;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help"))
		return usage(stdout, 0);
	if (!strcmp(name, "--version"))
		name = "version";
	for (size_t i = 0; i < VF_ARRAY_LEN(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	if (*name)
		fprintf(stderr, "verifleet-agent: there is no command \"%s\"\n\n", name);
	return usage(stderr, 2);
}
