/* verifleetd: keeps and serves the evidence. */
#include <stdio.h>
#include <string.h>

#include "server/config.h"
#include "server/serve.h"
#include "verifleet/status.h"
#include "verifleet/version.h"

static void help(void)
{
	puts("usage: verifleetd [serve] [OPTION]…   run the server\n"
	     "       verifleetd check-config        show every setting and where it comes from\n"
	     "       verifleetd version\n"
	     "\nOptions:");
	vf_config_print_help(stdout);
}

int main(int argc, char **argv)
{
	static struct vf_config config;
	struct vf_err err = {0};
	const char *command;

	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			help();
			return 0;
		}
	if (vf_config_load(&config, &argc, argv, &err) || vf_config_check(&config, &err)) {
		fprintf(stderr, "verifleetd: %s\n", err.text);
		return 2;
	}
	command = argc > 1 ? argv[1] : "serve";
	if (!strcmp(command, "version")) {
		printf("verifleetd %s\n", VF_VERSION);
		return 0;
	}
	if (!strcmp(command, "help")) {
		help();
		return 0;
	}
	if (!strcmp(command, "check-config")) {
		vf_config_print(&config, stdout);
		return 0;
	}
	if (!strcmp(command, "serve") && argc <= 2)
		return vf_serve(&config);
	fprintf(stderr, "verifleetd: \"%s\" is not known; see verifleetd --help\n",
		argc > 2 && !strcmp(command, "serve") ? argv[2] : command);
	return 2;
}
