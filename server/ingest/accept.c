#include "server/ingest/accept.h"

#include "server/ingest/env.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/metric.h"
#include "server/runtime/random.h"
#include "server/store/claim.h"
#include "server/store/image.h"
#include "server/store/stream.h"

#define ATTEMPTS 6
#define RAW_MAX  2048 /* bytes of a refused record that are kept */

#define RECORDS_HELP "Records of agents by what became of them."
VF_COUNTER(m_stored, "verifleet_ingest_records_total", RECORDS_HELP, "result=\"stored\"");
VF_COUNTER(m_duplicate, "verifleet_ingest_records_total", RECORDS_HELP, "result=\"duplicate\"");
VF_COUNTER(m_lost, "verifleet_ingest_records_total", RECORDS_HELP, "result=\"lost\"");
#define REJECTED_HELP "Records that were kept apart, by who refused them."
VF_COUNTER(m_refused, "verifleet_ingest_rejected_total", REJECTED_HELP, "by=\"decoder\"");
VF_COUNTER(m_poison, "verifleet_ingest_rejected_total", REJECTED_HELP, "by=\"database\"");
VF_COUNTER(m_gaps, "verifleet_ingest_gaps_total", "Gap records.", NULL);
VF_COUNTER(m_holes, "verifleet_ingest_sequence_gaps_total",
	"Batches refused because records before them are missing.", NULL);
VF_COUNTER(m_retries, "verifleet_ingest_retries_total",
	"Transactions repeated after a deadlock or a serialisation failure.", NULL);

struct accept {
	struct vf_db *db;
	struct vf_arena *arena;
	const struct vf_accept_from *from;
	struct vf_batch *batch;
	struct vf_stream_key key;
	uint64_t acked; /* before this batch */
	struct vf_stream_step step;
	uint64_t gaps, poison;
	bool reported; /* a gap of the critical lane raised its incident */
};

/* Bytes of hostile origin as text that a text column takes and a page can show. */
static char *printable(struct vf_arena *arena, struct vf_text line)
{
	size_t n = line.len < RAW_MAX ? line.len : RAW_MAX, o = 0;
	char *out = vf_arena_alloc(arena, 4 * n + 1);

	for (size_t i = 0; out && i < n; i++) {
		unsigned char c = (unsigned char)line.data[i];

		if (c >= 0x20 && c < 0x7f)
			out[o++] = (char)c;
		else
			o += (size_t)snprintf(out + o, 5, "\\x%02x", c);
	}
	return out;
}

static enum vf_status quarantine(struct accept *a, const struct vf_record *rec,
	const struct vf_refusal *why, struct vf_err *err)
{
	struct vf_rejected row = {.seq = rec->seq,
		.kind = rec->kind ? rec->kind_word : NULL,
		.reason = why->reason,
		.field = *why->field ? why->field : NULL,
		.raw = printable(a->arena, rec->line),
		.raw_size = rec->line.len};

	if (!row.raw)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	a->step.rejected++;
	/* A refused gap record still says which numbers will never come. */
	a->step.lost += rec->last - rec->seq;
	return vf_store_rejected(a->db, &a->key, &row, err);
}

static enum vf_status apply_boot(
	struct accept *a, const struct vf_boot_record *in, struct vf_err *err)
{
	struct vf_boot_row row = {.boot_uuid = in->boot_uuid,
		.previous_uuid = in->previous_uuid,
		.previous_end = in->previous_end,
		.ordinal = in->ordinal,
		.started_us = in->started_us};
	enum vf_status st = vf_env_store(a->db, &in->env, &row.env_id, err);

	return st ? st : vf_store_boot(a->db, &a->key, &row, err);
}

static enum vf_status apply_run(struct accept *a, const struct vf_record *rec, struct vf_err *err)
{
	const struct vf_run_record *in = &rec->run;
	struct vf_run_row row = {.run = in->run,
		.boot_uuid = rec->boot_uuid,
		.at_us = rec->at_us,
		.outcome = in->outcome};
	enum vf_status st = VF_OK;
	int64_t run_id;

