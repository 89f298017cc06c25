#include "server/store/partition.h"

enum vf_status vf_store_upkeep(struct vf_db *db, struct vf_err *err)
{
	struct vf_args args;
	enum vf_status st;

	vf_args_init(&args);
	vf_arg_i64(&args, VF_PARTITION_WEEKS_AHEAD);
	st = vf_query(db, "upkeep_partitions", "select occurrence_make_partitions(now(), $1::int)",
		&args, NULL, err);
	if (st)
		return st;
	vf_args_init(&args);
	vf_arg_i64(&args, VF_CHANGE_KEEP_DAYS);
	return vf_query(db, "upkeep_change",
		"delete from change where at < now() - $1::int * interval '1 day'", &args, NULL,
		err);
}
