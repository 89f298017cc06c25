/* `verifleet login` and `verifleet status`: which server, and does it know us. */
#include "agent/cli/command.h"

#include <termios.h>
#include <unistd.h>

#include "agent/cli/client.h"

static const char login_text[] =
	"usage: verifleet login --server URL [--token T] [--ca-file FILE]\n"
	"\n"
	"Keeps server and token in ~/.config/verifleet/cli.ini (mode 0600) after asking the "
	"server\n"
	"whether it accepts them. Without --token the token is read from standard input.\n";

static const char status_text[] =
	"usage: verifleet status [--json]\n"
	"\n"
	"Says which server is used and whether it can be reached and accepts the token.\n"
	"Exit code 1 when not.\n";

/* From a terminal the token is not shown while it is typed. */
static bool read_token(char *out, size_t size)
{
	bool terminal = isatty(STDIN_FILENO);
	struct termios before, hidden;
	bool ok;

	if (terminal && tcgetattr(STDIN_FILENO, &before) == 0) {
		fputs("token: ", stderr);
		hidden = before;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	} else {
		terminal = false;
	}
	ok = fgets(out, (int)size, stdin) != NULL;
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	if (ok)
		out[strcspn(out, "\r\n")] = 0;
	return ok && *out;
}

static bool write_config(const struct vf_client *c)
{
	char path[1200], *slash;
	struct vf_files files;
	struct vf_err err = {0};
	struct vf_buf text;
	enum vf_status st;

	vf_client_config_path(path, sizeof path);
	vf_posix_files(&files);
	vf_buf_init(&text, 4096);
	vf_buf_addf(&text, "server = %s\ntoken = %s\n", c->server, c->token);
	if (c->ca_file[0])
		vf_buf_addf(&text, "ca_file = %s\n", c->ca_file);
	slash = strrchr(path, '/');
	*slash = 0;
	st = files.make_dir(files.ctx, path, &err);
	*slash = '/';
	if (st == VF_OK)
		st = files.replace(files.ctx, path, text.data, text.len, &err);
	vf_buf_release(&text);
	if (st == VF_OK)
		printf("%s is used from now on (kept in %s)\n", c->server, path);
	else
		fprintf(stderr, "verifleet login: %s\n", err.text);
	return st == VF_OK;
}

int vf_cmd_login(int argc, char **argv)
{
	struct vf_client c;
	json_t *answer;
	int code = VF_EXIT_FAILED;

	if (!vf_client_options(&c, "login", &argc, argv))
		return VF_EXIT_USAGE;
	if (argc > 1) {
		bool help = !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h");

		fputs(login_text, help ? stdout : stderr);
		return help ? VF_EXIT_OK : VF_EXIT_USAGE;
	}
	if (!c.server[0]) {
		fputs(login_text, stderr);
		return VF_EXIT_USAGE;
	}
	if (!c.token[0] && !read_token(c.token, sizeof c.token)) {
		fputs("verifleet login: no token was given\n", stderr);
		return VF_EXIT_USAGE;
	}
	if (!vf_client_open(&c))
		return VF_EXIT_FAILED;
	answer = vf_client_call(&c, "GET", "/api/v1/projects?limit=1", NULL);
	if (answer && write_config(&c))
		code = VF_EXIT_OK;
	json_decref(answer);
	vf_client_close(&c);
	return code;
}

int vf_cmd_status(int argc, char **argv)
{
	bool as_json = false, accepted, reached;
	struct vf_client c;
	json_t *answer, *root;

	if (!vf_client_options(&c, "status", &argc, argv))
		return VF_EXIT_USAGE;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json")) {
			as_json = true;
			continue;
		}
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			fputs(status_text, stdout);
			return VF_EXIT_OK;
		}
		fputs(status_text, stderr);
		return VF_EXIT_USAGE;
	}
	if (!vf_client_open(&c))
		return VF_EXIT_FAILED;
	c.quiet = true;
	answer = vf_client_call(&c, "GET", "/api/v1/projects?limit=200", NULL);
	reached = c.status != 0;
	accepted = answer != NULL;
	root = json_pack("{s:s, s:b, s:b, s:o, s:o}", "server", c.server, "reached", reached,
		"accepted", accepted, "projects",
		answer ? json_deep_copy(json_object_get(answer, "items")) : json_null(), "problem",
		c.problem[0] ? json_string(c.problem) : json_null());
	if (as_json && root) {
		json_dumpf(root, stdout, JSON_INDENT(1));
		putchar('\n');
	} else {
		printf("server    %s\nreached   %s\ntoken     %s\n", c.server,
			reached ? "yes" : "no",
			accepted     ? "accepted"
			: c.token[0] ? "not accepted"
				     : "none");
		if (!accepted)
			fprintf(stderr, "verifleet status: %s\n", c.problem);
	}
	json_decref(root);
	json_decref(answer);
	vf_client_close(&c);
	return accepted ? VF_EXIT_OK : VF_EXIT_FAILED;
}
