#include "server/ingest/env.h"

#include "server/store/agent.h"

enum vf_status vf_env_store(
	struct vf_db *db, const struct vf_env_facts *facts, int64_t *env_id, struct vf_err *err)
{
	struct vf_env row = {
		.os_name = facts->os_name, .arch = facts->arch, .os_build = facts->os_build};
	enum vf_status st;
	char *body;

	*env_id = 0;
	if (!facts->body)
		return VF_OK;
	body = json_dumps(facts->body, JSON_COMPACT);
	if (!body)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	row.body = body;
	st = vf_store_env(db, &row, env_id, err);
	free(body);
	return st;
}
