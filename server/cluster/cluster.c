#include "server/cluster/cluster.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/cluster/postmaster.h"
#include "server/cluster/spawn.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"

#define PORT              "5432" /* names the socket; each cluster has a directory of its own */
#define START_TIMEOUT_MS  (600 * 1000) /* crash recovery may be long; progress is shown */
#define INITDB_TIMEOUT_MS (300 * 1000)
#define STOP_TIMEOUT_MS   (60 * 1000)
#define SPACE_MIN         (150u << 20) /* a fresh cluster with its write-ahead log takes most of it */
#define BACKOFF_MIN_MS    250
#define BACKOFF_MAX_MS    10000

struct vf_cluster {
	char bin_dir[512], pg_dir[1024], socket_dir[512], log[1024];
	int lock_fd;
	pid_t pid; /* 0 while it is down */
	bool ours; /* our child, not adopted */
	bool adopted;
	int backoff_ms;
	int64_t started_us, restart_at_us;
};

/* ------------------------------------------------------------------ paths */

enum vf_status vf_cluster_check_socket_dir(const char *socket_dir, struct vf_err *err)
{
	struct sockaddr_un sun;
	size_t need = strlen(socket_dir) + sizeof "/.s.PGSQL." PORT; /* with the NUL */

	if (need > sizeof sun.sun_path)
		return vf_fail(err, VF_E_LIMIT,
			"the path of the database socket has %zu bytes, %zu are possible: set "
			"run_dir to "
			"a shorter directory than %.100s",
			need - 1, sizeof sun.sun_path - 1, socket_dir);
	if (strpbrk(socket_dir, "\"'\\\n"))
		return vf_fail(err, VF_E_INVALID,
			"the directory of the database socket must not contain quotes or "
			"backslashes");
	return VF_OK;
}

enum vf_status vf_cluster_conninfo(
	const char *socket_dir, const char *dbname, char *out, size_t cap, struct vf_err *err)
{
	const struct passwd *pw = getpwuid(geteuid());
	int n;

	if (!pw)
		return vf_fail(err, VF_E_NOTFOUND, "user id %u has no name", (unsigned)geteuid());
	n = snprintf(out, cap, "host='%s' port=" PORT " user='%s' dbname='%s'", socket_dir,
		pw->pw_name, dbname);
	if (n < 0 || (size_t)n >= cap)
		return vf_fail(err, VF_E_LIMIT, "the path of the database socket is too long");
	return VF_OK;
}

static bool has_postgres(const char *dir)
{
	char path[600];

	return snprintf(path, sizeof path, "%s/postgres", dir) < (int)sizeof path &&
	       access(path, X_OK) == 0;
}

static enum vf_status find_binaries(struct vf_cluster *c, const char *asked, struct vf_err *err)
{
	static const char debian[] = "/usr/lib/postgresql/15/bin";
	char line[512] = "";
	FILE *p;

	if (asked && *asked)
		snprintf(line, sizeof line, "%s", asked);
	else if (has_postgres(debian))
		snprintf(line, sizeof line, "%s", debian);
	else if ((p = popen("pg_config --bindir 2>/dev/null", "re"))) {
		if (fgets(line, sizeof line, p))
			line[strcspn(line, "\n")] = 0;
		pclose(p);
	}
	if (!*line || !has_postgres(line))
		return vf_fail(err, VF_E_NOTFOUND,
			"PostgreSQL 15 was not found%s%s: install the package postgresql-15, set "
			"pg_bin_dir, or give a database_url",
			*line ? " in " : "", line);
	snprintf(c->bin_dir, sizeof c->bin_dir, "%s", line);
	return VF_OK;
}

static enum vf_status take_lock(struct vf_cluster *c, const char *data_dir, struct vf_err *err)
{
	char path[1024], text[32];
	int n;

	snprintf(path, sizeof path, "%s/verifleetd.lock", data_dir);
	c->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (c->lock_fd < 0)
		return vf_fail_sys(err, VF_E_IO, "cannot open %s", path);
	if (flock(c->lock_fd, LOCK_EX | LOCK_NB)) {
		n = (int)pread(c->lock_fd, text, sizeof text - 1, 0);
		text[n > 0 ? n : 0] = 0;
		text[strcspn(text, "\n")] = 0;
		return vf_fail(err, VF_E_CONFLICT,
			"verifleetd runs already with the data in %.150s (process %s)", data_dir,
			text);
	}
	n = snprintf(text, sizeof text, "%d\n", (int)getpid());
	if (ftruncate(c->lock_fd, 0) || pwrite(c->lock_fd, text, (size_t)n, 0) != n)
		return vf_fail_sys(err, VF_E_IO, "cannot write %s", path);
	return VF_OK;
}

/* ------------------------------------------------------------------ making the cluster */

