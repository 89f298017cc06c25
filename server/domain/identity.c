#include "server/domain/identity.h"

#include <stdarg.h>

#include "server/runtime/hash.h"
#include "verifleet/status.h"

#define UNKNOWN "unknown"

static bool is_separator(unsigned char c)
{
	return c == '\\' || c == '|' || c == '<' || c == '>';
}

/* Windows compares names without case; only ASCII is folded, as its letters are the only ones that
 * names of drivers have in practice, and folding must give the same bytes for ever. */
static void escape(const char *in, char *out, size_t cap)
{
	size_t n = 0, end = strnlen(in, 128);

	/* never end inside a character */
	while (end && ((unsigned char)in[end] & 0xc0) == 0x80)
		end--;
	for (size_t i = 0; i < end && n + 5 < cap; i++) {
		unsigned char c = (unsigned char)in[i];

		if (c < 0x20 || c == 0x7f) {
			n += (size_t)snprintf(out + n, cap - n, "\\x%02x", c);
			continue;
		}
		if (is_separator(c))
			out[n++] = '\\';
		out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	out[n] = 0;
}

static void add_part(struct vf_identity *id, const char *name, const char *value)
{
	struct vf_identity_part *p = &id->part[id->n_parts++];

	p->name = name;
	escape(value && *value ? value : "-", p->value, sizeof p->value);
}

VF_PRINTF(3, 4)
static void add_format(struct vf_identity *id, const char *name, const char *fmt, ...)
{
	char value[VF_IDENTITY_PART_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof value, fmt, ap);
	va_end(ap);
	add_part(id, name, value);
}

/* The 32 bits of a class: 64-bit systems give status codes with their sign extended. */
static bool class_of_p1(const struct vf_decoded *d, uint32_t *out)
{
	uint64_t p1 = d->in.parameter[0];

	if (!d->bugcheck || d->bugcheck->p1_type != VF_P1_CLASS)
		return false;
	if (p1 >> 32 != 0 && p1 >> 31 != 0x1ffffffffULL)
		return false;
	*out = (uint32_t)p1;
	return true;
}

static const char *driver_or_unknown(const struct vf_identity *id)
{
	return id->driver ? id->driver : UNKNOWN;
}

static void add_class(struct vf_identity *id)
{
	if (id->has_sub_code)
		add_format(id, "class", "0x%x", id->sub_code);
	else
		add_part(id, "class", NULL);
}

static void parts_of_bugcheck(struct vf_identity *id, const struct vf_crash_facts *in)
{
	add_format(id, "code", "0x%x", id->bugcheck_code);
	add_class(id);
	add_part(id, "driver", driver_or_unknown(id));
	if (in->culprit_module && in->has_offset)
		add_format(id, "place", "+0x%llx", (unsigned long long)in->offset);
	else
		add_part(id, "place", NULL);
	id->weak = true; /* no symbols: an offset, or nothing at all */
}

/* A parameter that should be a code may hold anything: what cannot be one is left out, for an
 * address would make every crash a group of its own. */
static void add_small_code(struct vf_identity *id, const char *name, uint64_t value)
{
	if (value <= 0xffff)
		add_format(id, name, "0x%02llx", (unsigned long long)value);
	else
		add_part(id, name, NULL);
}

static void parts_of_dma(struct vf_identity *id, const struct vf_crash_facts *in)
{
	add_part(id, "driver", driver_or_unknown(id));
	add_small_code(id, "cause", in->parameter[0]);
	if (vf_dma_p2_is_sub_code(in->parameter[0]))
		add_small_code(id, "sub-cause", in->parameter[1]);
	else
		add_part(id, "sub-cause", NULL);
	add_part(id, "function", NULL);
	id->weak = !id->driver;
}

static void parts_of_iommu(struct vf_identity *id)
{
	add_part(id, "driver", driver_or_unknown(id));
	add_part(id, "fault", NULL); /* its class is not in a dump without symbols */
	id->weak = !id->driver;
}

static void parts_of_leak(struct vf_identity *id)
{
	add_part(id, "driver", driver_or_unknown(id));
	add_part(id, "what", "aggregate"); /* tags and sites are not in a dump without symbols */
	add_format(id, "code", "0x%x", id->bugcheck_code);
	add_class(id);
	id->weak = !id->driver;
}

/* `ndis.ndisallocatemdl`: the family is the first word of the category (ddi_wdm -> ddi). */
static void parts_of_rule(struct vf_identity *id, const struct vf_decoded *d)
{
	const char *category = "ndis";
	int len;

	if (!d->rule && d->n_readings && d->reading[0]->category)
		category = d->reading[0]->category;
	len = (int)strcspn(category, "_");
	add_part(id, "driver", driver_or_unknown(id));
	if (id->rule)
		add_format(id, "rule", "%.*s.%s", len, category, id->rule);
	else
		add_part(id, "rule", NULL);
	add_class(id);
	add_part(id, "function", NULL);
	id->weak = !id->driver;
}

static void make_text(struct vf_identity *id)
{
	const struct vf_finding_kind_row *row = vf_finding_kind_find(id->kind);
	unsigned char sum[VF_SHA256_LEN];
	char whole[64 + VF_IDENTITY_PARTS * VF_IDENTITY_PART_MAX];
	int n;

	n = snprintf(whole, sizeof whole, "%s/v%u", row ? row->key : "unknown", id->version);
	for (size_t i = 0; i < id->n_parts; i++)
		n += snprintf(whole + n, sizeof whole - (size_t)n, "|%s", id->part[i].value);
	vf_sha256(whole, (size_t)n, sum);
	memcpy(id->fingerprint, sum, sizeof id->fingerprint);
	snprintf(id->text, sizeof id->text, "%.*s", (int)sizeof id->text - 1, whole);
}

/* A name from outside becomes words for people: one line, cut at 128 bytes. */
static void plain(const char *in, char *out, size_t cap)
{
	size_t n = 0;

	for (; in && in[n] && n < 128 && n + 1 < cap; n++)
		out[n] = (unsigned char)in[n] < 0x20 || in[n] == 0x7f ? '?' : in[n];
	/* never end inside a character */
	while (n && in[n] && ((unsigned char)in[n] & 0xc0) == 0x80)
		n--;
	out[n] = 0;
}

static void make_title(
	struct vf_identity *id, const struct vf_crash_facts *in, const struct vf_decoded *d)
{
	char driver[160], place[224], *t = id->title;
	size_t cap = sizeof id->title;
	const char *meaning = d->n_readings ? d->reading[0]->meaning : NULL;
	unsigned long long p1 = in->parameter[0];
	char first[160];

	/* What follows a semicolon is advice, for the page and not for the title. */
	if (meaning && strchr(meaning, ';')) {
		snprintf(first, sizeof first, "%.*s", (int)strcspn(meaning, ";"), meaning);
		meaning = first;
	}
	plain(driver_or_unknown(id), driver, sizeof driver);
	if (in->culprit_module && in->has_offset)
		snprintf(place, sizeof place, "%s+0x%llx", driver, (unsigned long long)in->offset);
	else
		snprintf(place, sizeof place, "%s", id->driver ? driver : "an unknown module");

	switch (id->kind) {
	case VF_KIND_DMA:
		snprintf(t, cap, "DMA violation 0x%02llX in %s%s%s", p1, place, meaning ? ": " : "",
			meaning ? meaning : "");
		return;
	case VF_KIND_IOMMU: snprintf(t, cap, "IOMMU fault (0xE6, 0x26) in %s", place); return;
	case VF_KIND_LEAK:
		snprintf(t, cap, "Leak in %s (0x%X, 0x%llX)%s%s", id->driver ? driver : place,
			id->bugcheck_code, p1, meaning ? ": " : "", meaning ? meaning : "");
		return;
	case VF_KIND_RULE:
		snprintf(t, cap, "Rule %s broken in %s", id->rule ? id->rule : "(unnamed)", place);
		return;
	default: break;
	}
	if (d->bugcheck && d->bugcheck->p1_type == VF_P1_CLASS && d->n_readings && id->has_sub_code)
		snprintf(t, cap, "0x%X/0x%X %s in %s: %s", id->bugcheck_code, id->sub_code,
			d->bugcheck->name, place, meaning ? meaning : "no public meaning");
	else
		snprintf(t, cap, "0x%X %s in %s", id->bugcheck_code,
			d->bugcheck ? d->bugcheck->name : "(no public name)", place);
}

void vf_identity_of_crash(const struct vf_crash_facts *in, struct vf_identity *out)
{
	struct vf_decoded d;
	struct vf_bugcheck_input bc = {
		.raw_code = in->raw_code, .n_parameters = 4, .os_build = in->os_build};

	memset(out, 0, sizeof *out);
	memcpy(bc.parameter, in->parameter, sizeof bc.parameter);
	vf_decode_bugcheck(&bc, &d);
	out->version = VF_FINGERPRINT_VERSION;
	out->bugcheck_code = d.code;
	out->kind = d.kind == VF_KIND_UNKNOWN ? VF_KIND_BUGCHECK : d.kind;
	out->has_sub_code = class_of_p1(&d, &out->sub_code);
	out->dma_class = d.dma_class ? d.dma_class->number : 0;
	out->driver = in->culprit_module && *in->culprit_module ? in->culprit_module
		      : in->event_driver && *in->event_driver   ? in->event_driver
								: NULL;
	if (d.rule)
		out->rule = d.rule->name;
	else if (d.n_readings)
		out->rule = d.reading[0]->rule;

	switch (out->kind) {
	case VF_KIND_DMA: parts_of_dma(out, in); break;
	case VF_KIND_IOMMU: parts_of_iommu(out); break;
	case VF_KIND_LEAK: parts_of_leak(out); break;
	case VF_KIND_RULE: parts_of_rule(out, &d); break;
	default: parts_of_bugcheck(out, in); break;
	}
	make_text(out);
	make_title(out, in, &d);
}
