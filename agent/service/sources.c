/* Where evidence comes from: a folder in which dumps appear, and a file of events. */
#include <inttypes.h>

#include <jansson.h>

#include "agent/core/hex.h"
#include "agent/dump/dump.h"
#include "agent/posix/source_file.h"
#include "agent/service/agent.h"
#include "agent/wire/decoded.h"
#include "agent/wire/dump_json.h"
#include "verifleet/wire.h"

enum {
	DUMPS_A_LOOK = 4,          /* decoding is the heaviest thing the agent does */
	LOOK_US = 200000,          /* and for so long more of them, when they are small */
	EVENT_CHUNK = 256 << 10,   /* bytes of the event file that are looked at in one go */
	EVENT_LINE_MAX = 64 << 10, /* longer lines are skipped and reported */
};

struct vf_candidate {
	char name[256];
	uint64_t size;
	int64_t mtime_us, since_us; /* since when it has not changed (monotonic) */
	char sha256[65];            /* once it waits in the collector; else "" */
	bool present;
};

/* ---- events ---- */

static uint64_t event_key(const struct vf_agent *a, uint64_t offset, const char *line, size_t len)
{
	const struct vf_crypto *crypto = a->o.ports.crypto;
	uint8_t digest[VF_SHA256_LEN], head[16];
	uint64_t key = 0;

	/* The place counts: two equal lines are two events. */
	crypto->sha256(crypto->ctx, line, len, digest);
	for (int i = 0; i < 8; i++)
		head[i] = (uint8_t)(offset >> (8 * i));
	memcpy(head + 8, digest, 8);
	crypto->sha256(crypto->ctx, head, sizeof head, digest);
	for (int i = 0; i < 8; i++)
		key = key << 8 | digest[i];
	return key ? key : 1;
}

static void event_done(struct vf_agent *a, uint64_t key)
{
	if (key && vf_state_add_event(&a->state, key) == VF_OK)
		a->dirty = true;
}

static bool take_run(struct vf_agent *a, const struct vf_event *e, uint64_t key)
{
	enum vf_record_kind kind =
		e->kind == VF_EVENT_RUN_START ? VF_RECORD_RUN_START : VF_RECORD_RUN_END;
	struct vf_buf json;
	enum vf_status st;
	uint64_t seq;

	vf_buf_init(&json, VF_SEGMENT_PAYLOAD_MAX);
	st = vf_encode_run(&json, e, a->state.boot.uuid);
	if (st == VF_OK)
		st = vf_agent_append(a, kind, e->at_us, key, &json, &seq);
	vf_buf_release(&json);
	if (st == VF_E_AGAIN)
		return false;
	if (e->kind == VF_EVENT_RUN_START)
		vf_state_run_begins(&a->state, e->run.id, e->at_us);
	else
		vf_state_run_ends(&a->state, e->run.id, e->at_us);
	event_done(a, key);
	return true;
}

/* False: not now, offer it again. */
static bool take_event(struct vf_agent *a, struct vf_event *e, uint64_t key)
{
	int64_t now = a->o.ports.clock->mono_us(a->o.ports.clock->ctx);
	enum vf_collected taken;

	switch (e->kind) {
	case VF_EVENT_RUN_START:
	case VF_EVENT_RUN_END: return take_run(a, e, key);
	case VF_EVENT_PLANNED: a->planned = true; break;
	case VF_EVENT_UNPLANNED: a->unclean = true; break;
	case VF_EVENT_POWER:
	case VF_EVENT_BUGCHECK:
		if (!e->crash.has_event && !e->crash.has_power) {
			a->power_loss = true;
			break;
		}
		a->bugchecked = true;
		taken = vf_collect_offer(&a->collect, &e->crash, now);
		if (taken == VF_COLLECT_FULL)
			return false;
		if (taken == VF_COLLECT_WAITS)
			return true; /* done when its record is written */
		break;
	case VF_EVENT_OTHER: break;
	}
	event_done(a, key);
	return true;
}

