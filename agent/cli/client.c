#include "agent/cli/client.h"

#include <inttypes.h>

#include "agent/cli/command.h"
#include "agent/cli/text.h"
#include "verifleet/version.h"
#include "verifleet/wire.h"

#define ANSWER_MAX (32u << 20)

void vf_client_config_path(char *out, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && *config)
		snprintf(out, size, "%s/verifleet/cli.ini", config);
	else
		snprintf(out, size, "%s/.config/verifleet/cli.ini", home ? home : "");
}

static void keep(char *to, size_t size, const char *from)
{
	if (!*to && from && *from)
		snprintf(to, size, "%s", from);
}

/* `key = value` lines; what it does not know it skips, so that older programs read newer files. */
static void read_file(struct vf_client *c)
{
	char path[1200], line[1024], *value, *end;
	FILE *f;

	vf_client_config_path(path, sizeof path);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f)) {
		value = strchr(line, '=');
		if (!value || *line == '#' || *line == ';')
			continue;
		for (end = value; end > line && (end[-1] == ' ' || end[-1] == '\t'); end--)
			;
		*end = 0;
		value++;
		value += strspn(value, " \t");
		value[strcspn(value, "\r\n")] = 0;
		for (end = value + strlen(value);
			end > value && (end[-1] == ' ' || end[-1] == '\t');)
			*--end = 0;
		if (!strcmp(line, "server"))
			keep(c->server, sizeof c->server, value);
		else if (!strcmp(line, "token"))
			keep(c->token, sizeof c->token, value);
		else if (!strcmp(line, "ca_file"))
			keep(c->ca_file, sizeof c->ca_file, value);
	}
	if (f)
		fclose(f);
}

bool vf_client_options(struct vf_client *c, const char *command, int *argc, char **argv)
{
	struct {
		const char *name;
		char *to;
		size_t size;
	} options[] = {{"--server", c->server, sizeof c->server},
		{"--token", c->token, sizeof c->token},
		{"--ca-file", c->ca_file, sizeof c->ca_file}};
	bool from_line;
	int kept = 1;

	memset(c, 0, sizeof *c);
	c->command = command;
	for (int i = 1; i < *argc; i++) {
		size_t k = 0, n = 0;

		for (; k < VF_ARRAY_LEN(options); k++) {
			n = strlen(options[k].name);
			if (!strncmp(argv[i], options[k].name, n) &&
				(!argv[i][n] || argv[i][n] == '='))
				break;
		}
		if (k == VF_ARRAY_LEN(options)) {
			argv[kept++] = argv[i];
			continue;
		}
		if (!argv[i][n] && i + 1 == *argc) {
			fprintf(stderr, "verifleet %s: a value is missing after %s\n", command,
				argv[i]);
			return false;
		}
		snprintf(options[k].to, options[k].size, "%s",
			argv[i][n] ? argv[i] + n + 1 : argv[i + 1]);
		i += !argv[i][n];
	}
	*argc = kept;
	/* A token belongs to its server: one from the file is not shown to a server from elsewhere. */
	keep(c->token, sizeof c->token, getenv("VERIFLEET_TOKEN"));
	from_line = c->server[0] || (getenv("VERIFLEET_SERVER") && *getenv("VERIFLEET_SERVER"));
	keep(c->server, sizeof c->server, getenv("VERIFLEET_SERVER"));
	keep(c->ca_file, sizeof c->ca_file, getenv("VERIFLEET_CA_FILE"));
	if (!from_line)
		read_file(c);
	return true;
}

bool vf_client_open(struct vf_client *c)
{
	struct vf_posix_http_options o = {
		.server = c->server, .ca_file = c->ca_file, .program = "verifleet/" VF_VERSION};
	struct vf_err err = {0};

	if (!c->server[0]) {
		fprintf(stderr,
			"verifleet %s: no server is known: give --server URL and --token T, set "
			"VERIFLEET_SERVER and VERIFLEET_TOKEN, or run `verifleet login` once\n",
			c->command);
		return false;
	}
	if (vf_posix_http_open(&c->http, &o, &err) == VF_OK)
		return true;
	fprintf(stderr, "verifleet %s: %s\n", c->command, err.text);
	return false;
}

void vf_client_close(struct vf_client *c)
{
	vf_posix_http_close(&c->http);
}

static const char *text_of(const json_t *root, const char *name)
{
	return json_string_value(json_object_get(root, name));
}

static void note_problem(struct vf_client *c, const json_t *root)
{
	const char *detail = text_of(root, "detail"), *title = text_of(root, "title");
	const char *field = text_of(root, "field"), *type = text_of(root, "type");

	snprintf(c->problem, sizeof c->problem, "%s%s%s%s",
		detail  ? detail
		: title ? title
			: "the server refused without a reason",
		field ? " (" : "", field ? field : "", field ? ")" : "");
	if (!root)
		snprintf(c->problem, sizeof c->problem, "the server answered %d", c->status);
	if (c->status == 401)
		snprintf(c->problem, sizeof c->problem,
			"the server does not accept %s: `verifleet login` keeps another one",
			c->token[0] ? "this token" : "requests without a token");
	if (type && strrchr(type, '/'))
		snprintf(c->slug, sizeof c->slug, "%s", strrchr(type, '/') + 1);
	if (json_is_integer(json_object_get(root, "received")))
		c->received = (uint64_t)json_integer_value(json_object_get(root, "received"));
}

