/* The list of builds, and how CI registers them. Repeating a registration changes nothing. */
#include "server/api/body.h"
#include "server/api/deed.h"
#include "server/api/list.h"
#include "server/runtime/hex.h"
#include "server/store/claim.h"
#include "server/store/claim.h"
#include "server/store/inventory.h"
#include "server/store/views.h"
#include "verifleet/wire.h"

#define IMAGES_MAX 64
#define SEQ_MAX    INT64_C(9007199254740991)

vf_handler vf_api_build_create, vf_api_build_images;

/* ------------------------------------------------------------------ images */

struct images {
	size_t n;
	struct vf_image_new image[IMAGES_MAX];
	unsigned char sha256[IMAGES_MAX][32];
};

static bool read_image(struct vf_body *outer, json_t *object, size_t i, struct images *out)
{
	struct vf_image_new *image = &out->image[i];
	const char *sha256;
	struct vf_body b;
	char *at = vf_arena_printf(outer->req->arena, "images[%zu].", i);

	vf_body_inner(&b, outer->req, outer->res, object, at ? at : "images.");
	image->name = vf_body_text(&b, "name", VF_WIRE_NAME_MAX, VF_REQUIRED);
	image->timestamp = vf_body_hex32(&b, "timestamp", 0, VF_REQUIRED);
	image->size = vf_body_int(&b, "size", 1, UINT32_MAX, 0, VF_REQUIRED);
	image->checksum = vf_body_hex32(&b, "checksum", -1, VF_OPTIONAL);
	sha256 = vf_body_text(&b, "sha256", 64, VF_OPTIONAL);
	if (sha256) {
		if (!vf_unhex(sha256, strlen(sha256), out->sha256[i], 32))
			vf_body_refuse(&b, "sha256", "must be 64 hexadecimal digits");
		image->sha256 = out->sha256[i];
	}
	if (image->name && strpbrk(image->name, "/\\:*?\"<>|"))
		vf_body_refuse(&b, "name", "must be the name of a file, without its path");
	if (vf_body_done(&b))
		return true;
	outer->refused = true;
	outer->st = b.st;
	return false;
}

/* NULL after a refusal. */
static struct images *read_images(struct vf_body *b, enum vf_presence presence)
{
	json_t *array = vf_body_array(b, "images", IMAGES_MAX, presence), *item;
	struct images *out = vf_arena_alloc(b->req->arena, sizeof *out);
	size_t i;

	if (!out || b->refused)
		return NULL;
	json_array_foreach (array, i, item)
		if (!read_image(b, item, i, out))
			return NULL;
	out->n = json_array_size(array);
	if (presence == VF_REQUIRED && !out->n)
		vf_body_refuse(b, "images", "must not be empty");
	return out;
}

/* What became of the images of a request. */
struct registered {
	int64_t images, claimed; /* images that are new; occurrences that became the build's */
};

static enum vf_status put_image(struct vf_request *req, int64_t build_id,
	const struct vf_image_new *image, struct registered *out, struct vf_err *err)
{
	int64_t id, claimed = 0;
	bool made;
	enum vf_status st = vf_store_image_put(req->db, build_id, image, &id, &made, err);

	if (!st && made) {
		out->images++;
		st = vf_store_claim_image(req->db, id, &claimed, err);
		out->claimed += claimed;
	}
	return st;
}

static enum vf_status put_images(struct vf_request *req, struct vf_response *res, int64_t build_id,
	const struct images *images, struct registered *out, struct vf_err *err)
{
	for (size_t i = 0; i < images->n; i++) {
		enum vf_status st = put_image(req, build_id, &images->image[i], out, err);
		char field[32];

		if (st == VF_E_CONFLICT || st == VF_E_INVALID) {
			vf_tx_rollback(req->db);
			snprintf(field, sizeof field, "images[%zu]", i);
			st = vf_res_problem(req, res, st == VF_E_CONFLICT ? 409 : 422,
				st == VF_E_CONFLICT ? "exists" : "invalid", field, err->text);
		}
		if (st || res->status)
			return st;
	}
	return VF_OK;
}

/* ------------------------------------------------------------------ create */

static void read_build(struct vf_body *b, struct vf_build_new *build, const char **project,
	const char **driver, const char **branch)
{
	*project = vf_body_text(b, "project", 63, VF_OPTIONAL);
	*driver = vf_body_text(b, "driver", VF_WIRE_NAME_MAX, VF_REQUIRED);
	*branch = vf_body_text(b, "branch", VF_WIRE_NAME_MAX, VF_OPTIONAL);
	build->seq = vf_body_int(b, "seq", 1, SEQ_MAX, 0, VF_REQUIRED);
	build->label = vf_body_text(b, "label", VF_WIRE_NAME_MAX, VF_OPTIONAL);
	build->commit = vf_body_text(b, "commit", VF_WIRE_NAME_MAX, VF_OPTIONAL);
	build->external_id = vf_body_text(b, "external_id", VF_WIRE_NAME_MAX, VF_OPTIONAL);
	build->origin = vf_body_text(b, "origin", 64, VF_OPTIONAL);
	if (!build->origin)
		build->origin = "api";
	if (*driver && strpbrk(*driver, "/\\:*?\"<>|"))
		vf_body_refuse(b, "driver", "must be the name of a driver file, without its path");
}