static bool waits_in_collector(const struct vf_agent *a, uint64_t key)
{
	for (size_t i = 0; i < a->collect.count; i++) {
		const struct vf_crash *c = &a->collect.pending[i];

		if ((c->has_event && c->event.key == key) || (c->has_power && c->power.key == key))
			return true;
	}
	return false;
}

static bool take_line(struct vf_agent *a, const char *line, size_t len, uint64_t key)
{
	struct vf_err err = {0};
	struct vf_event e;
	bool taken;

	if (len && line[len - 1] == '\r')
		len--;
	if (!len) {
		event_done(a, key);
		return true;
	}
	if (len > EVENT_LINE_MAX)
		(void)vf_fail(&err, VF_E_LIMIT, "an event of %zu bytes", len);
	else if (vf_event_parse(&e, line, len, key, &err) == VF_OK) {
		taken = take_event(a, &e, key);
		vf_event_release(&e);
		return taken;
	}
	vf_agent_incident(a, "event_unreadable", json_pack("{s:s}", "reason", err.text));
	event_done(a, key);
	return true;
}

static void look_at_events(struct vf_agent *a)
{
	const struct vf_files *files = a->o.ports.files;
	const char *path = a->o.config->event_file;
	uint64_t at = a->state.event_position, key;
	bool all_done = true;
	struct vf_file_info info;
	char *chunk, *end;
	size_t got = 0, n;

	if (!path[0] || files->info(files->ctx, path, &info, NULL) != VF_OK)
		return;
	if (info.size < at) { /* begun anew: the log was cleared or rotated */
		at = a->state.event_position = 0;
		a->state.event_key_count = 0;
		a->dirty = true;
	}
	if (info.size == at)
		return;
	chunk = malloc(EVENT_CHUNK);
	if (!chunk || files->read_at(files->ctx, path, at, chunk, EVENT_CHUNK, &got, NULL) != VF_OK)
		got = 0;
	for (char *line = chunk; got && line < chunk + got; line = end + 1, at += n + 1) {
		end = memchr(line, '\n', (size_t)(chunk + got - line));
		if (!end && line == chunk && got == EVENT_CHUNK)
			end = chunk + got - 1; /* no line is that long: take it as a broken one */
		if (!end)
			break;
		n = (size_t)(end - line);
		key = event_key(a, at, line, n);
		if (!vf_state_has_event(&a->state, key) && !waits_in_collector(a, key) &&
			!take_line(a, line, n, key))
			break;
		/* The position moves over what is done; behind it the keys say what is. */
		all_done &= vf_state_has_event(&a->state, key);
		if (all_done) {
			a->state.event_position = at + n + 1;
			vf_state_forget_event(&a->state, key);
			a->dirty = true;
		}
	}
	free(chunk);
}

/* ---- crashes become records ---- */

/* The boot that crashed, as far as the agent saw it begin. */
static const char *crashed_boot(const struct vf_agent *a, const struct vf_crash *c)
{
	const struct vf_state_boot *boot = &a->state.boot, *before = &a->state.previous;

	if (c->has_dump && c->at_us >= boot->started_at_us)
		return boot->uuid; /* a live dump */
	if (before->uuid[0] && c->at_us >= before->started_at_us)
		return before->uuid;
	return NULL;
}

static enum vf_status emit(struct vf_agent *a, const struct vf_crash *c)
{
	uint64_t key = c->has_dump ? c->dump.key : c->has_event ? c->event.key : c->power.key;
	bool known = (c->has_dump && vf_spool_found(a->spool, c->dump.key)) ||
		     (c->has_event && vf_spool_found(a->spool, c->event.key)) ||
		     (c->has_power && vf_spool_found(a->spool, c->power.key));
	struct vf_state_upload up = {.size = c->dump.size};
	enum vf_status st = VF_OK;
	struct vf_buf json;

