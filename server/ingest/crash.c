#include "server/ingest/crash.h"

#include "verifleet/wire.h"

#define MODULE_NAME_MAX 260
/* A clock of a machine that stands before this says nothing (1990-01-01). */
#define TIME_BELIEVED INT64_C(631152000000000)

/* A driver that a damaged dump gives no usable name or size matches nothing; the crash stays. */
static bool read_module(const json_t *v, struct vf_module *out)
{
	struct vf_refusal ignored;
	uint64_t timestamp = 0;
	struct vf_members d;

	vf_members_init(&d, v, "", &ignored);
	out->name = vf_member_text(&d, "name", MODULE_NAME_MAX, VF_MEMBER_REQUIRED);
	(void)vf_member_hex(&d, "timestamp", 8, VF_MEMBER_OPTIONAL, &timestamp);
	out->timestamp = (uint32_t)timestamp;
	out->size = (uint64_t)vf_member_int(&d, "size", 0, INT64_MAX, VF_MEMBER_OPTIONAL, 0);
	return d.ok;
}

static void read_modules(
	const json_t *drivers, struct vf_members *m, struct vf_arena *arena, struct vf_crash *out)
{
	size_t n = json_array_size(drivers);
	struct vf_module *list = vf_arena_alloc(arena, (n + 1) * sizeof *list);

	if (!list) {
		vf_member_refuse(m, "drivers", "is too much for the memory of one request");
		return;
	}
	for (size_t i = 0; i < n; i++)
		out->n_modules += read_module(json_array_get(drivers, i), &list[out->n_modules]);
	out->module = list;
}

static void read_bugcheck(struct vf_members *m, struct vf_crash *out)
{
	const json_t *list;
	struct vf_members p;
	uint64_t code = 0;

	(void)vf_member_hex(m, "raw_code", 8, VF_MEMBER_OPTIONAL, &code);
	if (!code)
		(void)vf_member_hex(m, "code", 8, VF_MEMBER_REQUIRED, &code);
	out->facts.raw_code = (uint32_t)code;
	list = vf_member_array(m, "parameters", 4, VF_MEMBER_REQUIRED);
	if (m->ok && json_array_size(list) != 4)
		vf_member_refuse(m, "parameters", "must have four values");
	for (size_t i = 0; i < 4 && m->ok; i++) {
		json_t *one = json_pack("{sO}", "value", json_array_get(list, i));

		vf_members_init(&p, one, "", m->refusal);
		if (!vf_member_hex(&p, "value", 16, VF_MEMBER_REQUIRED, &out->facts.parameter[i])) {
			m->ok = true; /* the refusal names the parameter instead */
			vf_member_refuse(
				m, "parameters", "must be 0x and 1 to 16 hexadecimal digits");
		}
		json_decref(one);
	}
}

/* A culprit without a usable name is unknown. */
static void read_culprit(const json_t *culprit, struct vf_crash *out)
{
	struct vf_refusal ignored;
	struct vf_members m;

	vf_members_init(&m, culprit, "", &ignored);
	out->facts.culprit_module =
		vf_member_text(&m, "module", MODULE_NAME_MAX, VF_MEMBER_OPTIONAL);
	out->facts.has_offset =
		vf_member_hex(&m, "offset", 16, VF_MEMBER_OPTIONAL, &out->facts.offset);
}

/* The code of the dump must be the code that is reported: else it is the dump of another crash. */
static void check_bugcheck(const json_t *bugcheck, const char *prefix, bool reported,
	struct vf_members *owner, struct vf_crash *out)
{
	struct vf_crash other = {0};
	struct vf_members m;

	vf_members_init(&m, bugcheck, prefix, owner->refusal);
	read_bugcheck(&m, &other);
	if (m.ok && reported &&
		(vf_bugcheck_code(other.facts.raw_code) != vf_bugcheck_code(out->facts.raw_code) ||
			memcmp(other.facts.parameter, out->facts.parameter,
				sizeof other.facts.parameter) != 0))
		vf_member_refuse(&m, "", "is another bug check than the record's own");
	owner->ok = m.ok;
	out->facts.raw_code = other.facts.raw_code;
	memcpy(out->facts.parameter, other.facts.parameter, sizeof other.facts.parameter);
}

void vf_crash_read_decoded(const json_t *decoded, const char *prefix, struct vf_arena *arena,
	struct vf_members *owner, struct vf_crash *out)
{
	bool reported = out->facts.raw_code != 0;
	const json_t *bugcheck, *culprit, *drivers;
	struct vf_members m;
	char path[64];
	int64_t t;

