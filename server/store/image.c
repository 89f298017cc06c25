#include "server/store/image.h"

#include "server/store/claim.h"

enum vf_status vf_store_image(
	struct vf_db *db, const struct vf_image_row *in, int64_t *claimed, struct vf_err *err)
{
	struct vf_rows *rows = NULL;
	struct vf_args args;
	enum vf_status st;

	if (claimed)
		*claimed = 0;
	vf_args_init(&args);
	vf_arg_i64(&args, in->build_id);
	vf_arg_text(&args, in->name);
	vf_arg_i64(&args, in->timestamp);
	vf_arg_i64(&args, in->size);
	vf_arg_i64(&args, in->checksum);
	st = vf_query(db, "image",
		"insert into driver_image (project_id, driver_id, build_id, name, timestamp,"
		" size_of_image, checksum) select project_id, driver_id, id, $2, $3, $4,"
		" nullif($5::bigint, -1) from build where id = $1 on conflict (project_id,"
		" lower(name), timestamp, size_of_image) do nothing returning id",
		&args, &rows, err);
	if (!st && vf_rows_count(rows) == 1)
		st = vf_store_claim_image(db, vf_row_i64(rows, 0, 0), claimed, err);
	vf_rows_free(rows);
	return st;
}
