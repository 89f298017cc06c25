/* enroll, run, once: the commands that talk to the server. */
#include <unistd.h>

#include "agent/service/command.h"

static const char settings_help[] =
	"  --data-dir DIR    where key, state and spool lie; agent.ini in it is read\n"
	"  --config FILE     another agent.ini\n"
	"Every setting of agent.ini is an option as well (--dump-dir DIR, --event-file FILE, …):\n"
	"`verifleet-agent config` lists them.\n";

static int say(enum vf_status st, const struct vf_err *err)
{
	if (st == VF_OK)
		return 0;
	fprintf(stderr, "verifleet-agent: %s\n", err->text);
	return 1;
}

static struct vf_agent_machine machine_of(const struct vf_posix_machine *m)
{
	return (struct vf_agent_machine){
		.boot_marker = m->boot_marker,
		.booted_at_us = m->booted_at_us,
		.env = {.os_name = m->os_name,
			.arch = m->arch,
			.cpus = m->cpus,
			.memory_bytes = m->memory_bytes},
	};
}

int vf_agent_cmd_enroll(int argc, char **argv)
{
	struct vf_command_line *c = malloc(sizeof *c);
	struct vf_identity id = {0};
	struct vf_posix_machine m;
	struct vf_agent_machine am;
	struct vf_real_ports p;
	struct vf_err err = {0};
	enum vf_status st;
	char path[1200];
	int code = 2;

	if (!c || !vf_command_line(c, argc, argv))
		goto out_free;
	if (c->help) {
		printf("usage: verifleet-agent enroll --server URL --token T [--name NAME] "
		       "[--ca-file F]\n\n"
		       "Makes this machine known to a server: keeps a new key here (mode 0600) and "
		       "gives the\n"
		       "server its public half. The token comes from an operator.\n%s",
			settings_help);
		code = 0;
		goto out_free;
	}
	if (!c->config.server[0] || !c->token[0]) {
		fputs("verifleet-agent: enroll needs --server URL and --token T\n", stderr);
		goto out_free;
	}
	vf_posix_machine(&m);
	am = machine_of(&m);
	snprintf(path, sizeof path, "%s/key.pem", c->data_dir);
	vf_posix_files(&p.files);
	st = p.files.make_dir(p.files.ctx, c->data_dir, &err);
	if (st == VF_OK)
		st = vf_real_ports_open(&p, c->config.server, c->config.ca_file, path, true, &err);
	if (st == VF_OK) {
		snprintf(id.server, sizeof id.server, "%s", c->config.server);
		st = vf_enroll(&id, &p.ports,
			&(struct vf_enrolment){.token = c->token,
				.name = c->config.name[0] ? c->config.name : m.host_name,
				.smbios_uuid = m.smbios_uuid,
				.machine_guid = m.machine_guid,
				.env = &am.env},
			&err);
		if (st == VF_OK)
			st = vf_identity_save(&id, &p.files, c->data_dir, &err);
		vf_real_ports_close(&p);
	}
	code = say(st, &err);
	if (!code)
		printf("enrolled as %s (agent %s); start it with: verifleet-agent run --data-dir "
		       "%s\n",
			id.machine, id.agent_id, c->data_dir);
out_free:
	free(c);
	return code;
}

static void loop(struct vf_agent *a, bool once)
{
	int64_t wait = 0;

	while (!vf_stop_wait(wait)) {
		wait = vf_agent_step(a);
		if (once && vf_agent_idle(a))
			break;
		/* Nobody waits for a server that is not there. */
		if (once && a->queue.failures >= 3)
			break;
	}
}

static int run(int argc, char **argv, bool once)
{
	struct vf_command_line *c = malloc(sizeof *c);
	struct vf_agent_options o = {0};
	struct vf_identity id = {0};
	struct vf_posix_machine m;
	struct vf_agent *a = NULL;
	struct vf_real_ports p;
	struct vf_err err = {0};
	enum vf_status st;
	char path[1200];
	int code = 2;

	if (!c || !vf_command_line(c, argc, argv))
		goto out_free;
	if (c->help) {
		printf("usage: verifleet-agent %s [OPTIONS]\n\n%s", argv[0], settings_help);
		code = 0;
		goto out_free;
	}
	vf_stop_prepare();
	vf_posix_machine(&m);
	vf_posix_files(&p.files);
	st = vf_identity_load(&id, &p.files, c->data_dir, &err);
	snprintf(path, sizeof path, "%s/key.pem", c->data_dir);
	if (st == VF_OK)
		st = vf_real_ports_open(&p, c->config.server[0] ? c->config.server : id.server,
			c->config.ca_file, path, false, &err);
	if (st != VF_OK) {
		code = say(st, &err);
		goto out_free;
	}
	o = (struct vf_agent_options){.data_dir = c->data_dir,
		.config = &c->config,
		.ports = p.ports,
		.machine = machine_of(&m)};
	st = vf_agent_open(&a, &o, &err);
	code = say(st, &err);
	if (st == VF_OK) {
		vf_agent_log(a, 'i', "started, server %s", p.http.base);
		loop(a, once);
		code = once && !vf_agent_idle(a);
		if (code)
			fprintf(stderr,
				"verifleet-agent: not everything was sent; it is kept: %s\n",
				a->last_problem);
		vf_agent_log(a, 'i', "stopped");
		vf_agent_close(a);
	}
	vf_real_ports_close(&p);
out_free:
	free(c);
	return code;
}

int vf_agent_cmd_run(int argc, char **argv)
{
	return run(argc, argv, false);
}

int vf_agent_cmd_once(int argc, char **argv)
{
	return run(argc, argv, true);
}
