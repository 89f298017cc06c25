#include "server/store/inventory.h"

#include <inttypes.h>

/* Runs a statement that gives one id; no row is VF_E_NOTFOUND. */
static enum vf_status one_id(struct vf_db *db, const char *name, const char *sql,
	const struct vf_args *args, int64_t *id, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st = vf_query(db, name, sql, args, &rows, err);

	if (!st && !vf_rows_count(rows))
		st = VF_E_NOTFOUND;
	*id = st ? 0 : vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_store_project_new(struct vf_db *db, const char *slug, const char *name,
	bool simulated, int64_t *id, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_text(&args, slug);
	vf_arg_text(&args, name);
	vf_arg_bool(&args, simulated);
	st = one_id(db, "project.new",
		"insert into project (slug, name, simulated) values ($1, $2, $3)"
		" on conflict (slug) do nothing returning id",
		&args, id, err);
	return st == VF_E_NOTFOUND
		       ? vf_fail(err, VF_E_CONFLICT, "a project %s exists already", slug)
		       : st;
}

enum vf_status vf_store_branch_new(struct vf_db *db, int64_t project_id, const char *name,
	const char *parent, int64_t fork_seq, int64_t *id, struct vf_err *err)
{
	struct vf_args args;
	int64_t parent_id = 0;
	enum vf_status st;

	if (parent) {
		vf_args_init(&args);
		vf_arg_i64(&args, project_id);
		vf_arg_text(&args, parent);
		st = one_id(db, "branch.by_name",
			"select id from branch where project_id = $1 and name = $2", &args,
			&parent_id, err);
		if (st)
			return st == VF_E_NOTFOUND
				       ? vf_fail(err, st, "there is no branch %s", parent)
				       : st;
	}
	vf_args_init(&args);
	vf_arg_i64(&args, project_id);
	vf_arg_text(&args, name);
	if (parent) {
		vf_arg_i64(&args, parent_id);
		vf_arg_i64(&args, fork_seq);
	} else {
		vf_arg_null(&args);
		vf_arg_null(&args);
	}
	st = one_id(db, "branch.new",
		"insert into branch (project_id, name, parent_id, fork_seq) values ($1, $2, $3, $4)"
		" on conflict (project_id, name) do nothing returning id",
		&args, id, err);
	return st == VF_E_NOTFOUND ? vf_fail(err, VF_E_CONFLICT, "a branch %s exists already", name)
				   : st;
}

enum vf_status vf_store_driver_new(
	struct vf_db *db, int64_t project_id, const char *name, int64_t *id, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, project_id);
	vf_arg_text(&args, name);
	st = one_id(db, "driver.new",
		"insert into driver (project_id, name) values ($1, $2)"
		" on conflict (project_id, lower(name)) do nothing returning id",
		&args, id, err);
	return st == VF_E_NOTFOUND ? vf_fail(err, VF_E_CONFLICT, "a driver %s exists already", name)
				   : st;
}

enum vf_status vf_store_branch_get(
	struct vf_db *db, int64_t project_id, const char *name, int64_t *id, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, project_id);
	vf_arg_text(&args, name);
	st = one_id(db, "branch.by_name",
		"select id from branch where project_id = $1 and name = $2", &args, id, err);
	if (st == VF_E_NOTFOUND) {
		st = vf_store_branch_new(db, project_id, name, NULL, 0, id, err);
		if (st == VF_E_CONFLICT) /* made by somebody else meanwhile */
			st = vf_fail(err, VF_E_AGAIN, "branch %s is being made", name);
	}
	return st;
}

enum vf_status vf_store_driver_get(
	struct vf_db *db, int64_t project_id, const char *name, int64_t *id, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, project_id);
	vf_arg_text(&args, name);
	st = one_id(db, "driver.by_name",
		"select id from driver where project_id = $1 and lower(name) = lower($2)", &args,
		id, err);
	if (st == VF_E_NOTFOUND) {
		st = vf_store_driver_new(db, project_id, name, id, err);
		if (st == VF_E_CONFLICT)
			st = vf_fail(err, VF_E_AGAIN, "driver %s is being made", name);
	}
	return st;
}

static enum vf_status insert_build(
	struct vf_db *db, const struct vf_build_new *b, int64_t *id, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, b->project_id);
	vf_arg_i64(&args, b->driver_id);
	vf_arg_i64(&args, b->branch_id);
	vf_arg_i64(&args, b->seq);
	vf_arg_text(&args, b->label);
	vf_arg_text(&args, b->commit);
	vf_arg_text(&args, b->origin);
	vf_arg_text(&args, b->external_id);
	return one_id(db, "build.new",
		"insert into build (project_id, driver_id, branch_id, seq, label, commit_id,"
		" origin, external_id) values ($1, $2, $3, $4, $5, $6, $7, $8)"
		" on conflict (driver_id, branch_id, seq) do nothing returning id",
		&args, id, err);
}

enum vf_status vf_store_build_put(
	struct vf_db *db, const struct vf_build_new *b, int64_t *id, bool *made, struct vf_err *err)
{
	struct vf_args args;
	struct vf_rows *rows;
	enum vf_status st = insert_build(db, b, id, err);

