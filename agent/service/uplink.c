/* Everything an enrolled agent says to the server: records, raw dumps, heartbeats. */
#include <inttypes.h>

#include "agent/core/hex.h"
#include "agent/core/rfc3339.h"
#include "agent/service/agent.h"
#include "agent/wire/answer.h"
#include "agent/wire/base64.h"
#include "agent/wire/batch.h"
#include "verifleet/wire.h"

#define ANSWER_MAX (64u << 10)

struct call {
	const char *method, *path, *type; /* type NULL = no body */
	const void *body;
	size_t len;
	bool gzip;
};

struct signed_headers {
	char agent[96], time[96], nonce[96], signature[192], type[96];
};

static enum vf_status sign(
	struct vf_agent *a, const struct call *call, struct signed_headers *h, struct vf_err *err)
{
	const struct vf_crypto *crypto = a->o.ports.crypto;
	struct vf_time_text at = vf_time_format(vf_queue_time_us(&a->queue));
	uint8_t digest[VF_SHA256_LEN], random[16], sig[VF_SIGNATURE_MAX];
	char hash[65], nonce[33], base64[128];
	struct vf_buf text;
	enum vf_status st;
	size_t sig_len;

	crypto->sha256(crypto->ctx, call->body ? call->body : "", call->len, digest);
	vf_hex(hash, digest, sizeof digest);
	a->o.ports.random->bytes(a->o.ports.random->ctx, random, sizeof random);
	vf_hex(nonce, random, sizeof random);
	vf_buf_init(&text, 4096);
	vf_buf_addf(&text, "%s\n%s\n%s\n%s\n%s", call->method, call->path, hash, at.text, nonce);
	if (!vf_buf_ok(&text))
		return vf_fail(err, text.failed, "no memory to sign");
	st = crypto->sign(crypto->ctx, text.data, text.len, sig, &sig_len, err);
	vf_buf_release(&text);
	if (st != VF_OK)
		return st;
	vf_base64(base64, sig, sig_len);
	snprintf(h->agent, sizeof h->agent, VF_WIRE_H_AGENT ": %s", a->id.agent_id);
	snprintf(h->time, sizeof h->time, VF_WIRE_H_TIME ": %s", at.text);
	snprintf(h->nonce, sizeof h->nonce, VF_WIRE_H_NONCE ": %s", nonce);
	snprintf(h->signature, sizeof h->signature, VF_WIRE_H_SIGNATURE ": %s", base64);
	snprintf(h->type, sizeof h->type, "Content-Type: %s", call->type ? call->type : "");
	return VF_OK;
}

static enum vf_status call_once(
	struct vf_agent *a, const struct call *call, struct vf_answer *answer, struct vf_err *err)
{
	const struct vf_http *http = a->o.ports.http;
	struct vf_http_response res = {0};
	struct vf_http_request req = {.method = call->method,
		.path = call->path,
		.body = call->body,
		.body_len = call->len};
	struct signed_headers h;
	enum vf_status st = sign(a, call, &h, err);
	int64_t asked;
	size_t n = 0;

	if (st != VF_OK)
		return st;
	req.headers[n++] = h.agent;
	req.headers[n++] = h.time;
	req.headers[n++] = h.nonce;
	req.headers[n++] = h.signature;
	if (call->type)
		req.headers[n++] = h.type;
	if (call->gzip)
		req.headers[n++] = "Content-Encoding: gzip";
	vf_buf_init(&res.body, ANSWER_MAX);
	asked = a->o.ports.clock->wall_us(a->o.ports.clock->ctx);
	st = http->exchange(http->ctx, &req, &res, err);
	if (st == VF_OK) {
		vf_answer_parse(answer, res.status, &res.body);
		if (answer->has_time)
			vf_queue_server_time(&a->queue, answer->server_time_us, asked,
				a->o.ports.clock->wall_us(a->o.ports.clock->ctx));
	}
	vf_buf_release(&res.body);
	return st;
}

