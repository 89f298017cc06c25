#include "agent/service/agent.h"

#include <inttypes.h>
#include <stdarg.h>

#include <jansson.h>

#include "agent/core/hex.h"
#include "agent/core/rfc3339.h"

enum { BATCHES_A_STEP = 8, BATCH_TEXT_MAX = 4 << 20 };

void vf_agent_path(const struct vf_agent *a, char *out, size_t size, const char *name)
{
	snprintf(out, size, "%s/%s", a->o.data_dir, name);
}

void vf_agent_log(struct vf_agent *a, char level, const char *fmt, ...)
{
	struct vf_time_text at;
	char text[512];
	va_list ap;

	if (a->o.quiet && level == 'i')
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == '"')
			*p = ' ';
	at = vf_time_format(a->o.ports.clock->wall_us(a->o.ports.clock->ctx));
	fprintf(stderr, "lvl=%c at=%s machine=\"%s\" msg=\"%s\"\n", level, at.text,
		a->o.label ? a->o.label : a->id.machine, text);
}

enum vf_status vf_agent_append(struct vf_agent *a, enum vf_record_kind kind, int64_t at_us,
	uint64_t source_key, const struct vf_buf *json, uint64_t *seq)
{
	enum vf_lane lane = VF_LANE_BULK;

	switch (kind) {
#define VF_X(symbol, number, word, its_lane, meaning)                                              \
	case VF_RECORD_##symbol: lane = VF_LANE_##its_lane; break;
		VF_WIRE_RECORDS(VF_X)
#undef VF_X
	}
	*seq = 0;
	if (vf_spool_found(a->spool, source_key))
		return VF_OK; /* written by an earlier start that did not get to say so */
	return vf_spool_append(a->spool, lane,
		&(struct vf_spool_record){.kind = (uint8_t)kind,
			.at_us = at_us,
			.source_key = source_key,
			.payload = json->data,
			.payload_len = json->len},
		seq, NULL);
}

void vf_agent_incident(struct vf_agent *a, const char *class_word, json_t *detail)
{
	int64_t now = a->o.ports.clock->wall_us(a->o.ports.clock->ctx);
	struct vf_buf json;
	uint64_t seq;

	vf_buf_init(&json, VF_SEGMENT_PAYLOAD_MAX);
	if (detail &&
		vf_encode_incident(&json, now, a->state.boot.uuid, class_word, detail) == VF_OK &&
		vf_agent_append(a, VF_RECORD_INCIDENT, now, 0, &json, &seq) == VF_OK)
		a->incidents++;
	vf_agent_log(a, 'w', "incident %s", class_word);
	vf_buf_release(&json);
	json_decref(detail);
}

