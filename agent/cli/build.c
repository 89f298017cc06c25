/* `verifleet build create` and `verifleet branch create`: how CI tells the server of a build. */
#include "agent/cli/command.h"

#include <inttypes.h>

#include "agent/cli/client.h"
#include "agent/cli/text.h"
#include "agent/core/hex.h"
#include "agent/core/pe.h"
#include "verifleet/wire.h"

static const char build_text[] =
	"usage: verifleet build create --driver NAME --seq N [--branch B] [--image FILE.sys]...\n"
	"         [--label L] [--commit C] [--project P] [--external-id ID] [--json]\n"
	"\n"
	"Registers a build, or finds the one that has this driver, branch and number already: "
	"saying\n"
	"the same twice changes nothing. Images are identified by what Windows notes of them in a "
	"crash\n"
	"dump (timestamp, size of image, checksum), and by their SHA-256.\n"
	"\n"
	"  --driver       name of the driver's file, such as netx.sys\n"
	"  --branch       main when not given; a new branch is made\n"
	"  --seq          number of the build on its branch: higher is newer\n";

static const char branch_text[] = "usage: verifleet branch create --name B [--parent P --fork-seq "
				  "N] [--project P] [--json]\n";

enum { IMAGES_MAX = 64 };

struct build_args {
	const char *driver, *branch, *seq, *label, *commit, *project, *external_id, *name, *parent,
		*fork_seq;
	const char *images[IMAGES_MAX];
	size_t image_count;
	bool json, help;
};

/* NULL when the option takes no place of its own. */
static const char **place_of(struct build_args *a, const char *option)
{
	const struct {
		const char *name;
		const char **to;
	} all[] = {{"--driver", &a->driver}, {"--branch", &a->branch}, {"--seq", &a->seq},
		{"--label", &a->label}, {"--commit", &a->commit}, {"--project", &a->project},
		{"--external-id", &a->external_id}, {"--name", &a->name}, {"--parent", &a->parent},
		{"--fork-seq", &a->fork_seq}};

	for (size_t i = 0; i < VF_ARRAY_LEN(all); i++)
		if (!strcmp(option, all[i].name))
			return all[i].to;
	return NULL;
}

static bool parse(struct build_args *a, const char *command, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char **to = place_of(a, argv[i]);

		if (!strcmp(argv[i], "--json")) {
			a->json = true;
		} else if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			a->help = true;
		} else if (!to && strcmp(argv[i], "--image") != 0) {
			fprintf(stderr, "verifleet %s: there is no option %s\n", command, argv[i]);
			return false;
		} else if (i + 1 == argc) {
			fprintf(stderr, "verifleet %s: a value is missing after %s\n", command,
				argv[i]);
			return false;
		} else if (to) {
			*to = argv[++i];
		} else if (a->image_count == IMAGES_MAX) {
			fprintf(stderr, "verifleet %s: at most %d images\n", command, IMAGES_MAX);
			return false;
		} else {
			a->images[a->image_count++] = argv[++i];
		}
	}
	return true;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static json_t *image_json(const char *path, struct vf_err *err)
{
	struct vf_posix_crypto crypto;
	uint8_t head[4096], digest[VF_SHA256_LEN];
	struct vf_file_info info;
	struct vf_files files;
	struct vf_pe pe;
	char hex[65];
	uint64_t size;
	size_t got;

	vf_posix_files(&files);
	vf_posix_crypto_init(&crypto);
	/* The header first: what is no image may have no end either. */
	if (files.info(files.ctx, path, &info, err) != VF_OK ||
		files.read_at(files.ctx, path, 0, head, sizeof head, &got, err) != VF_OK ||
		vf_pe_read(&pe, head, got, info.size, err) != VF_OK ||
		crypto.port.sha256_file(&crypto, path, digest, &size, err) != VF_OK)
		return NULL;
	vf_hex(hex, digest, sizeof digest);
	return json_pack("{s:s, s:o, s:I, s:o, s:s}", "name", base_name(path), "timestamp",
		json_sprintf("0x%08" PRIx32, pe.timestamp), "size", (json_int_t)pe.size_of_image,
		"checksum", json_sprintf("0x%08" PRIx32, pe.checksum), "sha256", hex);
}

static json_t *text_or_null(const char *s)
{
	return s ? json_string(s) : json_null();
}

static bool number(const char *command, const char *option, const char *text, int64_t *out)
{
	char *end;

	*out = strtoll(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && *out > 0 && strlen(text) < 16)
		return true;
	fprintf(stderr, "verifleet %s: %s must be a number from 1 on, not \"%s\"\n", command,
		option, text);
	return false;
}