	if (in->has_build) {
		struct vf_build_name name = {in->driver, in->branch, in->label, in->seq};

		st = vf_store_build_named(a->db, a->key.project_id, &name, &row.build_id, err);
	}
	for (size_t i = 0; !st && row.build_id && i < in->n_images; i++) {
		struct vf_image_row image = {.build_id = row.build_id,
			.name = in->image[i].name,
			.timestamp = in->image[i].timestamp,
			.size = in->image[i].size,
			.checksum = in->image[i].checksum};

		st = vf_store_image(a->db, &image, NULL, err);
	}
	if (!st)
		st = vf_store_run(a->db, &a->key, &row, &run_id, err);
	if (!st && row.build_id)
		st = vf_store_claim_run(a->db, run_id, err);
	return st;
}

static enum vf_status apply_incident(
	struct accept *a, const char *class, int64_t at_us, json_t *detail, struct vf_err *err)
{
	struct vf_incident_row row = {.class = class, .at_us = at_us};
	char *text = detail ? json_dumps(detail, JSON_COMPACT) : strdup("{}");
	enum vf_status st;

	if (!text)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	row.detail = text;
	st = vf_store_incident(a->db, &a->key, &row, err);
	free(text);
	return st;
}

/* The part of a gap that lies behind the acknowledgement is lost. Losing what must never be lost
 * is trouble that somebody has to see, once a batch. */
static enum vf_status apply_gap(struct accept *a, const struct vf_record *rec, struct vf_err *err)
{
	uint64_t first = rec->seq > a->acked ? rec->seq : a->acked + 1;
	enum vf_status st;
	json_t *detail;
	char stream[33];

	a->step.lost += rec->last - first + 1;
	a->gaps++;
	if (a->batch->lane != VF_LANE_CRITICAL || a->reported)
		return VF_OK;
	for (int i = 0; i < 16; i++)
		snprintf(stream + 2 * i, 3, "%02x", a->batch->stream[i]);
	detail = json_pack("{ss sI sI ss}", "stream", stream, "first", (json_int_t)first, "last",
		(json_int_t)rec->last, "reason", rec->gap_reason);
	st = apply_incident(a, "critical_gap", rec->at_us, detail, err);
	json_decref(detail);
	a->reported = true;
	return st;
}

static enum vf_status apply_one(struct accept *a, struct vf_record *rec, struct vf_err *err)
{
	switch (rec->kind) {
	case VF_RECORD_BOOT: return apply_boot(a, &rec->boot, err);
	case VF_RECORD_RUN_START:
	case VF_RECORD_RUN_END: return apply_run(a, rec, err);
	case VF_RECORD_INCIDENT:
		return apply_incident(a, rec->incident.class, rec->at_us,
			(json_t *)(uintptr_t)rec->incident.detail, err);
	case VF_RECORD_GAP: return apply_gap(a, rec, err);
	case VF_RECORD_BUGCHECK: break;
	}
	return vf_fail(err, VF_E_INVALID, "a record of kind %d has no place", (int)rec->kind);
}

/* How many records from `rec` on are bug checks that can be stored as one set. */
static size_t crash_run(const struct vf_record *rec, size_t n)
{
	size_t run = 0;

	while (run < n && rec[run].kind == VF_RECORD_BUGCHECK && !rec[run].refused) {
		for (size_t i = 0; i < run; i++)
			if (vf_crash_same(&rec[i].crash, &rec[run].crash))
				return run;
		run++;
	}
	return run;
}

static enum vf_status apply_crashes(
	struct accept *a, struct vf_record *rec, size_t n, struct vf_err *err)
{
	struct vf_crash_scope scope = {a->key.project_id, a->key.machine_id, a->key.agent_id};
	struct vf_crash **list = vf_arena_alloc(a->arena, n * sizeof *list);

	if (!list)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		list[i] = &rec[i].crash;
	return vf_store_crashes(a->db, a->arena, &scope, list, n, err);
}

static enum vf_status apply_range(
	struct accept *a, struct vf_record *rec, size_t n, struct vf_err *err)
{
	enum vf_status st = VF_OK;

	for (size_t i = 0; !st && i < n;) {
		size_t run = crash_run(rec + i, n - i);

		if (rec[i].refused) {
			st = quarantine(a, &rec[i], &rec[i].refusal, err);
			i++;
		} else if (run) {
			st = apply_crashes(a, rec + i, run, err);
			a->step.stored += run;
			i += run;
		} else {
			st = apply_one(a, &rec[i], err);
			a->step.stored += rec[i].kind != VF_RECORD_GAP;
			i++;
		}
	}
	return st;
}

static enum vf_status sql(struct vf_db *db, const char *text, struct vf_err *err)
{
	return vf_exec_script(db, text, err);
}