/* Driver, branch and build; made when they are not there. */
static enum vf_status put_build(struct vf_request *req, struct vf_response *res,
	struct vf_build_new *build, const char *driver, const char *branch, int64_t *id, bool *made,
	struct vf_err *err)
{
	const char *field = "driver";
	enum vf_status st;

	st = vf_store_driver_get(req->db, build->project_id, driver, &build->driver_id, err);
	if (!st) {
		field = "branch";
		st = vf_store_branch_get(
			req->db, build->project_id, branch, &build->branch_id, err);
	}
	if (!st) {
		field = "seq";
		st = vf_store_build_put(req->db, build, id, made, err);
	}
	if (st != VF_E_CONFLICT && st != VF_E_INVALID)
		return st;
	vf_tx_rollback(req->db);
	return vf_res_problem(req, res, st == VF_E_CONFLICT ? 409 : 422,
		st == VF_E_CONFLICT ? "exists" : "invalid", field, err->text);
}

static enum vf_status images_of(
	struct vf_request *req, int64_t build_id, json_t **out, struct vf_err *err)
{
	const char *text = vf_arena_printf(req->arena, "%lld", (long long)build_id);
	struct vf_ask ask;

	*out = NULL;
	if (!text)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	vf_ask_init(&ask, 200);
	vf_ask_set(&vf_view_image, &ask, "build", text);
	return vf_list_items(req, &vf_view_image, &ask, out, err);
}

static enum vf_status answer_build(
	struct vf_request *req, struct vf_response *res, int64_t id, bool made, struct vf_err *err)
{
	json_t *row = NULL, *images = NULL;
	enum vf_status st = vf_snapshot_begin(req->db, err);

	if (!st)
		st = vf_list_item(req, &vf_view_build_detail, id, &row, err);
	if (!st)
		st = images_of(req, id, &images, err);
	if (!st && json_object_set_new(row, "images", images))
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (st) {
		json_decref(row);
		return st;
	}
	res->location = vf_arena_printf(req->arena, "/api/v1/builds/%lld", (long long)id);
	return vf_res_json(req, res, made ? 201 : 200, row, err);
}

/* Images, what they claim, and the record of it, in the open transaction. */
static enum vf_status complete(struct vf_request *req, struct vf_response *res, int64_t id,
	const struct images *images, bool made, struct registered *out, struct vf_err *err)
{
	enum vf_status st = put_images(req, res, id, images, out, err);

	if (st || res->status)
		return st;
	if (made || out->images)
		st = vf_deed_record(req, made ? "build.create" : "build.images", "build", id,
			json_pack("{s:I, s:I}", "images", (json_int_t)out->images, "claimed",
				(json_int_t)out->claimed),
			err);
	return st ? st : vf_tx_commit(req->db, err);
}

enum vf_status vf_api_build_create(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct vf_build_new build = {0};
	const char *project, *driver, *branch;
	struct images *images;
	struct vf_body b;
	struct registered done = {0};
	int64_t id;
	bool made;
	enum vf_status st;

	vf_body_open(&b, req, res, err);
	read_build(&b, &build, &project, &driver, &branch);
	images = read_images(&b, VF_OPTIONAL);
	if (!vf_body_done(&b))
		return b.st;
	if (!images)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	st = vf_deed_project(req, res, project, &build.project_id, err);
	if (st || res->status)
		return st;
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = put_build(req, res, &build, driver, branch ? branch : "main", &id, &made, err);
	if (!st && !res->status)
		st = complete(req, res, id, images, made, &done, err);
	return st || res->status ? st : answer_build(req, res, id, made, err);
}

enum vf_status vf_api_build_images(
	struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	struct images *images;
	struct vf_body b;
	struct registered done = {0};
	int64_t id, project_id;
	json_t *list;
	enum vf_status st = vf_req_id(req, "id", &id, err);

	if (st)
		return st;
	vf_body_open(&b, req, res, err);
	images = read_images(&b, VF_REQUIRED);
	if (!vf_body_done(&b))
		return b.st;
	if (!images)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	st = vf_tx_begin(req->db, err);
	if (!st)
		st = vf_store_build_project(req->db, id, req->who.project_id, &project_id, err);
	if (!st)
		st = complete(req, res, id, images, false, &done, err);
	if (st || res->status)
		return st;
	st = images_of(req, id, &list, err);
	return st ? st
		  : vf_res_json(req, res, 200,
			    json_pack("{s:o, s:I}", "images", list, "claimed",
				    (json_int_t)done.claimed),
			    err);
}