	if (!known) {
		vf_buf_init(&json, VF_SEGMENT_PAYLOAD_MAX);
		st = vf_encode_bugcheck(&json, c, a->state.boot.uuid, crashed_boot(a, c),
			vf_state_run_at(&a->state, c->at_us));
		if (st == VF_OK)
			st = vf_agent_append(a, VF_RECORD_BUGCHECK, c->at_us, key, &json, &up.seq);
		vf_buf_release(&json);
	}
	if (st != VF_OK)
		return st;
	a->dirty = true;
	event_done(a, c->has_event ? c->event.key : 0);
	event_done(a, c->has_power ? c->power.key : 0);
	for (size_t i = 0; c->has_dump && i < a->candidate_count; i++)
		if (!strcmp(a->candidates[i].sha256, c->dump.sha256))
			st = vf_state_set_dump(&a->state, a->candidates[i].name,
				a->candidates[i].size, a->candidates[i].mtime_us, c->dump.sha256);
	if (st != VF_OK || !c->has_dump || !a->o.config->upload_dumps ||
		c->dump.size > VF_WIRE_DUMP_MAX)
		return st;
	for (size_t i = 0; !known && i < vf_spool_streams(a->spool); i++) {
		struct vf_spool_stream s;

		vf_spool_stream(a->spool, i, &s);
		if (s.open && s.lane == VF_LANE_CRITICAL)
			memcpy(up.stream, s.id, VF_STREAM_ID_LEN);
	}
	up.name = (char *)(uintptr_t)c->dump.file_name;
	snprintf(up.sha256, sizeof up.sha256, "%s", c->dump.sha256);
	return vf_state_add_upload(&a->state, &up);
}

/* ---- dumps ---- */

static bool is_dump_name(const char *name)
{
	size_t n = strlen(name);

	if (n < 5 || n > 250)
		return false;
	for (const char *p = name; *p; p++) /* what JSON and a log line can carry */
		if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e)
			return false;
	return strcasecmp(name + n - 4, ".dmp") == 0;
}

struct looking {
	struct vf_agent *a;
	int64_t now_us;
};

/* A folder is listed in the same order again and again: the next name is most often the next one. */
static struct vf_candidate *candidate(struct vf_agent *a, const char *name)
{
	for (size_t i = 0; i < a->candidate_count; i++) {
		size_t at = (a->candidate_found + 1 + i) % a->candidate_count;

		if (!strcmp(a->candidates[at].name, name)) {
			a->candidate_found = at;
			return &a->candidates[at];
		}
	}
	if (a->candidate_count == a->candidate_room) {
		size_t room = a->candidate_room ? a->candidate_room * 2 : 8;
		void *p = realloc(a->candidates, room * sizeof *a->candidates);

		if (!p)
			return NULL;
		a->candidates = p;
		a->candidate_room = room;
	}
	a->candidates[a->candidate_count] = (struct vf_candidate){0};
	snprintf(a->candidates[a->candidate_count].name, sizeof a->candidates[0].name, "%s", name);
	return &a->candidates[a->candidate_count++];
}

static bool see_file(void *arg, const char *name)
{
	struct looking *l = arg;
	const struct vf_files *files = l->a->o.ports.files;
	struct vf_state_dump *known;
	struct vf_file_info info;
	struct vf_candidate *c;
	char path[1200];

	if (!is_dump_name(name) || (size_t)snprintf(path, sizeof path, "%s/%s",
					   l->a->o.config->dump_dir, name) >= sizeof path)
		return true;
	if (files->info(files->ctx, path, &info, NULL) != VF_OK || info.is_dir)
		return true;
	known = vf_state_dump(&l->a->state, name);
	if (known)
		known->present = true;
	if (known && known->size == info.size && known->mtime_us == info.mtime_us)
		return true;
	c = candidate(l->a, name);
	if (!c)
		return false;
	c->present = true;
	if (c->size != info.size || c->mtime_us != info.mtime_us || !c->since_us) {
		c->size = info.size;
		c->mtime_us = info.mtime_us;
		c->since_us = l->now_us;
		c->sha256[0] = 0;
	}
	return true;
}

