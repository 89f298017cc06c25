#include "agent/cli/decode_text.h"

#include <inttypes.h>
#include <string.h>

static const char *or_silent(const char *meaning)
{
	return meaning ? meaning : "(no public meaning)";
}

static void print_parameters(const struct vf_text *t, int indent,
	const struct vf_bugcheck_input *in, const char *const meaning[4])
{
	for (unsigned i = 0; i < 4; i++) {
		struct vf_text_span here;
		char label[32] = "";

		if (i < in->n_parameters)
			snprintf(
				label, sizeof(label), "%u  0x%016" PRIx64, i + 1, in->parameter[i]);
		else
			snprintf(label, sizeof(label), "%u  (not given)", i + 1);
		here = vf_meaning_here(in, i, meaning[i]);
		if (here.whole)
			vf_text_field(
				t, indent, indent + 23, label, "%.*s", (int)here.len, here.text);
		else
			vf_text_field(t, indent, indent + 23, label, "%.*s%s%s%s", (int)here.len,
				here.text ? here.text : "", here.text ? " (of: " : "",
				or_silent(meaning[i]), here.text ? ")" : "");
	}
}

enum { COLUMN = 18 };

static void print_class(const struct vf_text *t, int indent, int column, const char *label,
	const struct vf_dma_misuse *row)
{
	vf_text_field(t, indent, column, label, "%u %s: %s", row->number, row->key, row->meaning);
}

static void print_reading(
	const struct vf_text *t, const struct vf_decoded *d, const struct vf_sub_code *row)
{
	const char *meaning[4] = {
		row->meaning, row->parameter[0], row->parameter[1], row->parameter[2]};
	const struct vf_dma_misuse *class = vf_dma_misuse_find(row->dma_class);

	print_parameters(t, 2, &d->in, meaning);
	if (row->category)
		vf_text_field(t, 2, COLUMN, "category", "%s", row->category);
	if (row->severity)
		vf_text_field(t, 2, COLUMN, "severity", "%s", row->severity);
	if (row->rule)
		vf_text_field(t, 2, COLUMN, "rule", "%s", row->rule);
	if (class)
		print_class(t, 2, COLUMN, "misuse class", class);
	else if (row->code == 0xe6)
		vf_text_field(t, 2, COLUMN, "misuse class", "outside the 22 classes");
	if (d->n_readings > 1)
		vf_text_field(t, 2, COLUMN, "leak", "%s", vf_leak_word(row->leak));
	if (row->os_min || row->os_max)
		vf_text_field(t, 2, COLUMN, "builds", "%s %" PRIu32, row->os_max ? "up to" : "from",
			row->os_max ? row->os_max : row->os_min);
	if (row->note)
		vf_text_field(t, 2, COLUMN, "note", "%s", row->note);
}

static void print_answers(const struct vf_text *t, const struct vf_decoded *d)
{
	const struct vf_finding_kind_row *kind = vf_finding_kind_find(d->kind);

	if (kind)
		vf_text_field(t, 0, COLUMN, "Kind", "%s (%s)", kind->key, kind->name);
	else
		vf_text_field(t, 0, COLUMN, "Kind", "parameter 1 decides");
	vf_text_field(t, 0, COLUMN, "Leak", "%s%s%s", vf_leak_word(d->leak),
		d->leak_words ? "; documented as: " : "", d->leak_words ? d->leak_words : "");
	vf_text_field(t, 0, COLUMN, "Driver Verifier", "%s%s%s",
		d->needed == VF_NEEDED_YES  ? "needed"
		: d->needed == VF_NEEDED_NO ? "not needed"
					    : "unknown whether needed",
		d->needed_words ? "; documented as: " : "", d->needed_words ? d->needed_words : "");
	for (size_t i = 0; i < d->n_options; i++)
		vf_text_field(t, 0, COLUMN, i ? "  or by" : "Found by option",
			d->option[i]->mask ? "%s (0x%" PRIx32 ")" : "%s", d->option[i]->name,
			d->option[i]->mask);
	if (d->rule)
		vf_text_field(t, 0, COLUMN, "Requirement", "%s", d->rule->requirement);
	if (d->code_address)
		vf_text_field(
			t, 0, COLUMN, "Code address", "parameter %u, if any", d->code_address);
}

