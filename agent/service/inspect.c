/* status, spool, config: the commands that only look. They never touch what a running agent holds. */
#include <inttypes.h>

#include <jansson.h>

#include "agent/core/hex.h"
#include "agent/core/rfc3339.h"
#include "agent/core/watermark.h"
#include "agent/service/command.h"

int vf_agent_cmd_config(int argc, char **argv)
{
	struct vf_command_line *c = malloc(sizeof *c);
	struct vf_buf out;
	int code = 2;

	vf_buf_init(&out, 64 << 10);
	if (c && vf_command_line(c, argc, argv)) {
		if (c->help) {
			puts("usage: verifleet-agent config [OPTIONS]\n\nPrints agent.ini as it is "
			     "in effect.");
		} else {
			vf_config_print(&c->config, &out);
			fputs(vf_buf_text(&out), stdout);
		}
		code = 0;
	}
	vf_buf_release(&out);
	free(c);
	return code;
}

static const char *text_of(const json_t *root, const char *name)
{
	const char *s = json_string_value(json_object_get(root, name));

	return s ? s : "never";
}

static void print_status(const json_t *s)
{
	const json_t *spool = json_object_get(s, "spool");
	json_t *stream;
	size_t i;

	printf("machine        %s (agent %s)\nserver         %s\n", text_of(s, "machine"),
		text_of(s, "agent_id"), text_of(s, "server"));
	printf("agent          %s, as of %s\n",
		json_is_true(json_object_get(s, "running")) ? "running" : "stopped",
		text_of(s, "at"));
	printf("last contact   %s\n", text_of(s, "last_contact_at"));
	if (json_is_string(json_object_get(s, "problem")))
		printf("problem        %s (%lld failures in a row)\n", text_of(s, "problem"),
			(long long)json_integer_value(json_object_get(s, "failures_in_a_row")));
	printf("to be sent     %lld records, %lld dumps; %lld crashes wait for their other half\n",
		(long long)json_integer_value(json_object_get(spool, "records")),
		(long long)json_integer_value(json_object_get(s, "dumps_waiting")),
		(long long)json_integer_value(json_object_get(s, "crashes_waiting")));
	printf("spool          %lld bytes, oldest %s, %lld dropped\n",
		(long long)json_integer_value(json_object_get(spool, "bytes")),
		text_of(spool, "oldest_at"),
		(long long)json_integer_value(json_object_get(spool, "dropped")));
	json_array_foreach (json_object_get(s, "streams"), i, stream)
		printf("  %.8s… %-8s %lld of %lld acknowledged%s\n", text_of(stream, "stream"),
			text_of(stream, "lane"),
			(long long)json_integer_value(json_object_get(stream, "acknowledged")),
			(long long)json_integer_value(json_object_get(stream, "durable")),
			json_is_true(json_object_get(stream, "open")) ? ""
								      : ", of an earlier start");
}

/* The file says "running" after a crash, too; the lock knows. */
static bool is_running(const struct vf_files *files, const char *data_dir)
{
	struct vf_file *lock;
	char path[1200];

	snprintf(path, sizeof path, "%s/lock", data_dir);
	if (files->lock(files->ctx, path, &lock, NULL) != VF_OK)
		return true;
	files->unlock(files->ctx, lock);
	return false;
}

int vf_agent_cmd_status(int argc, char **argv)
{
	struct vf_command_line *c = malloc(sizeof *c);
	struct vf_err err = {0};
	struct vf_files files;
	struct vf_buf text;
	json_t *root = NULL;
	enum vf_status st;
	char path[1200];
	int code = 2;

	vf_posix_files(&files);
	vf_buf_init(&text, 1 << 20);
	if (!c || !vf_command_line(c, argc, argv))
		goto out_free;
	code = 0;
	if (c->help) {
		puts("usage: verifleet-agent status [--json] [--data-dir DIR]");
		goto out_free;
	}
	snprintf(path, sizeof path, "%s/status.json", c->data_dir);
	st = files.read_all(files.ctx, path, &text, &err);
	root = st == VF_OK ? json_loadb(vf_buf_text(&text), text.len, 0, NULL) : NULL;
	if (!root) {
		fprintf(stderr, "verifleet-agent: no agent has run with %s yet\n", c->data_dir);
		code = 1;
		goto out_free;
	}
	json_object_set_new(root, "running", json_boolean(is_running(&files, c->data_dir)));
	if (c->json) {
		json_dumpf(root, stdout, JSON_INDENT(1));
		putchar('\n');
	} else {
		print_status(root);
	}
out_free:
	json_decref(root);
	vf_buf_release(&text);
	free(c);
	return code;
}