/* The exchange itself; the answer's bytes are in `body` when true. */
static bool exchange(struct vf_client *c, struct vf_http_request *req, struct vf_buf *body)
{
	struct vf_http_response res = {.body = *body};
	struct vf_err err = {0};
	char authorization[320];
	json_t *root;
	size_t n = 0;
	bool ok;

	while (req->headers[n])
		n++;
	if (c->token[0]) {
		snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", c->token);
		req->headers[n] = authorization;
	}
	c->status = 0;
	c->slug[0] = c->problem[0] = 0;
	ok = c->http.port.exchange(c->http.port.ctx, req, &res, &err) == VF_OK;
	req->headers[n] = NULL;
	*body = res.body;
	if (!ok) {
		snprintf(c->problem, sizeof c->problem, "%s", err.text);
	} else {
		c->status = res.status;
		ok = res.status >= 200 && res.status < 300;
		if (!ok) {
			root = json_loadb(vf_buf_text(body), body->len, 0, NULL);
			note_problem(c, root);
			json_decref(root);
		}
	}
	if (!ok && !c->quiet) {
		fprintf(stderr, "verifleet %s: ", c->command);
		vf_text_safe(c->problem, stderr);
		fputc('\n', stderr);
	}
	return ok;
}

static json_t *exchange_json(struct vf_client *c, struct vf_http_request *req)
{
	json_t *root = NULL;
	struct vf_buf body;

	vf_buf_init(&body, ANSWER_MAX);
	if (exchange(c, req, &body)) {
		root = body.len ? json_loadb(
					  (const char *)body.data, body.len, JSON_DECODE_ANY, NULL)
				: json_null();
		if (!root) {
			snprintf(c->problem, sizeof c->problem,
				"%s does not answer like a Verifleet server", c->server);
			if (!c->quiet)
				fprintf(stderr, "verifleet %s: %s\n", c->command, c->problem);
		}
	}
	vf_buf_release(&body);
	return root;
}

json_t *vf_client_call(
	struct vf_client *c, const char *method, const char *path, const json_t *body)
{
	char *text = body ? json_dumps(body, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
	struct vf_http_request req = {
		.method = method, .path = path, .body = text, .body_len = text ? strlen(text) : 0};
	json_t *answer = NULL;

	if (text)
		req.headers[0] = "Content-Type: application/json";
	if (!body || text)
		answer = exchange_json(c, &req);
	free(text);
	return answer;
}

json_t *vf_client_send(
	struct vf_client *c, const char *method, const char *path, const void *data, size_t len)
{
	struct vf_http_request req = {.method = method,
		.path = path,
		.headers = {"Content-Type: application/octet-stream"},
		.body = data,
		.body_len = len};

	return exchange_json(c, &req);
}

bool vf_client_get(struct vf_client *c, const char *path, struct vf_buf *out)
{
	struct vf_http_request req = {.method = "GET", .path = path};

	return exchange(c, &req, out);
}

void vf_client_quote(struct vf_buf *out, const char *text)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *text; text++)
		if (strchr(plain, *text))
			vf_buf_add(out, text, 1);
		else
			vf_buf_addf(out, "%%%02X", (unsigned char)*text);
}

/* Looks through the pages of a list of builds for driver/branch/seq. */
static int64_t find_build(struct vf_client *c, const char *project, const char *driver,
	const char *branch, int64_t seq)
{
	json_t *page = NULL, *item;
	int64_t found = 0;
	struct vf_buf path;
	const char *next = NULL;
	size_t i;

	do {
		vf_buf_init(&path, 4096);
		vf_buf_adds(&path, "/api/v1/builds?limit=200&branch=");
		vf_client_quote(&path, branch);
		if (project) {
			vf_buf_adds(&path, "&project=");
			vf_client_quote(&path, project);
		}
		if (next) {
			vf_buf_adds(&path, "&cursor=");
			vf_client_quote(&path, next);
		}
		json_decref(page);
		page = vf_buf_ok(&path) ? vf_client_call(c, "GET", vf_buf_text(&path), NULL) : NULL;
		vf_buf_release(&path);
		if (!page)
			return 0;
		json_array_foreach (json_object_get(page, "items"), i, item) {
			const char *name = text_of(json_object_get(item, "driver"), "name");

			if (name && !strcasecmp(name, driver) && text_of(item, "branch") &&
				!strcmp(text_of(item, "branch"), branch) &&
				json_integer_value(json_object_get(item, "seq")) == seq)
				found = json_integer_value(json_object_get(item, "id"));
		}
		next = text_of(page, "next");
	} while (!found && next);
	json_decref(page);
	if (!found)
		fprintf(stderr,
			"verifleet %s: there is no build %s/%s/%" PRId64
			" (verifleet build create --driver %s --branch %s --seq %" PRId64 ")\n",
			c->command, driver, branch, seq, driver, branch, seq);
	return found;
}

static bool whole_number(const char *s, int64_t *out)
{
	int64_t n = 0;

	if (!*s || strlen(s) > 15)
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		n = n * 10 + (*s - '0');
	}
	*out = n;
	return n > 0;
}

int64_t vf_client_build(struct vf_client *c, const char *name, const char *project)
{
	const char *first = strchr(name, '/'), *last = strrchr(name, '/');
	char driver[VF_WIRE_NAME_MAX + 1], branch[VF_WIRE_NAME_MAX + 1];
	int64_t n;

	if (whole_number(name, &n))
		return n;
	/* A branch may hold slashes itself: the first and the last one count. */
	if (!first || first == last || !whole_number(last + 1, &n) ||
		first - name > VF_WIRE_NAME_MAX || last - first > VF_WIRE_NAME_MAX) {
		fprintf(stderr,
			"verifleet %s: a build is its id or driver/branch/number, not \"%s\"\n",
			c->command, name);
		return 0;
	}
	snprintf(driver, sizeof driver, "%.*s", (int)(first - name), name);
	snprintf(branch, sizeof branch, "%.*s", (int)(last - first - 1), first + 1);
	return find_build(c, project, driver, branch, n);
}
