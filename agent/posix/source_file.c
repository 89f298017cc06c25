#include "agent/posix/source_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum vf_status read_at(const void *ctx, uint64_t offset, void *buf, size_t len)
{
	const struct vf_source_file *f = ctx;
	uint8_t *to = buf;

	while (len) {
		ssize_t n = pread(f->fd, to, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) /* an error, or the file has become shorter */
			return VF_E_IO;
		to += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return VF_OK;
}

enum vf_status vf_source_file_open(struct vf_source_file *f, const char *path, struct vf_err *err)
{
	struct stat st;

	/* Without O_NONBLOCK opening a pipe would wait for its writer. */
	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (f->fd < 0)
		return vf_fail_sys(err,
			errno == ENOENT   ? VF_E_NOTFOUND
			: errno == EACCES ? VF_E_DENIED
					  : VF_E_IO,
			"cannot open the file");
	if (fstat(f->fd, &st)) {
		enum vf_status status = vf_fail_sys(err, VF_E_IO, "cannot look at the file");

		close(f->fd);
		return status;
	}
	if (!S_ISREG(st.st_mode)) {
		close(f->fd);
		return vf_fail(err, VF_E_INVALID, "this is not a regular file");
	}
	f->source = (struct vf_source){read_at, f, (uint64_t)st.st_size};
	return VF_OK;
}

void vf_source_file_close(struct vf_source_file *f)
{
	close(f->fd);
	f->fd = -1;
}
