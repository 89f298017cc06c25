/* Raw dumps: they arrive in parts, are given out, removed, and read again by newer decoders. */
#include "server/api/deed.h"
#include "server/api/dump_file.h"
#include "server/api/env.h"
#include "server/api/list.h"
#include "server/api/problem.h"
#include "server/ingest/crash.h"
#include "server/runtime/hex.h"
#include "server/runtime/log.h"
#include "server/runtime/metric.h"
#include "server/runtime/number.h"
#include "server/store/dump.h"
#include "server/store/views.h"

vf_handler vf_api_dumps, vf_api_dump_state, vf_api_dump_upload, vf_api_dump_download,
	vf_api_dump_delete, vf_api_dump_decoded;

VF_COUNTER(m_bytes, "verifleet_dump_bytes_total", "Bytes of raw dumps that arrived.", NULL);
#define UPLOADS_HELP "Raw dumps by what became of their upload."
VF_COUNTER(m_complete, "verifleet_dump_uploads_total", UPLOADS_HELP, "result=\"complete\"");
VF_COUNTER(m_mismatch, "verifleet_dump_uploads_total", UPLOADS_HELP, "result=\"mismatch\"");
VF_COUNTER(m_redecoded, "verifleet_dump_redecoded_total", "Dumps given another reading.", NULL);

enum vf_status vf_api_dumps(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	return vf_list_answer(req, res, &vf_view_dump, err);
}

/* The digits of the path; NULL when they are none. */
static const char *digits_of(const struct vf_request *req, unsigned char sha256[32])
{
	for (size_t i = 0; i < req->n_param; i++) {
		const char *text = req->param[i].value;

		if (!strcmp(req->param[i].name, "sha256") &&
			vf_unhex(text, strlen(text), sha256, 32) && !strpbrk(text, "ABCDEF"))
			return text;
	}
	return NULL;
}

static enum vf_status unknown(struct vf_request *req, struct vf_response *res)
{
	return vf_res_problem(req, res, 404, "unknown-dump", "sha256",
		"No crash that is stored here names this dump.");
}

static json_t *state_of(const char *digits, const struct vf_dump_row *row)
{
	return json_pack("{s:s, s:I, s:I, s:b}", "sha256", digits, "size", (json_int_t)row->size,
		"received", (json_int_t)row->received, "complete", row->complete);
}

enum vf_status vf_api_dump_state(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	unsigned char sha256[32];
	const char *digits = digits_of(req, sha256);
	struct vf_dump_row row;
	enum vf_status st;

	if (!digits)
		return unknown(req, res);
	st = vf_store_dump_find(req->db, req->who.project_id, sha256, &row, err);
	if (st == VF_E_NOTFOUND || (!st && row.deleted))
		return unknown(req, res);
	return st ? st : vf_res_json(req, res, 200, state_of(digits, &row), err);
}

struct upload {
	const char *digits;
	unsigned char sha256[32];
	int64_t offset, size;
};

/* Fills `res` when the upload cannot be what it says. */
static enum vf_status read_upload(
	struct vf_request *req, struct vf_response *res, struct upload *up)
{
	const char *offset = vf_req_query(req, "offset"), *size = vf_req_query(req, "size");

	up->digits = digits_of(req, up->sha256);
	if (!up->digits)
		return unknown(req, res);
	if (!offset || !vf_parse_i64(offset, 0, INT64_MAX, &up->offset))
		return vf_res_problem(req, res, 422, "invalid", "offset",
			"offset must be the number of bytes sent before");
	if (!size || !vf_parse_i64(size, 1, INT64_MAX, &up->size))
		return vf_res_problem(req, res, 422, "invalid", "size",
			"size must be the bytes of the whole dump");
	if ((uint64_t)up->size > req->env->dump_max)
		return vf_res_problem(req, res, 413, "dump-too-large", "size",
			"Dumps of this size are not kept.");
	if (!req->body_len || (uint64_t)up->offset + req->body_len > (uint64_t)up->size)
		return vf_res_problem(req, res, 422, "invalid", "size",
			"the part is empty or reaches behind the end of the dump");
	return VF_OK;
}

static enum vf_status wrong_place(
	struct vf_request *req, struct vf_response *res, const struct vf_dump_row *row)
{
	return vf_res_problem_with(req, res, 409, "wrong-offset", "offset",
		"The part does not start where the server stands: go on from `received`.",
		json_pack("{s:I}", "received", (json_int_t)row->received));
}

/* With the row locked. Leaves the transaction open, for the caller to commit also after 422. */
static enum vf_status take_part(struct vf_request *req, struct vf_response *res,
	const struct upload *up, struct vf_dump_row *row, struct vf_err *err)
{
	uint64_t there;
	enum vf_status st;

	/* What the row says may be ahead of a disk that lost its last writes. */
	st = vf_dump_part_size(req->env->dump_dir, up->digits, &there, err);
	if (st)
		return st;
	if ((uint64_t)row->received > there)
		row->received = 0;
	if (row->received != up->offset)
		return wrong_place(req, res, row);
	if (up->offset && up->size != row->size)
		return vf_res_problem(
			req, res, 422, "invalid", "size", "size must stay the same for every part");
	st = vf_dump_part_write(req->env->dump_dir, up->digits, (uint64_t)up->offset, req->body,
		req->body_len, err);
	if (st)
		return st;
	row->size = up->size;
	row->received = up->offset + (int64_t)req->body_len;
	if (row->received == row->size) {
		st = vf_dump_part_finish(req->env->dump_dir, up->digits, (uint64_t)row->size, err);
		row->complete = !st;
	}
	if (st == VF_E_CORRUPT) {
		vf_metric_add(&m_mismatch, 1);
		row->received = 0;
		st = vf_res_problem(req, res, 422, "hash-mismatch", "sha256", err->text);
	}
	vf_metric_add(&m_bytes, (int64_t)req->body_len);
	vf_metric_add(&m_complete, row->complete);
	return st ? st : vf_store_dump_received(req->db, row, err);
}

