/* The server's end: a batch as gzip on standard input, what it understood as JSON lines. */
#include <inttypes.h>
#include <stdio.h>

#include "server/ingest/decode.h"
#include "server/runtime/clock.h"
#include "server/runtime/hex.h"

static json_t *when(int64_t us)
{
	char text[32];

	vf_time_text(us, text);
	return json_string(text);
}

static json_t *text(const char *s)
{
	return s ? json_string(s) : json_null();
}

static json_t *crash(const struct vf_crash *c)
{
	static const char *const sources[] = {"eventlog", "dump", "both"};
	json_t *p = json_array();
	char sha[65] = "";

	for (int i = 0; i < 4; i++)
		json_array_append_new(p, json_sprintf("%016" PRIx64, c->facts.parameter[i]));
	if (c->has_dump)
		vf_hex(c->sha256, sizeof c->sha256, sha);
	return json_pack("{s:s, s:o, s:o, s:i, s:o, s:o, s:I, s:i, s:s, s:I, s:I, s:b, s:o, s:o}",
		"source", sources[c->source], "crash_boot", text(c->crash_boot_uuid), "run",
		text(c->run), "code", (int)c->facts.raw_code, "parameters", p, "culprit",
		text(c->facts.culprit_module), "offset", (json_int_t)c->facts.offset, "modules",
		(int)c->n_modules, "sha256", sha, "size", (json_int_t)c->dump_size, "uptime_us",
		(json_int_t)c->uptime_us, "report", c->report != NULL, "occurred_at",
		when(c->occurred_us), "file_name", text(c->file_name));
}

static json_t *facts(const struct vf_record *r)
{
	switch (r->kind) {
	case VF_RECORD_BOOT:
		return json_pack("{s:o, s:I, s:o, s:o, s:I, s:o, s:o}", "boot",
			text(r->boot.boot_uuid), "ordinal", (json_int_t)r->boot.ordinal,
			"started_at", when(r->boot.started_us), "os_name",
			text(r->boot.env.os_name), "os_build", (json_int_t)r->boot.env.os_build,
			"previous", text(r->boot.previous_uuid), "previous_end",
			text(r->boot.previous_end));
	case VF_RECORD_RUN_START:
		return json_pack("{s:o, s:o, s:o, s:I, s:i}", "run", text(r->run.run), "driver",
			text(r->run.driver), "branch", text(r->run.branch), "seq",
			(json_int_t)r->run.seq, "images", (int)r->run.n_images);
	case VF_RECORD_RUN_END:
		return json_pack(
			"{s:o, s:o}", "run", text(r->run.run), "outcome", text(r->run.outcome));
	case VF_RECORD_BUGCHECK: return crash(&r->crash);
	case VF_RECORD_INCIDENT:
		return json_pack("{s:o, s:O}", "class", text(r->incident.class), "detail",
			r->incident.detail);
	case VF_RECORD_GAP: return json_pack("{s:o}", "reason", text(r->gap_reason));
	}
	return json_null();
}

int main(void)
{
	static char in[1 << 20];
	struct vf_text body = {in, fread(in, 1, sizeof in, stdin)}, plain;
	struct vf_refusal refusal;
	struct vf_arena arena;
	struct vf_batch batch;
	struct vf_err err = {0};

	vf_arena_init(&arena, 64 << 20);
	if (vf_plain_body(&arena, body, "gzip", VF_WIRE_PLAIN_MAX, &plain, &err) ||
		vf_batch_decode(&arena, plain, &batch, &refusal, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	for (size_t i = 0; i < batch.n_records; i++) {
		const struct vf_record *r = &batch.record[i];
		json_t *line = json_pack("{s:I, s:I, s:o, s:o, s:s, s:o}", "seq",
			(json_int_t)r->seq, "last", (json_int_t)r->last, "kind", text(r->kind_word),
			"at", when(r->at_us), "refusal", r->refused ? r->refusal.reason : "",
			"facts", r->refused ? json_null() : facts(r));

		json_dumpf(line, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(line);
	}
	vf_arena_release(&arena);
	return 0;
}
