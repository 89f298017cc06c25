/*
 * Which build a crash counts for, and in what role.
 *
 * The build is the one that was named explicitly, else that of the current run, else the build of
 * a loaded driver image, the culprit's before any other, else none. The role keeps apart what the
 * build did from what merely happened while it was loaded.
 *
 * Two modules are the same image when name (without case), time stamp and size agree.
 * Pure: borrows everything, allocates nothing, any thread.
 */
#ifndef VF_SERVER_DOMAIN_ATTRIBUTION_H
#define VF_SERVER_DOMAIN_ATTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ordered like the enumerations of the database: a higher one is the stronger claim. */
enum vf_attribution {
	VF_ATTRIBUTION_NONE,
	VF_ATTRIBUTION_IMAGE,
	VF_ATTRIBUTION_RUN,
	VF_ATTRIBUTION_EXPLICIT,
};

enum vf_evidence_role {
	VF_ROLE_OF_NONE,   /* unattributed */
	VF_ROLE_OF_OTHER,  /* the build's driver was not loaded, or nobody knows */
	VF_ROLE_OF_LOADED, /* it was loaded, but is not the culprit */
	VF_ROLE_OF_OWN,    /* it is the culprit */
};

const char *vf_attribution_word(enum vf_attribution);     /* none, image, run, explicit */
const char *vf_evidence_role_word(enum vf_evidence_role); /* none, other, loaded, own */

struct vf_module {
	const char *name; /* last part of the path */
	uint32_t timestamp;
	uint64_t size;
};

/* A registered driver image. */
struct vf_image {
	struct vf_module module;
	int64_t build_id;
};

/* A build that may be chosen: its images are those of `image` with its id. */
struct vf_build_ref {
	int64_t id; /* 0 = there is none */
	const char *driver_name;
};

struct vf_attribution_facts {
	struct vf_build_ref explicit_build, run_build;
	const char *culprit_module; /* NULL = unknown */
	const struct vf_module *loaded;
	size_t n_loaded; /* 0 = no list */
	/* Every registered image of the project whose name is a loaded module's or one of the two
	 * builds' own; others change nothing. */
	const struct vf_image *image;
	size_t n_images;
};

struct vf_attribution_result {
	enum vf_attribution attribution;
	enum vf_evidence_role role;
	int64_t build_id; /* 0 = none */
};

void vf_attribute(const struct vf_attribution_facts *, struct vf_attribution_result *out);
/* Names of files as Windows compares them (ASCII letters without case). */
bool vf_same_name(const char *a, const char *b);

#endif