enum vf_status vf_api_dump_upload(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct upload up = {0};
	struct vf_dump_row row;
	enum vf_status st = read_upload(req, res, &up);

	if (st || res->status)
		return st;
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_store_dump_lock(req->db, req->who.project_id, up.sha256, &row, err);
	if (st == VF_E_NOTFOUND || (!st && row.deleted)) {
		vf_tx_rollback(req->db);
		return unknown(req, res);
	}
	if (!st && !row.complete)
		st = take_part(req, res, &up, &row, err);
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (st) {
		vf_tx_rollback(req->db);
		return st;
	}
	return res->status ? VF_OK : vf_res_json(req, res, 200, state_of(up.digits, &row), err);
}

static enum vf_status record(struct vf_request *req, const char *action, const char *digits,
	const struct vf_dump_row *row, struct vf_err *err)
{
	return vf_deed_record(req, action, "dump", row->id,
		json_pack("{s:s, s:I}", "sha256", digits, "size", (json_int_t)row->size), err);
}

enum vf_status vf_api_dump_download(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	unsigned char sha256[32];
	const char *digits = digits_of(req, sha256);
	struct vf_dump_row row;
	enum vf_status st;
	uint64_t size;
	int fd;

	if (!digits)
		return unknown(req, res);
	st = vf_store_dump_find(req->db, req->who.project_id, sha256, &row, err);
	if (st == VF_E_NOTFOUND)
		return unknown(req, res);
	if (!st && (!row.complete || row.deleted))
		return vf_res_problem(req, res, 404, "dump-not-kept", "sha256",
			row.deleted ? "This dump was removed." : "This dump has not arrived.");
	if (!st)
		st = vf_dump_open(req->env->dump_dir, digits, &fd, &size, err);
	if (st)
		return st;
	/* No record, no bytes. */
	st = record(req, "dump.download", digits, &row, err);
	res->file_fd = fd;
	if (st)
		return st;
	res->status = 200;
	res->file_len = size;
	res->content_type = "application/octet-stream";
	res->disposition =
		vf_arena_printf(req->arena, "attachment; filename=\"%.16s.dmp\"", digits);
	return VF_OK;
}

enum vf_status vf_api_dump_delete(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	unsigned char sha256[32];
	const char *digits = digits_of(req, sha256);
	struct vf_dump_row row;
	int64_t others = 0;
	enum vf_status st;

	if (!digits)
		return unknown(req, res);
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_store_dump_lock(req->db, req->who.project_id, sha256, &row, err);
	if (!st && req->who.project_id)
		st = vf_store_dump_others(req->db, req->who.project_id, sha256, &others, err);
	if (!st && others)
		st = vf_fail(err, VF_E_DENIED, "another project knows this dump too");
	if (!st && !row.deleted)
		st = record(req, "dump.delete", digits, &row, err);
	if (!st)
		st = vf_store_dump_deleted(req->db, row.id, err);
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (st) {
		vf_tx_rollback(req->db);
		return st == VF_E_NOTFOUND ? unknown(req, res) : st;
	}
	/* After the commit: a file without a row is litter, a row without a file a lie. Asking again
	 * removes what a failure here leaves. */
	st = vf_dump_remove(req->env->dump_dir, digits, err);
	res->status = 204;
	return st;
}

enum vf_status vf_api_dump_decoded(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_crash crash = {.occurred_us = INT64_MIN, .uptime_us = -1, .has_dump = true};
	const char *digits = digits_of(req, crash.sha256);
	struct vf_refusal refusal = {0};
	struct vf_members m;
	enum vf_status st;
	bool moved;
	json_t *body;

	if (!digits)
		return unknown(req, res);
	st = vf_req_json(req, &body, err);
	if (st)
		return st;
	vf_members_init(&m, body, "", &refusal);
	crash.decoder = vf_member_int(&m, "decoder", 1, INT32_MAX, VF_MEMBER_REQUIRED, 0);
	crash.decoded = vf_member_object(&m, "decoded", VF_MEMBER_REQUIRED);
	if (crash.decoded)
		vf_crash_read_decoded(crash.decoded, "decoded.", req->arena, &m, &crash);
	if (!m.ok)
		return vf_res_problem(req, res, 422, "invalid", refusal.field, refusal.reason);
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_store_redecode(
			req->db, req->arena, req->who.project_id, &crash, &moved, err);
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (st) {
		vf_tx_rollback(req->db);
		return st == VF_E_NOTFOUND ? unknown(req, res) : st;
	}
	vf_metric_add(&m_redecoded, 1);
	return vf_res_json(req, res, 200,
		json_pack("{s:I, s:I, s:b}", "occurrence_id", (json_int_t)crash.occurrence_id,
			"finding_id", (json_int_t)crash.finding_id, "moved", moved),
		err);
}
