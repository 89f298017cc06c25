/*
 * Proof that the dump reader links and runs on Windows with nothing but the C library: prints code
 * and culprit of the files named. `make win-check` builds it with mingw.
 */
#include <stdio.h>
#include <stdlib.h>

#include "agent/dump/dump.h"

enum { MOST = 64 << 20 };

static int show(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = f ? malloc(MOST) : NULL;
	struct vf_dump *d = malloc(sizeof *d);
	struct vf_source source;
	struct vf_err err;
	int failed = 1;

	if (!f || !data || !d) {
		fprintf(stderr, "%s: cannot be read\n", path);
		goto out_free;
	}
	source = vf_source_memory(data, fread(data, 1, MOST, f));
	if (vf_dump_parse(d, &source, &err) != VF_OK) {
		fprintf(stderr, "%s: %s\n", path, err.text);
		goto out_free;
	}
	printf("%s: 0x%08x, %zu drivers, culprit %s+0x%llx\n", path, d->code, d->driver_count,
		d->culprit.module ? d->culprit.module : "unknown",
		(unsigned long long)d->culprit.offset);
	vf_dump_release(d);
	failed = 0;
out_free:
	free(d);
	free(data);
	if (f)
		fclose(f);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	for (int i = 1; i < argc; i++)
		failed |= show(argv[i]);
	return failed;
}
