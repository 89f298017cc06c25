/*
 * Runs a fuzz target over files without libFuzzer: replay FILE... prints TAP. Each input lies in a
 * block of exactly its size, so that AddressSanitizer sees a read behind its end.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int run(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	int ok = 0;
	long len;

	if (!f)
		return 0;
	if (fseek(f, 0, SEEK_END) || (len = ftell(f)) < 0 || fseek(f, 0, SEEK_SET))
		goto out_close;
	data = malloc(len ? (size_t)len : 1);
	if (!data || fread(data, 1, (size_t)len, f) != (size_t)len)
		goto out_close;
	LLVMFuzzerTestOneInput(data, (size_t)len); /* a failure ends the program */
	ok = 1;
out_close:
	free(data);
	fclose(f);
	return ok;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		int ok = run(argv[i]);

		printf("%sok %d - %s\n", ok ? "" : "not ", i, argv[i]);
		fflush(stdout);
		failed |= !ok;
	}
	return failed;
}
