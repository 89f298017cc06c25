#include "server/cluster/postmaster.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/runtime/number.h"

/* Lines: 1 process, 2 data, 3 start time, 4 port, 5 socket directory, 6 address, 7 memory, 8 state.
 */
bool vf_postmaster_read(const char *pg_dir, struct vf_postmaster *out)
{
	char path[1100], line[1024];
	bool have_pid = false;
	int64_t pid;
	FILE *f;

	*out = (struct vf_postmaster){0};
	snprintf(path, sizeof path, "%s/postmaster.pid", pg_dir);
	f = fopen(path, "re");
	if (!f)
		return false;
	for (int n = 1; n <= 8 && fgets(line, sizeof line, f); n++) {
		line[strcspn(line, "\n")] = 0;
		if (n == 1 && vf_parse_i64(line, 2, INT32_MAX, &pid)) {
			out->pid = (pid_t)pid;
			have_pid = true;
		} else if (n == 5) {
			snprintf(out->socket_dir, sizeof out->socket_dir, "%s", line);
		} else if (n == 8) {
			out->ready = !strncmp(line, "ready", 5);
			out->stopping = !strncmp(line, "stopping", 8);
		}
	}
	fclose(f);
	return have_pid;
}

bool vf_postmaster_alive(const struct vf_postmaster *pm, const char *pg_dir)
{
	char link[64], cwd[PATH_MAX], real[PATH_MAX];
	ssize_t n;

	if (kill(pm->pid, 0))
		return false;
	snprintf(link, sizeof link, "/proc/%d/cwd", (int)pm->pid);
	n = readlink(link, cwd, sizeof cwd - 1);
	if (n < 0)
		return false;
	cwd[n] = 0;
	return realpath(pg_dir, real) && !strcmp(cwd, real);
}

enum vf_status vf_postmaster_disown(const char *pg_dir, struct vf_err *err)
{
	char path[1100], fresh[1110], text[4096], *rest;
	struct vf_postmaster pm;
	enum vf_status st = VF_OK;
	size_t len;
	FILE *f;

	if (!vf_postmaster_read(pg_dir, &pm) || vf_postmaster_alive(&pm, pg_dir))
		return VF_OK;
	snprintf(path, sizeof path, "%s/postmaster.pid", pg_dir);
	snprintf(fresh, sizeof fresh, "%s.new", path);
	f = fopen(path, "re");
	if (!f)
		return errno == ENOENT ? VF_OK : vf_fail_sys(err, VF_E_IO, "cannot read %s", path);
	len = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[len] = 0;
	rest = strchr(text, '\n');
	f = fopen(fresh, "we");
	if (!f)
		return vf_fail_sys(err, VF_E_IO, "cannot write %s", fresh);
	/* PostgreSQL opens the file with the permissions of its directory's owner only. */
	if (fchmod(fileno(f), 0600) || fprintf(f, "%d%s", (int)getpid(), rest ? rest : "\n") < 0 ||
		fflush(f) || fsync(fileno(f)))
		st = vf_fail_sys(err, VF_E_IO, "cannot write %s", fresh);
	fclose(f);
	if (!st && rename(fresh, path))
		st = vf_fail_sys(err, VF_E_IO, "cannot replace %s", path);
	if (st)
		unlink(fresh);
	return st;
}