static int remove_entry(const char *path, const struct stat *sb, int type, struct FTW *ftw)
{
	(void)sb;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* What initdb would only say in its log, or not at all. */
static enum vf_status check_place(const struct vf_cluster *c, struct vf_err *err)
{
	char parent[1100];
	struct statvfs fs;

	if (rmdir(c->pg_dir) && errno != ENOENT)
		return vf_fail(err, VF_E_INVALID,
			"%s is there but is no database cluster: move it away, or choose another "
			"--data-dir",
			c->pg_dir);
	snprintf(parent, sizeof parent, "%s", c->pg_dir);
	*strrchr(parent, '/') = 0;
	if (!statvfs(parent, &fs) && (uint64_t)fs.f_bavail * fs.f_frsize < SPACE_MIN)
		return vf_fail(err, VF_E_IO,
			"only %u MB are free in %s: a new database needs %u MB; make room, or "
			"choose another --data-dir",
			(unsigned)((uint64_t)fs.f_bavail * fs.f_frsize >> 20), parent,
			SPACE_MIN >> 20);
	return VF_OK;
}

/* initdb works beside the final name, so that a cluster is there whole or not at all. */
static enum vf_status make_cluster(struct vf_cluster *c, struct vf_err *err)
{
	char version[1100], fresh[1100], program[600], log[1024];
	const struct passwd *pw = getpwuid(geteuid());
	enum vf_status st;

	snprintf(version, sizeof version, "%s/PG_VERSION", c->pg_dir);
	if (access(version, F_OK) == 0)
		return VF_OK;
	if (!pw)
		return vf_fail(err, VF_E_NOTFOUND, "user id %u has no name", (unsigned)geteuid());
	snprintf(fresh, sizeof fresh, "%s.new", c->pg_dir);
	snprintf(program, sizeof program, "%s/initdb", c->bin_dir);
	memcpy(log, c->log, sizeof log);
	if (access(fresh, F_OK) == 0 && nftw(fresh, remove_entry, 16, FTW_DEPTH | FTW_PHYS))
		return vf_fail_sys(err, VF_E_IO, "cannot remove the unfinished %s", fresh);
	st = check_place(c, err);
	if (st)
		return st;
	vf_say("making the database cluster in %s (once, some seconds)", c->pg_dir);

	const char *const argv[] = {program, "--pgdata", fresh, "--username", pw->pw_name,
		"--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--auth-local=peer",
		"--auth-host=reject", NULL};
	st = vf_spawn_wait(program, argv, log, INITDB_TIMEOUT_MS, err);
	if (st)
		return st;
	if (rename(fresh, c->pg_dir))
		return vf_fail_sys(err, VF_E_IO, "cannot rename %s", fresh);
	return VF_OK;
}

/* ------------------------------------------------------------------ running it */

static enum vf_status launch(struct vf_cluster *c, struct vf_err *err)
{
	char program[600], sockets[600];
	enum vf_status st;

	snprintf(program, sizeof program, "%s/postgres", c->bin_dir);
	snprintf(sockets, sizeof sockets, "unix_socket_directories=\"%s\"", c->socket_dir);

	const char *const argv[] = {program, "-D", c->pg_dir, "-c", sockets, "-c",
		"listen_addresses=", "-c", "port=" PORT, "-c", "unix_socket_permissions=0700", "-c",
		"cluster_name=verifleet", "-c", "wal_compression=lz4", "-c", "logging_collector=on",
		"-c", "log_directory=log", "-c", "log_filename=postgresql-%a.log", "-c",
		"log_truncate_on_rotation=on", "-c", "log_rotation_age=1440", "-c",
		"log_rotation_size=0", NULL};
	st = vf_postmaster_disown(c->pg_dir, err);
	if (!st)
		st = vf_spawn(program, argv, c->log, &c->pid, err);
	c->ours = !st;
	c->started_us = vf_mono_us();
	if (st)
		c->pid = 0;
	return st;
}

/* One that was taken over is no child: its number may have gone to somebody else. */
static bool gone(struct vf_cluster *c)
{
	const struct vf_postmaster taken_over = {.pid = c->pid};

	if (c->ours)
		return waitpid(c->pid, NULL, WNOHANG) != 0;
	return !vf_postmaster_alive(&taken_over, c->pg_dir);
}

static enum vf_status wait_ready(struct vf_cluster *c, struct vf_err *err)
{
	int64_t begin = vf_mono_us(), said = begin, now;
	struct vf_postmaster pm;

	for (;;) {
		if (vf_postmaster_read(c->pg_dir, &pm) && pm.pid == c->pid && pm.ready)
			return VF_OK;
		if (gone(c)) {
			c->pid = 0;
			return vf_fail(err, VF_E_AGAIN,
				"PostgreSQL ended while starting: see %s and %s/log", c->log,
				c->pg_dir);
		}
		now = vf_mono_us();
		if (now - begin > START_TIMEOUT_MS * INT64_C(1000))
			return vf_fail(err, VF_E_IO,
				"PostgreSQL was not ready after %d s: see %s/log",
				START_TIMEOUT_MS / 1000, c->pg_dir);
		if (now - said > 2000000) {
			said = now;
			vf_say("waiting for PostgreSQL (%d s; after a crash it replays its log)",
				(int)((now - begin) / 1000000));
		}
		vf_sleep_ms(20);
	}
}

static void stop_process(struct vf_cluster *c, bool hurry)
{
	int64_t begin = vf_mono_us(), said = begin, now;
	int sig = hurry ? SIGQUIT : SIGINT;

	if (!c->pid)
		return;
	kill(c->pid, sig);
	while (!gone(c)) {
		now = vf_mono_us();
		if (now - begin > STOP_TIMEOUT_MS * INT64_C(1000) && sig != SIGQUIT) {
			sig = SIGQUIT;
			vf_say("PostgreSQL does not stop by itself: ending its sessions");
			kill(c->pid, sig);
		}
		if (now - said > 2000000) {
			said = now;
			vf_say("waiting for PostgreSQL to stop (%d s)",
				(int)((now - begin) / 1000000));
		}
		vf_sleep_ms(10);
	}
	c->pid = 0;
}

/* A cluster that runs already was left behind by a server that was killed. */
static bool adopt(struct vf_cluster *c)
{
	struct vf_postmaster pm;

	if (!vf_postmaster_read(c->pg_dir, &pm) || !vf_postmaster_alive(&pm, c->pg_dir))
		return false;
	c->pid = pm.pid;
	c->ours = false;
	if (!strcmp(pm.socket_dir, c->socket_dir) && !pm.stopping) {
		c->adopted = true;
		return true;
	}
	vf_say("stopping a PostgreSQL (process %d) that an earlier server left behind",
		(int)pm.pid);
	stop_process(c, false);
	return false;
}

/* Right after a kill -9 its old processes may still hold the shared memory for a moment. */
static enum vf_status launch_and_wait(struct vf_cluster *c, struct vf_err *err)
{
	enum vf_status st = VF_E_AGAIN;

	for (int attempt = 0; st == VF_E_AGAIN && attempt < 5; attempt++) {
		if (attempt)
			vf_sleep_ms(200 << attempt);
		st = launch(c, err);
		if (!st)
			st = wait_ready(c, err);
	}
	return st;
}

enum vf_status vf_cluster_start(
	const struct vf_cluster_config *config, struct vf_cluster **out, struct vf_err *err)
{
	struct vf_cluster *c = calloc(1, sizeof *c);
	enum vf_status st;

	*out = NULL;
	if (!c)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	c->lock_fd = -1;
	if (strlen(config->data_dir) > 900) {
		st = vf_fail(err, VF_E_LIMIT, "the path of the data directory is too long");
		goto out_free;
	}
	snprintf(c->pg_dir, sizeof c->pg_dir, "%s/pg", config->data_dir);
	snprintf(c->log, sizeof c->log, "%s/postgres.log", config->data_dir);
	snprintf(c->socket_dir, sizeof c->socket_dir, "%s", config->socket_dir);
	st = vf_cluster_check_socket_dir(config->socket_dir, err);
	if (!st)
		st = find_binaries(c, config->bin_dir, err);
	if (!st)
		st = take_lock(c, config->data_dir, err);
	if (!st)
		st = make_cluster(c, err);
	if (st)
		goto out_free;
	st = adopt(c) ? wait_ready(c, err) : VF_E_AGAIN;
	if (st == VF_E_AGAIN) { /* none there, or it went away under our eyes */
		c->adopted = false;
		st = launch_and_wait(c, err);
	}
	if (!st) {
		*out = c;
		return VF_OK;
	}
	stop_process(c, true);
out_free:
	if (c->lock_fd >= 0)
		close(c->lock_fd);
	free(c);
	return st;
}

bool vf_cluster_adopted(const struct vf_cluster *c)
{
	return c->adopted;
}

void vf_cluster_tick(struct vf_cluster *c)
{
	struct vf_err err;
	int64_t now = vf_mono_us();

	if (c->pid && gone(c)) {
		/* One that ran for a while gets its first restart at once. */
		c->backoff_ms = now - c->started_us > 60000000 || !c->backoff_ms
					? BACKOFF_MIN_MS
					: c->backoff_ms * 2;
		if (c->backoff_ms > BACKOFF_MAX_MS)
			c->backoff_ms = BACKOFF_MAX_MS;
		c->pid = 0;
		c->restart_at_us = now + c->backoff_ms * INT64_C(1000);
		vf_log(VF_LOG_ERROR, "cluster", "PostgreSQL ended; restarting it in %d ms",
			c->backoff_ms);
	}
	if (c->pid || now < c->restart_at_us)
		return;
	if (launch(c, &err)) {
		vf_log(VF_LOG_ERROR, "cluster", "%s", err.text);
		c->restart_at_us = now + BACKOFF_MAX_MS * INT64_C(1000);
	}
}

void vf_cluster_stop(struct vf_cluster *c, bool hurry)
{
	if (!c)
		return;
	stop_process(c, hurry);
	close(c->lock_fd);
	free(c);
}