/* The name of a boot follows from the machine's marker: telling it twice tells the same. */
static void boot_uuid(const struct vf_agent *a, char out[40])
{
	const struct vf_crypto *crypto = a->o.ports.crypto;
	uint8_t digest[VF_SHA256_LEN];
	char text[160], hex[33];

	snprintf(text, sizeof text, "boot %s %s", a->id.agent_id, a->o.machine.boot_marker);
	crypto->sha256(crypto->ctx, text, strlen(text), digest);
	digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x80); /* version 8: made our own way */
	digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80);
	vf_hex(hex, digest, 16);
	snprintf(out, 40, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

static void notice_boot(struct vf_agent *a)
{
	struct vf_state *s = &a->state;

	if (!strcmp(s->boot.marker, a->o.machine.boot_marker))
		return;
	s->previous = s->boot;
	s->boot = (struct vf_state_boot){
		.ordinal = s->previous.ordinal + 1,
		.started_at_us = a->o.machine.booted_at_us,
	};
	snprintf(s->boot.marker, sizeof s->boot.marker, "%s", a->o.machine.boot_marker);
	boot_uuid(a, s->boot.uuid);
	s->boot_told = false;
	a->dirty = true;
}

/* How the boot before this one ended, from what the first look at the sources brought. */
static const char *previous_end(const struct vf_agent *a)
{
	return a->bugchecked   ? "bugcheck"
	       : a->power_loss ? "power_loss"
	       : a->unclean    ? "unexpected"
	       : a->planned    ? "clean"
			       : "unknown";
}

static void tell_boot(struct vf_agent *a)
{
	struct vf_state *s = &a->state;
	bool has_previous = s->previous.uuid[0] != 0;
	struct vf_wire_boot b = {
		.boot_uuid = s->boot.uuid,
		.ordinal = s->boot.ordinal,
		.started_at_us = s->boot.started_at_us,
		.env = &a->o.machine.env,
		.previous_uuid = has_previous ? s->previous.uuid : NULL,
		.previous_end = has_previous || a->bugchecked ? previous_end(a) : NULL,
	};
	uint8_t raw[16];
	struct vf_buf json;
	uint64_t key = 0, seq;
	char hex[33];

	if (s->boot_told)
		return;
	snprintf(hex, sizeof hex, "%.8s%.4s%.4s%.4s%.12s", s->boot.uuid, s->boot.uuid + 9,
		s->boot.uuid + 14, s->boot.uuid + 19, s->boot.uuid + 24);
	if (vf_unhex(raw, sizeof raw, hex))
		for (int i = 0; i < 8; i++)
			key = key << 8 | raw[i];
	vf_buf_init(&json, VF_SEGMENT_PAYLOAD_MAX);
	if (vf_encode_boot(&json, s->boot.started_at_us, &b) == VF_OK &&
		vf_agent_append(a, VF_RECORD_BOOT, s->boot.started_at_us, key, &json, &seq) ==
			VF_OK) {
		s->boot_told = true;
		a->dirty = true;
	}
	vf_buf_release(&json);
}

static void report_damage(struct vf_agent *a)
{
	const struct vf_spool_opening *o = &a->opening;

	if (o->news)
		vf_agent_incident(a, "spool_damage",
			json_pack("{s:i, s:I}", "ranges", (int)o->damaged_ranges, "bytes",
				(json_int_t)o->damaged_bytes));
}

static enum vf_status open_parts(struct vf_agent *a, struct vf_err *err)
{
	const struct vf_files *files = a->o.ports.files;
	struct vf_spool_options spool = {
		.cap_bytes = (uint64_t)a->o.config->spool_mib << 20,
	};
	char path[1200];
	enum vf_status st;

	vf_agent_path(a, path, sizeof path, "lock");
	st = files->lock(files->ctx, path, &a->lock, err);
	if (st != VF_OK)
		return st == VF_E_AGAIN
			       ? vf_fail(err, st, "another agent uses %.180s", a->o.data_dir)
			       : st;
	st = vf_identity_load(&a->id, files, a->o.data_dir, err);
	if (st != VF_OK)
		return st;
	vf_agent_path(a, path, sizeof path, "spool");
	spool.dir = path;
	st = vf_spool_open(&a->spool, files, a->o.ports.random, &spool, &a->opening, err);
	if (st != VF_OK)
		return st;
	vf_agent_path(a, a->state_path, sizeof a->state_path, "state.json");
	st = vf_state_load(&a->state, &a->collect, files, a->state_path, err);
	return st == VF_E_CORRUPT ? VF_OK : st; /* reported as an incident by the caller */
}

enum vf_status vf_agent_open(
	struct vf_agent **out, const struct vf_agent_options *o, struct vf_err *err)
{
	struct vf_agent *a = calloc(1, sizeof *a);
	struct vf_err why = {0};
	enum vf_status st;

	*out = NULL;
	if (!a)
		return vf_fail(err, VF_E_NOMEM, "no memory for the agent");
	a->o = *o;
	a->heartbeat_s = VF_WIRE_HEARTBEAT_S;
	a->collect.wait_us = (int64_t)o->config->dump_wait_s * 1000000;
	vf_spool_batch_init(&a->batch, BATCH_TEXT_MAX);
	st = open_parts(a, &why);
	if (st != VF_OK) {
		if (err)
			*err = why;
		vf_agent_close(a);
		return st;
	}
	vf_queue_init(&a->queue, a->spool, o->ports.clock, o->ports.random);
	notice_boot(a);
	if (why.code == VF_E_CORRUPT)
		vf_agent_incident(a, "state_lost", json_pack("{s:s}", "reason", why.text));
	report_damage(a);
	*out = a;
	return VF_OK;
}

/* Order matters: what the state says was taken is in the spool, durably. */
static bool make_durable(struct vf_agent *a)
{
	struct vf_err err = {0};

	if (vf_spool_sync(a->spool, &err) != VF_OK) {
		vf_agent_log(a, 'e', "evidence cannot be written: %s", err.text);
		return false;
	}
	if (!a->dirty)
		return true;
	if (vf_state_save(&a->state, &a->collect, a->o.ports.files, a->state_path, &err) != VF_OK) {
		vf_agent_log(a, 'e', "the state cannot be written: %s", err.text);
		return false;
	}
	a->dirty = false;
	return true;
}

static json_t *time_or_null(int64_t us)
{
	return us ? json_string(vf_time_format(us).text) : json_null();
}

static json_t *streams_json(const struct vf_agent *a)
{
	json_t *list = json_array();
	struct vf_spool_stream s;
	char id[2 * VF_STREAM_ID_LEN + 1];

	for (size_t i = 0; i < vf_spool_streams(a->spool); i++) {
		vf_spool_stream(a->spool, i, &s);
		vf_hex(id, s.id, VF_STREAM_ID_LEN);
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:I, s:I, s:I, s:b}", "stream", id, "lane",
				s.lane == VF_LANE_CRITICAL ? "critical" : "bulk", "acknowledged",
				(json_int_t)s.acked, "durable", (json_int_t)s.durable, "bytes",
				(json_int_t)s.bytes, "open", s.open));
	}
	return list;
}

