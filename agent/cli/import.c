/* `verifleet import`: sends crash dumps that lie around to a build. Safe to repeat. */
#include "agent/cli/command.h"

#include <ftw.h>
#include <inttypes.h>
#include <unistd.h>

#include "agent/cli/client.h"
#include "agent/cli/text.h"
#include "agent/core/hex.h"
#include "agent/posix/source_file.h"
#include "agent/wire/decoded.h"
#include "verifleet/version.h"
#include "verifleet/wire.h"

#define TURNS_MAX 16 /* how often one upload may be sent elsewhere by the server */

static const char usage_text[] =
	"usage: verifleet import dump FILE... [OPTIONS]\n"
	"       verifleet import dumps DIR... [--recursive] [OPTIONS]\n"
	"\n"
	"Decodes Windows kernel crash dumps here and sends what they say, then small dumps (up to "
	"8 MiB)\n"
	"themselves. A dump that the server has already is counted once, whoever sends it again.\n"
	"\n"
	"  --build B      the build under test: its id, or driver/branch/number "
	"(netx.sys/main/7);\n"
	"                 without it the server looks for a build by the images in the dump\n"
	"  --machine M    name of the machine that crashed (default: imported)\n"
	"  --project P    project, when no build is named (default: default)\n"
	"  --recursive    folders below DIR as well\n"
	"  --json         one JSON object a file, each on its own line\n"
	"\n"
	"Exit code: 0 everything is on the server, 1 something is not, 2 the command line is "
	"wrong.\n";

struct import {
	struct vf_client client;
	const char *build_name, *machine, *project;
	int64_t build;
	bool json, recursive, folders, progress;
	struct vf_posix_crypto crypto;
	struct vf_files files;
	char **paths;
	size_t count, room;
	size_t fresh, duplicates, failed;
	bool hopeless; /* the connection or the token is at fault: every other file would fail too */
};

static bool failed(struct import *im, const char *path, const char *why)
{
	vf_text_safe(path, stderr);
	fputs(": ", stderr);
	vf_text_safe(why, stderr);
	fputc('\n', stderr);
	im->failed++;
	return false;
}

/* The exchange went wrong: what the client noted of it is the reason. */
static bool refused(struct import *im, const char *path)
{
	int status = im->client.status;

	im->hopeless = status == 0 || status == 401 || status == 403;
	return failed(im, path, im->client.problem);
}

