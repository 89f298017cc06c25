#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "server/http/static_files.h"

static char dir[] = "/tmp/vf-static-XXXXXX";

static void put(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static const char *const names[] = {"index.html", "assets/app-1A2b3C4d.js",
	"assets/app-1A2b3C4d.js.gz", "favicon.svg", ".secret", "assets/plain.js"};

static int setup(void **state)
{
	char sub[64];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(sub, sizeof sub, "%s/assets", dir);
	mkdir(sub, 0700);
	for (size_t i = 0; i < VF_ARRAY_LEN(names); i++)
		put(names[i], names[i]);
	return 0;
}

static int teardown(void **state)
{
	char path[256];

	(void)state;
	for (size_t i = 0; i < VF_ARRAY_LEN(names); i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof path, "%s/assets", dir);
	rmdir(path);
	return rmdir(dir);
}

static void files_are_found_by_their_path(void **state)
{
	const struct vf_static_file *f;
	struct vf_static_files *set;

	(void)state;
	assert_int_equal(vf_static_files_load(dir, &set, NULL), VF_OK);
	assert_int_equal(vf_static_files_count(set), 4);
	f = vf_static_files_find(set, "/assets/app-1A2b3C4d.js");
	assert_non_null(f);
	assert_string_equal(f->mime, "text/javascript; charset=utf-8");
	assert_true(f->immutable);
	assert_int_equal(f->gz_len, strlen("assets/app-1A2b3C4d.js.gz"));
	assert_memory_equal(f->bytes, "assets/app-1A2b3C4d.js", f->len);
	f = vf_static_files_find(set, "/favicon.svg");
	assert_string_equal(f->mime, "image/svg+xml");
	assert_false(f->immutable);
	assert_int_equal(f->gz_len, 0);
	assert_int_equal(strlen(f->etag), 34);
	assert_false(vf_static_files_find(set, "/assets/plain.js")->immutable);
	vf_static_files_free(set);
}

static void paths_of_the_app_get_the_page(void **state)
{
	static const char *const app[] = {"/", "/builds", "/builds/17", "/drivers/netx.sys",
		"/.secret", "/apiary", "/../../etc/passwd"};
	static const char *const none[] = {
		"/api", "/api/v1/x", "/assets/gone-12345678.js", "/assets/app-1A2b3C4d.js.gz"};
	struct vf_static_files *set;

	(void)state;
	assert_int_equal(vf_static_files_load(dir, &set, NULL), VF_OK);
	for (size_t i = 0; i < VF_ARRAY_LEN(app); i++)
		assert_string_equal(vf_static_files_find(set, app[i])->path, "/index.html");
	for (size_t i = 0; i < VF_ARRAY_LEN(none); i++)
		assert_null(vf_static_files_find(set, none[i]));
	vf_static_files_free(set);
}

static void without_a_bundle_there_is_nothing(void **state)
{
	struct vf_static_files *set;

	(void)state;
	assert_int_equal(vf_static_files_load("/tmp/vf-static-none", &set, NULL), VF_OK);
	assert_int_equal(vf_static_files_count(set), 0);
	assert_null(vf_static_files_find(set, "/"));
	vf_static_files_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_found_by_their_path),
		cmocka_unit_test(paths_of_the_app_get_the_page),
		cmocka_unit_test(without_a_bundle_there_is_nothing),
	};

	return cmocka_run_group_tests_name("static_files", tests, setup, teardown);
}
