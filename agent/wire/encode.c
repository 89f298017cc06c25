#include "agent/wire/encode.h"

#include <inttypes.h>

#include "agent/core/rfc3339.h"
#include "agent/wire/decoded.h"
#include "agent/wire/dump_json.h"
#include "verifleet/version.h"
#include "verifleet/wire.h"

/* Bytes of a bug check's record that are not the decoded dump; the longest texts are bounded. */
enum { ROOM_FOR_THE_REST = 4096 };

static int add_text(const char *data, size_t len, void *arg)
{
	struct vf_buf *out = arg;

	vf_buf_add(out, data, len);
	return vf_buf_ok(out) ? 0 : -1;
}

/* Takes the reference. */
static enum vf_status write_json(struct vf_buf *out, json_t *root)
{
	int rc;

	if (!root)
		return VF_E_NOMEM;
	rc = json_dump_callback(root, add_text, out, VF_DUMP_JSON_FLAGS);
	json_decref(root);
	if (!vf_buf_ok(out))
		return out->failed;
	return rc ? VF_E_NOMEM : VF_OK;
}

static json_t *text_or_null(const char *s)
{
	return s && *s ? json_string(s) : json_null();
}

static json_t *hex32(uint32_t v)
{
	return json_sprintf("0x%08" PRIx32, v);
}

static json_t *hex64(uint64_t v)
{
	return json_sprintf("0x%016" PRIx64, v);
}

static json_t *env_json(const struct vf_wire_env *e)
{
	return json_pack("{s:s, s:I, s:o, s:s, s:o, s:I, s:I}", "os_name", e->os_name, "os_build",
		(json_int_t)e->os_build, "ubr", e->ubr ? json_integer(e->ubr) : json_null(), "arch",
		e->arch, "hypervisor", text_or_null(e->hypervisor), "cpus", (json_int_t)e->cpus,
		"memory_bytes", (json_int_t)e->memory_bytes);
}

enum vf_status vf_encode_env(struct vf_buf *out, const struct vf_wire_env *env)
{
	return write_json(out, env_json(env));
}

enum vf_status vf_encode_boot(struct vf_buf *out, int64_t at_us, const struct vf_wire_boot *b)
{
	json_t *previous =
		b->previous_uuid || b->previous_end
			? json_pack("{s:o, s:s}", "boot_uuid", text_or_null(b->previous_uuid),
				  "end_kind", b->previous_end ? b->previous_end : "unknown")
			: json_null();

	return write_json(out,
		json_pack("{s:s, s:s, s:s, s:I, s:s, s:o, s:o}", "kind", "boot", "at",
			vf_time_format(at_us).text, "boot_uuid", b->boot_uuid, "ordinal",
			(json_int_t)b->ordinal, "started_at", vf_time_format(b->started_at_us).text,
			"env", env_json(b->env), "previous", previous));
}

static json_t *run_start_json(const struct vf_event *e, const char *boot_uuid)
{
	const struct vf_event_run *r = &e->run;
	json_t *build = r->driver[0] ? json_pack("{s:s, s:s, s:I, s:o}", "driver", r->driver,
					       "branch", r->branch[0] ? r->branch : "main", "seq",
					       (json_int_t)r->seq, "label", text_or_null(r->label))
				     : json_null();

	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "kind", "run_start", "at",
		vf_time_format(e->at_us).text, "boot_uuid", boot_uuid, "run", r->id, "build", build,
		"images", e->images ? json_incref(e->images) : json_array());
}

enum vf_status vf_encode_run(struct vf_buf *out, const struct vf_event *e, const char *boot_uuid)
{
	if (e->kind == VF_EVENT_RUN_START)
		return write_json(out, run_start_json(e, boot_uuid));
	return write_json(out,
		json_pack("{s:s, s:s, s:s, s:s, s:s}", "kind", "run_end", "at",
			vf_time_format(e->at_us).text, "boot_uuid", boot_uuid, "run", e->run.id,
			"outcome", e->run.outcome[0] ? e->run.outcome : "completed"));
}

static json_t *report_json(const struct vf_crash *c)
{
	const struct vf_crash_event *e = c->has_event ? &c->event : &c->power;

	if (!c->has_event && !c->has_power)
		return json_null();
	return json_pack("{s:i, s:o, s:s, s:o, s:o, s:b}", "event_id", e->event_id, "record_id",
		e->record_id ? json_integer(e->record_id) : json_null(), "logged_at",
		vf_time_format(e->at_us).text, "dump_path", text_or_null(e->dump_path), "report_id",
		text_or_null(e->report_id), "kernel_power", c->has_power);
}

static json_t *dump_json(const struct vf_crash *c, json_t *decoded)
{
	if (!c->has_dump)
		return json_null();
	return json_pack("{s:s, s:I, s:s, s:i, s:O}", "sha256", c->dump.sha256, "size",
		(json_int_t)c->dump.size, "file_name", c->dump.file_name, "decoder",
		VF_DUMP_DECODER, "decoded", decoded);
}

static json_t *bugcheck_json(const struct vf_crash *c, json_t *decoded, const char *boot_uuid,
	const char *crash_boot, const char *run)
{
	bool log = c->has_event || c->has_power;
	json_t *params = json_array();

	for (size_t i = 0; i < 4; i++)
		json_array_append_new(params, hex64(c->params[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kind",
		"bugcheck", "at", vf_time_format(c->at_us).text, "boot_uuid", boot_uuid, "source",
		c->has_dump && log ? "both"
		: c->has_dump      ? "dump"
				   : "eventlog",
		"crash_boot_uuid", text_or_null(crash_boot), "code", hex32(c->code), "raw_code",
		hex32(c->raw_code), "parameters", params, "report", report_json(c), "dump",
		dump_json(c, decoded), "run", text_or_null(run));
}

enum vf_status vf_encode_bugcheck(struct vf_buf *out, const struct vf_crash *c,
	const char *boot_uuid, const char *crash_boot, const char *run)
{
	json_t *decoded = c->dump.decoded ? json_loads(c->dump.decoded, 0, NULL) : json_null();
	enum vf_status st;

	if (!decoded)
		return VF_E_NOMEM;
	if (json_is_object(decoded))
		vf_decoded_fit(decoded, out->max - ROOM_FOR_THE_REST);
	st = write_json(out, bugcheck_json(c, decoded, boot_uuid, crash_boot, run));
	json_decref(decoded);
	return st;
}

enum vf_status vf_encode_incident(struct vf_buf *out, int64_t at_us, const char *boot_uuid,
	const char *class_word, json_t *detail)
{
	return write_json(out, json_pack("{s:s, s:s, s:s, s:s, s:O}", "kind", "incident", "at",
				       vf_time_format(at_us).text, "boot_uuid", boot_uuid, "class",
				       class_word, "detail", detail));
}
