/* `verifleet dump`: shows what a kernel crash dump says, to people or as JSON. */
#include "agent/cli/command.h"
#include "agent/cli/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "agent/dump/dump.h"
#include "agent/posix/source_file.h"
#include "agent/wire/dump_json.h"
#include "verifleet/catalog.h"

static const char usage_text[] =
	"usage: verifleet dump FILE... [--json]\n"
	"\n"
	"Decodes Windows kernel crash dumps: 64-bit small (triage) dumps whole, every other\n"
	"kernel dump from its header.\n"
	"\n"
	"  --json  one JSON object a file, each on its own line\n"
	"\n"
	"Exit code: 0 all files were decoded, 1 one was no kernel dump or could not be read,\n"
	"2 the command line is wrong.\n";

static const char *or_unknown(const char *text)
{
	return text && *text ? text : "unknown";
}

static void print_summary(const struct vf_dump *d)
{
	const char *arch = vf_dump_arch_word(d->arch);
	char when[VF_DUMP_TIME_TEXT];

	printf("  format     %s%u (type %" PRIu32 "), %s", vf_dump_kind_word(d->kind), d->bits,
		d->type, or_unknown(arch));
	if (d->has_cpus)
		printf(", %" PRIu32 " processors", d->cpus);
	if (d->has_build)
		printf("\n  windows    build %" PRIu32 "%s%s", d->os_build,
			d->build_lab[0] ? ", lab " : "", d->build_lab);
	if (vf_dump_time(d, when))
		printf("\n  time       %s", when);
	if (d->has_uptime)
		printf("\n  uptime     %" PRIu64 ".%07" PRIu64 " s", d->uptime_100ns / 10000000,
			d->uptime_100ns % 10000000);
	if (d->has_context)
		printf("\n  context    pc 0x%016" PRIx64 ", sp 0x%016" PRIx64, d->pc, d->sp);
	if (d->comment[0])
		printf("\n  comment    %s", d->comment);
	putchar('\n');
}

static void print_bugcheck(const struct vf_dump *d)
{
	struct vf_bugcheck_input in = {
		.raw_code = d->raw_code, .n_parameters = 4, .os_build = d->os_build};
	struct vf_decoded decoded;

	memcpy(in.parameter, d->params, sizeof in.parameter);
	vf_decode_bugcheck(&in, &decoded);
	printf("\n  bug check  0x%08" PRIx32 " %s", d->code,
		decoded.bugcheck ? decoded.bugcheck->name : "(not in the catalogue)");
	if (d->raw_code != d->code)
		printf(" (raw 0x%08" PRIx32 ")", d->raw_code);
	putchar('\n');
	for (size_t i = 0; i < decoded.n_readings; i++)
		printf("             %s\n", decoded.reading[i]->meaning);
	for (size_t i = 0; i < 4; i++)
		printf("             %zu  0x%016" PRIx64 "  %s\n", i + 1, d->params[i],
			decoded.meaning[i] ? decoded.meaning[i] : "no public meaning");
	if (d->parameter_text[0])
		printf("             parameter 2 says: %s\n", d->parameter_text);
	if (d->parameter_text_absent)
		puts("             parameter 2 points at a text that is not in the dump");
}

static void print_culprit(const struct vf_dump *d)
{
	const struct vf_dump_culprit *c = &d->culprit;
	char reason[96];

	vf_dump_reason(c, reason, sizeof reason);
	if (c->rule == VF_CULPRIT_NONE)
		puts("  culprit    none: nothing in the dump names one");
	else if (c->has_offset)
		printf("  culprit    %s+0x%" PRIx64 " (%s)\n", c->module, c->offset, reason);
	else
		printf("  culprit    %s (%s)\n", c->module, reason);
}

static void print_modules(const struct vf_dump *d)
{
	if (d->driver_count)
		printf("\ndrivers (%zu)\n  %-18s  %-10s  %-10s  %-10s  path\n", d->driver_count,
			"base", "size", "timestamp", "checksum");
	for (size_t i = 0; i < d->driver_count; i++)
		printf("  0x%016" PRIx64 "  0x%08" PRIx32 "  0x%08" PRIx32 "  0x%08" PRIx32
		       "  %s\n",
			d->drivers[i].base, d->drivers[i].size, d->drivers[i].timestamp,
			d->drivers[i].checksum, or_unknown(d->drivers[i].path));
	if (d->unloaded_count)
		printf("\nunloaded drivers (%zu), newest first\n", d->unloaded_count);
	for (size_t i = 0; i < d->unloaded_count; i++)
		printf("  0x%016" PRIx64 "..0x%016" PRIx64 "  %s\n", d->unloaded[i].start,
			d->unloaded[i].end, or_unknown(d->unloaded[i].name));
}

