/*
 * Which crashes are the same finding: fingerprints, version 1.
 *
 * A fingerprint is the first 16 bytes of the SHA-256 of a canonical text, `kind/v1|part|part|…`.
 * Parts are lower case, and `\`, `|`, `<`, `>` and control characters in them are escaped with a
 * backslash, so that no two lists of parts make one text. The parts are kept by name, to answer
 * "why grouped".
 *
 * What never goes in: addresses, parameters that are pointers or sizes, times, machine, build, and
 * the time stamp of an image. Without symbols a place is module and offset; that holds for one
 * build of the module only, so such a finding is `weak`: a rebuild may move the place and split
 * it. The identity of the image stays out all the same, or every rebuild would split it for sure.
 *
 * Pure: no allocation, no input or output, any thread. Text that is too long is cut, never lost
 * silently from the hash (the hash covers the whole canonical text).
 */
#ifndef VF_SERVER_DOMAIN_IDENTITY_H
#define VF_SERVER_DOMAIN_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verifleet/catalog.h"

#define VF_FINGERPRINT_VERSION 1
#define VF_FINGERPRINT_LEN     16
#define VF_IDENTITY_PARTS      5
#define VF_IDENTITY_PART_MAX   288 /* a name of 128 bytes, each escaped, and room */

/* What is known of one crash. Names are the last part of a path, at most 128 bytes are used. */
struct vf_crash_facts {
	uint32_t raw_code;
	uint64_t parameter[4];
	uint32_t os_build;          /* 0 = unknown */
	const char *culprit_module; /* NULL = unknown */
	bool has_offset;
	uint64_t offset;          /* of the place inside the culprit */
	const char *event_driver; /* named by an event instead of a dump, NULL = none */
};

struct vf_identity_part {
	const char *name; /* constant: code, driver, place, … */
	char value[VF_IDENTITY_PART_MAX];
};

struct vf_identity {
	enum vf_finding_kind kind;
	unsigned version;
	unsigned char fingerprint[VF_FINGERPRINT_LEN];
	char text[1024]; /* the canonical text */
	struct vf_identity_part part[VF_IDENTITY_PARTS];
	size_t n_parts;
	bool weak;
	char title[512];    /* for people */
	const char *driver; /* the driver it is about, as given; NULL = unknown */
	bool has_sub_code;  /* parameter 1 is a class of this bug check */
	uint32_t sub_code;
	unsigned dma_class;     /* 0 = none */
	const char *rule;       /* NULL = none; constant */
	uint32_t bugcheck_code; /* without bit 28 */
};

void vf_identity_of_crash(const struct vf_crash_facts *, struct vf_identity *out);

#endif
