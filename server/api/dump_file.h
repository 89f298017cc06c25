/*
 * Raw dumps as files: <dir>/<first two digits>/<64 digits>, and with `.part` while they arrive. A
 * file under its final name is whole, has the SHA-256 of its name and is on the disk.
 */
#ifndef VF_SERVER_API_DUMP_FILE_H
#define VF_SERVER_API_DUMP_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "verifleet/status.h"

/* How many bytes of an unfinished upload are really there. */
VF_MUST enum vf_status vf_dump_part_size(
	const char *dir, const char *sha256, uint64_t *out, struct vf_err *);
/* Writes bytes at `offset` of the unfinished file and waits for the disk. */
VF_MUST enum vf_status vf_dump_part_write(const char *dir, const char *sha256, uint64_t offset,
	const void *bytes, size_t len, struct vf_err *);
/* Checks the hash and gives the file its final name. VF_E_CORRUPT (and the part is gone) when the
 * bytes are others. */
VF_MUST enum vf_status vf_dump_part_finish(
	const char *dir, const char *sha256, uint64_t size, struct vf_err *);
/* An open descriptor; VF_E_NOTFOUND when the file is not there. */
VF_MUST enum vf_status vf_dump_open(
	const char *dir, const char *sha256, int *fd, uint64_t *size, struct vf_err *);
/* The file and its unfinished part; fine when there is none. */
VF_MUST enum vf_status vf_dump_remove(const char *dir, const char *sha256, struct vf_err *);

#endif
