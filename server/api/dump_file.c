#include "server/api/dump_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "server/runtime/hex.h"

#define PATH_MAX_OURS 1200

static void path_of(
	char out[PATH_MAX_OURS], const char *dir, const char *sha256, const char *suffix)
{
	snprintf(out, PATH_MAX_OURS, "%s/%.2s/%.64s%s", dir, sha256, sha256, suffix);
}

static enum vf_status sync_folder(const char *dir, const char *sha256, struct vf_err *err)
{
	char path[PATH_MAX_OURS];
	enum vf_status st = VF_OK;
	int fd;

	snprintf(path, sizeof path, "%s/%.2s", dir, sha256);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd))
		st = vf_fail_sys(err, VF_E_IO, "cannot sync %s", path);
	if (fd >= 0)
		close(fd);
	return st;
}

enum vf_status vf_dump_part_size(
	const char *dir, const char *sha256, uint64_t *out, struct vf_err *err)
{
	char path[PATH_MAX_OURS];
	struct stat s;

	*out = 0;
	path_of(path, dir, sha256, ".part");
	if (!stat(path, &s))
		*out = (uint64_t)s.st_size;
	else if (errno != ENOENT && errno != ENOTDIR)
		return vf_fail_sys(err, VF_E_IO, "cannot look at %s", path);
	return VF_OK;
}

static enum vf_status write_all(
	int fd, const char *bytes, size_t len, uint64_t offset, struct vf_err *err)
{
	while (len) {
		ssize_t n = pwrite(fd, bytes, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return vf_fail_sys(err, VF_E_IO, "cannot write a dump");
		bytes += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return VF_OK;
}

enum vf_status vf_dump_part_write(const char *dir, const char *sha256, uint64_t offset,
	const void *bytes, size_t len, struct vf_err *err)
{
	char path[PATH_MAX_OURS];
	enum vf_status st;
	int fd;

	snprintf(path, sizeof path, "%s/%.2s", dir, sha256);
	if (mkdir(path, 0700) && errno != EEXIST)
		return vf_fail_sys(err, VF_E_IO, "cannot make %s", path);
	path_of(path, dir, sha256, ".part");
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return vf_fail_sys(err, VF_E_IO, "cannot open %s", path);
	st = write_all(fd, bytes, len, offset, err);
	if (!st && fdatasync(fd))
		st = vf_fail_sys(err, VF_E_IO, "cannot sync %s", path);
	if (close(fd) && !st)
		st = vf_fail_sys(err, VF_E_IO, "cannot close %s", path);
	return st;
}

static enum vf_status hash_file(int fd, unsigned char out[32], uint64_t *size, struct vf_err *err)
{
	crypto_hash_sha256_state hash;
	unsigned char chunk[16384];
	ssize_t n;

	*size = 0;
	crypto_hash_sha256_init(&hash);
	while ((n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vf_fail_sys(err, VF_E_IO, "cannot read a dump");
		crypto_hash_sha256_update(&hash, chunk, (unsigned long long)n);
		*size += (uint64_t)n;
	}
	crypto_hash_sha256_final(&hash, out);
	return VF_OK;
}

enum vf_status vf_dump_part_finish(
	const char *dir, const char *sha256, uint64_t size, struct vf_err *err)
{
	char part[PATH_MAX_OURS], path[PATH_MAX_OURS], digits[65];
	unsigned char sum[32];
	enum vf_status st;
	uint64_t have;
	int fd;

	path_of(part, dir, sha256, ".part");
	path_of(path, dir, sha256, "");
	fd = open(part, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return vf_fail_sys(err, VF_E_IO, "cannot open %s", part);
	/* An upload that broke off after writing may have left more than it told of. */
	st = ftruncate(fd, (off_t)size) ? vf_fail_sys(err, VF_E_IO, "cannot cut %s", part) : VF_OK;
	if (!st)
		st = hash_file(fd, sum, &have, err);
	if (!st && fsync(fd))
		st = vf_fail_sys(err, VF_E_IO, "cannot sync %s", part);
	close(fd);
	if (st)
		return st;
	vf_hex(sum, sizeof sum, digits);
	if (have != size || strncmp(digits, sha256, 64) != 0) {
		unlink(part);
		return vf_fail(err, VF_E_CORRUPT,
			"the bytes have the SHA-256 %s; the upload starts again", digits);
	}
	if (rename(part, path))
		return vf_fail_sys(err, VF_E_IO, "cannot rename %s", part);
	return sync_folder(dir, sha256, err);
}

enum vf_status vf_dump_open(
	const char *dir, const char *sha256, int *fd, uint64_t *size, struct vf_err *err)
{
	char path[PATH_MAX_OURS];
	struct stat s;

	path_of(path, dir, sha256, "");
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0 && errno == ENOENT)
		return vf_fail(err, VF_E_NOTFOUND, "the file of this dump is not there");
	if (*fd < 0)
		return vf_fail_sys(err, VF_E_IO, "cannot open %s", path);
	if (fstat(*fd, &s)) {
		enum vf_status st = vf_fail_sys(err, VF_E_IO, "cannot look at %s", path);

		close(*fd);
		*fd = -1;
		return st;
	}
	*size = (uint64_t)s.st_size;
	return VF_OK;
}

enum vf_status vf_dump_remove(const char *dir, const char *sha256, struct vf_err *err)
{
	static const char *const suffix[] = {"", ".part"};

	for (size_t i = 0; i < VF_ARRAY_LEN(suffix); i++) {
		char path[PATH_MAX_OURS];

		path_of(path, dir, sha256, suffix[i]);
		if (unlink(path) && errno != ENOENT && errno != ENOTDIR)
			return vf_fail_sys(err, VF_E_IO, "cannot remove %s", path);
	}
	return VF_OK;
}
