#include "server/cluster/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "server/runtime/clock.h"

extern char **environ;

enum vf_status vf_spawn(const char *program, const char *const argv[], const char *log, pid_t *out,
	struct vf_err *err)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int rc;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(
		&files, 2, log ? log : "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0600);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(
		&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawn(out, program, &files, &attr, (char *const *)argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	if (!rc)
		return VF_OK;
	errno = rc;
	return vf_fail_sys(err, VF_E_IO, "cannot start %s", program);
}

enum vf_status vf_spawn_wait(const char *program, const char *const argv[], const char *log,
	int timeout_ms, struct vf_err *err)
{
	int64_t until = vf_mono_us() + (int64_t)timeout_ms * 1000;
	enum vf_status st;
	int status;
	pid_t pid, got;

	st = vf_spawn(program, argv, log, &pid, err);
	if (st)
		return st;
	while ((got = waitpid(pid, &status, WNOHANG)) == 0) {
		if (vf_mono_us() > until) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return vf_fail(err, VF_E_IO, "%s took longer than %d s and was ended",
				program, timeout_ms / 1000);
		}
		vf_sleep_ms(20);
	}
	if (got < 0)
		return vf_fail_sys(err, VF_E_IO, "cannot wait for %s", program);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return VF_OK;
	return vf_fail(err, VF_E_IO, "%s failed%s%s", program, log ? ": see " : "", log ? log : "");
}
