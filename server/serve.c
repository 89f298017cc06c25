#include "server/serve.h"

#include <errno.h>
#include <signal.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "server/admin/admin.h"
#include "server/database.h"
#include "server/home.h"
#include "server/http/listen.h"
#include "server/maintain.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/notify.h"
#include "server/store/db.h"

struct server {
	const struct vf_config *config;
	struct vf_home home;
	struct vf_database database;
	struct vf_api_env env;
	struct vf_http *http;
	struct vf_maintain *maintain;
	int listen_fd[VF_LISTEN_MAX], port, signal_fd;
	size_t n_listen;
	char public_url[VF_CONFIG_TEXT];
};

static enum vf_log_level level_of(const char *name)
{
	return *name == 'e'   ? VF_LOG_ERROR
	       : *name == 'w' ? VF_LOG_WARN
	       : *name == 'd' ? VF_LOG_DEBUG
			      : VF_LOG_INFO;
}

/* Signals are read from a descriptor by the main thread; every later thread inherits the mask. */
static enum vf_status catch_signals(struct server *s, struct vf_err *err)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signal_fd < 0)
		return vf_fail_sys(err, VF_E_IO, "cannot receive signals");
	return VF_OK;
}

/* The next signal, or 0 after `timeout_ms`. */
static int next_signal(struct server *s, int timeout_ms)
{
	struct pollfd p = {.fd = s->signal_fd, .events = POLLIN};
	struct signalfd_siginfo info;

	if (poll(&p, 1, timeout_ms) <= 0)
		return 0;
	return read(s->signal_fd, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo
									      : 0;
}

/* Descriptors for every connection: the usual soft limit of 1024 is below connection_max. */
static void allow_descriptors(const struct server *s)
{
	rlim_t need = (rlim_t)s->config->connection_max * s->n_listen + 256;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= need)
		return;
	limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
	if (setrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur < need)
		vf_log(VF_LOG_WARN, "serve",
			"only %llu descriptors are allowed, connection_max asks for %llu",
			(unsigned long long)limit.rlim_cur, (unsigned long long)need);
}

static enum vf_status start_http(struct server *s, struct vf_err *err)
{
	const struct vf_config *c = s->config;
	struct vf_http_settings set = {.n_listen = s->n_listen,
		.tls = *c->tls_cert != 0,
		.tls_cert_pem = s->home.tls_cert,
		.tls_key_pem = s->home.tls_key,
		.threads = (int)c->http_threads,
		.workers = (int)c->workers,
		.queue_max = (int)c->queue_max,
		.connection_max = (int)c->connection_max,
		.per_address_max = (int)c->per_address_max,
		.idle_timeout_s = (int)c->idle_timeout_s,
		.header_max = (size_t)c->header_max,
		.body_memory_max = (size_t)c->body_memory_mb << 20,
		.arena_max = (size_t)c->request_memory_mb << 20,
		.schema_version = (int)s->home.migrations.n,
		.env = &s->env,
		.files = s->home.files};
	enum vf_status st;

	memcpy(set.listen_fd, s->listen_fd, sizeof set.listen_fd);
	if (*c->public_url)
		snprintf(s->public_url, sizeof s->public_url, "%s", c->public_url);
	else
		snprintf(s->public_url, sizeof s->public_url, "%s://localhost:%d",
			set.tls ? "https" : "http", s->port);
	for (size_t n = strlen(s->public_url); n && s->public_url[n - 1] == '/'; n--)
		s->public_url[n - 1] = 0;
	s->env = (struct vf_api_env){.public_url = s->public_url,
		.dump_dir = s->home.dump_dir,
		.web_dir = c->web_dir,
		.openapi = s->home.openapi,
		.openapi_len = s->home.openapi_len,
		.dump_max = (uint64_t)c->dump_max_mb << 20,
		.started_us = vf_now_us(),
		.session_hours = (int)c->session_hours,
		.cookie_secure = set.tls,
		.pool = s->database.pool};
	st = vf_http_start(&set, &s->http, err);
	s->n_listen = 0; /* the sockets belong to the listener now */
	return st;
}

static enum vf_status first_user(struct server *s, struct vf_err *err)
{
	struct vf_db *db;
	enum vf_status st = vf_pool_get(s->database.pool, &db, err);

	if (st)
		return st;
	st = vf_admin_first_user(db, err);
	vf_pool_put(s->database.pool, db);
	return st;
}

static enum vf_status start(struct server *s, struct vf_err *err)
{
	enum vf_status st;

	s->port = (int)s->config->port;
	s->signal_fd = -1;
	st = vf_listen_open(s->config->listen, &s->port, s->listen_fd, &s->n_listen, err);
	if (!st)
		st = vf_home_load(&s->home, s->config, true, err);
	if (!st)
		allow_descriptors(s);
	if (!st)
		st = catch_signals(s, err);
	if (!st)
		st = vf_home_enter(&s->home, s->config, err);
	if (!st)
		st = vf_database_open(&s->database, s->config, &s->home, err);
	if (!st)
		st = first_user(s, err);
	if (!st)
		st = vf_maintain_start(s->database.pool, &s->maintain, err);
	if (!st)
		st = start_http(s, err);
	return st;
}

/* Settings that may change while we run: the file and the environment are read again. */
static void reload(struct server *s)
{
	struct vf_config fresh;
	struct vf_err err;

	if (vf_config_reload(&fresh, s->config, &err)) {
		vf_log(VF_LOG_ERROR, "config", "not reloaded: %s", err.text);
		return;
	}
	vf_log_init(level_of(fresh.log_level));
	vf_log(VF_LOG_INFO, "config", "reloaded");
}

static void wait_for_end(struct server *s)
{
	for (;;) {
		switch (next_signal(s, 500)) {
		case SIGTERM:
		case SIGINT: return;
		case SIGHUP: reload(s); break;
		default: break;
		}
		vf_database_tick(&s->database);
	}
}

/* True when a second signal asked for a faster end. */
static bool drain(struct server *s)
{
	int64_t until = vf_mono_us() + s->config->drain_s * 1000000;
	bool said = false;

	vf_notify("STOPPING=1");
	while (!vf_http_drain(s->http, 0)) {
		int sig = next_signal(s, 50);

		if (sig == SIGTERM || sig == SIGINT || vf_mono_us() > until)
			return true;
		vf_database_tick(&s->database);
		if (!said && vf_mono_us() > until - s->config->drain_s * 1000000 + 2000000) {
			said = true;
			vf_say("finishing requests in flight (Ctrl-C again to cut them off)");
		}
	}
	return false;
}

int vf_serve(struct vf_config *config)
{
	struct server s = {.config = config};
	struct vf_err err = {0};
	bool hurry = false;
	int code = 0;

	vf_log_init(level_of(config->log_level));
	if (start(&s, &err)) {
		vf_say("%s", err.text);
		code = 1;
	} else {
		vf_notify("READY=1");
		vf_say("ready at %s", s.public_url);
		wait_for_end(&s);
		vf_say("stopping");
		hurry = drain(&s);
	}
	if (hurry)
		vf_database_interrupt(&s.database);
	vf_http_stop(s.http);
	vf_maintain_stop(s.maintain);
	vf_listen_close(s.listen_fd, s.n_listen);
	vf_database_close(&s.database, hurry);
	vf_home_release(&s.home);
	if (s.signal_fd >= 0)
		close(s.signal_fd);
	return code;
}
