/* `verifleet-agent lab`: a small lab of simulated machines that goes on for as long as it runs. */
#include "agent/service/lab.h"

#include <inttypes.h>

#include <jansson.h>

#include "verifleet/version.h"

static const char usage_text[] =
	"usage: verifleet-agent lab --server URL --token T --dir DIR [OPTIONS]\n"
	"\n"
	"Simulated test machines: the real agent on scripted evidence. The first start tells "
	"twelve days\n"
	"of testing, then a run every now and then; a second start goes on from there.\n"
	"\n"
	"  --token T       enrolment token of the project\n"
	"  --api-token T   token that may register builds (scope import); without it they must "
	"exist\n"
	"  --dir DIR       where the machines keep key, spool and evidence\n"
	"  --machines N    1 to 64 (6)\n"
	"  --speed X       how fast the present goes by (1)\n"
	"  --seed N        another script (1)\n"
	"  --project P     project of the builds (demo)\n"
	"  --ca-file F     authority of the server's certificate\n"
	"  --once          end when the past is told\n";

#define LIVE_EVERY_US 40000000.0 /* one run of the whole lab, at speed 1 */
#define LIVE_RUN_US   15000000.0

struct lab_line {
	char machines[16], speed[16], seed[24];
	bool once, help;
};

static void place(const struct vf_lab *lab, char *out, size_t size)
{
	snprintf(out, size, "%s/lab.json", lab->dir);
}

enum vf_status vf_lab_save(const struct vf_lab *lab, struct vf_err *err)
{
	json_t *list = json_array(), *root;
	enum vf_status st;
	char path[1000], *text;

	for (size_t i = 0; i < lab->count; i++) {
		const struct vf_lab_machine *m = &lab->machines[i];

		json_array_append_new(list,
			json_pack("{s:I, s:b, s:I, s:I, s:I, s:I}", "run", (json_int_t)m->run,
				"running", m->running, "boots", (json_int_t)m->boots, "events",
				(json_int_t)m->events, "booted_at_us", (json_int_t)m->booted_at_us,
				"begun_at_us", (json_int_t)m->begun_at_us));
	}
	root = json_pack("{s:I, s:I, s:o}", "seed", (json_int_t)lab->seed, "began_at_us",
		(json_int_t)lab->began_at_us, "machines", list);
	text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	json_decref(root);
	if (!text)
		return vf_fail(err, VF_E_NOMEM, "no memory to keep the lab's place");
	place(lab, path, sizeof path);
	st = lab->files.replace(lab->files.ctx, path, text, strlen(text), err);
	free(text);
	return st;
}

static int64_t number(const json_t *root, const char *name)
{
	return json_integer_value(json_object_get(root, name));
}

enum vf_status vf_lab_load(struct vf_lab *lab, struct vf_err *err)
{
	struct vf_buf text;
	enum vf_status st;
	json_t *root, *item;
	char path[1000];
	size_t i;

	place(lab, path, sizeof path);
	vf_buf_init(&text, 1 << 20);
	st = lab->files.read_all(lab->files.ctx, path, &text, err);
	if (st == VF_E_NOTFOUND) { /* a new lab: its past begins some days ago */
		lab->began_at_us = lab->clock.wall_us(lab->clock.ctx) -
				   (int64_t)VF_SCENARIO_DAYS * 86400 * 1000000;
		return VF_OK;
	}
	if (st != VF_OK)
		return st;
	root = json_loadb(vf_buf_text(&text), text.len, 0, NULL);
	vf_buf_release(&text);
	if (!json_is_object(root))
		return vf_fail(err, VF_E_CORRUPT, "%.200s is damaged: use another --dir", path);
	lab->seed = (uint64_t)number(root, "seed");
	lab->began_at_us = number(root, "began_at_us");
	json_array_foreach (json_object_get(root, "machines"), i, item) {
		struct vf_lab_machine *m = &lab->machines[i];

		if (i >= VF_SCENARIO_MACHINES)
			break;
		m->run = (uint64_t)number(item, "run");
		m->running = json_is_true(json_object_get(item, "running"));
		m->boots = (uint64_t)number(item, "boots");
		m->events = (uint64_t)number(item, "events");
		m->booted_at_us = number(item, "booted_at_us");
		m->begun_at_us = number(item, "begun_at_us");
	}
	json_decref(root);
	return VF_OK;
}