static json_t *decode(const char *path, struct vf_err *err)
{
	struct vf_source_file file;
	struct vf_dump *d = malloc(sizeof *d);
	json_t *json = NULL;

	if (!d || vf_source_file_open(&file, path, err) != VF_OK)
		goto out_free;
	if (vf_dump_parse(d, &file.source, err) == VF_OK) {
		json = vf_decoded_json(d);
		vf_dump_release(d);
		if (json)
			vf_decoded_fit(json, VF_WIRE_LINE_MAX - 4096);
		else
			(void)vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	vf_source_file_close(&file);
out_free:
	free(d);
	return json;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The server goes on where it stands, so an upload that broke off costs only the rest. */
static bool upload(struct import *im, const char *path, const char *sha256, uint64_t size)
{
	struct vf_client *c = &im->client;
	uint8_t *chunk = malloc(VF_WIRE_DUMP_CHUNK);
	uint64_t at = 0;
	char url[256];
	bool complete = false, ok = chunk != NULL;
	unsigned turns = 0;
	json_t *answer;

	snprintf(url, sizeof url, "/api/v1/dumps/%s/upload", sha256);
	answer = ok ? vf_client_call(c, "GET", url, NULL) : NULL;
	if (answer) {
		complete = json_is_true(json_object_get(answer, "complete"));
		at = (uint64_t)json_integer_value(json_object_get(answer, "received"));
	}
	ok = answer != NULL;
	json_decref(answer);
	while (ok && !complete && at < size) {
		size_t len =
			size - at < VF_WIRE_DUMP_CHUNK ? (size_t)(size - at) : VF_WIRE_DUMP_CHUNK;
		size_t got = 0;

		if (im->files.read_at(im->files.ctx, path, at, chunk, len, &got, NULL) != VF_OK ||
			got != len) {
			snprintf(c->problem, sizeof c->problem,
				"the file changed while it was sent");
			ok = false;
			break;
		}
		snprintf(url, sizeof url,
			"/api/v1/dumps/%s/upload?offset=%" PRIu64 "&size=%" PRIu64, sha256, at,
			size);
		answer = vf_client_send(c, "PUT", url, chunk, len);
		complete = json_is_true(json_object_get(answer, "complete"));
		if (answer) {
			at += len;
		} else if (c->status == 409 && c->received != at && c->received < size &&
			   turns++ < TURNS_MAX) {
			at = c->received;
		} else {
			ok = false;
		}
		json_decref(answer);
	}
	if (ok && !complete) {
		snprintf(c->problem, sizeof c->problem,
			"the server has all of the dump and still does not say so");
		ok = false;
	}
	free(chunk);
	return ok;
}

static json_t *request(const struct import *im, const char *path, const char *sha256, uint64_t size,
	json_t *decoded)
{
	return json_pack("{s:o, s:o, s:o, s:{s:s, s:I, s:s, s:i, s:o}}", "build_id",
		im->build ? json_integer(im->build) : json_null(), "machine",
		im->machine ? json_string(im->machine) : json_null(), "project",
		im->project ? json_string(im->project) : json_null(), "dump", "sha256", sha256,
		"size", (json_int_t)size, "file_name", base_name(path), "decoder", VF_DUMP_DECODER,
		"decoded", decoded);
}

static const char *say_role(const char *role)
{
	static const char *const words[][2] = {
		{"own", "the build's driver is to blame"},
		{"loaded", "the build's driver was loaded, another one is to blame"},
		{"other", "the build's driver is not in the dump, another one is to blame"},
	};

	for (size_t i = 0; role && i < VF_ARRAY_LEN(words); i++)
		if (!strcmp(role, words[i][0]))
			return words[i][1];
	return "not attributed to a build";
}

/* ", moved from build netx.sys/main/7 (10.4.7)"; nothing when the crash stayed where it was. */
static void print_move(const json_t *from)
{
	const char *label = json_string_value(json_object_get(from, "label"));

	if (!json_is_object(from))
		return;
	printf(", moved from build ");
	vf_text_safe(json_string_value(json_object_get(from, "driver")), stdout);
	putchar('/');
	vf_text_safe(json_string_value(json_object_get(from, "branch")), stdout);
	printf("/%lld", (long long)json_integer_value(json_object_get(from, "seq")));
	if (label) {
		printf(" (");
		vf_text_safe(label, stdout);
		putchar(')');
	}
}

static void print_one(const struct import *im, const char *path, const json_t *answer)
{
	const json_t *finding = json_object_get(answer, "finding_id");
	const char *role = json_string_value(json_object_get(answer, "role"));
	const char *how = json_string_value(json_object_get(answer, "attribution"));
	json_t *line;

	if (im->json) {
		line = json_deep_copy(answer);
		json_object_set_new(line, "file", json_string(path));
		json_dumpf(line, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(line);
		return;
	}
	vf_text_safe(path, stdout);
	printf(": %s",
		json_is_true(json_object_get(answer, "duplicate")) ? "known already" : "new crash");
	print_move(json_object_get(answer, "moved_from"));
	printf(", finding %lld; %s%s\n", (long long)json_integer_value(finding), say_role(role),
		how && !strcmp(how, "image") ? " (build found by its image)" : "");
}

static bool import_one(struct import *im, const char *path)
{
	struct vf_err err = {0};
	uint8_t digest[VF_SHA256_LEN];
	json_t *decoded, *body, *answer;
	bool duplicate, wanted, named;
	char sha256[65];
	uint64_t size;

	decoded = decode(path, &err);
	if (!decoded)
		return failed(im, path, err.code ? err.text : "out of memory");
	if (im->crypto.port.sha256_file(&im->crypto, path, digest, &size, &err) != VF_OK) {
		json_decref(decoded);
		return failed(im, path, err.text);
	}
	vf_hex(sha256, digest, sizeof digest);
	body = request(im, path, sha256, size, decoded);
	answer = body ? vf_client_call(&im->client, "POST", "/api/v1/import/crashes", body) : NULL;
	named = body != NULL;
	json_decref(body);
	if (!named)
		return failed(im, path, "its name is no UTF-8");
	if (!answer)
		return refused(im, path);
	if (!json_is_integer(json_object_get(answer, "finding_id"))) {
		json_decref(answer);
		return failed(im, path, "the server does not answer like a Verifleet server");
	}
	duplicate = json_is_true(json_object_get(answer, "duplicate"));
	wanted = json_is_true(json_object_get(answer, "upload_needed")) && size <= VF_WIRE_DUMP_MAX;
	if (wanted && !upload(im, path, sha256, size)) {
		json_decref(answer);
		return refused(im, path);
	}
	print_one(im, path, answer);
	json_decref(answer);
	im->duplicates += duplicate;
	im->fresh += !duplicate;
	return true;
}

static bool add_path(struct import *im, const char *path)
{
	char *copy;

	if (im->count == im->room) {
		size_t room = im->room ? im->room * 2 : 64;
		void *p = realloc(im->paths, room * sizeof *im->paths);

		if (!p)
			return false;
		im->paths = p;
		im->room = room;
	}
	copy = strdup(path);
	if (copy)
		im->paths[im->count++] = copy;
	return copy != NULL;
}

/* nftw() hands over no argument. */
static struct import *walking;

static int see(const char *path, const struct stat *st, int type, struct FTW *where)
{
	size_t n = strlen(path);

	(void)st;
	if (type == FTW_D && where->level > 0 && !walking->recursive)
		return FTW_SKIP_SUBTREE;
	if (type == FTW_F && n > 4 && !strcasecmp(path + n - 4, ".dmp") && !add_path(walking, path))
		return FTW_STOP;
	return FTW_CONTINUE;
}

static bool gather(struct import *im, const char *path)
{
	walking = im;
	if (!im->folders)
		return add_path(im, path);
	if (access(path, R_OK | X_OK)) {
		struct vf_err err;

		(void)vf_fail_sys(&err, VF_E_IO, "cannot be looked into");
		return failed(im, path, err.text);
	}
	return nftw(path, see, 32, FTW_PHYS | FTW_ACTIONRETVAL) == 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int run(struct import *im)
{
	struct vf_clock clock;
	int64_t said;

	vf_posix_clock(&clock);
	said = clock.mono_us(NULL);
	if (im->count)
		qsort(im->paths, im->count, sizeof *im->paths, by_name);
	for (size_t i = 0; i < im->count; i++) {
		import_one(im, im->paths[i]);
		/* A broken connection or token fails every file alike: saying it once is enough. */
		if (im->hopeless && i + 1 < im->count) {
			im->failed += im->count - i - 1;
			fprintf(stderr, "giving up: %zu more files were not tried\n",
				im->count - i - 1);
			break;
		}
		if (im->progress && clock.mono_us(NULL) - said > 1000000) {
			said = clock.mono_us(NULL);
			fprintf(stderr, "%zu of %zu files (%zu new, %zu known, %zu failed)\n",
				i + 1, im->count, im->fresh, im->duplicates, im->failed);
		}
	}
	fflush(stdout);
	fprintf(stderr, "%zu %s: %zu new, %zu known already, %zu failed\n",
		im->fresh + im->duplicates + im->failed,
		im->fresh + im->duplicates + im->failed == 1 ? "file" : "files", im->fresh,
		im->duplicates, im->failed);
	return im->failed ? VF_EXIT_FAILED : VF_EXIT_OK;
}

static int usage(FILE *out, int code)
{
	fputs(usage_text, out);
	return code;
}

/* Options are taken out; what is left in argv are files or folders. */
static bool parse(struct import *im, int *argc, char **argv)
{
	int kept = 1;

	for (int i = 1; i < *argc; i++) {
		const char **to = !strcmp(argv[i], "--build")     ? &im->build_name
				  : !strcmp(argv[i], "--machine") ? &im->machine
				  : !strcmp(argv[i], "--project") ? &im->project
								  : NULL;

		if (to) {
			if (i + 1 == *argc) {
				fprintf(stderr, "verifleet import: a value is missing after %s\n",
					argv[i]);
				return false;
			}
			*to = argv[++i];
		} else if (!strcmp(argv[i], "--json")) {
			im->json = true;
		} else if (!strcmp(argv[i], "--recursive") || !strcmp(argv[i], "-r")) {
			im->recursive = true;
		} else if (argv[i][0] == '-' && argv[i][1]) {
			fprintf(stderr, "verifleet import: there is no option %s\n", argv[i]);
			return false;
		} else {
			argv[kept++] = argv[i];
		}
	}
	*argc = kept;
	return true;
}

int vf_cmd_import(int argc, char **argv)
{
	struct import im = {0};
	bool ok = true;
	int code = VF_EXIT_FAILED;

	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return usage(stdout, VF_EXIT_OK);
	if (argc < 2 || (strcmp(argv[1], "dump") != 0 && strcmp(argv[1], "dumps") != 0))
		return usage(stderr, VF_EXIT_USAGE);
	im.folders = !strcmp(argv[1], "dumps");
	argc--, argv++;
	if (!vf_client_options(&im.client, "import", &argc, argv) || !parse(&im, &argc, argv))
		return VF_EXIT_USAGE;
	if (argc < 2) {
		fprintf(stderr, "verifleet import: which %s?\n\n", im.folders ? "folder" : "file");
		return usage(stderr, VF_EXIT_USAGE);
	}
	if (!vf_client_open(&im.client))
		return VF_EXIT_FAILED;
	vf_posix_files(&im.files);
	vf_posix_crypto_init(&im.crypto);
	if (im.build_name)
		im.build = vf_client_build(&im.client, im.build_name, im.project);
	if (!im.build_name || im.build) {
		for (int i = 1; i < argc; i++)
			ok = gather(&im, argv[i]) && ok;
		im.client.quiet = true; /* each refusal is said with its file */
		im.progress = isatty(STDERR_FILENO) || im.count > 20;
		code = run(&im);
		if (!ok)
			code = VF_EXIT_FAILED;
	}
	for (size_t i = 0; i < im.count; i++)
		free(im.paths[i]);
	free(im.paths);
	vf_client_close(&im.client);
	return code;
}
