#include "agent/wire/dump_json.h"

#include <inttypes.h>
#include <stdio.h>

#include "verifleet/catalog.h"

enum { HEX_TEXT = 24, REASON_TEXT = 96 };

static json_t *hex(const char *format, uint64_t v)
{
	char text[HEX_TEXT];

	/* The format is one of the three below. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof text, format, v);
#pragma GCC diagnostic pop
	return json_string(text);
}

static json_t *hex64(uint64_t v)
{
	return hex("0x%016" PRIx64, v);
}

static json_t *hex32(uint32_t v)
{
	return hex("0x%08" PRIx64, v);
}

static json_t *offset(uint64_t v)
{
	return hex("0x%" PRIx64, v);
}

static json_t *text_or_null(const char *text)
{
	return text && *text ? json_string(text) : json_null();
}

static json_t *number_or_null(bool has, uint32_t v)
{
	return has ? json_integer(v) : json_null();
}

/* Adds `item` to `array`; NULL stands for memory that ran out and makes the whole NULL. */
static bool append(json_t *array, json_t *item)
{
	return array && item && !json_array_append_new(array, item);
}

static json_t *finish(json_t *array, bool ok)
{
	if (ok)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *time_or_null(const struct vf_dump *d)
{
	char text[VF_DUMP_TIME_TEXT];

	return vf_dump_time(d, text) ? json_string(text) : json_null();
}

static json_t *bugcheck(const struct vf_dump *d)
{
	const struct vf_bugcheck *row = vf_bugcheck_find(d->code);

	return json_pack("{so so so s[oooo]}", "code", hex32(d->code), "raw_code",
		hex32(d->raw_code), "name", text_or_null(row ? row->name : NULL), "parameters",
		hex64(d->params[0]), hex64(d->params[1]), hex64(d->params[2]), hex64(d->params[3]));
}

static json_t *culprit(const struct vf_dump *d)
{
	const struct vf_dump_culprit *c = &d->culprit;
	char reason[REASON_TEXT];

	if (c->rule == VF_CULPRIT_NONE)
		return json_null();
	vf_dump_reason(c, reason, sizeof reason);
	return json_pack("{so so ss}", "module", text_or_null(c->module), "offset",
		c->has_offset ? offset(c->offset) : json_null(), "reason", reason);
}

static json_t *context(const struct vf_dump *d)
{
	if (!d->has_context)
		return json_null();
	return json_pack("{so so}", "pc", hex64(d->pc), "sp", hex64(d->sp));
}

static json_t *drivers(const struct vf_dump *d)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; ok && i < d->driver_count; i++) {
		const struct vf_dump_driver *r = &d->drivers[i];

		ok = append(array, json_pack("{so so so sI so so}", "name", text_or_null(r->name),
					   "path", text_or_null(r->path), "base", hex64(r->base),
					   "size", (json_int_t)r->size, "timestamp",
					   hex32(r->timestamp), "checksum", hex32(r->checksum)));
	}
	return finish(array, ok);
}

static json_t *unloaded(const struct vf_dump *d)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; ok && i < d->unloaded_count; i++)
		ok = append(array,
			json_pack("{so so so}", "name", text_or_null(d->unloaded[i].name), "start",
				hex64(d->unloaded[i].start), "end", hex64(d->unloaded[i].end)));
	return finish(array, ok);
}

static json_t *stack(const struct vf_dump *d, size_t most)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; ok && i < d->word_count && i < most; i++) {
		const struct vf_dump_word *w = &d->words[i];

		ok = append(array, json_pack("{so so so so}", "address", hex64(w->address), "value",
					   hex64(w->value), "module", text_or_null(w->place.module),
					   "offset", offset(w->place.offset)));
	}
	return finish(array, ok);
}

static json_t *guid(const struct vf_dump_blob *blob)
{
	char text[VF_DUMP_GUID_TEXT];

	vf_dump_guid(blob, text);
	return json_string(text);
}

static json_t *secondary(const struct vf_dump *d)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; ok && i < d->blob_count; i++)
		ok = append(array, json_pack("{so sI}", "guid", guid(&d->blobs[i]), "size",
					   (json_int_t)d->blobs[i].size));
	return finish(array, ok);
}

static json_t *warnings(const struct vf_dump *d, size_t stack_words)
{
	char text[VF_DUMP_WARNING_TEXT];
	json_t *array = json_array();
	bool ok = array != NULL;

	for (size_t i = 0; ok && i < d->warning_count; i++)
		ok = append(array, json_string(d->warnings[i]));
	if (ok && d->word_count > stack_words) {
		snprintf(text, sizeof text, "%zu of %zu stack words are included", stack_words,
			d->word_count);
		ok = append(array, json_string(text));
	}
	return finish(array, ok);
}

json_t *vf_dump_to_json(const struct vf_dump *d, size_t stack_words)
{
	char format[32];

	snprintf(format, sizeof format, "%s%u", vf_dump_kind_word(d->kind), d->bits);
	return json_pack("{ss so so so so so so so so so so so so so so}", "format", format, "arch",
		text_or_null(vf_dump_arch_word(d->arch)), "os_build",
		number_or_null(d->has_build, d->os_build), "build_lab", text_or_null(d->build_lab),
		"cpus", number_or_null(d->has_cpus, d->cpus), "system_time", time_or_null(d),
		"uptime_seconds",
		d->has_uptime ? json_real((double)d->uptime_100ns / 1e7) : json_null(), "bugcheck",
		bugcheck(d), "culprit", culprit(d), "context", context(d), "drivers", drivers(d),
		"unloaded", unloaded(d), "stack", stack(d, stack_words), "secondary", secondary(d),
		"warnings", warnings(d, stack_words));
}
