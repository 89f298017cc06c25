#include "server/cluster/postmaster.h"

#include <limits.h>
#include <signal.h>
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