/* All of the range, or its halves: what the database refuses ends up alone, and apart. */
static enum vf_status apply_or_split(
	struct accept *a, struct vf_record *rec, size_t n, struct vf_err *err)
{
	struct accept before = *a;
	struct vf_refusal why = {0};
	struct vf_err cause = {0};
	enum vf_status st, back;

	st = sql(a->db, "savepoint part", err);
	if (st)
		return st;
	st = apply_range(a, rec, n, &cause);
	if (!st)
		return sql(a->db, "release savepoint part", err);
	if (err)
		*err = cause;
	if (st != VF_E_INVALID && st != VF_E_CONFLICT && st != VF_E_NOTFOUND)
		return st;
	*a = before;
	back = sql(a->db, "rollback to savepoint part; release savepoint part", err);
	if (back)
		return back;
	if (n > 1) {
		st = apply_or_split(a, rec, n / 2, err);
		return st ? st : apply_or_split(a, rec + n / 2, n - n / 2, err);
	}
	snprintf(why.reason, sizeof why.reason, "the database refused it: %.180s", cause.text);
	vf_log(VF_LOG_WARN, "ingest", "record %llu of agent %lld kept apart: %s",
		(unsigned long long)rec->seq, (long long)a->key.agent_id, cause.text);
	a->poison++;
	return quarantine(a, rec, &why, err);
}

/* Records that lie wholly behind the acknowledgement. */
static size_t duplicates(const struct accept *a)
{
	size_t n = 0;

	while (n < a->batch->n_records && a->batch->record[n].last <= a->acked)
		n++;
	return n;
}

static enum vf_status transact(struct accept *a, struct vf_accepted *out, struct vf_err *err)
{
	enum vf_status st;
	size_t old;

	st = vf_store_stream_lock(a->db, &a->key, &a->acked, err);
	out->wrong_lane = st == VF_E_INVALID;
	if (st)
		return st;
	out->acked_seq = a->acked;
	if (a->batch->first_seq > a->acked + 1) {
		out->expected_seq = a->acked + 1;
		return vf_fail(err, VF_E_CONFLICT,
			"the batch starts at %llu; send what comes from %llu on first",
			(unsigned long long)a->batch->first_seq,
			(unsigned long long)out->expected_seq);
	}
	old = duplicates(a);
	out->duplicates = old;
	if (old < a->batch->n_records)
		st = apply_or_split(a, a->batch->record + old, a->batch->n_records - old, err);
	if (st)
		return st;
	a->step.acked = a->batch->last_seq > a->acked ? a->batch->last_seq : a->acked;
	a->step.clock_offset_us = a->batch->sent_us - a->from->now_us;
	out->acked_seq = a->step.acked;
	return vf_store_stream_advance(a->db, &a->key, &a->step, err);
}

static void count(const struct accept *a, const struct vf_accepted *out)
{
	vf_metric_add(&m_stored, (int64_t)out->stored);
	vf_metric_add(&m_duplicate, (int64_t)out->duplicates);
	vf_metric_add(&m_lost, (int64_t)a->step.lost);
	vf_metric_add(&m_poison, (int64_t)a->poison);
	vf_metric_add(&m_refused, (int64_t)(out->rejected - a->poison));
	vf_metric_add(&m_gaps, (int64_t)out->gaps);
}

enum vf_status vf_accept(struct vf_db *db, struct vf_arena *arena,
	const struct vf_accept_from *from, struct vf_batch *batch, struct vf_accepted *out,
	struct vf_err *err)
{
	enum vf_status st = VF_E_AGAIN;

	for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
		struct accept a = {.db = db,
			.arena = arena,
			.from = from,
			.batch = batch,
			.key = {from->agent_id, from->machine_id, from->project_id, batch->stream,
				(int)batch->lane}};

		*out = (struct vf_accepted){0};
		st = vf_tx_begin(db, err);
		if (!st)
			st = transact(&a, out, err);
		if (!st)
			st = vf_tx_commit(db, err);
		if (!st) {
			out->stored = a.step.stored;
			out->rejected = a.step.rejected;
			out->gaps = a.gaps;
			count(&a, out);
			return VF_OK;
		}
		vf_tx_rollback(db);
		if (st != VF_E_AGAIN)
			break;
		vf_metric_add(&m_retries, 1);
		vf_sleep_ms(attempt * 4 + (int)vf_random_below((uint32_t)attempt * 16));
	}
	if (out->expected_seq)
		vf_metric_add(&m_holes, 1);
	return st;
}
