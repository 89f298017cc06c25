/*
 * Dumps decoded per second, beside reading the same bytes and summing them up (CRC-32), in turns:
 * bench_dump [FILE] prints one JSON object. Without a file it writes a synthetic small dump of the
 * size that real ones have. Medians over the rounds; no figure is judged here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>
#include <zlib.h>

#include "agent/dump/dump.h"
#include "agent/posix/source_file.h"
#include "agent/sim/dumpwriter.h"
#include "agent/wire/dump_json.h"

enum { ROUNDS = 9, DRIVERS = 150, WORDS = 1024, BLOCKS = 1800, BLOCK_BYTES = 640 };

static const double round_seconds = 0.2;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool write_dump(const char *path)
{
	static char names[DRIVERS][64];
	static struct vf_sim_driver drivers[DRIVERS];
	static uint64_t words[WORDS];
	static struct vf_sim_block blocks[BLOCKS];
	static const uint8_t data[BLOCK_BYTES];
	const uint64_t base = UINT64_C(0xfffff80000000000);
	struct vf_sim_dump_spec spec = {
		.code = 0xd1,
		.params = {0x10, 2, 0, base + 0x5001234},
		.build_lab = "19041.1.amd64fre.vb_release.191206-1406",
		.pc = base + 0x5001234,
		.drivers = drivers,
		.driver_count = DRIVERS,
		.stack = words,
		.stack_count = WORDS,
		.blocks = blocks,
		.block_count = BLOCKS,
	};
	struct vf_err err;

	for (size_t i = 0; i < DRIVERS; i++) {
		snprintf(names[i], sizeof names[i], "\\SystemRoot\\System32\\drivers\\drv%03zu.sys",
			i);
		drivers[i] = (struct vf_sim_driver){
			names[i], base + i * 0x1000000, 0x800000, (uint32_t)i, (uint32_t)i};
	}
	for (size_t i = 0; i < WORDS; i++)
		words[i] = i % 7 ? i * 77 : base + i * 0x24680;
	for (size_t i = 0; i < BLOCKS; i++)
		blocks[i] = (struct vf_sim_block){
			UINT64_C(0xffff9b0000000000) + i * 0x1000, data, BLOCK_BYTES};
	if (vf_sim_dump_write(&spec, path, &err) == VF_OK)
		return true;
	fprintf(stderr, "bench_dump: %s\n", err.text);
	return false;
}

static bool decode(const struct vf_source_file *f)
{
	static struct vf_dump d;
	json_t *json;
	char *text;
	bool ok;

	if (vf_dump_parse(&d, &f->source, NULL) != VF_OK)
		return false;
	json = vf_dump_to_json(&d, VF_DUMP_WORDS);
	text = json ? json_dumps(json, VF_DUMP_JSON_FLAGS) : NULL;
	ok = text != NULL;
	free(text);
	json_decref(json);
	vf_dump_release(&d);
	return ok;
}

static bool reference(const struct vf_source_file *f)
{
	static uLong sum;
	uint8_t *data = malloc((size_t)f->source.size);
	bool ok =
		data && f->source.read_at(f->source.ctx, 0, data, (size_t)f->source.size) == VF_OK;

	if (ok)
		sum ^= crc32(0, data, (uInt)f->source.size);
	free(data);
	return ok;
}

/* Calls a second over one round; 0 when a call failed. */
static double rate(bool (*run)(const struct vf_source_file *), const struct vf_source_file *f)
{
	double start = now(), passed;
	size_t calls = 0;

	do {
		if (!run(f))
			return 0;
		calls++;
		passed = now() - start;
	} while (passed < round_seconds);
	return (double)calls / passed;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	char made[] = "/tmp/vf-bench-dump.XXXXXX";
	const char *path = argc > 1 ? argv[1] : made;
	double decoded[ROUNDS], read[ROUNDS];
	struct vf_source_file f;
	struct vf_err err;
	int fd = argc > 1 ? -1 : mkstemp(made), result = 1;

	if (argc <= 1 && (fd < 0 || close(fd) || !write_dump(made)))
		return 1;
	if (vf_source_file_open(&f, path, &err) != VF_OK) {
		fprintf(stderr, "bench_dump: %s: %s\n", path, err.text);
		goto out_remove;
	}
	for (size_t i = 0; i < ROUNDS; i++) {
		decoded[i] = rate(decode, &f);
		read[i] = rate(reference, &f);
		if (decoded[i] <= 0 || read[i] <= 0) {
			fprintf(stderr, "bench_dump: %s cannot be decoded\n", path);
			goto out_close;
		}
	}
	qsort(decoded, ROUNDS, sizeof *decoded, by_value);
	qsort(read, ROUNDS, sizeof *read, by_value);
	printf("{\"dumps_per_second\":%.1f,\"reference\":%.1f,"
	       "\"reference_is\":\"reading and CRC-32 of the same bytes\",\"ratio\":%.4f,"
	       "\"dump_bytes\":%llu,\"rounds\":%d}\n",
		decoded[ROUNDS / 2], read[ROUNDS / 2], decoded[ROUNDS / 2] / read[ROUNDS / 2],
		(unsigned long long)f.source.size, (int)ROUNDS);
	result = 0;
out_close:
	vf_source_file_close(&f);
out_remove:
	if (argc <= 1)
		unlink(made);
	return result;
}
