#include "agent/posix/posix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct vf_file {
	int fd;
};

static enum vf_status failed(struct vf_err *err, const char *path)
{
	enum vf_status code = errno == ENOENT || errno == ENOTDIR ? VF_E_NOTFOUND
			      : errno == EACCES || errno == EPERM ? VF_E_DENIED
								  : VF_E_IO;

	return vf_fail_sys(err, code, "%.180s", path);
}

static enum vf_status open_file(
	const char *path, int flags, struct vf_file **out, struct vf_err *err)
{
	struct vf_file *f = malloc(sizeof *f);

	if (!f)
		return vf_fail(err, VF_E_NOMEM, "no memory for a file");
	f->fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f->fd < 0) {
		free(f);
		return failed(err, path);
	}
	*out = f;
	return VF_OK;
}

static enum vf_status files_open(
	void *ctx, const char *path, struct vf_file **out, struct vf_err *err)
{
	(void)ctx;
	return open_file(path, O_RDWR | O_CREAT, out, err);
}

static enum vf_status files_write_at(void *ctx, struct vf_file *f, uint64_t offset,
	const void *data, size_t len, struct vf_err *err)
{
	const uint8_t *p = data;

	(void)ctx;
	while (len) {
		ssize_t n = pwrite(f->fd, p, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(err, "write");
		p += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return VF_OK;
}

static enum vf_status files_sync(void *ctx, struct vf_file *f, struct vf_err *err)
{
	(void)ctx;
	return fdatasync(f->fd) ? failed(err, "sync") : VF_OK;
}

static void files_close(void *ctx, struct vf_file *f)
{
	(void)ctx;
	close(f->fd);
	free(f);
}

static enum vf_status read_fd(int fd, uint64_t offset, uint8_t *to, size_t len, size_t *got)
{
	*got = 0;
	while (*got < len) {
		ssize_t n = pread(fd, to + *got, len - *got, (off_t)(offset + *got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return VF_E_IO;
		if (!n)
			break;
		*got += (size_t)n;
	}
	return VF_OK;
}

static enum vf_status files_read_at(void *ctx, const char *path, uint64_t offset, void *data,
	size_t len, size_t *got, struct vf_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum vf_status st;

	(void)ctx;
	*got = 0;
	if (fd < 0)
		return failed(err, path);
	st = read_fd(fd, offset, data, len, got);
	if (st != VF_OK)
		st = failed(err, path);
	close(fd);
	return st;
}

static enum vf_status files_read_all(
	void *ctx, const char *path, struct vf_buf *out, struct vf_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum vf_status st = VF_OK;
	struct stat sb;
	size_t got = 1;
	uint64_t at = 0;

	(void)ctx;
	if (fd < 0)
		return failed(err, path);
	if (fstat(fd, &sb) == 0 && !S_ISREG(sb.st_mode)) {
		close(fd);
		return vf_fail(err, VF_E_INVALID, "%.180s: not a regular file", path);
	}
	while (st == VF_OK && got) {
		size_t room = out->max - out->len, want = room < 65536 ? room : 65536;
		uint8_t beyond;
		void *p = want ? vf_buf_reserve(out, want) : &beyond;

		if (!p) {
			st = vf_fail(err, out->failed, "%.180s: no memory", path);
			break;
		}
		st = read_fd(fd, at, p, want ? want : 1, &got);
		if (st != VF_OK)
			st = failed(err, path);
		else if (want)
			vf_buf_grew(out, got);
		else if (got)
			st = vf_fail(
				err, VF_E_LIMIT, "%.180s: larger than %zu bytes", path, out->max);
		at += got;
	}
	close(fd);
	return st;
}

static enum vf_status files_sync_dir(void *ctx, const char *path, struct vf_err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum vf_status st = VF_OK;

	(void)ctx;
	if (fd < 0)
		return failed(err, path);
	if (fsync(fd))
		st = failed(err, path);
	close(fd);
	return st;
}

static enum vf_status sync_parent(void *ctx, const char *path, struct vf_err *err)
{
	const char *slash = strrchr(path, '/');
	char dir[1200];

	if (!slash)
		return files_sync_dir(ctx, ".", err);
	if ((size_t)(slash - path) >= sizeof dir)
		return vf_fail(err, VF_E_LIMIT, "a path is too long");
	snprintf(dir, sizeof dir, "%.*s", slash == path ? 1 : (int)(slash - path), path);
	return files_sync_dir(ctx, dir, err);
}

static enum vf_status files_replace(
	void *ctx, const char *path, const void *data, size_t len, struct vf_err *err)
{
	char tmp[1200];
	struct vf_file *f;
	enum vf_status st;

	if ((size_t)snprintf(tmp, sizeof tmp, "%s.tmp", path) >= sizeof tmp)
		return vf_fail(err, VF_E_LIMIT, "a path is too long");
	st = open_file(tmp, O_RDWR | O_CREAT | O_TRUNC, &f, err);
	if (st != VF_OK)
		return st;
	st = files_write_at(ctx, f, 0, data, len, err);
	if (st == VF_OK)
		st = files_sync(ctx, f, err);
	files_close(ctx, f);
	if (st == VF_OK && rename(tmp, path))
		st = failed(err, path);
	if (st != VF_OK) {
		unlink(tmp);
		return st;
	}
	return sync_parent(ctx, path, err);
}

static enum vf_status files_rename(void *ctx, const char *from, const char *to, struct vf_err *err)
{
	(void)ctx;
	return rename(from, to) ? failed(err, from) : VF_OK;
}

static enum vf_status files_remove(void *ctx, const char *path, struct vf_err *err)
{
	(void)ctx;
	return unlink(path) ? failed(err, path) : VF_OK;
}

/* Makes the missing parents as well. */
static enum vf_status files_make_dir(void *ctx, const char *path, struct vf_err *err)
{
	char part[1200];
	size_t len = strlen(path);
	struct stat sb;

	if (len >= sizeof part)
		return vf_fail(err, VF_E_LIMIT, "a path is too long");
	if (stat(path, &sb) == 0)
		return S_ISDIR(sb.st_mode) ? VF_OK
					   : vf_fail(err, VF_E_IO, "%.180s: not a folder", path);
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i])
			continue;
		memcpy(part, path, i);
		part[i] = 0;
		if (mkdir(part, 0700) == 0) {
			if (sync_parent(ctx, part, err) != VF_OK)
				return VF_E_IO;
		} else if (errno != EEXIST) {
			return failed(err, part);
		}
	}
	return VF_OK;
}

static enum vf_status files_info(
	void *ctx, const char *path, struct vf_file_info *out, struct vf_err *err)
{
	struct stat sb;

	(void)ctx;
	if (stat(path, &sb))
		return failed(err, path);
	*out = (struct vf_file_info){
		.size = (uint64_t)sb.st_size,
		.mtime_us = (int64_t)sb.st_mtim.tv_sec * 1000000 + sb.st_mtim.tv_nsec / 1000,
		.is_dir = S_ISDIR(sb.st_mode),
	};
	return VF_OK;
}

static enum vf_status files_list(void *ctx, const char *path,
	bool (*each)(void *arg, const char *name), void *arg, struct vf_err *err)
{
	DIR *d = opendir(path);
	struct dirent *e;

	(void)ctx;
	if (!d)
		return failed(err, path);
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
			!each(arg, e->d_name))
			break;
	closedir(d);
	return VF_OK;
}

static enum vf_status files_lock(
	void *ctx, const char *path, struct vf_file **out, struct vf_err *err)
{
	struct vf_file *f;
	enum vf_status st = open_file(path, O_RDWR | O_CREAT, &f, err);

	if (st != VF_OK)
		return st;
	if (flock(f->fd, LOCK_EX | LOCK_NB)) {
		st = errno == EWOULDBLOCK ? vf_fail(err, VF_E_AGAIN, "%.180s: in use", path)
					  : failed(err, path);
		files_close(ctx, f);
		return st;
	}
	*out = f;
	return VF_OK;
}

void vf_posix_files(struct vf_files *out)
{
	*out = (struct vf_files){
		.open = files_open,
		.write_at = files_write_at,
		.sync = files_sync,
		.close = files_close,
		.read_all = files_read_all,
		.read_at = files_read_at,
		.replace = files_replace,
		.rename = files_rename,
		.remove = files_remove,
		.make_dir = files_make_dir,
		.sync_dir = files_sync_dir,
		.info = files_info,
		.list = files_list,
		.lock = files_lock,
		.unlock = files_close,
	};
}