struct inspection {
	const struct vf_files *files;
	const char *dir;
	bool verbose, json;
	uint64_t segments, records, damaged, torn, bytes;
	json_t *list;
};

static void inspect_bytes(struct inspection *in, const char *name, const struct vf_buf *b)
{
	static const char *const words[] = {"?",
#define VF_X(symbol, number, word, lane, meaning) [number] = word,
		VF_WIRE_RECORDS(VF_X)
#undef VF_X
	};
	struct vf_segment_damage d;
	struct vf_segment_record r;
	enum vf_segment_step step;
	uint64_t first = 0, last = 0, records = 0, damaged = 0;
	size_t pos = 0;

	while ((step = vf_segment_next(b->data, b->len, &pos, &r, &d)) != VF_SEGMENT_END) {
		if (step == VF_SEGMENT_DAMAGE) {
			in->torn += d.torn;
			damaged += !d.torn;
			if (!in->json)
				printf("%s: bytes %zu to %zu are %s\n", name, d.start, d.end,
					d.torn ? "a write that was cut off" : "damaged");
			continue;
		}
		first = first ? first : r.seq;
		last = r.last;
		records++;
		if (in->verbose && !in->json)
			printf("%s: %" PRIu64 " %s %s %u bytes\n", name, r.seq,
				words[r.kind < VF_ARRAY_LEN(words) ? r.kind : 0],
				vf_time_format(r.at_us).text, r.payload_len);
	}
	in->segments++;
	in->records += records;
	in->damaged += damaged;
	in->bytes += b->len;
	json_array_append_new(
		in->list, json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "segment", name, "bytes",
				  (json_int_t)b->len, "records", (json_int_t)records, "first_seq",
				  (json_int_t)first, "last_seq", (json_int_t)last, "damaged_ranges",
				  (json_int_t)damaged));
	if (!in->json)
		printf("%s: %" PRIu64 " records, %" PRIu64 " to %" PRIu64 ", %zu bytes\n", name,
			records, first, last, b->len);
}

static bool inspect_file(void *arg, const char *name)
{
	struct inspection *in = arg;
	size_t n = strlen(name);
	struct vf_watermark w;
	struct vf_buf bytes;
	char path[1400];

	snprintf(path, sizeof path, "%s/%s", in->dir, name);
	if (n > 4 && !strcmp(name + n - 4, ".ack") && !in->json &&
		vf_watermark_load(in->files, path, &w, NULL) == VF_OK)
		printf("%s: acknowledged up to %" PRIu64 "\n", name, w.acked);
	if (n < 5 || strcmp(name + n - 4, ".seg") != 0)
		return true;
	vf_buf_init(&bytes, 64 << 20);
	if (in->files->read_all(in->files->ctx, path, &bytes, NULL) == VF_OK)
		inspect_bytes(in, name, &bytes);
	vf_buf_release(&bytes);
	return true;
}

int vf_agent_cmd_spool(int argc, char **argv)
{
	struct vf_command_line *c = malloc(sizeof *c);
	struct vf_err err = {0};
	struct vf_files files;
	struct inspection in = {0};
	char dir[1000];
	int code = 2;

	if (!c || !vf_command_line(c, argc, argv))
		goto out_free;
	if (c->help) {
		puts("usage: verifleet-agent spool [--verbose] [--json] [--data-dir DIR]\n\n"
		     "Reads every segment of the spool and checks each record. Exit 1 when there "
		     "is damage.");
		code = 0;
		goto out_free;
	}
	vf_posix_files(&files);
	snprintf(dir, sizeof dir, "%s/spool", c->data_dir);
	in = (struct inspection){
		.files = &files, .dir = dir, .verbose = c->verbose, .json = c->json};
	in.list = json_array();
	if (files.list(files.ctx, dir, inspect_file, &in, &err) != VF_OK) {
		fprintf(stderr, "verifleet-agent: no spool in %s\n", c->data_dir);
		code = 1;
	} else if (in.json) {
		json_t *root = json_pack("{s:O, s:I, s:I, s:I}", "segments", in.list, "records",
			(json_int_t)in.records, "damaged_ranges", (json_int_t)in.damaged,
			"torn_tails", (json_int_t)in.torn);

		json_dumpf(root, stdout, JSON_INDENT(1));
		putchar('\n');
		json_decref(root);
		code = in.damaged != 0;
	} else {
		printf("%" PRIu64 " segments, %" PRIu64 " records, %" PRIu64 " bytes, %" PRIu64
		       " damaged ranges, %" PRIu64 " writes cut off\n",
			in.segments, in.records, in.bytes, in.damaged, in.torn);
		code = in.damaged != 0;
	}
	json_decref(in.list);
out_free:
	free(c);
	return code;
}