static json_t *build_body(const struct build_args *a, int64_t seq)
{
	json_t *images = json_array(), *image;
	struct vf_err err = {0};

	for (size_t i = 0; i < a->image_count; i++) {
		image = image_json(a->images[i], &err);
		if (!image) {
			fprintf(stderr, "verifleet build create: %s: %s\n", a->images[i], err.text);
			json_decref(images);
			return NULL;
		}
		json_array_append_new(images, image);
	}
	return json_pack("{s:o, s:s, s:s, s:I, s:o, s:o, s:o, s:s, s:o}", "project",
		text_or_null(a->project), "driver", a->driver, "branch",
		a->branch ? a->branch : "main", "seq", (json_int_t)seq, "label",
		text_or_null(a->label), "commit", text_or_null(a->commit), "external_id",
		text_or_null(a->external_id), "origin", "cli", "images", images);
}

static void print_build(const struct vf_client *c, const json_t *build)
{
	const char *driver =
		json_string_value(json_object_get(json_object_get(build, "driver"), "name"));
	const char *label = json_string_value(json_object_get(build, "label"));

	printf("build %lld: ", (long long)json_integer_value(json_object_get(build, "id")));
	vf_text_safe(driver, stdout);
	printf(", ");
	vf_text_safe(json_string_value(json_object_get(build, "branch")), stdout);
	printf(" number %lld", (long long)json_integer_value(json_object_get(build, "seq")));
	if (label) {
		printf(", ");
		vf_text_safe(label, stdout);
	}
	printf(", %zu images, %s\n", json_array_size(json_object_get(build, "images")),
		c->status == 201 ? "new" : "known already");
}

static int post(struct vf_client *c, const char *path, json_t *body, bool as_json,
	void (*print)(const struct vf_client *, const json_t *))
{
	json_t *answer = NULL;
	bool ok = body && vf_client_open(c);

	if (ok) {
		answer = vf_client_call(c, "POST", path, body);
		vf_client_close(c);
	}
	json_decref(body);
	if (!answer)
		return VF_EXIT_FAILED;
	if (as_json) {
		json_dumpf(answer, stdout, JSON_INDENT(1));
		putchar('\n');
	} else {
		print(c, answer);
	}
	json_decref(answer);
	return VF_EXIT_OK;
}

int vf_cmd_build(int argc, char **argv)
{
	struct build_args a = {0};
	struct vf_client c;
	int64_t seq;

	if (argc < 2 || strcmp(argv[1], "create") != 0) {
		bool help = argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"));

		fputs(build_text, help ? stdout : stderr);
		return help ? VF_EXIT_OK : VF_EXIT_USAGE;
	}
	argc--, argv++;
	if (!vf_client_options(&c, "build create", &argc, argv) ||
		!parse(&a, "build create", argc, argv))
		return VF_EXIT_USAGE;
	if (a.help || !a.driver || !a.seq) {
		fputs(build_text, a.help ? stdout : stderr);
		return a.help ? VF_EXIT_OK : VF_EXIT_USAGE;
	}
	if (!number("build create", "--seq", a.seq, &seq))
		return VF_EXIT_USAGE;
	return post(&c, "/api/v1/builds", build_body(&a, seq), a.json, print_build);
}

static void print_branch(const struct vf_client *c, const json_t *branch)
{
	printf("branch ");
	vf_text_safe(json_string_value(json_object_get(branch, "name")), stdout);
	printf(", %s\n", c->status == 201 ? "new" : "known already");
}

int vf_cmd_branch(int argc, char **argv)
{
	struct build_args a = {0};
	struct vf_client c;
	int64_t fork_seq = 0;

	if (argc < 2 || strcmp(argv[1], "create") != 0) {
		bool help = argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"));

		fputs(branch_text, help ? stdout : stderr);
		return help ? VF_EXIT_OK : VF_EXIT_USAGE;
	}
	argc--, argv++;
	if (!vf_client_options(&c, "branch create", &argc, argv) ||
		!parse(&a, "branch create", argc, argv))
		return VF_EXIT_USAGE;
	if (a.help || !a.name || !a.parent != !a.fork_seq) {
		fputs(branch_text, a.help ? stdout : stderr);
		return a.help ? VF_EXIT_OK : VF_EXIT_USAGE;
	}
	if (a.fork_seq && !number("branch create", "--fork-seq", a.fork_seq, &fork_seq))
		return VF_EXIT_USAGE;
	return post(&c, "/api/v1/branches",
		json_pack("{s:s, s:s, s:o, s:o}", "project", a.project ? a.project : "default",
			"name", a.name, "parent", text_or_null(a.parent), "fork_seq",
			a.fork_seq ? json_integer(fork_seq) : json_null()),
		a.json, print_branch);
}