/* True when an answer came that says something about the request itself. */
static bool call_server(struct vf_agent *a, const struct call *call, struct vf_answer *answer)
{
	struct vf_err err = {0};
	enum vf_status st = call_once(a, call, answer, &err);

	/* The answer named the server's clock: say it once more with the right time. */
	if (st == VF_OK && answer->status == 401 && !strcmp(answer->slug, "clock-skew") &&
		answer->has_time)
		st = call_once(a, call, answer, &err);
	if (st == VF_OK && answer->status < 500 && answer->status != 429 && answer->status != 401 &&
		answer->status != 408) {
		vf_queue_reached(&a->queue);
		a->refused = false;
		a->last_problem[0] = 0;
		return true;
	}
	if (st == VF_OK)
		snprintf(err.text, sizeof err.text, "%s", answer->problem);
	a->refused = st == VF_OK && answer->status == 401;
	if (strcmp(a->last_problem, err.text) != 0) /* say it once, not at every attempt */
		vf_agent_log(a, 'w', "the server cannot be used now: %s", err.text);
	snprintf(a->last_problem, sizeof a->last_problem, "%.199s", err.text);
	vf_queue_failed(&a->queue);
	return false;
}

static enum vf_status build_body(struct vf_agent *a, struct vf_buf *body, struct vf_err *err)
{
	struct vf_wire_header header = {
		.sent_at_us = a->o.ports.clock->wall_us(a->o.ports.clock->ctx),
		.boot_uuid = a->state.boot.uuid,
	};
	struct vf_buf plain;
	enum vf_status st;

	header.uptime_us = header.sent_at_us - a->state.boot.started_at_us;
	if (header.uptime_us < 0)
		header.uptime_us = 0;
	vf_buf_init(&plain, VF_WIRE_PLAIN_MAX);
	st = vf_wire_batch(&plain, &a->batch, &header, err);
	if (st == VF_OK)
		st = vf_wire_gzip(body, plain.data, plain.len, err);
	vf_buf_release(&plain);
	return st;
}

/* A batch that does not fit is halved; the spool's record limit makes a single one fit always. */
static enum vf_status next_body(struct vf_agent *a, struct vf_buf *body, struct vf_err *err)
{
	enum vf_status st;

	for (;;) {
		st = vf_queue_next(&a->queue, &a->batch, err);
		if (st != VF_OK || !a->batch.count)
			return st;
		vf_buf_reset(body);
		st = build_body(a, body, err);
		if (st != VF_E_LIMIT && (st != VF_OK || body->len <= VF_WIRE_BODY_MAX))
			return st;
		if (!vf_queue_refused(&a->queue, &a->batch) && a->batch.count == 1)
			return vf_fail(
				err, VF_E_LIMIT, "a single record does not fit into a batch");
	}
}

static bool is_of_batch(const struct vf_agent *a, const struct vf_answer *answer)
{
	char stream[2 * VF_STREAM_ID_LEN + 1];

	vf_hex(stream, a->batch.stream, VF_STREAM_ID_LEN);
	return answer->has_acked && !strcmp(answer->stream, stream);
}

/* Smaller next time; a single record is given up when the server itself says what is wrong with it,
 * and not on the word of something in between, which would refuse all of them. */
static enum vf_status handle_refusal(
	struct vf_agent *a, const struct vf_answer *answer, struct vf_err *err)
{
	vf_agent_log(a, 'e', "a batch was refused: %s (%s)", answer->problem, answer->field);
	if (a->batch.count == 1 && !answer->slug[0])
		return vf_fail(err, VF_E_AGAIN, "%s, without the reason that a server gives",
			answer->problem);
	if (vf_queue_refused(&a->queue, &a->batch))
		vf_agent_incident(a, "record_refused",
			json_pack(
				"{s:s, s:s}", "problem", answer->problem, "field", answer->field));
	else if (a->batch.count == 1)
		return vf_fail(err, VF_E_AGAIN, "not even a gap is accepted: %s", answer->problem);
	return VF_OK;
}

