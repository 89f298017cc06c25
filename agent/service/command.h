/*
 * The commands of verifleet-agent, and what they share: options, the ports of this machine, the
 * signal to stop. Exit codes: 0 done, 1 could not be done, 2 the command line is wrong.
 */
#ifndef VF_AGENT_SERVICE_COMMAND_H
#define VF_AGENT_SERVICE_COMMAND_H

#include "agent/posix/posix.h"
#include "agent/service/agent.h"

int vf_agent_cmd_enroll(int argc, char **argv);
int vf_agent_cmd_run(int argc, char **argv);
int vf_agent_cmd_once(int argc, char **argv);
int vf_agent_cmd_status(int argc, char **argv);
int vf_agent_cmd_spool(int argc, char **argv);
int vf_agent_cmd_config(int argc, char **argv);

/* The command line of every command: settings of agent.ini as --key, and these. */
struct vf_command_line {
	char data_dir[900];
	char token[256];
	struct vf_config config;
	bool json, verbose, help;
};
/* Reads agent.ini in the data folder (or --config FILE), then the options. Says what is wrong. */
VF_MUST bool vf_command_line(struct vf_command_line *out, int argc, char **argv);

/* Everything real that an agent needs. Must not move once opened. */
struct vf_real_ports {
	struct vf_clock clock;
	struct vf_files files;
	struct vf_random random;
	struct vf_posix_crypto crypto;
	struct vf_posix_http http;
	struct vf_agent_ports ports;
};
VF_MUST enum vf_status vf_real_ports_open(struct vf_real_ports *p, const char *server,
	const char *ca_file, const char *key_path, bool make_key, struct vf_err *err);
void vf_real_ports_close(struct vf_real_ports *p);

/* Installs handlers for SIGTERM and SIGINT; vf_stop_wait() returns true once one has come. */
void vf_stop_prepare(void);
bool vf_stop_asked(void);
bool vf_stop_wait(int64_t us);

#endif
