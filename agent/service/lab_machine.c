/* One machine of the lab: its evidence appears as on a real one, its agent is the real one. */
#include <inttypes.h>
#include <unistd.h>

#include <jansson.h>

#include "agent/core/rfc3339.h"
#include "agent/service/lab.h"

#define SECOND_US INT64_C(1000000)

enum { DUMPS_KEPT = 12 };

static void path_of(const struct vf_lab_machine *m, char *out, size_t size, const char *name)
{
	snprintf(out, size, "%s/%s", m->dir, name);
}

static enum vf_status open_agent(struct vf_lab *lab, struct vf_lab_machine *m, struct vf_err *err)
{
	struct vf_agent_options o = {
		.data_dir = m->dir,
		.config = &m->config,
		.ports = {&lab->clock, &lab->files, &lab->random, &m->crypto.port, &lab->http.port},
		.machine = {.boot_marker = m->marker,
			.booted_at_us = m->booted_at_us,
			.env = m->facts.env},
		.label = m->facts.name,
		.quiet = true,
	};

	snprintf(m->marker, sizeof m->marker, "sim-%" PRIu64 "-%zu-%" PRIu64, lab->seed, m->index,
		m->boots);
	return vf_agent_open(&m->agent, &o, err);
}

static enum vf_status enroll(struct vf_lab *lab, struct vf_lab_machine *m, struct vf_err *err)
{
	struct vf_agent_ports ports = {
		&lab->clock, &lab->files, &lab->random, &m->crypto.port, &lab->http.port};
	struct vf_identity id = {0};
	enum vf_status st;

	st = vf_identity_load(&id, &lab->files, m->dir, err);
	if (st != VF_E_NOTFOUND)
		return st;
	snprintf(id.server, sizeof id.server, "%s", lab->server);
	st = vf_enroll(&id, &ports,
		&(struct vf_enrolment){.token = lab->token,
			.name = m->facts.name,
			.smbios_uuid = m->facts.smbios_uuid,
			.env = &m->facts.env},
		err);
	return st == VF_OK ? vf_identity_save(&id, &lab->files, m->dir, err) : st;
}

enum vf_status vf_lab_machine_open(struct vf_lab *lab, struct vf_lab_machine *m, struct vf_err *err)
{
	enum vf_status st;
	char path[1200];

	vf_scenario_machine(&m->facts, lab->seed, m->index);
	snprintf(m->dir, sizeof m->dir, "%s/%s", lab->dir, m->facts.name);
	vf_config_defaults(&m->config);
	snprintf(m->config.dump_dir, sizeof m->config.dump_dir, "%.490s/dumps", m->dir);
	snprintf(m->config.event_file, sizeof m->config.event_file, "%.490s/events.ndjson", m->dir);
	m->config.dump_wait_s = 1;
	m->config.dump_stable_ms = 0;
	m->config.poll_ms = 250;
	st = lab->files.make_dir(lab->files.ctx, m->config.dump_dir, err);
	vf_posix_crypto_init(&m->crypto);
	path_of(m, path, sizeof path, "key.pem");
	if (st == VF_OK)
		st = vf_posix_crypto_key(&m->crypto, path, true, err);
	if (st == VF_OK)
		st = enroll(lab, m, err);
	if (st != VF_OK || !m->boots)
		return st;
	return open_agent(lab, m, err);
}

void vf_lab_machine_close(struct vf_lab_machine *m)
{
	vf_agent_close(m->agent);
	m->agent = NULL;
	vf_posix_crypto_release(&m->crypto);
}