static bool parse(struct vf_lab *lab, struct lab_line *line, int argc, char **argv)
{
	const struct {
		const char *name;
		char *to;
		size_t size;
	} options[] = {{"--server", lab->server, sizeof lab->server},
		{"--token", lab->token, sizeof lab->token},
		{"--api-token", lab->api_token, sizeof lab->api_token},
		{"--dir", lab->dir, sizeof lab->dir},
		{"--project", lab->project, sizeof lab->project},
		{"--ca-file", lab->ca_file, sizeof lab->ca_file},
		{"--machines", line->machines, sizeof line->machines},
		{"--speed", line->speed, sizeof line->speed},
		{"--seed", line->seed, sizeof line->seed}};
	unsigned long n;
	char *end;

	for (int i = 1; i < argc; i++) {
		size_t k = 0;

		while (k < VF_ARRAY_LEN(options) && strcmp(argv[i], options[k].name) != 0)
			k++;
		if (!strcmp(argv[i], "--once")) {
			line->once = true;
		} else if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			line->help = true;
		} else if (k == VF_ARRAY_LEN(options) || i + 1 == argc ||
			   strlen(argv[i + 1]) >= options[k].size) {
			fprintf(stderr, "verifleet-agent lab: %s %s\n\n", argv[i],
				k == VF_ARRAY_LEN(options) ? "is no option of it"
							   : "lacks a usable value");
			return false;
		} else {
			snprintf(options[k].to, options[k].size, "%s", argv[++i]);
		}
	}
	lab->speed = line->speed[0] ? strtod(line->speed, &end) : 1;
	lab->seed = line->seed[0] ? strtoull(line->seed, &end, 10) % 1000000 : 1;
	n = line->machines[0] ? strtoul(line->machines, &end, 10) : 6;
	lab->count = n;
	if (n < 1 || n > VF_SCENARIO_MACHINES || !(lab->speed > 0 && lab->speed <= 1000)) {
		fputs("verifleet-agent lab: --machines is 1 to 64, --speed more than 0 to 1000\n\n",
			stderr);
		return false;
	}
	return line->help || (lab->server[0] && lab->token[0] && lab->dir[0]);
}

static bool past_is_told(const struct vf_lab *lab)
{
	for (size_t i = 0; i < lab->count; i++)
		if (lab->machines[i].run < VF_SCENARIO_HISTORY || !lab->machines[i].agent ||
			!vf_agent_idle(lab->machines[i].agent))
			return false;
	return true;
}

static unsigned percent_told(const struct vf_lab *lab)
{
	uint64_t done = 0;

	for (size_t i = 0; i < lab->count; i++)
		done += lab->machines[i].run < VF_SCENARIO_HISTORY ? lab->machines[i].run
								   : VF_SCENARIO_HISTORY;
	return (unsigned)(done * 100 / (lab->count * VF_SCENARIO_HISTORY));
}

/* Microseconds until this machine has something to do. */
static int64_t tend(struct vf_lab *lab, struct vf_lab_machine *m, bool live, struct vf_err *err)
{
	int64_t now = lab->clock.mono_us(lab->clock.ctx), wait = 0;
	double gap;

	if (m->agent)
		wait = vf_agent_step(m->agent);
	if (m->agent && !vf_agent_idle(m->agent))
		return wait;
	if (m->run >= VF_SCENARIO_HISTORY) {
		if (!live) /* the others are not there yet */
			return wait;
		if (!m->due_us) /* the lab's machines take turns */
			m->due_us = now +
				    (int64_t)(LIVE_EVERY_US * (double)(m->index + 1) / lab->speed);
		if (now < m->due_us)
			return wait < m->due_us - now ? wait : m->due_us - now;
		gap = m->running ? LIVE_EVERY_US * (double)lab->count - LIVE_RUN_US : LIVE_RUN_US;
		m->due_us = now + (int64_t)((gap > LIVE_RUN_US ? gap : LIVE_RUN_US) / lab->speed);
	}
	if (vf_lab_machine_advance(lab, m, err) != VF_OK)
		return -1;
	return 0;
}

