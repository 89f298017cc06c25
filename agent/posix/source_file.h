/*
 * A file as a dump's source: read with pread, so that a dump of many gigabytes is never loaded.
 * Only regular files are opened. The source borrows the handle, which lives until it is closed.
 */
#ifndef VF_AGENT_POSIX_SOURCE_FILE_H
#define VF_AGENT_POSIX_SOURCE_FILE_H

#include "agent/dump/source.h"
#include "verifleet/status.h"

struct vf_source_file {
	int fd;
	struct vf_source source;
};

/* VF_E_NOTFOUND, VF_E_DENIED, VF_E_INVALID (not a regular file) or VF_E_IO. */
VF_MUST enum vf_status vf_source_file_open(
	struct vf_source_file *f, const char *path, struct vf_err *err);
void vf_source_file_close(struct vf_source_file *f);

#endif
