/*
 * A Windows kernel crash dump, decoded. 64-bit triage (small) dumps are read whole, every other
 * kernel dump type from its header. The input is hostile: every offset and count in it is checked,
 * and whatever the bytes, a parse ends, stays inside the file and holds a bounded amount of memory
 * (the limits below; about 16 MiB for the worst file, some 100 KiB for a real one).
 *
 * vf_dump_parse() fails only for what is no kernel dump (VF_E_INVALID, one sentence), for a file
 * whose header cannot be read (VF_E_IO) and without memory (VF_E_NOMEM). A damaged dump parses:
 * what cannot be read is absent and said in `warnings`. After a success, and only then, the dump
 * must be released. Texts are valid UTF-8 without control characters. Not thread safe per object.
 */
#ifndef VF_AGENT_DUMP_DUMP_H
#define VF_AGENT_DUMP_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/dump/source.h"
#include "verifleet/status.h"

enum {
	VF_DUMP_DRIVERS = 4096,    /* drivers that are read */
	VF_DUMP_UNLOADED = 256,    /* unloaded drivers; the kernel remembers 50 */
	VF_DUMP_NAME_UNITS = 1024, /* UTF-16 units of a driver's path */
	VF_DUMP_STACK = 1 << 20,   /* stack bytes that are looked at */
	VF_DUMP_WORDS = 4096,      /* stack words that are kept */
	VF_DUMP_BLOBS = 4096,      /* secondary data blobs */
	VF_DUMP_BLOCKS = 65536,    /* data blocks that are searched */
	VF_DUMP_WARNINGS = 32,
	VF_DUMP_WARNING_TEXT = 160,
	VF_DUMP_LAB_TEXT = 128,
	VF_DUMP_PARAMETER_TEXT = 256,
	VF_DUMP_TIME_TEXT = 64,
	VF_DUMP_GUID_TEXT = 37,
	VF_DUMP_UNLOADED_TEXT = 12 * 3 + 1, /* the kernel cuts names at 12 UTF-16 units */
};

enum vf_dump_kind {
	VF_DUMP_UNKNOWN,
	VF_DUMP_TRIAGE,
	VF_DUMP_FULL,
	VF_DUMP_KERNEL,
	VF_DUMP_HEADER,
	VF_DUMP_BITMAP_FULL,
	VF_DUMP_BITMAP_KERNEL,
	VF_DUMP_AUTOMATIC,
};

enum vf_dump_arch { VF_ARCH_UNKNOWN, VF_ARCH_X64, VF_ARCH_ARM64, VF_ARCH_X86 };

struct vf_dump_driver {
	char *path; /* as stored: a full NT path, a bare name on old systems, NULL if unreadable */
	const char *name; /* the last part of path, NULL with it */
	uint64_t base;
	uint32_t size, timestamp, checksum;
};

struct vf_dump_unloaded {
	char name[VF_DUMP_UNLOADED_TEXT]; /* "" when the kernel kept none */
	uint64_t start, end;
};

/* A place in a module. Both pointers borrow from the dump. */
struct vf_dump_place {
	const struct vf_dump_driver *driver; /* NULL for an unloaded one */
	const char *module;                  /* NULL for a module without name */
	uint64_t offset;
};

struct vf_dump_word { /* a stack word that lies in a module */
	uint64_t address, value;
	struct vf_dump_place place;
};

struct vf_dump_blob {
	uint8_t guid[16]; /* file order: the first three fields are little-endian */
	uint64_t offset;  /* of the data, in the file */
	uint32_t size;
};

/* How the culprit was found; each has one stable sentence, vf_dump_reason(). */
enum vf_culprit_rule {
	VF_CULPRIT_NONE,
	VF_CULPRIT_PARAMETER,       /* a parameter that is a code address */
	VF_CULPRIT_DRIVER_NAME,     /* a parameter that points at the driver's name */
	VF_CULPRIT_EXCEPTION,       /* the address in the exception record of the bug check */
	VF_CULPRIT_CONTEXT,         /* the program counter */
	VF_CULPRIT_STACK,           /* the first stack word outside the kernel */
	VF_CULPRIT_UNLOADED,        /* a parameter or stack word lies in a driver that has gone */
	VF_CULPRIT_NAMED_BY_SYSTEM, /* the kernel itself recorded a driver */
	VF_CULPRIT_KERNEL_PARAMETER, /* a code address, but in the kernel, and nothing else is known */
};

struct vf_dump_culprit {
	enum vf_culprit_rule rule; /* VF_CULPRIT_NONE: nobody is named */
	unsigned parameter;        /* 1..4 where the rule looked at one, else 0 */
	char *module;              /* owned */
	bool has_offset;
	uint64_t offset;
};

struct vf_dump {
	enum vf_dump_kind kind;
	unsigned bits; /* 64 or 32: the format's, not the processor's */
	uint32_t type; /* DumpType as stored */
	enum vf_dump_arch arch;
	uint32_t machine; /* machine type as stored */

	uint32_t raw_code; /* as stored */
	uint32_t code;     /* without the mark that some kernels add (0x1000007e is 0x7e) */
	uint64_t params[4];

	bool has_build, has_cpus, has_time, has_uptime, has_context;
	uint32_t os_build, cpus;
	int64_t system_time_us; /* microseconds since 1970, UTC */
	uint64_t uptime_100ns;
	uint64_t pc, sp;
	char build_lab[VF_DUMP_LAB_TEXT]; /* "" when the dump does not carry it */
	char comment[VF_DUMP_LAB_TEXT];   /* "" when nobody wrote one */
	/*
	 * What a parameter points at where that is a text (the rule of a 0xC4), "" otherwise;
	 * when the dump does not carry that text, `parameter_text_absent` says so.
	 */
	bool parameter_text_absent;
	char parameter_text[VF_DUMP_PARAMETER_TEXT];

	struct vf_dump_driver *drivers; /* in the dump's order: the first is the kernel */
	size_t driver_count;
	struct vf_dump_unloaded *unloaded; /* newest first */
	size_t unloaded_count;
	struct vf_dump_word *words; /* by ascending address */
	size_t word_count;
	struct vf_dump_blob *blobs;
	size_t blob_count;
	struct vf_dump_culprit culprit;

	char warnings[VF_DUMP_WARNINGS][VF_DUMP_WARNING_TEXT];
	size_t warning_count;
};

VF_MUST enum vf_status vf_dump_parse(
	struct vf_dump *d, const struct vf_source *source, struct vf_err *err);
void vf_dump_release(struct vf_dump *d);

/* The word for a kind as used in JSON: "triage", "bitmap_kernel", … and for an architecture. */
const char *vf_dump_kind_word(enum vf_dump_kind kind);
const char *vf_dump_arch_word(enum vf_dump_arch arch); /* NULL for VF_ARCH_UNKNOWN */
/* The time of the crash, RFC 3339 in UTC; false when the dump does not know it. */
bool vf_dump_time(const struct vf_dump *d, char text[VF_DUMP_TIME_TEXT]);
/* A blob's GUID in the usual form, lower case, without braces. */
void vf_dump_guid(const struct vf_dump_blob *blob, char text[VF_DUMP_GUID_TEXT]);
/* Writes the stable sentence that says how the culprit was found. */
void vf_dump_reason(const struct vf_dump_culprit *c, char *text, size_t size);

#endif
