#include "server/ingest/decode.h"

static bool next_line(struct vf_text *rest, struct vf_text *line)
{
	const char *nl;

	if (!rest->len)
		return false;
	nl = memchr(rest->data, '\n', rest->len);
	line->data = rest->data;
	line->len = nl ? (size_t)(nl - rest->data) : rest->len;
	rest->data += line->len + (nl ? 1 : 0);
	rest->len -= line->len + (nl ? 1 : 0);
	return true;
}

static void free_json(void *value)
{
	json_decref(value);
}

/* NULL with a refusal. */
static json_t *parse(struct vf_arena *arena, struct vf_text line, struct vf_refusal *r)
{
	json_error_t e;
	json_t *v;

	if (!vf_plain_line_ok(line, r))
		return NULL;
	v = json_loadb(line.data, line.len, JSON_REJECT_DUPLICATES, &e);
	r->field[0] = 0;
	if (!v) {
		snprintf(r->reason, sizeof r->reason, "not JSON: %.160s", e.text);
		return NULL;
	}
	if (vf_arena_defer(arena, free_json, v)) {
		json_decref(v);
		snprintf(r->reason, sizeof r->reason, "out of memory");
		return NULL;
	}
	return v;
}

static const char *const lane_words[] = {
#define VF_X(symbol, number, word) [(number)-1] = word,
	VF_WIRE_LANES(VF_X)
#undef VF_X
		NULL};

static const char *const kind_words[] = {
#define VF_X(symbol, number, word, lane, meaning) [(number)-1] = word,
	VF_WIRE_RECORDS(VF_X)
#undef VF_X
		NULL};

static bool read_header(
	const json_t *v, struct vf_batch *out, uint64_t *count, struct vf_refusal *refusal)
{
	struct vf_members m;

	vf_members_init(&m, v, "", refusal);
	(void)vf_member_int(&m, "v", 1, 1, VF_MEMBER_REQUIRED, 1);
	(void)vf_member_bytes(&m, "stream", out->stream, sizeof out->stream, VF_MEMBER_REQUIRED);
	out->lane = (enum vf_lane)(vf_member_word(&m, "lane", lane_words, VF_MEMBER_REQUIRED) + 1);
	out->first_seq =
		(uint64_t)vf_member_int(&m, "first_seq", 1, INT64_MAX / 2, VF_MEMBER_REQUIRED, 0);
	*count =
		(uint64_t)vf_member_int(&m, "count", 1, VF_WIRE_RECORDS_MAX, VF_MEMBER_REQUIRED, 0);
	out->sent_us = vf_member_time(&m, "sent_at", VF_MEMBER_REQUIRED, 0);
	out->uptime_us = vf_member_int(&m, "uptime_us", 0, INT64_MAX, VF_MEMBER_OPTIONAL, -1);
	(void)vf_member_uuid(&m, "boot_uuid", VF_MEMBER_OPTIONAL);
	return m.ok;
}

void vf_env_read(struct vf_members *m, const char *name, struct vf_env_facts *out)
{
	const json_t *env = vf_member_object(m, name, VF_MEMBER_OPTIONAL);
	struct vf_members e;
	char path[64];

	*out = (struct vf_env_facts){0};
	if (!env)
		return;
	snprintf(path, sizeof path, "%.40s%.20s.", m->prefix, name);
	vf_members_init(&e, env, path, m->refusal);
	out->body = env;
	out->os_name = vf_member_text(&e, "os_name", VF_WIRE_NAME_MAX, VF_MEMBER_OPTIONAL);
	out->os_build = vf_member_int(&e, "os_build", 0, INT32_MAX, VF_MEMBER_OPTIONAL, 0);
	out->arch = vf_member_text(&e, "arch", 16, VF_MEMBER_OPTIONAL);
	/* Kept in the body only, and read from there as what they are said to be. */
	(void)vf_member_int(&e, "ubr", 0, INT32_MAX, VF_MEMBER_OPTIONAL, 0);
	(void)vf_member_int(&e, "cpus", 0, 65535, VF_MEMBER_OPTIONAL, 0);
	(void)vf_member_int(&e, "memory_bytes", 0, INT64_MAX, VF_MEMBER_OPTIONAL, 0);
	(void)vf_member_text(&e, "hypervisor", VF_WIRE_NAME_MAX, VF_MEMBER_OPTIONAL);
	m->ok = e.ok;
}