	vf_members_init(&m, decoded, prefix, owner->refusal);
	bugcheck = vf_member_object(
		&m, "bugcheck", reported ? VF_MEMBER_OPTIONAL : VF_MEMBER_REQUIRED);
	if (bugcheck) {
		snprintf(path, sizeof path, "%.50sbugcheck.", prefix);
		check_bugcheck(bugcheck, path, reported, &m, out);
	}
	culprit = vf_member_object(&m, "culprit", VF_MEMBER_OPTIONAL);
	if (culprit)
		read_culprit(culprit, out);
	drivers = vf_member_array(&m, "drivers", VF_WIRE_DRIVERS_MAX, VF_MEMBER_OPTIONAL);
	if (drivers)
		read_modules(drivers, &m, arena, out);
	(void)vf_member_array(&m, "stack", VF_WIRE_STACK_MAX, VF_MEMBER_OPTIONAL);
	out->facts.os_build =
		(uint32_t)vf_member_int(&m, "os_build", 0, UINT32_MAX, VF_MEMBER_OPTIONAL, 0);
	out->arch = vf_member_text(&m, "arch", 16, VF_MEMBER_OPTIONAL);
	out->cpus = vf_member_int(&m, "cpus", 0, 65536, VF_MEMBER_OPTIONAL, 0);
	out->uptime_us = vf_member_seconds(&m, "uptime_seconds", VF_MEMBER_OPTIONAL);
	t = vf_member_time(&m, "system_time", VF_MEMBER_OPTIONAL, INT64_MIN);
	if (t >= TIME_BELIEVED)
		out->occurred_us = t;
	owner->ok = m.ok;
}

bool vf_crash_read_dump(struct vf_members *m, enum vf_member_need presence, struct vf_arena *arena,
	struct vf_crash *out)
{
	const json_t *dump = vf_member_object(m, "dump", presence);
	struct vf_members d;

	if (!dump)
		return false;
	vf_members_init(&d, dump, "dump.", m->refusal);
	(void)vf_member_bytes(&d, "sha256", out->sha256, sizeof out->sha256, VF_MEMBER_REQUIRED);
	out->dump_size = vf_member_int(&d, "size", 1, INT64_MAX, VF_MEMBER_REQUIRED, 0);
	out->file_name = vf_member_text(&d, "file_name", MODULE_NAME_MAX, VF_MEMBER_OPTIONAL);
	out->decoder = vf_member_int(&d, "decoder", 1, INT32_MAX, VF_MEMBER_REQUIRED, 0);
	/* A dump that nobody can decode is still the dump of the crash that an event tells of. */
	out->decoded = vf_member_object(
		&d, "decoded", out->facts.raw_code ? VF_MEMBER_OPTIONAL : VF_MEMBER_REQUIRED);
	if (out->decoded)
		vf_crash_read_decoded(out->decoded, "dump.decoded.", arena, &d, out);
	out->has_dump = d.ok;
	m->ok = d.ok;
	return d.ok;
}

void vf_crash_read_record(
	struct vf_members *m, struct vf_arena *arena, int64_t at_us, struct vf_crash *out)
{
	static const char *const sources[] = {"eventlog", "dump", "both", NULL};
	struct vf_members r;
	int source;

	*out = (struct vf_crash){.occurred_us = at_us, .uptime_us = -1};
	source = vf_member_word(m, "source", sources, VF_MEMBER_REQUIRED);
	out->boot_uuid = vf_member_uuid(m, "boot_uuid", VF_MEMBER_OPTIONAL);
	out->crash_boot_uuid = vf_member_uuid(m, "crash_boot_uuid", VF_MEMBER_OPTIONAL);
	out->run = vf_member_text(m, "run", VF_WIRE_NAME_MAX, VF_MEMBER_OPTIONAL);
	if (m->ok)
		read_bugcheck(m, out);
	out->report = vf_member_object(m, "report", VF_MEMBER_OPTIONAL);
	if (out->report) {
		vf_members_init(&r, out->report, "report.", m->refusal);
		out->facts.event_driver =
			vf_member_text(&r, "driver", VF_WIRE_NAME_MAX, VF_MEMBER_OPTIONAL);
		m->ok = r.ok;
	}
	(void)vf_crash_read_dump(m, VF_MEMBER_OPTIONAL, arena, out);
	if (m->ok && source == VF_SOURCE_DUMP && !out->has_dump)
		vf_member_refuse(m, "dump", "is missing, although the source is a dump");
	/* What was sent decides, not what the sender calls it. */
	out->source = !out->has_dump             ? VF_SOURCE_EVENTLOG
		      : source == VF_SOURCE_BOTH ? VF_SOURCE_BOTH
						 : VF_SOURCE_DUMP;
}
