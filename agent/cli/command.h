/*
 * Subcommands of `verifleet`: each lives in a file of its own and is one row of the table in main.c.
 * A command gets its own argv (argv[0] is its name), writes results to stdout and everything else
 * to stderr, and returns one of the exit codes below.
 */
#ifndef VF_AGENT_CLI_COMMAND_H
#define VF_AGENT_CLI_COMMAND_H

enum vf_exit {
	VF_EXIT_OK = 0,
	VF_EXIT_FAILED = 1, /* the answer is no, or the work could not be done */
	VF_EXIT_USAGE = 2,  /* the command line is wrong */
};

int vf_cmd_branch(int argc, char **argv);
int vf_cmd_build(int argc, char **argv);
int vf_cmd_dump(int argc, char **argv);
int vf_cmd_import(int argc, char **argv);
int vf_cmd_login(int argc, char **argv);
int vf_cmd_redecode(int argc, char **argv); /* `verifleet dump redecode` */
int vf_cmd_status(int argc, char **argv);
int vf_cmd_catalog(int argc, char **argv);
int vf_cmd_decode(int argc, char **argv);
int vf_cmd_version(int argc, char **argv);

#endif