/* Appends one line; takes the reference. The log of a machine is a file that only grows. */
static enum vf_status log_event(struct vf_lab_machine *m, const char *provider, int id,
	int64_t at_us, json_t *data, struct vf_err *err)
{
	json_t *line = json_pack("{s:s, s:i, s:I, s:s, s:o}", "provider", provider, "event_id", id,
		"record_id", (json_int_t)++m->events, "time", vf_time_format(at_us).text, "data",
		data);
	char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
	enum vf_status st = VF_OK;
	FILE *f = text ? fopen(m->config.event_file, "ae") : NULL;

	if (!f || fprintf(f, "%s\n", text) < 0)
		st = vf_fail_sys(err, VF_E_IO, "%.200s", m->config.event_file);
	if (f && fclose(f))
		st = vf_fail_sys(err, VF_E_IO, "%.200s", m->config.event_file);
	free(text);
	json_decref(line);
	return st;
}

static json_t *hex64(uint64_t v)
{
	return json_sprintf("0x%" PRIx64, v);
}

static enum vf_status begin_run(struct vf_lab *lab, struct vf_lab_machine *m,
	const struct vf_scenario_run *r, struct vf_err *err)
{
	const struct vf_scenario_build *b = vf_scenario_build(r->build);
	const struct vf_scenario_image *image = m->facts.arm64 ? &b->arm64 : &b->x64;
	enum vf_status st = VF_OK;

	vf_agent_close(m->agent);
	m->agent = NULL;
	m->begun_at_us = m->run < VF_SCENARIO_HISTORY ? lab->began_at_us + r->begins_us
						      : lab->clock.wall_us(lab->clock.ctx);
	m->booted_at_us = m->begun_at_us - 120 * SECOND_US;
	if (m->boots++)
		st = log_event(m, "Microsoft-Windows-Kernel-General", 13,
			m->booted_at_us - 30 * SECOND_US, json_object(), err);
	if (st == VF_OK)
		st = log_event(m, "Verifleet-Run", 1, m->begun_at_us,
			json_pack("{s:s, s:s, s:s, s:I, s:s, s:[{s:s, s:o, s:I, s:o}]}", "run",
				r->id, "driver", VF_SCENARIO_DRIVER, "branch", b->branch, "seq",
				(json_int_t)b->seq, "label", b->label, "images", "name",
				VF_SCENARIO_DRIVER, "timestamp",
				json_sprintf("0x%08" PRIx32, image->timestamp), "size",
				(json_int_t)image->size, "checksum",
				json_sprintf("0x%08" PRIx32, image->checksum)),
			err);
	m->running = true;
	lab->runs++;
	return st == VF_OK ? open_agent(lab, m, err) : st;
}

static enum vf_status log_crash(struct vf_lab_machine *m, const struct vf_scenario_run *r,
	int64_t at_us, const char *dump_name, struct vf_err *err)
{
	uint64_t p[4];
	uint32_t code;
	enum vf_status st;

	vf_scenario_bugcheck(r, &m->facts, &code, p);
	st = log_event(m, "Microsoft-Windows-Kernel-Power", 41, at_us + 70 * SECOND_US,
		json_pack("{s:o, s:o, s:o, s:o, s:o}", "BugcheckCode",
			json_sprintf("%" PRIu32, code), "BugcheckParameter1", hex64(p[0]),
			"BugcheckParameter2", hex64(p[1]), "BugcheckParameter3", hex64(p[2]),
			"BugcheckParameter4", hex64(p[3])),
		err);
	if (st != VF_OK)
		return st;
	return log_event(m, "Microsoft-Windows-WER-SystemErrorReporting", 1001,
		at_us + 90 * SECOND_US,
		json_pack("{s:o, s:o}", "param1",
			json_sprintf("0x%08" PRIx32 " (0x%016" PRIx64 ", 0x%016" PRIx64
				     ", 0x%016" PRIx64 ", 0x%016" PRIx64 ")",
				code, p[0], p[1], p[2], p[3]),
			"param2", json_sprintf("C:\\WINDOWS\\Minidump\\%s", dump_name)),
		err);
}

struct oldest {
	const struct vf_lab_machine *m;
	const struct vf_files *files;
	char name[256];
	int64_t at_us;
	size_t count;
};