static void print_stack(const struct vf_dump *d)
{
	char guid[VF_DUMP_GUID_TEXT];

	if (d->word_count)
		printf("\nstack words in modules (%zu; a scan, so old values are among them)\n",
			d->word_count);
	for (size_t i = 0; i < d->word_count; i++)
		printf("  0x%016" PRIx64 "  0x%016" PRIx64 "  %s%s+0x%" PRIx64 "\n",
			d->words[i].address, d->words[i].value,
			d->words[i].place.driver ? "" : "(unloaded) ",
			or_unknown(d->words[i].place.module), d->words[i].place.offset);
	if (d->blob_count)
		printf("\nsecondary data (%zu blobs)\n", d->blob_count);
	for (size_t i = 0; i < d->blob_count; i++) {
		vf_dump_guid(&d->blobs[i], guid);
		printf("  %s  %" PRIu32 " bytes\n", guid, d->blobs[i].size);
	}
}

static void print_text(const struct vf_dump *d, const char *path)
{
	vf_text_safe(path, stdout);
	putchar('\n');
	print_summary(d);
	print_bugcheck(d);
	print_culprit(d);
	for (size_t i = 0; i < d->warning_count; i++)
		printf("  warning    %s\n", d->warnings[i]);
	print_modules(d);
	print_stack(d);
	putchar('\n'); /* another file may follow */
}

static bool print_json(const struct vf_dump *d)
{
	json_t *json = vf_dump_to_json(d, VF_DUMP_WORDS);
	bool ok = json && !json_dumpf(json, stdout, VF_DUMP_JSON_FLAGS);

	json_decref(json);
	if (ok)
		putchar('\n');
	return ok;
}

static bool show(const char *path, bool as_json)
{
	struct vf_source_file file;
	struct vf_err err = {.code = VF_OK};
	struct vf_dump *d = malloc(sizeof *d);
	bool ok = false;

	if (!d || vf_source_file_open(&file, path, &err) != VF_OK)
		goto out_free;
	if (vf_dump_parse(d, &file.source, &err) != VF_OK)
		goto out_close;
	ok = true;
	if (as_json)
		ok = print_json(d);
	else
		print_text(d, path);
	vf_dump_release(d);
out_close:
	vf_source_file_close(&file);
out_free:
	free(d);
	if (!ok) {
		fputs("verifleet dump: ", stderr);
		vf_text_safe(path, stderr);
		fputs(": ", stderr);
		vf_text_safe(err.code == VF_OK ? "out of memory" : err.text, stderr);
		fputc('\n', stderr);
	}
	return ok;
}

static int usage(FILE *out, int code)
{
	fputs(usage_text, out);
	return code;
}

int vf_cmd_dump(int argc, char **argv)
{
	bool as_json = false, options = true, ok = true;
	int files = 0;

	for (int i = 1; i < argc; i++) {
		if (options && !strcmp(argv[i], "--")) {
			options = false;
		} else if (options && !strcmp(argv[i], "--json")) {
			as_json = true;
		} else if (options && (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))) {
			return usage(stdout, VF_EXIT_OK);
		} else if (options && argv[i][0] == '-' && argv[i][1]) {
			fprintf(stderr, "verifleet dump: there is no option %s\n\n", argv[i]);
			return usage(stderr, VF_EXIT_USAGE);
		} else {
			files++;
			continue;
		}
		argv[i] = NULL;
	}
	if (!files) {
		fputs("verifleet dump: which file?\n\n", stderr);
		return usage(stderr, VF_EXIT_USAGE);
	}
	for (int i = 1; i < argc; i++)
		if (argv[i])
			ok = show(argv[i], as_json) && ok;
	if (fflush(stdout) || ferror(stdout)) {
		fputs("verifleet dump: the output could not be written\n", stderr);
		ok = false;
	}
	return ok ? VF_EXIT_OK : VF_EXIT_FAILED;
}