static void handle_answer(struct vf_agent *a, const struct vf_answer *answer)
{
	uint64_t reissued = a->queue.reissued;
	struct vf_err err = {0};
	enum vf_status st = VF_OK;

	if (answer->ok && is_of_batch(a, answer)) {
		st = vf_queue_acknowledged(&a->queue, &a->batch, answer->acked_seq, &err);
		if (a->queue.reissued != reissued)
			vf_agent_incident(a, "snapshot_revert",
				json_pack("{s:I}", "server_had", (json_int_t)answer->acked_seq));
		if (answer->rejected)
			vf_agent_log(a, 'w',
				"the server set %" PRIu64
				" records aside: it did not understand them",
				answer->rejected);
	} else if (answer->status == 409 && answer->has_expected) {
		vf_agent_log(a, 'w', "the server misses records from number %" PRIu64 " on",
			answer->expected_seq);
		if (!vf_queue_expected(&a->queue, &a->batch, answer->expected_seq))
			st = vf_fail(&err, VF_E_AGAIN,
				"the server asks for number %" PRIu64 " and does not take it",
				answer->expected_seq);
	} else if (answer->status == 400 || answer->status == 413 || answer->status == 415 ||
		   answer->status == 422) {
		st = handle_refusal(a, answer, &err);
	} else {
		st = vf_fail(&err, VF_E_AGAIN, "%s",
			answer->ok ? "the answer says nothing about the batch" : answer->problem);
	}
	if (st == VF_OK)
		return;
	vf_agent_log(a, 'e', "sending does not move on: %s", err.text);
	vf_queue_failed(&a->queue);
}

bool vf_uplink_records(struct vf_agent *a)
{
	struct vf_answer answer;
	struct vf_err err = {0};
	struct vf_buf body;
	enum vf_status st;
	bool reached;

	if (vf_queue_wait_us(&a->queue))
		return false;
	vf_buf_init(&body, VF_WIRE_PLAIN_MAX);
	st = next_body(a, &body, &err);
	if (st != VF_OK || !a->batch.count) {
		if (st != VF_OK) {
			vf_agent_log(a, 'e', "the spool cannot be read: %s", err.text);
			vf_queue_failed(&a->queue);
		}
		vf_buf_release(&body);
		return false;
	}
	reached = call_server(a,
		&(struct call){"POST", "/api/v1/ingest", "application/x-ndjson", body.data,
			body.len, true},
		&answer);
	vf_buf_release(&body);
	if (reached)
		handle_answer(a, &answer);
	return reached && !vf_queue_wait_us(&a->queue);
}

void vf_uplink_heartbeat(struct vf_agent *a)
{
	const struct vf_clock *clock = a->o.ports.clock;
	int64_t now = clock->mono_us(clock->ctx), wall = clock->wall_us(clock->ctx), beat;
	struct vf_spool_totals totals;
	struct vf_answer answer;
	struct vf_buf body;
	uint32_t jitter;

	if (now < a->next_heartbeat_us || vf_queue_wait_us(&a->queue))
		return;
	vf_spool_totals(a->spool, &totals);
	vf_buf_init(&body, 4096);
	vf_buf_addf(&body,
		"{\"boot_uuid\":\"%s\",\"uptime_us\":%" PRId64 ",\"spool\":{\"records\":%" PRIu64
		",\"bytes\":%" PRIu64 ",\"oldest_at\":",
		a->state.boot.uuid,
		wall > a->state.boot.started_at_us ? wall - a->state.boot.started_at_us : 0,
		totals.records, totals.bytes);
	if (totals.oldest_at_us)
		vf_buf_addf(&body, "\"%s\"", vf_time_format(totals.oldest_at_us).text);
	else
		vf_buf_adds(&body, "null");
	vf_buf_adds(&body, "},\"policy_revision\":0}");
	if (vf_buf_ok(&body) && call_server(a,
					&(struct call){"POST", "/api/v1/heartbeat",
						"application/json", body.data, body.len, false},
					&answer)) {
		a->heartbeats += answer.ok;
		if (answer.heartbeat_s)
			a->heartbeat_s = answer.heartbeat_s;
	}
	vf_buf_release(&body);
	/* Twenty per cent either way, so that machines that start together do not stay together. */
	a->o.ports.random->bytes(a->o.ports.random->ctx, &jitter, sizeof jitter);
	beat = (int64_t)a->heartbeat_s * 1000000;
	a->next_heartbeat_us =
		now + beat * 8 / 10 + (int64_t)(jitter % (uint32_t)(beat * 4 / 10 + 1));
}