static void read_boot(struct vf_members *m, struct vf_boot_record *out)
{
	static const char *const ends[] = {
		"clean", "bugcheck", "unexpected", "power_loss", "unknown", NULL};
	const json_t *previous;
	struct vf_members p;
	int end;

	out->boot_uuid = vf_member_uuid(m, "boot_uuid", VF_MEMBER_REQUIRED);
	out->ordinal = vf_member_int(m, "ordinal", 0, INT64_MAX, VF_MEMBER_OPTIONAL, -1);
	out->started_us = vf_member_time(m, "started_at", VF_MEMBER_OPTIONAL, INT64_MIN);
	vf_env_read(m, "env", &out->env);
	previous = vf_member_object(m, "previous", VF_MEMBER_OPTIONAL);
	if (!previous)
		return;
	vf_members_init(&p, previous, "previous.", m->refusal);
	out->previous_uuid = vf_member_uuid(&p, "boot_uuid", VF_MEMBER_OPTIONAL);
	end = vf_member_word(&p, "end_kind", ends, VF_MEMBER_OPTIONAL);
	out->previous_end = end < 0 ? NULL : ends[end];
	m->ok = p.ok;
}

static void read_images(struct vf_members *m, struct vf_arena *arena, struct vf_run_record *out)
{
	const json_t *list = vf_member_array(m, "images", VF_RUN_IMAGES_MAX, VF_MEMBER_OPTIONAL);
	size_t n = json_array_size(list);

	if (!n)
		return;
	out->image = vf_arena_alloc(arena, n * sizeof *out->image);
	if (!out->image) {
		vf_member_refuse(m, "images", "is too much for the memory of one request");
		return;
	}
	for (size_t i = 0; i < n && m->ok; i++) {
		struct vf_run_image *image = &out->image[i];
		uint64_t timestamp = 0, checksum = 0;
		struct vf_members d;

		vf_members_init(&d, json_array_get(list, i), "images.", m->refusal);
		image->name = vf_member_text(&d, "name", VF_WIRE_NAME_MAX, VF_MEMBER_REQUIRED);
		(void)vf_member_hex(&d, "timestamp", 8, VF_MEMBER_REQUIRED, &timestamp);
		image->timestamp = (uint32_t)timestamp;
		image->size = vf_member_int(&d, "size", 1, UINT32_MAX, VF_MEMBER_REQUIRED, 0);
		image->checksum = vf_member_hex(&d, "checksum", 8, VF_MEMBER_OPTIONAL, &checksum)
					  ? (int64_t)checksum
					  : -1;
		m->ok = d.ok;
	}
	out->n_images = n;
}

static void read_run_start(struct vf_members *m, struct vf_arena *arena, struct vf_run_record *out)
{
	const json_t *build;
	struct vf_members b;

	out->run = vf_member_text(m, "run", VF_WIRE_NAME_MAX, VF_MEMBER_REQUIRED);
	build = vf_member_object(m, "build", VF_MEMBER_OPTIONAL);
	if (build) {
		vf_members_init(&b, build, "build.", m->refusal);
		out->driver = vf_member_text(&b, "driver", VF_WIRE_NAME_MAX, VF_MEMBER_REQUIRED);
		out->branch = vf_member_text(&b, "branch", VF_WIRE_NAME_MAX, VF_MEMBER_REQUIRED);
		out->seq = vf_member_int(&b, "seq", 1, INT64_MAX, VF_MEMBER_REQUIRED, 0);
		out->label = vf_member_text(&b, "label", VF_WIRE_NAME_MAX, VF_MEMBER_OPTIONAL);
		out->has_build = m->ok = b.ok;
	}
	read_images(m, arena, out);
}

static void read_run_end(struct vf_members *m, struct vf_run_record *out)
{
	static const char *const outcomes[] = {"completed", "bugcheck", "aborted", NULL};
	int outcome;

	out->run = vf_member_text(m, "run", VF_WIRE_NAME_MAX, VF_MEMBER_REQUIRED);
	outcome = vf_member_word(m, "outcome", outcomes, VF_MEMBER_REQUIRED);
	out->outcome = outcome < 0 ? NULL : outcomes[outcome];
}

static void read_incident(struct vf_members *m, struct vf_incident_record *out)
{
	out->class = vf_member_text(m, "class", 64, VF_MEMBER_REQUIRED);
	if (out->class && (strspn(out->class, "abcdefghijklmnopqrstuvwxyz0123456789_") !=
					  strlen(out->class) ||
				  out->class[0] < 'a'))
		vf_member_refuse(m, "class", "must be lower-case words joined by _");
	out->detail = vf_member_object(m, "detail", VF_MEMBER_OPTIONAL);
}

static void read_gap(struct vf_members *m, struct vf_record *rec)
{
	static const char *const reasons[] = {"dropped", "damaged", NULL};
	int reason;

	rec->last = (uint64_t)vf_member_int(
		m, "last", (int64_t)rec->seq, INT64_MAX / 2, VF_MEMBER_REQUIRED, (int64_t)rec->seq);
	reason = vf_member_word(m, "reason", reasons, VF_MEMBER_REQUIRED);
	rec->gap_reason = reason < 0 ? NULL : reasons[reason];
}

