/* Files as sources: what is opened, what is refused, and a file that shrinks while it is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/dump/dump.h"
#include "agent/posix/source_file.h"
#include "agent/sim/dumpwriter.h"

static char folder[] = "/tmp/vf-source-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/x.dmp", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void write_dump(const struct vf_sim_dump_spec *spec)
{
	assert_int_equal(vf_sim_dump_write(spec, path, NULL), VF_OK);
}

static void a_file_is_decoded(void **state)
{
	struct vf_sim_dump_spec spec = {.code = 0xd1, .comment = "for a test"};
	struct vf_source_file f;
	struct vf_dump d;
	struct stat st;
	char part[80];

	(void)state;
	write_dump(&spec);
	assert_int_equal(vf_source_file_open(&f, path, NULL), VF_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(f.source.size, st.st_size);
	assert_int_equal(vf_dump_parse(&d, &f.source, NULL), VF_OK);
	assert_int_equal(d.code, 0xd1);
	assert_string_equal(d.comment, "synthetic dump: for a test");
	vf_dump_release(&d);
	vf_source_file_close(&f);
	/* The writer has left no half file behind. */
	snprintf(part, sizeof part, "%s.part", path);
	assert_int_equal(access(part, F_OK), -1);
}

static void a_file_that_shrinks(void **state)
{
	struct vf_sim_dump_spec spec = {.shape = VF_SIM_FULL, .code = 0xd1};
	struct vf_source_file f;
	struct vf_dump d;
	struct vf_err err;

	(void)state;
	write_dump(&spec);
	assert_int_equal(vf_source_file_open(&f, path, NULL), VF_OK);
	assert_int_equal(truncate(path, 0x100), 0);
	assert_int_equal(vf_dump_parse(&d, &f.source, &err), VF_E_IO);
	assert_string_equal(err.text, "the header cannot be read");
	vf_source_file_close(&f);
}

static void what_is_refused(void **state)
{
	struct vf_source_file f;
	struct vf_err err;
	char pipe[80];

	(void)state;
	snprintf(pipe, sizeof pipe, "%s/pipe", folder);
	assert_int_equal(vf_source_file_open(&f, pipe, &err), VF_E_NOTFOUND);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(vf_source_file_open(&f, pipe, &err), VF_E_INVALID);
	assert_int_equal(unlink(pipe), 0);
	assert_int_equal(vf_source_file_open(&f, folder, &err), VF_E_INVALID);
	assert_string_equal(err.text, "this is not a regular file");
}

static void a_dump_that_cannot_be_written(void **state)
{
	struct vf_sim_dump_spec spec = {.code = 0xd1};
	struct vf_err err;

	(void)state;
	assert_int_equal(vf_sim_dump_write(&spec, "/nowhere/at/all.dmp", &err), VF_E_IO);
	spec.arch = VF_SIM_X86;
	spec.shape = VF_SIM_LIVE_KERNEL;
	assert_int_equal(vf_sim_dump_write(&spec, path, &err), VF_E_INVALID);
	spec.shape = VF_SIM_TRIAGE;
	spec.driver_count = VF_SIM_DUMP_DRIVERS + 1;
	assert_int_equal(vf_sim_dump_write(&spec, path, &err), VF_E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_decoded),
		cmocka_unit_test(a_file_that_shrinks),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(a_dump_that_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