static bool see_dump(void *arg, const char *name)
{
	struct oldest *o = arg;
	struct vf_file_info info;
	char path[1200];

	snprintf(path, sizeof path, "%s/%s", o->m->config.dump_dir, name);
	if (o->files->info(o->files->ctx, path, &info, NULL) != VF_OK || strlen(name) >= 256)
		return true;
	o->count++;
	if (!o->at_us || info.mtime_us < o->at_us) {
		o->at_us = info.mtime_us;
		snprintf(o->name, sizeof o->name, "%s", name);
	}
	return true;
}

/* As Windows does with small dumps: the oldest goes when there are too many. */
static void keep_few_dumps(const struct vf_lab *lab, const struct vf_lab_machine *m)
{
	struct oldest o = {.m = m, .files = &lab->files};
	char path[1200];

	if (lab->files.list(lab->files.ctx, m->config.dump_dir, see_dump, &o, NULL) != VF_OK ||
		o.count <= DUMPS_KEPT)
		return;
	snprintf(path, sizeof path, "%s/%s", m->config.dump_dir, o.name);
	(void)!lab->files.remove(lab->files.ctx, path, NULL);
}

static enum vf_status end_run(struct vf_lab_machine *m, const struct vf_scenario_run *r,
	int64_t at_us, const char *outcome, struct vf_err *err)
{
	return log_event(m, "Verifleet-Run", 2, at_us,
		json_pack("{s:s, s:s}", "run", r->id, "outcome", outcome), err);
}

static enum vf_status crash(struct vf_lab *lab, struct vf_lab_machine *m,
	const struct vf_scenario_run *r, struct vf_err *err)
{
	int64_t at_us = m->run < VF_SCENARIO_HISTORY ? m->begun_at_us + r->crash.after_us
						     : lab->clock.wall_us(lab->clock.ctx);
	char name[64], path[1200];
	enum vf_status st = VF_OK;

	vf_agent_close(m->agent);
	m->agent = NULL;
	snprintf(name, sizeof name, "run%06" PRIu64 "-01.dmp", m->run + 1);
	snprintf(path, sizeof path, "%s/%s", m->config.dump_dir, name);
	keep_few_dumps(lab, m);
	if (r->crash.outside)
		st = end_run(m, r, at_us - 5 * SECOND_US, "completed", err);
	if (st == VF_OK && r->crash.evidence != VF_EVIDENCE_EVENT)
		st = vf_scenario_dump(r, &m->facts, at_us, path, err);
	if (st == VF_OK && r->crash.evidence != VF_EVIDENCE_DUMP)
		st = log_crash(m, r, at_us, name, err);
	if (st == VF_OK && !r->crash.outside)
		st = end_run(m, r, at_us + 120 * SECOND_US, "bugcheck", err);
	m->boots++;
	m->booted_at_us = at_us + 60 * SECOND_US;
	lab->crashes++;
	return st == VF_OK ? open_agent(lab, m, err) : st;
}

enum vf_status vf_lab_machine_advance(
	struct vf_lab *lab, struct vf_lab_machine *m, struct vf_err *err)
{
	bool begins = !m->running;
	struct vf_scenario_run r;
	enum vf_status st;
	int64_t end_us;

	vf_scenario_run(&r, lab->seed, m->index, m->run);
	if (begins) {
		st = begin_run(lab, m, &r, err);
	} else if (r.crash.fault) {
		st = crash(lab, m, &r, err);
	} else {
		end_us = m->run < VF_SCENARIO_HISTORY ? m->begun_at_us + r.lasts_us
						      : lab->clock.wall_us(lab->clock.ctx);
		st = end_run(m, &r, end_us, "completed", err);
	}
	if (!begins) {
		m->running = false;
		m->run++;
	}
	return st == VF_OK ? vf_lab_save(lab, err) : st;
}
