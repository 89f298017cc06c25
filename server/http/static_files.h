/*
 * The web bundle, read into memory once at start: the files may be unreadable for the user that
 * the server becomes, and a request never touches the disk. Read-only after loading.
 */
#ifndef VF_SERVER_HTTP_STATIC_FILES_H
#define VF_SERVER_HTTP_STATIC_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "verifleet/status.h"

struct vf_static_file {
	char *path; /* "/assets/app-1a2b3c4d.js" */
	unsigned char *bytes, *gz;
	size_t len, gz_len; /* gz_len 0: no compressed sibling */
	const char *mime;
	char etag[36];
	bool immutable; /* the name changes with the contents */
};

struct vf_static_files;

/* A missing folder gives an empty set: the API works without the pages. */
VF_MUST enum vf_status vf_static_files_load(
	const char *dir, struct vf_static_files **out, struct vf_err *);
void vf_static_files_free(struct vf_static_files *);
size_t vf_static_files_count(const struct vf_static_files *);
/*
 * The file of a decoded path; index.html for any other path of the app, which then shows its own
 * not-found page. NULL below /api and /assets.
 */
const struct vf_static_file *vf_static_files_find(const struct vf_static_files *, const char *path);

#endif
