/* Crashes that people import: the same way into the tables as what agents send. */
#include "server/api/deed.h"
#include "server/api/env.h"
#include "server/api/list.h"
#include "server/ingest/crash.h"
#include "server/runtime/clock.h"
#include "server/runtime/metric.h"
#include "server/runtime/random.h"
#include "server/store/dump.h"
#include "server/store/views.h"
#include "verifleet/wire.h"

vf_handler vf_api_import_crash;

#define ATTEMPTS     6
#define IMPORTS_HELP "Imported crashes by whether they were known."
VF_COUNTER(m_new, "verifleet_imports_total", IMPORTS_HELP, "result=\"new\"");
VF_COUNTER(m_known, "verifleet_imports_total", IMPORTS_HELP, "result=\"known\"");

struct import {
	struct vf_crash crash;
	struct vf_crash_scope scope;
	const char *machine, *project;
};

static bool read_import(
	struct vf_request *req, const json_t *body, struct import *out, struct vf_refusal *refusal)
{
	struct vf_members m;

	vf_members_init(&m, body, "", refusal);
	out->crash.occurred_us = req->now_us;
	out->crash.uptime_us = -1;
	out->crash.source = VF_SOURCE_DUMP;
	out->crash.build_id = vf_member_int(&m, "build_id", 1, INT64_MAX, VF_MEMBER_OPTIONAL, 0);
	out->machine = vf_member_text(&m, "machine", VF_WIRE_NAME_MAX, VF_MEMBER_OPTIONAL);
	out->project = vf_member_text(&m, "project", 63, VF_MEMBER_OPTIONAL);
	(void)vf_crash_read_dump(&m, VF_MEMBER_REQUIRED, req->arena, &out->crash);
	return m.ok;
}

/* A named build decides the project, unless the project is named too. */
static enum vf_status find_project(
	struct vf_request *req, struct vf_response *res, struct import *im, struct vf_err *err)
{
	enum vf_status st = VF_OK;

	if (im->project || !im->crash.build_id) {
		st = vf_deed_project(req, res, im->project, &im->scope.project_id, err);
		if (st || res->status || !im->crash.build_id)
			return st;
	}
	st = vf_store_build_home(req->db, im->crash.build_id,
		im->scope.project_id ? im->scope.project_id : req->who.project_id,
		&im->scope.project_id, err);
	if (st == VF_E_NOTFOUND)
		return vf_res_problem(req, res, 404, "unknown-build", "build_id", err->text);
	return st;
}

/* What a crash belongs to never changes without a record that says from where to where. */
static enum vf_status record(
	struct vf_request *req, const struct vf_crash *crash, struct vf_err *err)
{
	json_t *detail = crash->moved_from ? json_pack("{s:I, s:I}", "from_build",
						     (json_int_t)crash->moved_from, "to_build",
						     (json_int_t)crash->attribution.build_id)
					   : json_pack("{s:b}", "merged", crash->merged);

	return vf_deed_record(req, crash->moved_from ? "occurrence.move" : "crash.import",
		"occurrence", crash->occurrence_id, detail, err);
}

static enum vf_status store_import(
	struct vf_request *req, struct import *im, struct vf_dump_row *dump, struct vf_err *err)
{
	struct vf_crash *list[] = {&im->crash};
	enum vf_status st;

	st = vf_store_import_machine(req->db, im->scope.project_id,
		im->machine ? im->machine : "imported", &im->scope.machine_id, err);
	if (!st)
		st = vf_store_crashes(req->db, req->arena, &im->scope, list, 1, err);
	if (!st && (!im->crash.duplicate || im->crash.merged))
		st = record(req, &im->crash, err);
	if (!st)
		st = vf_store_dump_find(req->db, im->scope.project_id, im->crash.sha256, dump, err);
	return st;
}

static enum vf_status transact(
	struct vf_request *req, struct import *im, struct vf_dump_row *dump, struct vf_err *err)
{
	enum vf_status st = VF_E_AGAIN;

	for (int attempt = 1; attempt <= ATTEMPTS && st == VF_E_AGAIN; attempt++) {
		if (attempt > 1)
			vf_sleep_ms(attempt * 4 + (int)vf_random_below(32));
		st = vf_tx_begin(req->db, err);
		if (!st)
			st = store_import(req, im, dump, err);
		if (!st)
			st = vf_tx_commit(req->db, err);
		if (st)
			vf_tx_rollback(req->db);
	}
	return st;
}

/* A reference to the build that the crash belonged to before; null when it stayed. */
static enum vf_status moved_from(
	struct vf_request *req, int64_t build_id, json_t **out, struct vf_err *err)
{
	json_t *build;
	enum vf_status st;

	*out = json_null();
	if (!build_id)
		return VF_OK;
	st = vf_list_item(req, &vf_view_build_ref, build_id, &build, err);
	if (!st)
		*out = build;
	return st;
}

enum vf_status vf_api_import_crash(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_refusal refusal = {0};
	struct vf_dump_row dump;
	struct import im = {0};
	enum vf_status st;
	json_t *body, *from;

	st = vf_req_json(req, &body, err);
	if (st)
		return st;
	if (!read_import(req, body, &im, &refusal)) {
		char detail[352];

		snprintf(detail, sizeof detail, "%s %s", refusal.field, refusal.reason);
		return vf_res_problem(req, res, 422, "invalid", refusal.field, detail);
	}
	st = find_project(req, res, &im, err);
	if (st || res->status)
		return st;
	st = transact(req, &im, &dump, err);
	if (!st)
		st = moved_from(req, im.crash.moved_from, &from, err);
	if (st)
		return st;
	vf_metric_add(im.crash.duplicate ? &m_known : &m_new, 1);
	return vf_res_json(req, res, im.crash.duplicate ? 200 : 201,
		json_pack("{s:I, s:I, s:b, s:o, s:s, s:s, s:b}", "occurrence_id",
			(json_int_t)im.crash.occurrence_id, "finding_id",
			(json_int_t)im.crash.finding_id, "duplicate", im.crash.duplicate,
			"moved_from", from, "attribution",
			vf_attribution_word(im.crash.attribution.attribution), "role",
			vf_evidence_role_word(im.crash.attribution.role), "upload_needed",
			!dump.complete && !dump.deleted &&
				(uint64_t)dump.size <= req->env->dump_max),
		err);
}
