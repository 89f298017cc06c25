#include "server/http/static_files.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>

#include "server/runtime/hex.h"

#define TOTAL_MAX (64u * 1024u * 1024u)
#define DEPTH_MAX 8

struct vf_static_files {
	struct vf_static_file *file; /* sorted by path */
	size_t n, total;
};

static const struct {
	const char *suffix, *mime;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".json", "application/json"},
	{".map", "application/json"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".ico", "image/x-icon"},
	{".webp", "image/webp"},
	{".woff2", "font/woff2"},
	{".txt", "text/plain; charset=utf-8"},
	{".webmanifest", "application/manifest+json"},
};

static const char *mime_of(const char *path)
{
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < VF_ARRAY_LEN(types); i++)
		if (!strcmp(dot, types[i].suffix))
			return types[i].mime;
	return "application/octet-stream";
}

/* A hash in the name, as the bundler writes it: "-" or "." and at least eight of its characters. */
static bool hashed_name(const char *path)
{
	const char *name = strrchr(path, '/') + 1, *dot = strrchr(name, '.');
	size_t n = 0;

	for (const char *p = dot ? dot - 1 : name; p > name; p--, n++)
		if (!((*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') ||
			    (*p >= 'a' && *p <= 'z')))
			return (*p == '-' || *p == '.') && n >= 8;
	return false;
}

static enum vf_status read_all(struct vf_static_files *set, const char *name, size_t size,
	unsigned char **out, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	FILE *f;

	if (size > TOTAL_MAX - set->total)
		return vf_fail(
			err, VF_E_LIMIT, "the web bundle is larger than %u bytes", TOTAL_MAX);
	f = fopen(name, "re");
	if (!f)
		return vf_fail_sys(err, VF_E_IO, "cannot read %s", name);
	*out = malloc(size + 1);
	if (!*out)
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
	else if (fread(*out, 1, size, f) != size)
		st = vf_fail_sys(err, VF_E_IO, "cannot read %s", name);
	if (st) {
		free(*out);
		*out = NULL;
	}
	set->total += size;
	fclose(f);
	return st;
}

static enum vf_status add_file(struct vf_static_files *set, const char *name, const char *path,
	size_t size, struct vf_err *err)
{
	struct vf_static_file *grown, *f;
	unsigned char sum[32];
	enum vf_status st;
	char gz[4200];
	struct stat sb;

	grown = realloc(set->file, (set->n + 1) * sizeof *grown);
	if (!grown)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	set->file = grown;
	f = &set->file[set->n];
	*f = (struct vf_static_file){.path = strdup(path), .len = size, .mime = mime_of(path)};
	if (!f->path)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	set->n++;
	st = read_all(set, name, size, &f->bytes, err);
	if (st)
		return st;
	crypto_hash_sha256(sum, f->bytes, size);
	f->etag[0] = '"';
	vf_hex(sum, 16, f->etag + 1);
	f->etag[33] = '"';
	f->immutable = hashed_name(path);
	snprintf(gz, sizeof gz, "%s.gz", name);
	if (stat(gz, &sb) == 0 && S_ISREG(sb.st_mode) && sb.st_size > 0) {
		f->gz_len = (size_t)sb.st_size;
		st = read_all(set, gz, f->gz_len, &f->gz, err);
	}
	return st;
}

static bool is_gz(const char *name)
{
	size_t len = strlen(name);

	return len > 3 && !strcmp(name + len - 3, ".gz");
}

static enum vf_status walk(struct vf_static_files *set, const char *dir, size_t root_len, int depth,
	struct vf_err *err)
{
	enum vf_status st = VF_OK;
	struct dirent *entry;
	char name[4096];
	struct stat sb;
	DIR *d;

	if (!depth)
		return vf_fail(err, VF_E_LIMIT, "%s lies too deep", dir);
	d = opendir(dir);
	if (!d)
		return vf_fail_sys(err, VF_E_IO, "cannot read %s", dir);
	while (!st && (entry = readdir(d))) {
		if (entry->d_name[0] == '.' || is_gz(entry->d_name))
			continue;
		if (snprintf(name, sizeof name, "%s/%s", dir, entry->d_name) >= (int)sizeof name)
			st = vf_fail(err, VF_E_LIMIT, "a path in %s is too long", dir);
		else if (stat(name, &sb))
			st = vf_fail_sys(err, VF_E_IO, "cannot look at %s", name);
		else if (S_ISDIR(sb.st_mode))
			st = walk(set, name, root_len, depth - 1, err);
		else if (S_ISREG(sb.st_mode))
			st = add_file(set, name, name + root_len, (size_t)sb.st_size, err);
	}
	closedir(d);
	return st;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(
		((const struct vf_static_file *)a)->path, ((const struct vf_static_file *)b)->path);
}

enum vf_status vf_static_files_load(
	const char *dir, struct vf_static_files **out, struct vf_err *err)
{
	struct vf_static_files *set = calloc(1, sizeof *set);
	enum vf_status st = VF_OK;
	struct stat sb;

	*out = NULL;
	if (!set)
		return vf_fail(err, VF_E_NOMEM, "out of memory");
	if (stat(dir, &sb) == 0 || errno != ENOENT)
		st = walk(set, dir, strlen(dir), DEPTH_MAX, err);
	if (st) {
		vf_static_files_free(set);
		return st;
	}
	if (set->n)
		qsort(set->file, set->n, sizeof *set->file, by_path);
	*out = set;
	return VF_OK;
}

void vf_static_files_free(struct vf_static_files *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n; i++) {
		free(set->file[i].path);
		free(set->file[i].bytes);
		free(set->file[i].gz);
	}
	free(set->file);
	free(set);
}

size_t vf_static_files_count(const struct vf_static_files *set)
{
	return set->n;
}

static const struct vf_static_file *look_up(const struct vf_static_files *set, const char *path)
{
	struct vf_static_file key = {.path = (char *)path};

	return set->n ? bsearch(&key, set->file, set->n, sizeof key, by_path) : NULL;
}

const struct vf_static_file *vf_static_files_find(
	const struct vf_static_files *set, const char *path)
{
	const struct vf_static_file *f = look_up(set, path);

	if (f)
		return f;
	/* The app has paths with dots in them (driver names), so only these two roots are closed.
	 */
	if (!strncmp(path, "/api", 4) && (path[4] == '/' || !path[4]))
		return NULL;
	if (!strncmp(path, "/assets/", 8))
		return NULL;
	return look_up(set, "/index.html");
}
