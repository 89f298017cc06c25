#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/cli/catalog_json.h"
#include "agent/cli/command.h"
#include "agent/cli/text.h"
#include "verifleet/status.h"

static const char usage_text[] =
	"usage: verifleet decode bugcheck CODE [P1 [P2 [P3 [P4]]]] [OPTION…]\n"
	"       verifleet decode flags MASK [OPTION…]\n"
	"\n"
	"Says what a bug check with its parameters, or a Driver Verifier mask, means.\n"
	"\n"
	"  CODE, P1..P4, MASK  0x and hexadecimal digits, or decimal\n"
	"  --os-build N        build of Windows: readings of other builds are left out\n"
	"  --windows VERSION   xp, vista, 7, 8, 8.1, 10 or 11: what holds on that version\n"
	"  --json              one JSON document (agent/cli/README.md describes it)\n"
	"\n"
	"exit code: 0 decoded, 1 the bug check is in no public list, 2 wrong usage\n";

struct options {
	bool json;
	uint32_t os_build;
	enum vf_windows windows;
	const char *value[5];
	size_t n_values;
};

VF_PRINTF(1, 2) static int wrong(const char *fmt, ...)
{
	va_list args;

	fputs("verifleet decode: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputs("\nTry `verifleet decode --help`.\n", stderr);
	return VF_EXIT_USAGE;
}

/* Strict on purpose: 10 and 0x10 are two codes, so a hexadecimal number has to say that it is one. */
static bool parse_number(const char *text, uint64_t max, uint64_t *out)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	const char *allowed = hex ? "0123456789abcdefABCDEF" : "0123456789";
	char *end;

	if (!*digits || strlen(digits) != strspn(digits, allowed))
		return false;
	errno = 0;
	*out = strtoull(digits, &end, hex ? 16 : 10);
	return !errno && !*end && *out <= max;
}

static int parse_value(const char *what, const char *text, uint64_t max, uint64_t *out)
{
	bool bare = *text && strlen(text) == strspn(text, "0123456789abcdefABCDEF");

	if (parse_number(text, max, out))
		return VF_EXIT_OK;
	if (parse_number(text, UINT64_MAX, out))
		fprintf(stderr, "verifleet decode: %s %s is larger than 32 bits\n", what, text);
	else
		fprintf(stderr,
			"verifleet decode: %s \"%s\" is not a number: write 0x and up to 16 "
			"hexadecimal digits, or decimal%s%s%s\n",
			what, text, bare ? " (did you mean 0x" : "", bare ? text : "",
			bare ? "?)" : "");
	return VF_EXIT_USAGE;
}

/* Takes the value of an option, written as --name VALUE or --name=VALUE. */
static const char *option_value(const char *name, int argc, char **argv, int *i)
{
	size_t len = strlen(name);

	if (strncmp(argv[*i], name, len) != 0)
		return NULL;
	if (argv[*i][len] == '=')
		return argv[*i] + len + 1;
	if (argv[*i][len])
		return NULL;
	return *i + 1 < argc ? argv[++*i] : "";
}

static int parse_options(int argc, char **argv, bool flags, struct options *o)
{
	size_t most = flags ? 1 : 5;

	*o = (struct options){0};
	for (int i = 1; i < argc; i++) {
		const char *value;
		uint64_t number;

		if (!strcmp(argv[i], "--json")) {
			o->json = true;
		} else if (!flags && (value = option_value("--os-build", argc, argv, &i))) {
			if (!parse_number(value, UINT32_MAX, &number) || !number)
				return wrong("--os-build wants a build number such as 26100, not "
					     "\"%s\"",
					value);
			o->os_build = (uint32_t)number;
		} else if (flags && (value = option_value("--windows", argc, argv, &i))) {
			o->windows = vf_windows_named(value);
			if (!o->windows)
				return wrong("--windows wants xp, vista, 7, 8, 8.1, 10 or 11, not "
					     "\"%s\"",
					value);
		} else if (argv[i][0] == '-' && argv[i][1]) {
			return wrong("there is no option %s", argv[i]);
		} else if (o->n_values == most) {
			return wrong("one value too many: %s", argv[i]);
		} else {
			o->value[o->n_values++] = argv[i];
		}
	}
	if (!o->n_values)
		return wrong("%s", flags ? "which MASK?" : "which CODE?");
	return VF_EXIT_OK;
}