static bool record_is_acknowledged(const struct vf_agent *a, const struct vf_state_upload *u)
{
	struct vf_spool_stream s;

	for (size_t i = 0; i < vf_spool_streams(a->spool); i++) {
		vf_spool_stream(a->spool, i, &s);
		if (!memcmp(s.id, u->stream, VF_STREAM_ID_LEN))
			return s.acked >= u->seq;
	}
	return true; /* drained and gone */
}

static void upload_done(struct vf_agent *a, size_t i, const char *class_word)
{
	const struct vf_state_upload *u = &a->state.uploads[i];

	if (class_word)
		vf_agent_incident(a, class_word,
			json_pack("{s:s, s:s}", "sha256", u->sha256, "file_name", u->name));
	else
		a->uploads_done++;
	vf_state_drop_upload(&a->state, i);
	a->dirty = true;
}

/* One chunk, from where the server stands. */
static bool send_chunk(struct vf_agent *a, size_t i, uint64_t offset)
{
	const struct vf_state_upload *u = &a->state.uploads[i];
	const struct vf_files *files = a->o.ports.files;
	uint64_t left = u->size - offset;
	size_t len = left < VF_WIRE_DUMP_CHUNK ? (size_t)left : VF_WIRE_DUMP_CHUNK, got = 0;
	char path[1200], url[256];
	struct vf_answer answer;
	uint8_t *chunk = malloc(len ? len : 1);
	bool reached = false;

	if (!chunk)
		return false;
	if ((size_t)snprintf(path, sizeof path, "%s/%s", a->o.config->dump_dir, u->name) >=
			sizeof path ||
		files->read_at(files->ctx, path, offset, chunk, len, &got, NULL) != VF_OK ||
		got != len) {
		upload_done(a, i, "dump_gone");
		free(chunk);
		return true;
	}
	snprintf(url, sizeof url, "/api/v1/dumps/%s/upload?offset=%" PRIu64 "&size=%" PRIu64,
		u->sha256, offset, u->size);
	reached = call_server(a,
		&(struct call){"PUT", url, "application/octet-stream", chunk, len, false}, &answer);
	free(chunk);
	if (!reached)
		return false;
	if (answer.ok && answer.complete)
		upload_done(a, i, NULL);
	else if (answer.status == 404)
		upload_done(a, i, "dump_not_wanted");
	else if (answer.status == 422 || answer.status == 413)
		upload_done(a, i, "dump_changed");
	else if (!(answer.ok ? answer.received == offset + len
			     : answer.status == 409 && answer.has_received &&
					 answer.received != offset))
		vf_queue_failed(&a->queue); /* it moves neither on nor elsewhere */
	return true;
}

/* A server that does not know the address at all is too old for dumps: they are kept for later. */
static void not_found(struct vf_agent *a, size_t i, const struct vf_answer *answer)
{
	if (!strcmp(answer->slug, "unknown-dump"))
		upload_done(a, i, "dump_not_wanted");
	else
		a->next_dump_us =
			a->o.ports.clock->mono_us(a->o.ports.clock->ctx) + INT64_C(600000000);
}

bool vf_uplink_dump(struct vf_agent *a)
{
	int64_t now = a->o.ports.clock->mono_us(a->o.ports.clock->ctx);
	struct vf_answer answer;
	char url[160];
	size_t i = 0;

	if (vf_queue_wait_us(&a->queue) || now < a->next_dump_us)
		return false;
	while (i < a->state.upload_count && !record_is_acknowledged(a, &a->state.uploads[i]))
		i++;
	if (i == a->state.upload_count)
		return false;
	snprintf(url, sizeof url, "/api/v1/dumps/%s/upload", a->state.uploads[i].sha256);
	if (!call_server(a, &(struct call){"GET", url, NULL, NULL, 0, false}, &answer))
		return false;
	if (answer.ok && answer.complete) {
		upload_done(a, i, NULL);
	} else if (answer.status == 404) {
		not_found(a, i, &answer);
		return a->next_dump_us <= now;
	} else if (!answer.ok || !answer.has_received ||
		   answer.received >= a->state.uploads[i].size) {
		vf_queue_failed(&a->queue);
		return false;
	} else {
		return send_chunk(a, i, answer.received);
	}
	return true;
}