void vf_print_bugcheck(const struct vf_text *t, const struct vf_decoded *d)
{
	fprintf(t->out, "0x%08" PRIx32 "  %s\n", d->code,
		d->bugcheck ? d->bugcheck->name : "unknown");
	if (d->code != d->in.raw_code)
		fprintf(t->out, "raw 0x%08" PRIx32 "%s%s\n", d->in.raw_code, d->raw ? "  " : "",
			d->raw ? d->raw->name : "");
	if (d->bugcheck)
		vf_text_field(t, 0, 0, "", "%s%s", or_silent(vf_bugcheck_meaning(d->bugcheck)),
			d->bugcheck->type == VF_LIVE_DUMP ? " [live dump, the system goes on]"
							  : "");
	fputc('\n', t->out);
	if (d->n_readings <= 1) {
		if (d->n_readings)
			print_reading(t, d, d->reading[0]);
		else
			print_parameters(t, 2, &d->in, d->meaning);
	}
	for (size_t i = 0; d->n_readings > 1 && i < d->n_readings; i++) {
		fprintf(t->out, "%sReading %zu of %zu\n", i ? "\n" : "", i + 1, d->n_readings);
		print_reading(t, d, d->reading[i]);
	}
	fputc('\n', t->out);
	if (d->bugcheck)
		print_answers(t, d);
	for (size_t i = 0; i < d->n_notes; i++)
		vf_text_field(t, 0, COLUMN, "Note", "%s", d->note[i]);
}

static void print_flag(
	const struct vf_text *t, const struct vf_verifier_flag *row, enum vf_windows windows)
{
	enum { AT = 14 };
	char mask[16];

	snprintf(mask, sizeof(mask), "0x%08" PRIx32, row->mask);
	vf_text_field(t, 0, AT, mask, "%s", row->name);
	vf_text_field(t, 2, AT, "key", "%s", row->key);
	vf_text_field(t, 2, AT, "what", "%s", row->meaning);
	vf_text_field(t, 2, AT, "since", "%s", row->since ? row->since : "not documented");
	if (row->deprecated)
		vf_text_field(t, 2, AT, "deprecated", "%s", row->deprecated);
	if (windows) {
		const char *standard = vf_flag_standard(row, windows);
		const char *volatile_ = vf_flag_volatile(row, windows);

		vf_text_field(t, 2, AT, "available", "%s as a bit on Windows %s",
			vf_flag_available_word(row, windows), vf_windows_word(windows));
		vf_text_field(t, 2, AT, "standard", "%s", standard ? standard : "not documented");
		vf_text_field(t, 2, AT, "volatile", "%s%s%s",
			volatile_ ? volatile_ : "not documented",
			windows == VF_WIN_11 ? "; by /dif /now: " : "",
			windows == VF_WIN_11 ? row->dif_now_win11 : "");
	} else {
		vf_text_field(t, 2, AT, "standard", "XP: %s; Vista, 7: %s; 8, 8.1: %s; 10, 11: %s",
			row->standard[VF_STD_XP], row->standard[VF_STD_VISTA_7],
			row->standard[VF_STD_8_81], row->standard[VF_STD_10_11]);
		vf_text_field(t, 2, AT, "volatile",
			"Vista to 8.1: %s; 10: %s; 11: %s; by /dif /now on 11: %s",
			row->volatile_[VF_VOL_VISTA_81], row->volatile_[VF_VOL_10],
			row->volatile_[VF_VOL_11], row->dif_now_win11);
	}
	vf_text_field(t, 2, AT, "restart", "%s", row->reboot_needed);
	if (row->requires && strcmp(row->requires, "none") != 0)
		vf_text_field(t, 2, AT, "requires", "%s", row->requires);
	if (row->notes)
		vf_text_field(t, 2, AT, "notes", "%s", row->notes);
}

static void print_bits(const struct vf_text *t, const char *label, uint32_t mask, const char *what)
{
	char bits[VF_FLAG_BITS * sizeof("0x00000000 ")] = "";
	size_t len = 0;

	if (!mask)
		return;
	for (int bit = 0; bit < VF_FLAG_BITS; bit++)
		if (mask & (UINT32_C(1) << bit))
			len += (size_t)snprintf(bits + len, sizeof(bits) - len, "0x%08" PRIx32 " ",
				UINT32_C(1) << bit);
	fputc('\n', t->out);
	vf_text_field(t, 0, 15, label, "%s(%s)", bits, what);
}

void vf_print_flags(
	const struct vf_text *t, const struct vf_decoded_flags *flags, enum vf_windows windows)
{
	if (flags->mask)
		vf_text_field(t, 0, 0, "", "0x%08" PRIx32 ": %zu of its bits are in the list",
			flags->mask, flags->n_flags);
	else
		vf_text_field(t, 0, 0, "", "%s",
			"0x00000000: no option is set; automatic checks of a verified driver stay");
	for (size_t i = 0; i < flags->n_flags; i++) {
		fputc('\n', t->out);
		print_flag(t, flags->flag[i], windows);
	}
	print_bits(t, "Reserved bits", flags->reserved, "no published meaning");
	print_bits(t, "Unknown bits", flags->unknown, "in no public list");
	print_bits(t, "Missing bits", flags->missing, "required by an option that is set");
}
