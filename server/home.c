#include "server/home.h"

#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/cluster/cluster.h"
#include "server/cluster/owner.h"
#include "server/runtime/buf.h"

#define TEXT_MAX (16u * 1024u * 1024u)

static enum vf_status read_text(const char *path, char **out, size_t *len, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	struct vf_buf text;
	char chunk[8192];
	FILE *f = fopen(path, "re");
	size_t n;

	if (!f)
		return vf_fail_sys(
			err, errno == ENOENT ? VF_E_NOTFOUND : VF_E_IO, "cannot read %s", path);
	vf_buf_init(&text, TEXT_MAX);
	while (!st && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
		st = vf_buf_add(&text, chunk, n);
	if (!st && ferror(f))
		st = vf_fail_sys(err, VF_E_IO, "cannot read %s", path);
	else if (st)
		st = vf_fail(err, st, "%s is too large", path);
	if (!st) {
		*out = vf_buf_take(&text, len);
		if (!*out)
			st = vf_fail(err, VF_E_NOMEM, "out of memory");
	}
	vf_buf_release(&text);
	fclose(f);
	return st;
}

/*
 * The tree that this program belongs to: the source tree when it was built there (some levels up),
 * or <prefix>/share/verifleet when it was installed.
 */
static bool find_tree(char out[1024])
{
	char at[1024], probe[1200];
	ssize_t n = readlink("/proc/self/exe", at, sizeof at - 1);

	if (n < 0)
		return false;
	at[n] = 0;
	for (int level = 0; level < 5; level++) {
		char *slash = strrchr(at, '/');

		if (!slash || slash == at)
			return false;
		*slash = 0;
		snprintf(probe, sizeof probe, "%s/share/verifleet/migrations/0001_access.sql", at);
		if (access(probe, R_OK) == 0)
			return snprintf(out, 1024, "%.1000s/share/verifleet", at) > 0;
		snprintf(probe, sizeof probe, "%s/migrations/0001_access.sql", at);
		if (access(probe, R_OK) == 0)
			return snprintf(out, 1024, "%s", at) > 0;
	}
	return false;
}

static void place(
	char *out, size_t cap, const char *set, const char *tree, const char *const sub[2])
{
	if (*set) {
		snprintf(out, cap, "%s", set);
		return;
	}
	for (int i = 0; i < 2; i++) {
		snprintf(out, cap, "%s/%s", tree, sub[i]);
		if (access(out, R_OK) == 0)
			return;
	}
}

static enum vf_status load_pages(
	struct vf_home *h, const struct vf_config *c, const char *tree, struct vf_err *err)
{
	static const char *const web[2] = {"web/dist", "web"};
	static const char *const api[2] = {"server/api/openapi.json", "openapi.json"};
	enum vf_status st;
	char path[2048];
	size_t ignored;

	place(path, sizeof path, c->web_dir, tree, web);
	if (!*c->web_dir && !strcmp(path + strlen(path) - 4, "/web") &&
		strstr(path, "/share/") == NULL)
		snprintf(path, sizeof path, "%s/web/dist",
			tree); /* not built: sources are not served */
	st = vf_static_files_load(path, &h->files, err);
	if (st)
		return st;
	place(path, sizeof path, c->openapi_file, tree, api);
	st = read_text(path, &h->openapi, &h->openapi_len, err);
	if (st && (st != VF_E_NOTFOUND || *c->openapi_file))
		return st;
	st = VF_OK;
	if (*c->tls_cert)
		st = read_text(c->tls_cert, &h->tls_cert, &ignored, err);
	if (!st && *c->tls_key)
		st = read_text(c->tls_key, &h->tls_key, &ignored, err);
	return st;
}

static enum vf_status choose_dirs(struct vf_home *h, const struct vf_config *c, struct vf_err *err)
{
	const char *base = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	const struct passwd *pw = getpwuid(getuid());
	bool root = vf_owner_is_root();
	char cwd[900];

	if (*c->data_dir == '/')
		snprintf(h->data_dir, sizeof h->data_dir, "%s", c->data_dir);
	else if (*c->data_dir && getcwd(cwd, sizeof cwd))
		snprintf(h->data_dir, sizeof h->data_dir, "%s/%.100s", cwd, c->data_dir);
	else if (root)
		snprintf(h->data_dir, sizeof h->data_dir, "/var/lib/verifleet");
	else if (base && *base == '/')
		snprintf(h->data_dir, sizeof h->data_dir, "%.900s/verifleet", base);
	else if ((home && *home == '/') || pw)
		snprintf(h->data_dir, sizeof h->data_dir, "%.900s/.local/share/verifleet",
			home && *home == '/' ? home : pw->pw_dir);
	else
		return vf_fail(err, VF_E_NOTFOUND, "there is no home directory: give --data-dir");
	if (*c->run_dir)
		snprintf(h->socket_dir, sizeof h->socket_dir, "%s", c->run_dir);
	else if (root && !*c->data_dir)
		snprintf(h->socket_dir, sizeof h->socket_dir, "/run/verifleet");
	else
		snprintf(h->socket_dir, sizeof h->socket_dir, "%.1000s/run", h->data_dir);
	snprintf(h->dump_dir, sizeof h->dump_dir, "%s/dumps", h->data_dir);
	if (*h->socket_dir != '/')
		return vf_fail(err, VF_E_INVALID, "run_dir must be an absolute path");
	return *c->database_url ? VF_OK : vf_cluster_check_socket_dir(h->socket_dir, err);
}

enum vf_status vf_home_load(
	struct vf_home *h, const struct vf_config *c, bool pages, struct vf_err *err)
{
	static const char *const sub[2] = {"migrations", "migrations"};
	char tree[1024] = "", path[2048];
	enum vf_status st;

	memset(h, 0, sizeof *h);
	st = choose_dirs(h, c, err);
	if (st)
		return st;
	if (!find_tree(tree) && !*c->migrations_dir)
		return vf_fail(err, VF_E_NOTFOUND,
			"the migrations were not found beside the program: set migrations_dir");
	place(path, sizeof path, c->migrations_dir, tree, sub);
	st = vf_migrations_load(path, &h->migrations, err);
	if (!st && pages)
		st = load_pages(h, c, tree, err);
	if (st)
		vf_home_release(h);
	return st;
}

enum vf_status vf_home_enter(struct vf_home *h, const struct vf_config *c, struct vf_err *err)
{
	enum vf_status st;
	uid_t uid;
	gid_t gid;

	st = vf_owner_choose(h->data_dir, &uid, &gid, err);
	if (st)
		return st;
	umask(0022); /* for the parents of our own directories */
	st = vf_owner_make_dir(h->data_dir, uid, gid, err);
	if (!st && !*c->database_url)
		st = vf_owner_make_dir(h->socket_dir, uid, gid, err);
	if (!st && vf_owner_is_root())
		st = vf_owner_become(uid, gid, err);
	umask(0077);
	if (!st && access(h->data_dir, R_OK | W_OK | X_OK))
		st = vf_fail_sys(err, VF_E_IO,
			"user id %u cannot use %.120s (are its parents closed?)", (unsigned)uid,
			h->data_dir);
	if (!st)
		st = vf_owner_make_dir(h->dump_dir, uid, gid, err);
	return st;
}

void vf_home_release(struct vf_home *h)
{
	vf_migrations_release(&h->migrations);
	vf_static_files_free(h->files);
	h->files = NULL;
	free(h->openapi);
	free(h->tls_cert);
	if (h->tls_key)
		explicit_bzero(h->tls_key, strlen(h->tls_key));
	free(h->tls_key);
	h->openapi = h->tls_cert = h->tls_key = NULL;
}
