/*
 * Whatever the bytes, a batch is taken apart without reading outside them, its sequence holds
 * together, and what is to be stored of it is text that JSON and PostgreSQL can carry.
 * Run by libFuzzer (`make fuzz-ingest SECONDS=60`) and, over the corpus, by replay.c in
 * `make check`. An input that starts like gzip is one.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/ingest/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool is_text(const char *s)
{
	json_t *v = json_string(s);

	json_decref(v);
	return v != NULL;
}

static void look_at_crash(const struct vf_crash *c)
{
	struct vf_attribution_facts facts = {.culprit_module = c->facts.culprit_module,
		.loaded = c->module,
		.n_loaded = c->n_modules,
		.image = &(struct vf_image){{"netx.sys", 0x5f000001, 36864}, 7},
		.n_images = 1};
	struct vf_attribution_result a;
	static struct vf_identity id;

	must(c->n_modules <= VF_WIRE_DRIVERS_MAX);
	must(c->has_dump || !c->decoded);
	vf_identity_of_crash(&c->facts, &id);
	must(is_text(id.text) && is_text(id.title) && *id.title);
	must(strstr(id.text, "/v1|") != NULL);
	for (size_t i = 0; i < id.n_parts; i++)
		must(is_text(id.part[i].value));
	vf_attribute(&facts, &a);
	must((a.build_id == 0) == (a.role == VF_ROLE_OF_NONE));
}

static void look(const struct vf_batch *b)
{
	uint64_t next = b->first_seq;

	must(b->n_records >= 1 && b->n_records <= VF_WIRE_RECORDS_MAX);
	must(b->lane == VF_LANE_CRITICAL || b->lane == VF_LANE_BULK);
	for (size_t i = 0; i < b->n_records; i++) {
		const struct vf_record *r = &b->record[i];

		must(r->seq == next && r->last >= r->seq);
		next = r->last + 1;
		must(is_text(r->refusal.reason) && is_text(r->refusal.field));
		if (r->refused) {
			must(*r->refusal.reason);
			continue;
		}
		must(r->kind >= VF_RECORD_BOOT && r->kind <= VF_RECORD_GAP);
		must(r->line.len <= VF_WIRE_LINE_MAX);
		if (r->kind == VF_RECORD_BUGCHECK)
			look_at_crash(&r->crash);
	}
	must(b->last_seq == next - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct vf_text body = {(const char *)data, len}, plain;
	bool gzip = len > 2 && data[0] == 0x1f && data[1] == 0x8b;
	struct vf_refusal refusal;
	struct vf_arena arena;
	struct vf_batch batch;

	vf_arena_init(&arena, 64 << 20);
	if (vf_plain_body(&arena, body, gzip ? "gzip" : NULL, VF_WIRE_PLAIN_MAX, &plain, NULL) ==
		VF_OK) {
		must(plain.len <= VF_WIRE_PLAIN_MAX);
		if (vf_batch_decode(&arena, plain, &batch, &refusal, NULL) == VF_OK)
			look(&batch);
	}
	vf_arena_release(&arena);
	return 0;
}