/* For `verifleet-agent status`: a file, because the running agent answers nobody. */
static void write_status(struct vf_agent *a, bool running)
{
	struct vf_spool_totals t;
	char path[1200];
	json_t *root;
	char *text;

	vf_spool_totals(a->spool, &t);
	root = json_pack(
		"{s:o, s:b, s:s, s:s, s:s, s:{s:I, s:I, s:o, s:I, s:I}, s:o, s:o, s:I, s:i, "
		"s:i, s:i, s:o}",
		"at", time_or_null(a->o.ports.clock->wall_us(a->o.ports.clock->ctx)), "running",
		running, "server", a->id.server, "machine", a->id.machine, "agent_id",
		a->id.agent_id, "spool", "records", (json_int_t)t.records, "bytes",
		(json_int_t)t.bytes, "oldest_at", time_or_null(t.oldest_at_us), "dropped",
		(json_int_t)t.dropped, "refused", (json_int_t)t.refused, "streams", streams_json(a),
		"last_contact_at", time_or_null(a->queue.last_contact_us), "clock_offset_us",
		(json_int_t)a->queue.offset_us, "failures_in_a_row", (int)a->queue.failures,
		"crashes_waiting", (int)a->collect.count, "dumps_waiting",
		(int)a->state.upload_count, "problem",
		a->last_problem[0] ? json_string(a->last_problem) : json_null());
	text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	json_decref(root);
	vf_agent_path(a, path, sizeof path, "status.json");
	if (text)
		(void)!a->o.ports.files->replace(
			a->o.ports.files->ctx, path, text, strlen(text), NULL);
	free(text);
}

static void collect(struct vf_agent *a)
{
	vf_sources_look(a);
	/* The boot goes first: crashes tell of it. */
	tell_boot(a);
	vf_sources_emit(a, false);
	make_durable(a);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t vf_agent_step(struct vf_agent *a)
{
	const struct vf_clock *clock = a->o.ports.clock;
	int64_t now = clock->mono_us(clock->ctx), wait;
	bool more = true, chunk;

	if (now >= a->next_look_us) {
		collect(a);
		a->next_look_us = now + (int64_t)a->o.config->poll_ms * 1000;
	}
	vf_uplink_heartbeat(a);
	for (int i = 0; more && i < BATCHES_A_STEP; i++)
		more = vf_uplink_records(a);
	/* Raw dumps have what the records leave, until it is time to look for new evidence. */
	do
		chunk = !more && vf_uplink_dump(a);
	while (chunk && clock->mono_us(clock->ctx) < a->next_look_us);
	make_durable(a);
	if (now >= a->next_status_us) {
		write_status(a, true);
		a->next_status_us = now + 5000000;
	}
	now = clock->mono_us(clock->ctx);
	wait = sooner(a->next_look_us - now, a->next_heartbeat_us - now);
	if (more || (chunk && a->state.upload_count && !a->next_dump_us))
		wait = sooner(wait, vf_queue_wait_us(&a->queue));
	return wait > 0 ? wait : 0;
}

bool vf_agent_idle(const struct vf_agent *a)
{
	struct vf_spool_totals t;

	vf_spool_totals(a->spool, &t);
	return a->next_look_us && !t.records && !a->collect.count && !a->candidate_count &&
	       (!a->state.upload_count || a->next_dump_us);
}

void vf_agent_close(struct vf_agent *a)
{
	if (!a)
		return;
	if (a->spool && a->queue.spool) {
		make_durable(a);
		write_status(a, false);
	}
	vf_spool_close(a->spool);
	vf_spool_batch_release(&a->batch);
	vf_collect_release(&a->collect);
	vf_sources_release(a);
	vf_state_release(&a->state);
	if (a->lock)
		a->o.ports.files->unlock(a->o.ports.files->ctx, a->lock);
	free(a);
}
