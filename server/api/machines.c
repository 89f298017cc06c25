/* Machines, their agents and boots, and runs. */
#include "server/api/list.h"
#include "server/api/page.h"
#include "server/store/views.h"

#define BOOTS_MAX     20
#define RUN_BOOTS_MAX 200
#define AGENTS_MAX    100
#define STREAMS_MAX   200

vf_handler vf_api_machine, vf_api_run;

static enum vf_status items_of(struct vf_request *req, const struct vf_list *view,
	const char *filter, int64_t id, int limit, json_t **out, struct vf_err *err)
{
	const char *text = vf_arena_printf(req->arena, "%lld", (long long)id);
	struct vf_ask ask;

	*out = NULL;
	if (!text)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	vf_ask_init(&ask, limit);
	vf_ask_set(view, &ask, filter, text);
	return vf_list_items(req, view, &ask, out, err);
}

/* Puts each stream, without its agent's name, under its agent. */
static enum vf_status share_streams(json_t *agents, json_t *streams, struct vf_err *err)
{
	json_t *agent, *stream;
	size_t i, j;

	json_array_foreach (agents, i, agent)
		if (json_object_set_new(agent, "streams", json_array()))
			return vf_fail(err, VF_E_NOMEM, "out of memory");
	json_array_foreach (streams, j, stream) {
		const char *of = json_string_value(json_object_get(stream, "agent_id"));

		json_array_foreach (agents, i, agent)
			if (of &&
				!strcmp(of,
					json_string_value(json_object_get(agent, "agent_id"))) &&
				json_array_append(json_object_get(agent, "streams"), stream))
				return vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	json_array_foreach (streams, j, stream)
		if (json_object_del(stream, "agent_id"))
			return vf_fail(err, VF_E_NOMEM, "out of memory");
	return VF_OK;
}

static enum vf_status add_agents(
	struct vf_request *req, json_t *out, int64_t machine_id, struct vf_err *err)
{
	json_t *agents = NULL, *streams = NULL;
	enum vf_status st;

	st = items_of(req, &vf_view_agent, "machine", machine_id, AGENTS_MAX, &agents, err);
	if (!st)
		st = items_of(
			req, &vf_view_stream, "machine", machine_id, STREAMS_MAX, &streams, err);
	if (!st)
		st = share_streams(agents, streams, err);
	if (!st && json_object_set(out, "agents", agents))
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
	json_decref(agents);
	json_decref(streams);
	return st;
}

static enum vf_status add_boots(struct vf_request *req, json_t *out, const char *member,
	const char *filter, int64_t id, int limit, struct vf_err *err)
{
	json_t *boots;
	enum vf_status st = items_of(req, &vf_view_boot, filter, id, limit, &boots, err);

	if (!st && json_object_set_new(out, member, boots))
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
	return st;
}

enum vf_status vf_api_machine(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	json_t *out = NULL;
	int64_t id;
	enum vf_status st;

	if (!vf_page_no_query(req, res, &st))
		return st;
	st = vf_req_id(req, "id", &id, err);
	if (!st)
		st = vf_snapshot_begin(req->db, err);
	if (!st)
		st = vf_list_item(req, &vf_view_machine_detail, id, &out, err);
	if (!st)
		st = add_agents(req, out, id, err);
	if (!st)
		st = add_boots(req, out, "recent_boots", "machine", id, BOOTS_MAX, err);
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (!st)
		return vf_res_json(req, res, 200, out, err);
	vf_tx_rollback(req->db);
	json_decref(out);
	return st;
}

enum vf_status vf_api_run(struct vf_request *req, struct vf_response *res, struct vf_err *err)
{
	json_t *out = NULL;
	int64_t id;
	enum vf_status st;

	if (!vf_page_no_query(req, res, &st))
		return st;
	st = vf_req_id(req, "id", &id, err);
	if (!st)
		st = vf_snapshot_begin(req->db, err);
	if (!st)
		st = vf_list_item(req, &vf_view_run, id, &out, err);
	if (!st)
		st = add_boots(req, out, "boots", "run", id, RUN_BOOTS_MAX, err);
	if (!st)
		st = vf_tx_commit(req->db, err);
	if (!st)
		return vf_res_json(req, res, 200, out, err);
	vf_tx_rollback(req->db);
	json_decref(out);
	return st;
}
