#include "server/store/audit.h"

#include "server/store/db.h"

enum vf_status vf_audit(struct vf_db *db, const struct vf_actor *who, const char *action,
	const char *object_kind, const char *object_id, json_t *detail, struct vf_err *err)
{
	char *text = detail ? json_dumps(detail, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	struct vf_args args;
	enum vf_status st;

	if (detail && !text) {
		json_decref(detail);
		return vf_fail(err, VF_E_NOMEM, "the audit record could not be made");
	}
	json_decref(detail);
	vf_args_init(&args);
	vf_arg_text(&args, who->kind);
	if (who->id)
		vf_arg_i64(&args, who->id);
	else
		vf_arg_null(&args);
	vf_arg_text(&args, who->name);
	vf_arg_text(&args, action);
	vf_arg_text(&args, object_kind);
	vf_arg_text(&args, object_id);
	vf_arg_text(&args, who->remote_addr);
	vf_arg_text(&args, text ? text : "{}");
	st = vf_query(db, "audit_add",
		"insert into audit_event (actor_kind, actor_id, actor_name, action, object_kind, "
		"object_id, remote_addr, detail) values ($1, $2, $3, $4, $5, $6, $7::inet, "
		"$8::jsonb)",
		&args, NULL, err);
	free(text);
	return st;
}