/* JSON text of a decoded dump, NULL when it is none; fills the rest of `crash` from it. */
static enum vf_status decode(const char *path, struct vf_crash *crash, struct vf_err *err)
{
	struct vf_dump *d = malloc(sizeof *d);
	struct vf_source_file file;
	enum vf_status st;
	json_t *json;

	if (!d)
		return vf_fail(err, VF_E_NOMEM, "no memory to decode a dump");
	st = vf_source_file_open(&file, path, err);
	if (st != VF_OK)
		goto out_free;
	st = vf_dump_parse(d, &file.source, err);
	if (st != VF_OK)
		goto out_close;
	crash->code = d->code;
	crash->raw_code = d->raw_code;
	memcpy(crash->params, d->params, sizeof crash->params);
	if (d->has_time)
		crash->at_us = d->system_time_us;
	json = vf_decoded_json(d);
	crash->dump.decoded = json ? json_dumps(json, VF_DUMP_JSON_FLAGS) : NULL;
	json_decref(json);
	vf_dump_release(d);
	if (!crash->dump.decoded)
		st = vf_fail(err, VF_E_NOMEM, "no memory to decode a dump");
out_close:
	vf_source_file_close(&file);
out_free:
	free(d);
	return st;
}

static bool dump_waits(const struct vf_agent *a, const char *sha256)
{
	for (size_t i = 0; i < a->collect.count; i++)
		if (a->collect.pending[i].has_dump &&
			!strcmp(a->collect.pending[i].dump.sha256, sha256))
			return true;
	return false;
}

/* True when the file needs no further look. The state learns of a dump when its record is written:
 * one that only waits in memory must be found again after a crash. */
static bool take_dump(struct vf_agent *a, struct vf_candidate *c)
{
	const struct vf_crypto *crypto = a->o.ports.crypto;
	struct vf_crash crash = {.has_dump = true, .at_us = c->mtime_us};
	uint8_t digest[VF_SHA256_LEN];
	struct vf_err err = {0};
	enum vf_collected taken;
	enum vf_status st;
	char path[1200];

	snprintf(path, sizeof path, "%s/%s", a->o.config->dump_dir, c->name);
	if (crypto->sha256_file(crypto->ctx, path, digest, &crash.dump.size, &err) != VF_OK ||
		crash.dump.size != c->size)
		return false; /* changed meanwhile: look again */
	vf_hex(crash.dump.sha256, digest, sizeof digest);
	for (int i = 0; i < 8; i++)
		crash.dump.key = crash.dump.key << 8 | digest[i];
	crash.dump.key += !crash.dump.key;
	snprintf(crash.dump.file_name, sizeof crash.dump.file_name, "%s", c->name);
	if (vf_state_has_sha256(&a->state, crash.dump.sha256)) {
		a->dirty = true; /* the same content under another name or date */
		return vf_state_set_dump(&a->state, c->name, c->size, c->mtime_us,
			       crash.dump.sha256) == VF_OK;
	}
	memcpy(c->sha256, crash.dump.sha256, sizeof c->sha256);
	if (dump_waits(a, c->sha256))
		return false;
	st = decode(path, &crash, &err);
	if (st == VF_E_NOMEM || st == VF_E_IO || st == VF_E_NOTFOUND)
		return false;
	if (st != VF_OK) {
		vf_agent_incident(a, "dump_unreadable",
			json_pack("{s:s, s:s, s:s}", "file_name", c->name, "sha256",
				crash.dump.sha256, "reason", err.text));
		a->dirty = true;
		return vf_state_set_dump(&a->state, c->name, c->size, c->mtime_us, "") == VF_OK;
	}
	taken = vf_collect_offer(
		&a->collect, &crash, a->o.ports.clock->mono_us(a->o.ports.clock->ctx));
	a->bugchecked |= taken != VF_COLLECT_FULL;
	if (taken != VF_COLLECT_LATE) {
		if (taken == VF_COLLECT_FULL)
			free(crash.dump.decoded);
		return false;
	}
	/* Its event was sent without it. The server joins the two when both name the boot that
	 * crashed; where that is unknown the crash would count twice, so only the fact is told. */
	if (crashed_boot(a, &crash)) {
		st = emit(a, &crash);
	} else {
		vf_agent_incident(a, "dump_late",
			json_pack("{s:s, s:s}", "file_name", c->name, "sha256", crash.dump.sha256));
		a->dirty = true;
		st = vf_state_set_dump(&a->state, c->name, c->size, c->mtime_us, c->sha256);
	}
	free(crash.dump.decoded);
	return st == VF_OK;
}