/* Tells whether everything reached its reader. */
static int finish(bool bad)
{
	if (!bad && !fflush(stdout) && !ferror(stdout))
		return VF_EXIT_OK;
	fputs("verifleet decode: the answer could not be written\n", stderr);
	return VF_EXIT_FAILED;
}

/* Takes `json`. */
static int print_json(json_t *json)
{
	bool bad = !json || json_dumpf(json, stdout, JSON_INDENT(2)) || putchar('\n') == EOF;

	json_decref(json);
	return finish(bad);
}

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

static void print_bugcheck(const struct vf_text *t, const struct vf_decoded *d)
{
	printf("0x%08" PRIx32 "  %s\n", d->code, d->bugcheck ? d->bugcheck->name : "unknown");
	if (d->code != d->in.raw_code)
		printf("raw 0x%08" PRIx32 "%s%s\n", d->in.raw_code, d->raw ? "  " : "",
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
		printf("%sReading %zu of %zu\n", i ? "\n" : "", i + 1, d->n_readings);
		print_reading(t, d, d->reading[i]);
	}
	fputc('\n', t->out);
	if (d->bugcheck)
		print_answers(t, d);
	for (size_t i = 0; i < d->n_notes; i++)
		vf_text_field(t, 0, COLUMN, "Note", "%s", d->note[i]);
}

static int decode_bugcheck(int argc, char **argv)
{
	static const char *const what[] = {
		"CODE", "parameter 1", "parameter 2", "parameter 3", "parameter 4"};
	struct vf_text text = {stdout, vf_text_width(stdout)};
	struct vf_bugcheck_input in = {0};
	struct vf_decoded decoded;
	struct options o;
	int code = parse_options(argc, argv, false, &o);

	for (size_t i = 0; !code && i < o.n_values; i++) {
		uint64_t value = 0;

		code = parse_value(what[i], o.value[i], i ? UINT64_MAX : UINT32_MAX, &value);
		if (i)
			in.parameter[in.n_parameters++] = value;
		else
			in.raw_code = (uint32_t)value;
	}
	if (code)
		return code;
	in.os_build = o.os_build;
	vf_decode_bugcheck(&in, &decoded);
	if (o.json) {
		code = print_json(vf_json_of_bugcheck(&decoded));
	} else {
		print_bugcheck(&text, &decoded);
		code = finish(false);
	}
	if (!code && !decoded.bugcheck) {
		fprintf(stderr,
			"verifleet decode: bug check 0x%08" PRIx32 " is in no public list\n",
			decoded.code);
		return VF_EXIT_FAILED;
	}
	return code;
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

static int decode_flags(int argc, char **argv)
{
	struct vf_text text = {stdout, vf_text_width(stdout)};
	struct vf_decoded_flags flags;
	struct options o;
	uint64_t mask = 0;
	int code = parse_options(argc, argv, true, &o);

	if (!code)
		code = parse_value("MASK", o.value[0], UINT32_MAX, &mask);
	if (code)
		return code;
	vf_decode_flags((uint32_t)mask, &flags);
	if (o.json)
		return print_json(vf_json_of_flags(&flags, o.windows));
	if (flags.mask)
		vf_text_field(&text, 0, 0, "", "0x%08" PRIx32 ": %zu of its bits are in the list",
			flags.mask, flags.n_flags);
	else
		vf_text_field(&text, 0, 0, "", "%s",
			"0x00000000: no option is set; automatic checks of a verified driver stay");
	for (size_t i = 0; i < flags.n_flags; i++) {
		putchar('\n');
		print_flag(&text, flags.flag[i], o.windows);
	}
	print_bits(&text, "Reserved bits", flags.reserved, "no published meaning");
	print_bits(&text, "Unknown bits", flags.unknown, "in no public list");
	print_bits(&text, "Missing bits", flags.missing, "required by an option that is set");
	return finish(false);
}

int vf_cmd_decode(int argc, char **argv)
{
	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(usage_text, stdout);
		return VF_EXIT_OK;
	}
	if (argc > 2 && (!strcmp(argv[2], "--help") || !strcmp(argv[2], "-h"))) {
		fputs(usage_text, stdout);
		return VF_EXIT_OK;
	}
	if (argc > 1 && !strcmp(argv[1], "bugcheck"))
		return decode_bugcheck(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "flags"))
		return decode_flags(argc - 1, argv + 1);
	fputs(usage_text, stderr);
	return VF_EXIT_USAGE;
}