static int tend_all(struct vf_lab *lab, bool once)
{
	bool live = past_is_told(lab);
	unsigned said = percent_told(lab);
	struct vf_err err = {0};
	int64_t wait = 0, w;

	while (!vf_stop_wait(wait)) {
		wait = 1000000;
		for (size_t i = 0; i < lab->count && !vf_stop_asked(); i++) {
			w = tend(lab, &lab->machines[i], live, &err);
			if (w < 0) {
				fprintf(stderr, "verifleet-agent lab: %s\n", err.text);
				return 1;
			}
			if (w < wait)
				wait = w;
		}
		if (percent_told(lab) / 25 != said / 25) {
			said = percent_told(lab);
			printf("lab: %u %% of the past is told\n", said);
		}
		if (!live && past_is_told(lab)) {
			live = true;
			printf("lab: the past is told: %" PRIu64 " runs, %" PRIu64
			       " crashes on %zu machines; now a run about every %.0f s\n",
				lab->runs, lab->crashes, lab->count,
				LIVE_EVERY_US / 1e6 / lab->speed);
		}
		fflush(stdout);
		if (live && once)
			break;
	}
	return 0;
}

static int run_lab(struct vf_lab *lab, bool once)
{
	struct vf_posix_http_options http = {.server = lab->server,
		.ca_file = lab->ca_file,
		.program = "verifleet-agent/" VF_VERSION " (simulated lab)"};
	struct vf_err err = {0};
	enum vf_status st;
	int code = 1;

	vf_posix_clock(&lab->clock);
	vf_posix_files(&lab->files);
	vf_posix_random(&lab->random);
	st = vf_posix_http_open(&lab->http, &http, &err);
	if (st == VF_OK)
		st = lab->files.make_dir(lab->files.ctx, lab->dir, &err);
	if (st == VF_OK)
		st = vf_lab_load(lab, &err);
	if (st == VF_OK && lab->api_token[0]) {
		st = vf_lab_register(lab, &err);
		if (st == VF_OK)
			printf("lab: %d builds of %s are registered in project %s\n",
				(int)VF_SCENARIO_BUILDS, VF_SCENARIO_DRIVER, lab->project);
	}
	for (size_t i = 0; st == VF_OK && i < lab->count; i++) {
		lab->machines[i].index = i;
		st = vf_lab_machine_open(lab, &lab->machines[i], &err);
	}
	if (st == VF_OK) {
		printf("lab: %zu machines are enrolled at %s (simulated)\n", lab->count,
			lab->server);
		fflush(stdout);
		code = tend_all(lab, once);
	} else {
		fprintf(stderr, "verifleet-agent lab: %s\n", err.text);
	}
	for (size_t i = 0; i < lab->count; i++)
		vf_lab_machine_close(&lab->machines[i]);
	vf_posix_http_close(&lab->http);
	return code;
}

int vf_agent_cmd_lab(int argc, char **argv)
{
	struct vf_lab *lab = calloc(1, sizeof *lab);
	struct lab_line line = {0};
	int code = 2;

	if (lab) {
		snprintf(lab->project, sizeof lab->project, "demo");
		if (!parse(lab, &line, argc, argv))
			fputs(usage_text, stderr);
		else if (line.help)
			code = fputs(usage_text, stdout) < 0;
		else {
			vf_stop_prepare();
			code = run_lab(lab, line.once);
		}
	}
	free(lab);
	return code;
}
