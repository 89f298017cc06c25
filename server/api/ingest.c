/* What agents send: a batch in, an acknowledgement out. */
#include "server/ingest/accept.h"

#include "server/api/problem.h"
#include "server/runtime/hex.h"
#include "server/runtime/metric.h"

vf_handler vf_api_ingest;

#define BYTES_HELP "Bytes of batches, as sent and after decompression."
VF_COUNTER(m_sent, "verifleet_ingest_bytes_total", BYTES_HELP, "form=\"sent\"");
VF_COUNTER(m_plain, "verifleet_ingest_bytes_total", BYTES_HELP, "form=\"plain\"");
VF_COUNTER(m_bad, "verifleet_ingest_bad_batches_total", "Batches that broke the protocol.", NULL);

static bool is_ndjson(const struct vf_request *req)
{
	const char *type = req->header(req, "Content-Type");

	return type && !strncmp(type, "application/x-ndjson", 20) && (!type[20] || type[20] == ';');
}

static enum vf_status read_batch(
	struct vf_request *req, struct vf_response *res, struct vf_batch *batch, struct vf_err *err)
{
	struct vf_text body = {(const char *)req->body, req->body_len}, plain;
	struct vf_refusal refusal = {0};
	enum vf_status st;

	st = vf_plain_body(req->arena, body, req->content_encoding, VF_WIRE_PLAIN_MAX, &plain, err);
	if (st == VF_E_INVALID) {
		vf_metric_add(&m_bad, 1);
		return vf_res_problem(req, res, 400, "bad-encoding", "Content-Encoding", err->text);
	}
	if (st)
		return st;
	vf_metric_add(&m_sent, (int64_t)body.len);
	vf_metric_add(&m_plain, (int64_t)plain.len);
	st = vf_batch_decode(req->arena, plain, batch, &refusal, err);
	if (st != VF_E_INVALID)
		return st;
	vf_metric_add(&m_bad, 1);
	return vf_res_problem(
		req, res, 422, "invalid-batch", *refusal.field ? refusal.field : NULL, err->text);
}

enum vf_status vf_api_ingest(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_accept_from from = {
		req->who.id, req->who.machine_id, req->who.project_id, req->now_us};
	struct vf_accepted done;
	struct vf_batch batch;
	enum vf_status st;
	char stream[33];

	if (!is_ndjson(req))
		return vf_res_problem(req, res, 415, "unsupported-media-type", "Content-Type",
			"A batch is application/x-ndjson.");
	st = read_batch(req, res, &batch, err);
	if (st || res->status)
		return st;
	st = vf_accept(req->db, req->arena, &from, &batch, &done, err);
	if (st == VF_E_CONFLICT && done.expected_seq)
		return vf_res_problem_with(req, res, 409, "sequence-gap", "first_seq", err->text,
			json_pack("{s:I}", "expected_seq", (json_int_t)done.expected_seq));
	if (st == VF_E_INVALID && done.wrong_lane)
		return vf_res_problem(req, res, 422, "invalid-batch", "lane", err->text);
	if (st)
		return st;
	vf_hex(batch.stream, sizeof batch.stream, stream);
	return vf_res_json(req, res, 200,
		json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "stream", stream, "acked_seq",
			(json_int_t)done.acked_seq, "stored", (json_int_t)done.stored, "duplicates",
			(json_int_t)done.duplicates, "rejected", (json_int_t)done.rejected, "gaps",
			(json_int_t)done.gaps),
		err);
}
