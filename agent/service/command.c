#include "agent/service/command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "verifleet/version.h"

static void default_data_dir(char *out, size_t size)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (geteuid() == 0)
		snprintf(out, size, "/var/lib/verifleet-agent");
	else if (state && *state)
		snprintf(out, size, "%s/verifleet-agent", state);
	else
		snprintf(out, size, "%s/.local/state/verifleet-agent", home ? home : "/tmp");
}

static bool complain(const char *what, const char *text)
{
	fprintf(stderr, "verifleet-agent: %s%s\n", what, text);
	return false;
}

/* --dump-dir X sets dump_dir; "--" and '-' within become '_' and nothing. */
static bool set_option(
	struct vf_command_line *c, const char *option, const char *value, struct vf_err *err)
{
	char key[64];
	size_t n = strlen(option);

	if (n >= sizeof key)
		return complain("there is no option --", option);
	for (size_t i = 0; i <= n; i++)
		key[i] = option[i] == '-' ? '_' : option[i];
	if (vf_config_set(&c->config, key, value, err) == VF_OK)
		return true;
	return complain("", err->text);
}

static bool read_config(struct vf_command_line *c, const char *path, bool must)
{
	struct vf_err err = {0};
	struct vf_files files;
	struct vf_buf text;
	enum vf_status st;

	vf_posix_files(&files);
	vf_buf_init(&text, 256 << 10);
	st = files.read_all(files.ctx, path, &text, &err);
	if (st == VF_E_NOTFOUND && !must)
		return true;
	if (st == VF_OK)
		st = vf_config_parse(&c->config, vf_buf_text(&text), text.len, &err);
	vf_buf_release(&text);
	if (st != VF_OK)
		fprintf(stderr, "verifleet-agent: %s: %s\n", path, err.text);
	return st == VF_OK;
}

struct flags {
	const char *config;
};

static bool take_option(struct vf_command_line *c, struct flags *f, const char *name,
	const char *value, bool second_pass)
{
	struct vf_err err = {0};

	if (!strcmp(name, "data-dir"))
		snprintf(c->data_dir, sizeof c->data_dir, "%s", value);
	else if (!strcmp(name, "config"))
		f->config = value;
	else if (!strcmp(name, "token"))
		snprintf(c->token, sizeof c->token, "%s", value);
	else if (second_pass)
		return set_option(c, name, value, &err);
	return true;
}

static bool pass(struct vf_command_line *c, struct flags *f, int argc, char **argv, bool second)
{
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];
		char name[64];
		const char *eq;

		if (!strcmp(a, "--help") || !strcmp(a, "-h"))
			c->help = true;
		else if (!strcmp(a, "--json"))
			c->json = true;
		else if (!strcmp(a, "--verbose"))
			c->verbose = true;
		else if (strncmp(a, "--", 2) != 0 || !a[2])
			return complain("what is meant by ", a);
		else if ((eq = strchr(a, '='))) {
			snprintf(name, sizeof name, "%.*s", (int)(eq - a - 2), a + 2);
			if (!take_option(c, f, name, eq + 1, second))
				return false;
		} else if (i + 1 == argc) {
			return complain("a value is missing after ", a);
		} else if (!take_option(c, f, a + 2, argv[++i], second)) {
			return false;
		}
	}
	return true;
}

bool vf_command_line(struct vf_command_line *out, int argc, char **argv)
{
	struct flags f = {0};
	char path[1200];

	memset(out, 0, sizeof *out);
	default_data_dir(out->data_dir, sizeof out->data_dir);
	vf_config_defaults(&out->config);
	if (!pass(out, &f, argc, argv, false) || out->help)
		return out->help;
	snprintf(path, sizeof path, "%s/agent.ini", out->data_dir);
	if (!read_config(out, f.config ? f.config : path, f.config != NULL))
		return false;
	return pass(out, &f, argc, argv, true);
}

enum vf_status vf_real_ports_open(struct vf_real_ports *p, const char *server, const char *ca_file,
	const char *key_path, bool make_key, struct vf_err *err)
{
	struct vf_posix_http_options http = {
		.server = server, .ca_file = ca_file, .program = "verifleet-agent/" VF_VERSION};
	enum vf_status st;

	memset(p, 0, sizeof *p);
	vf_posix_clock(&p->clock);
	vf_posix_files(&p->files);
	vf_posix_random(&p->random);
	vf_posix_crypto_init(&p->crypto);
	p->ports = (struct vf_agent_ports){
		&p->clock, &p->files, &p->random, &p->crypto.port, &p->http.port};
	st = vf_posix_crypto_key(&p->crypto, key_path, make_key, err);
	if (st == VF_OK)
		st = vf_posix_http_open(&p->http, &http, err);
	if (st != VF_OK)
		vf_real_ports_close(p);
	return st;
}

void vf_real_ports_close(struct vf_real_ports *p)
{
	vf_posix_http_close(&p->http);
	vf_posix_crypto_release(&p->crypto);
}

/* A pipe, so that a signal that comes just before the wait is not slept over. */
static int stop_pipe[2] = {-1, -1};
static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	int keep = errno;

	(void)sig;
	stopped = 1;
	(void)!write(stop_pipe[1], "", 1);
	errno = keep;
}

void vf_stop_prepare(void)
{
	struct sigaction sa = {.sa_handler = on_signal};

	if (pipe(stop_pipe))
		abort();
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

bool vf_stop_asked(void)
{
	return stopped;
}

bool vf_stop_wait(int64_t us)
{
	struct pollfd p = {.fd = stop_pipe[0], .events = POLLIN};

	if (!stopped && us > 0)
		poll(&p, 1, us > 60000000 ? 60000 : (int)((us + 999) / 1000));
	return stopped;
}