	*made = !st;
	if (st == VF_E_CONFLICT)
		return vf_fail(err, st, "another build has the external id %s of %s",
			b->external_id ? b->external_id : "", b->origin);
	if (st != VF_E_NOTFOUND)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, b->driver_id);
	vf_arg_i64(&args, b->branch_id);
	vf_arg_i64(&args, b->seq);
	vf_arg_text(&args, b->label);
	vf_arg_text(&args, b->commit);
	vf_arg_text(&args, b->origin);
	vf_arg_text(&args, b->external_id);
	st = vf_query(db, "build.same",
		"select id, label is not distinct from $4, commit_id is not distinct from $5,"
		" origin = $6, external_id is not distinct from $7 from build"
		" where driver_id = $1 and branch_id = $2 and seq = $3 for update",
		&args, &rows, err);
	if (!st && !vf_rows_count(rows))
		st = vf_fail(err, VF_E_AGAIN, "the build was changed meanwhile");
	if (!st) {
		static const char *const what[] = {"label", "commit", "origin", "external_id"};

		*id = vf_row_i64(rows, 0, 0);
		for (int i = 0; !st && i < 4; i++)
			if (!vf_row_bool(rows, 0, i + 1))
				st = vf_fail(err, VF_E_CONFLICT,
					"build %" PRId64
					" has this sequence already, with another %s",
					*id, what[i]);
	}
	vf_rows_free(rows);
	return st;
}

static enum vf_status insert_image(struct vf_db *db, int64_t build_id,
	const struct vf_image_new *image, int64_t *id, struct vf_err *err)
{
	struct vf_args args;

	vf_args_init(&args);
	vf_arg_i64(&args, build_id);
	vf_arg_text(&args, image->name);
	vf_arg_i64(&args, image->timestamp);
	vf_arg_i64(&args, image->size);
	if (image->checksum < 0)
		vf_arg_null(&args);
	else
		vf_arg_i64(&args, image->checksum);
	vf_arg_bytes(&args, image->sha256, image->sha256 ? 32 : 0);
	return one_id(db, "image.new",
		"insert into driver_image (project_id, driver_id, build_id, name, timestamp,"
		" size_of_image, checksum, sha256) select project_id, driver_id, id, $2, $3, $4, "
		"$5, $6"
		" from build where id = $1"
		" on conflict (project_id, lower(name), timestamp, size_of_image) do nothing"
		" returning id",
		&args, id, err);
}

enum vf_status vf_store_image_put(struct vf_db *db, int64_t build_id,
	const struct vf_image_new *image, int64_t *id, bool *made, struct vf_err *err)
{
	enum vf_status st = insert_image(db, build_id, image, id, err);
	struct vf_args args;
	struct vf_rows *rows;

	*made = !st;
	if (st != VF_E_NOTFOUND)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, build_id);
	vf_arg_text(&args, image->name);
	vf_arg_i64(&args, image->timestamp);
	vf_arg_i64(&args, image->size);
	if (image->checksum < 0)
		vf_arg_null(&args);
	else
		vf_arg_i64(&args, image->checksum);
	vf_arg_bytes(&args, image->sha256, image->sha256 ? 32 : 0);
	/* What was unknown may become known; what is known may not change. */
	st = vf_query(db, "image.known",
		"update driver_image i set checksum = coalesce(i.checksum, $5),"
		" sha256 = coalesce(i.sha256, $6) from build b where b.id = $1"
		" and i.project_id = b.project_id and lower(i.name) = lower($2) and i.timestamp = "
		"$3"
		" and i.size_of_image = $4 returning i.id, i.build_id,"
		" ($5::bigint is null or i.checksum = $5) and ($6::bytea is null or i.sha256 = $6)",
		&args, &rows, err);
	if (!st && !vf_rows_count(rows))
		st = vf_fail(err, VF_E_NOTFOUND, "there is no build %" PRId64, build_id);
	if (!st && vf_row_i64(rows, 0, 1) != build_id)
		st = vf_fail(err, VF_E_CONFLICT,
			"build %" PRId64
			" has this very file (%s, same time stamp and size); leave it"
			" out, crashes with it can only be told apart by their run or an explicit "
			"build",
			vf_row_i64(rows, 0, 1), image->name);
	else if (!st && !vf_row_bool(rows, 0, 2))
		st = vf_fail(err, VF_E_CONFLICT,
			"%s with this time stamp and size is known with another checksum or "
			"SHA-256",
			image->name);
	*id = st ? 0 : vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_store_build_project(
	struct vf_db *db, int64_t build_id, int64_t project_id, int64_t *out, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, build_id);
	vf_arg_i64(&args, project_id);
	st = one_id(db, "build.project",
		"select project_id from build where id = $1 and $2::bigint in (0, project_id)",
		&args, out, err);
	return st == VF_E_NOTFOUND ? vf_fail(err, st, "there is no build %" PRId64, build_id) : st;
}