/* A gap that is refused for another reason still says where its stream goes on: without that, all
 * that stands behind it could never follow. */
static void keep_extent(const json_t *v, struct vf_record *rec)
{
	const json_t *last = json_object_get(v, "last");

	if (json_is_integer(last) && json_integer_value(last) >= (json_int_t)rec->seq &&
		json_integer_value(last) <= INT64_MAX / 2)
		rec->last = (uint64_t)json_integer_value(last);
}

static void read_record(const json_t *v, struct vf_arena *arena, struct vf_record *rec)
{
	struct vf_members m;
	int kind;

	vf_members_init(&m, v, "", &rec->refusal);
	rec->kind_word = json_string_value(json_object_get(v, "kind"));
	kind = vf_member_word(&m, "kind", kind_words, VF_MEMBER_REQUIRED);
	rec->kind = kind < 0 ? 0 : (enum vf_record_kind)(kind + 1);
	rec->at_us = vf_member_time(&m, "at", VF_MEMBER_REQUIRED, 0);
	rec->boot_uuid = vf_member_uuid(&m, "boot_uuid", VF_MEMBER_OPTIONAL);
	switch (m.ok ? rec->kind : 0) {
	case VF_RECORD_BOOT: read_boot(&m, &rec->boot); break;
	case VF_RECORD_RUN_START: read_run_start(&m, arena, &rec->run); break;
	case VF_RECORD_RUN_END: read_run_end(&m, &rec->run); break;
	case VF_RECORD_BUGCHECK: vf_crash_read_record(&m, arena, rec->at_us, &rec->crash); break;
	case VF_RECORD_INCIDENT: read_incident(&m, &rec->incident); break;
	case VF_RECORD_GAP: read_gap(&m, rec); break;
	default: break;
	}
	rec->refused = !m.ok;
	if (rec->refused && rec->kind_word && !strcmp(rec->kind_word, "gap"))
		keep_extent(v, rec);
}

/* False when the sequence is broken: that is the batch's fault, not the record's. */
static bool read_line(
	struct vf_arena *arena, uint64_t next, struct vf_record *rec, struct vf_refusal *refusal)
{
	json_t *v = parse(arena, rec->line, &rec->refusal);
	const json_t *seq = json_object_get(v, "seq");

	rec->seq = rec->last = next;
	if (json_is_integer(seq) && json_integer_value(seq) != (json_int_t)next) {
		snprintf(refusal->field, sizeof refusal->field, "seq");
		snprintf(refusal->reason, sizeof refusal->reason, "is %lld where %llu must follow",
			(long long)json_integer_value(seq), (unsigned long long)next);
		return false;
	}
	if (!v) {
		rec->refused = true;
		return true;
	}
	read_record(v, arena, rec);
	if (!json_is_integer(seq) && !rec->refused) {
		rec->refused = true;
		rec->last = rec->seq;
		snprintf(rec->refusal.field, sizeof rec->refusal.field, "seq");
		snprintf(rec->refusal.reason, sizeof rec->refusal.reason, "must be an integer");
	}
	return true;
}

static enum vf_status broken(const struct vf_refusal *r, struct vf_err *err)
{
	return vf_fail(err, VF_E_INVALID, "%s%s%s", r->field, *r->field ? " " : "", r->reason);
}

enum vf_status vf_batch_decode(struct vf_arena *arena, struct vf_text body, struct vf_batch *out,
	struct vf_refusal *refusal, struct vf_err *err)
{
	uint64_t count = 0, next;
	struct vf_text line = {0};
	json_t *header;

	*out = (struct vf_batch){0};
	*refusal = (struct vf_refusal){0};
	(void)next_line(&body, &line);
	header = parse(arena, line, refusal);
	if (!header || !read_header(header, out, &count, refusal))
		return broken(refusal, err);
	out->record = vf_arena_alloc(arena, count * sizeof *out->record);
	if (!out->record)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	next = out->first_seq;
	for (size_t i = 0; i < count; i++) {
		struct vf_record *rec = &out->record[i];

		if (!next_line(&body, &rec->line)) {
			snprintf(refusal->field, sizeof refusal->field, "count");
			snprintf(refusal->reason, sizeof refusal->reason,
				"is %llu, but the body has %zu records", (unsigned long long)count,
				i);
			return broken(refusal, err);
		}
		if (!read_line(arena, next, rec, refusal))
			return broken(refusal, err);
		next = rec->last + 1;
		out->n_records++;
	}
	if (body.len) {
		snprintf(refusal->field, sizeof refusal->field, "count");
		snprintf(refusal->reason, sizeof refusal->reason,
			"is %llu, but the body has more lines", (unsigned long long)count);
		return broken(refusal, err);
	}
	out->last_seq = next - 1;
	return VF_OK;
}
