/*
 * `verifleet dump redecode`: brings the server's dumps up to this program's decoder. The server
 * never parses a dump itself: they are fetched, decoded here, and what they say is sent back.
 */
#include "agent/cli/command.h"

#include <inttypes.h>

#include "agent/cli/client.h"
#include "agent/wire/decoded.h"
#include "verifleet/version.h"
#include "verifleet/wire.h"

static const char usage_text[] =
	"usage: verifleet dump redecode [--all] [--json]\n"
	"\n"
	"Decodes the dumps that the server keeps again, those that an older decoder has read, and "
	"sends\n"
	"the result: findings are grouped anew by what is known now. --all takes every dump.\n"
	"The token needs the scopes dumps and import. Safe to repeat and to stop at any time.\n";

struct redecode {
	struct vf_client client;
	bool all;
	size_t done, current, gone, failed;
};

static json_t *decode(const struct vf_buf *bytes, struct vf_err *err)
{
	struct vf_source source = vf_source_memory(bytes->data, bytes->len);
	struct vf_dump *d = malloc(sizeof *d);
	json_t *json = NULL;

	if (d && vf_dump_parse(d, &source, err) == VF_OK) {
		json = vf_decoded_json(d);
		vf_dump_release(d);
		if (json)
			vf_decoded_fit(json, VF_WIRE_LINE_MAX - 4096);
	}
	free(d);
	return json;
}

static bool redecode_one(struct redecode *r, const char *sha256)
{
	struct vf_err err = {.text = "out of memory"};
	json_t *decoded, *body, *answer = NULL;
	struct vf_buf bytes;
	char path[160];

	snprintf(path, sizeof path, "/api/v1/dumps/%s", sha256);
	vf_buf_init(&bytes, VF_WIRE_DUMP_MAX);
	if (vf_client_get(&r->client, path, &bytes)) {
		decoded = decode(&bytes, &err);
		body = decoded ? json_pack("{s:i, s:o}", "decoder", VF_DUMP_DECODER, "decoded",
					 decoded)
			       : NULL;
		snprintf(path, sizeof path, "/api/v1/dumps/%s/decoded", sha256);
		if (body)
			answer = vf_client_call(&r->client, "PUT", path, body);
		else
			fprintf(stderr, "verifleet dump redecode: %s: %s\n", sha256, err.text);
		json_decref(body);
	}
	vf_buf_release(&bytes);
	r->done += answer != NULL;
	r->failed += answer == NULL;
	json_decref(answer);
	return r->client.status != 0 && r->client.status != 401 && r->client.status != 403;
}

static bool is_there(const json_t *item)
{
	const json_t *available = json_object_get(item, "available");

	return available ? json_is_true(available)
			 : json_is_true(json_object_get(item, "complete")) &&
				   json_is_null(json_object_get(item, "deleted_at"));
}

static bool redecode_page(struct redecode *r, const json_t *page)
{
	json_t *item;
	size_t i;

	json_array_foreach (json_object_get(page, "items"), i, item) {
		const char *sha256 = json_string_value(json_object_get(item, "sha256"));
		json_int_t decoder = json_integer_value(json_object_get(item, "decoder"));

		if (!sha256 || strlen(sha256) != 64)
			continue;
		if (!is_there(item))
			r->gone++;
		else if (decoder >= VF_DUMP_DECODER && !r->all)
			r->current++;
		else if (!redecode_one(r, sha256))
			return false;
	}
	return true;
}

static bool run(struct redecode *r)
{
	json_t *page = NULL;
	struct vf_buf path;
	const char *next = NULL;
	bool ok;

	do {
		vf_buf_init(&path, 4096);
		vf_buf_adds(&path, "/api/v1/dumps?limit=200");
		if (next) {
			vf_buf_adds(&path, "&cursor=");
			vf_client_quote(&path, next);
		}
		json_decref(page);
		page = vf_client_call(&r->client, "GET", vf_buf_text(&path), NULL);
		vf_buf_release(&path);
		ok = page && redecode_page(r, page);
		next = ok ? json_string_value(json_object_get(page, "next")) : NULL;
		if (next)
			fprintf(stderr, "%zu decoded again so far\n", r->done);
	} while (next);
	json_decref(page);
	return ok;
}

int vf_cmd_redecode(int argc, char **argv)
{
	struct redecode r = {0};
	bool as_json = false, ok;

	if (!vf_client_options(&r.client, "dump redecode", &argc, argv))
		return VF_EXIT_USAGE;
	for (int i = 1; i < argc; i++) {
		bool help = !strcmp(argv[i], "--help") || !strcmp(argv[i], "-h");

		if (!strcmp(argv[i], "--all")) {
			r.all = true;
		} else if (!strcmp(argv[i], "--json")) {
			as_json = true;
		} else {
			fputs(usage_text, help ? stdout : stderr);
			return help ? VF_EXIT_OK : VF_EXIT_USAGE;
		}
	}
	if (!vf_client_open(&r.client))
		return VF_EXIT_FAILED;
	ok = run(&r);
	vf_client_close(&r.client);
	if (as_json)
		printf("{\"decoded\":%zu,\"current\":%zu,\"gone\":%zu,\"failed\":%zu}\n", r.done,
			r.current, r.gone, r.failed);
	else
		printf("%zu decoded again, %zu were up to date, %zu are no longer kept, %zu "
		       "failed\n",
			r.done, r.current, r.gone, r.failed);
	return ok && !r.failed ? VF_EXIT_OK : VF_EXIT_FAILED;
}
