#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/cli/catalog_json.h"
#include "agent/cli/command.h"
#include "agent/cli/decode_text.h"
#include "verifleet/status.h"

static const char usage_text[] =
	"usage: verifleet decode bugcheck CODE [P1 [P2 [P3 [P4]]]] [OPTION…]\n"
	"       verifleet decode flags MASK [OPTION…]\n"
	"\n"
	"Says what a bug check with its parameters, or a Driver Verifier mask, means.\n"
	"\n"
	"  CODE, P1..P4, MASK  0x and hexadecimal digits, or decimal; CODE may be the\n"
	"                      text of an event, \"0x000000d1 (0x28, 0x2, 0x0, 0xfff…)\"\n"
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

/*
 * An event has it as `0x000000d1 (0x28, 0x2, 0x0, 0xfff…).`: one argument becomes five. There every
 * number is hexadecimal, so each has to say so.
 */
static int split_event_text(struct options *o, char *text, size_t size)
{
	char *rest = text, *word;

	if (o->n_values != 1 || !strchr(o->value[0], '('))
		return VF_EXIT_OK;
	if (strlen(o->value[0]) >= size)
		return wrong("the text of the event is too long");
	snprintf(text, size, "%s", o->value[0]);
	o->n_values = 0;
	while ((word = strsep(&rest, " ,()"))) {
		if (!*word || !strcmp(word, "."))
			continue;
		if (strncmp(word, "0x", 2) != 0)
			return wrong(
				"\"%s\" in the text of an event is not a number with 0x", word);
		if (o->n_values == VF_ARRAY_LEN(o->value))
			return wrong("one value too many: %s", word);
		o->value[o->n_values++] = word;
	}
	return o->n_values ? VF_EXIT_OK : wrong("which CODE?");
}

static int decode_bugcheck(int argc, char **argv)
{
	static const char *const what[] = {
		"CODE", "parameter 1", "parameter 2", "parameter 3", "parameter 4"};
	struct vf_text text = {stdout, vf_text_width(stdout)};
	struct vf_bugcheck_input in = {0};
	struct vf_decoded decoded;
	struct options o;
	char event[160];
	int code = parse_options(argc, argv, false, &o);

	if (!code)
		code = split_event_text(&o, event, sizeof(event));
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
		vf_print_bugcheck(&text, &decoded);
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
	vf_print_flags(&text, &flags, o.windows);
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