/* Large dumps take their time, and sending waits for this look; small ones go on for a while. */
static bool has_turn(const struct vf_agent *a, const struct looking *l, size_t taken)
{
	const struct vf_clock *clock = a->o.ports.clock;

	return taken < DUMPS_A_LOOK || (a->collect.count < VF_COLLECT_PENDING &&
					       clock->mono_us(clock->ctx) - l->now_us < LOOK_US);
}

static void look_at_dumps(struct vf_agent *a)
{
	const struct vf_files *files = a->o.ports.files;
	struct looking l = {a, a->o.ports.clock->mono_us(a->o.ports.clock->ctx)};
	int64_t stable_us = (int64_t)a->o.config->dump_stable_ms * 1000;
	size_t kept = 0, taken = 0;

	if (!a->o.config->dump_dir[0])
		return;
	for (size_t i = 0; i < a->state.dump_count; i++)
		a->state.dumps[i].present = false;
	for (size_t i = 0; i < a->candidate_count; i++)
		a->candidates[i].present = false;
	if (files->list(files->ctx, a->o.config->dump_dir, see_file, &l, NULL) != VF_OK)
		return; /* not there now: nothing is forgotten for that */
	for (size_t i = 0; i < a->candidate_count; i++) {
		struct vf_candidate *c = &a->candidates[i];
		bool done = !c->present;

		/* One that waits for its event takes no turn from those behind it. */
		if (!done && l.now_us - c->since_us >= stable_us && has_turn(a, &l, taken) &&
			!(c->sha256[0] && dump_waits(a, c->sha256))) {
			taken++;
			done = take_dump(a, c);
		}
		if (!done)
			a->candidates[kept++] = *c;
	}
	a->candidate_count = kept;
	vf_state_drop_absent_dumps(&a->state);
}

void vf_sources_look(struct vf_agent *a)
{
	look_at_events(a);
	look_at_dumps(a);
}

void vf_sources_release(struct vf_agent *a)
{
	free(a->candidates);
	a->candidates = NULL;
	a->candidate_count = a->candidate_room = 0;
}

void vf_sources_emit(struct vf_agent *a, bool all)
{
	int64_t now = all ? INT64_MAX : a->o.ports.clock->mono_us(a->o.ports.clock->ctx);
	struct vf_crash *c = malloc(sizeof *c);

	while (c && vf_collect_due(&a->collect, now, c)) {
		enum vf_status st = emit(a, c);

		if (st == VF_E_AGAIN && a->collect.count < VF_COLLECT_PENDING) {
			/* No room to write it now: it goes back and is tried at the next step. */
			a->collect.told_count--;
			a->collect.pending[a->collect.count++] = *c;
			break;
		}
		if (st != VF_OK)
			vf_agent_log(a, 'e', "a crash could not be recorded (status %d)", (int)st);
		else
			vf_agent_log(a, 'i', "bug check 0x%08" PRIx32 " recorded from %s", c->code,
				c->has_dump && (c->has_event || c->has_power) ? "dump and event"
				: c->has_dump                                 ? "dump"
									      : "event");
		free(c->dump.decoded);
	}
	free(c);
}
