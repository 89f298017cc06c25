/*
 * Answers of the decoding handlers for questions on stdin, one a line: words separated by blanks,
 * `bugcheck CODE [P1 … P4]`, `build N CODE [P1 … P4]`, `flags MASK [WINDOWS]` or `catalog`.
 * Prints one line of JSON for each. decode.test.mjs compares them with the command line.
 */
#include <stdio.h>
#include <string.h>

#include "server/api/request.h"

vf_handler vf_api_decode_bugcheck, vf_api_decode_flags, vf_api_catalog;

enum { WORDS = 8 };

static void member(struct vf_request *req, const char *name, const char *value)
{
	req->query[req->n_query++] = (struct vf_pair){.name = name, .value = value};
}

static vf_handler *question(struct vf_request *req, char **word, size_t n)
{
	static const char *const names[] = {"code", "p1", "p2", "p3", "p4"};
	size_t first = 1;

	if (!strcmp(word[0], "catalog"))
		return vf_api_catalog;
	if (!strcmp(word[0], "flags") && n > 1) {
		member(req, "mask", word[1]);
		if (n > 2)
			member(req, "windows", word[2]);
		return vf_api_decode_flags;
	}
	if (!strcmp(word[0], "build") && n > 2) {
		member(req, "os_build", word[1]);
		first = 2;
	} else if (strcmp(word[0], "bugcheck") != 0) {
		return NULL;
	}
	for (size_t i = first; i < n && i - first < VF_ARRAY_LEN(names); i++)
		member(req, names[i - first], word[i]);
	return vf_api_decode_bugcheck;
}

static bool answer(char *line)
{
	struct vf_arena arena;
	struct vf_request req = {.method = VF_GET, .request_id = "0", .arena = &arena};
	struct vf_response res = {.file_fd = -1};
	struct vf_err err = {0};
	char *word[WORDS], *rest = line;
	size_t n = 0;
	vf_handler *handler;
	bool good;

	for (char *w; n < WORDS && (w = strsep(&rest, " \n"));)
		if (*w)
			word[n++] = w;
	handler = n ? question(&req, word, n) : NULL;
	if (!handler)
		return false;
	vf_arena_init(&arena, 1u << 20);
	good = handler(&req, &res, &err) == VF_OK && res.status == 200;
	if (good)
		printf("%.*s\n", (int)res.body_len, (const char *)res.body);
	vf_arena_release(&arena);
	return good;
}

int main(void)
{
	char line[256];

	while (fgets(line, sizeof(line), stdin))
		if (!answer(line)) {
			fprintf(stderr, "no answer to: %s\n", line);
			return 1;
		}
	return 0;
}
