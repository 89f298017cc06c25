#include "tests/support/pg_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/vf-pg-XXXXXX", base[256], conninfo[320];
static int n_databases;

/* Runs a command and keeps its output, as far as it fits. */
static int run(const char *command, char *out, size_t cap)
{
	FILE *p = popen(command, "r");
	size_t n = 0;
	int c;

	if (!p)
		return -1;
	while ((c = getc(p)) != EOF)
		if (n + 1 < cap)
			out[n++] = (char)c;
	while (n && (out[n - 1] == '\n' || out[n - 1] == ' '))
		n--;
	if (cap)
		out[n] = 0;
	return pclose(p);
}

int pg_fixture_start(void **state)
{
	char command[128];

	(void)state;
	if (!mkdtemp(dir) || chmod(dir, 0755))
		return -1;
	snprintf(command, sizeof command, "tests/support/pg_start.sh %s", dir);
	return run(command, base, sizeof base) ? -1 : 0;
}

int pg_fixture_stop(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "tests/support/pg_stop.sh %s", dir);
	return run(command, NULL, 0) ? -1 : 0;
}

const char *pg_fixture_psql(const char *sql)
{
	static char out[4096], command[4096];

	snprintf(command, sizeof command, "psql -XqAt -v ON_ERROR_STOP=1 -d \"%s\" -c \"%s\"",
		*conninfo ? conninfo : base, sql);
	if (run(command, out, sizeof out)) {
		fprintf(stderr, "psql failed: %s\n", sql);
		abort();
	}
	return out;
}

const char *pg_fixture_conninfo(void)
{
	char sql[64];

	conninfo[0] = 0;
	snprintf(sql, sizeof sql, "create database t%d", ++n_databases);
	(void)pg_fixture_psql(sql);
	snprintf(conninfo, sizeof conninfo, "host=%s/sock user=postgres dbname=t%d", dir,
		n_databases);
	return conninfo;
}

static pid_t postmaster(void)
{
	char path[64];
	long pid = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/pg/postmaster.pid", dir);
	f = fopen(path, "r");
	if (f) {
		if (fscanf(f, "%ld", &pid) != 1)
			pid = 0;
		fclose(f);
	}
	return (pid_t)pid;
}

void pg_fixture_crash(void)
{
	pid_t pid = postmaster();

	if (pid > 0)
		kill(pid, SIGQUIT); /* backends end at once, without a clean-up */
	for (int i = 0; i < 200 && pid > 0 && !kill(pid, 0); i++)
		usleep(20000);
}

void pg_fixture_restart(void)
{
	char command[160];

	snprintf(command, sizeof command, "tests/support/pg_start.sh --again %s", dir);
	if (run(command, NULL, 0))
		abort();
}
