/*
 * Writes synthetic Windows kernel dumps of every shape that the reader knows, from a short
 * description. Demo, tests and the simulated lab use it, so that none of them needs a real dump;
 * each file says in its comment field that it is synthetic.
 *
 * A zeroed vf_sim_dump_spec is valid: a 64-bit x64 triage dump without drivers. Everything that a
 * spec points to is borrowed for the call. Deterministic: the same spec gives the same bytes.
 * The offsets are written out here a second time on purpose: a wrong one in the reader must not
 * be hidden by sharing it. Failures: out of memory, a name or list beyond the limits below, I/O.
 */
#ifndef VF_AGENT_SIM_DUMPWRITER_H
#define VF_AGENT_SIM_DUMPWRITER_H

#include <stddef.h>
#include <stdint.h>

#include "verifleet/status.h"

enum {
	VF_SIM_DUMP_DRIVERS =
		4096, /* most drivers, unloaded drivers, blocks or blobs of one dump */
	VF_SIM_DUMP_BYTES = 64 << 20, /* largest dump that is written */
};

enum vf_sim_dump_shape {
	VF_SIM_TRIAGE,        /* small dump: drivers, stack, data blocks */
	VF_SIM_FULL,          /* type 1 */
	VF_SIM_KERNEL,        /* type 2 */
	VF_SIM_HEADER,        /* type 3 */
	VF_SIM_BITMAP_FULL,   /* type 5 */
	VF_SIM_BITMAP_KERNEL, /* type 6, also what live dumps are written as */
	VF_SIM_AUTOMATIC,     /* type 7 */
	VF_SIM_LIVE_KERNEL,   /* type 8 */
	VF_SIM_LIVE_ACTIVE,   /* type 9 */
	VF_SIM_LIVE_FULL,     /* type 10 */
};

enum vf_sim_dump_arch { VF_SIM_X64, VF_SIM_ARM64, VF_SIM_X86 };

/* Switches something off that is written by default, as older systems and damage do. */
enum vf_sim_dump_without {
	VF_SIM_NO_BLOCKS = 1,        /* no data blocks, so no build lab either */
	VF_SIM_NO_MARK = 2,          /* the end mark of the triage part is not written */
	VF_SIM_NO_DEBUGGER_DATA = 4, /* no KDBG block */
	VF_SIM_NO_CONTEXT = 8,       /* the context record keeps its filler */
};

struct vf_sim_driver {
	const char *path; /* as the kernel stores it: full NT path, or a bare name on old systems */
	uint64_t base;
	uint32_t size, timestamp, checksum;
};

struct vf_sim_unloaded {
	const char *name; /* cut at 12 characters, as the kernel does */
	uint64_t start, end;
};

struct vf_sim_block { /* a piece of virtual memory that the dump carries */
	uint64_t address;
	const void *data;
	uint32_t size;
};

struct vf_sim_blob {      /* secondary data of a bug check callback */
	uint8_t guid[16]; /* in file order: the first three fields are little-endian */
	const void *data;
	uint32_t size;
};

struct vf_sim_dump_spec {
	enum vf_sim_dump_shape shape;
	enum vf_sim_dump_arch arch; /* VF_SIM_X86 writes the 32-bit format */
	unsigned without;           /* enum vf_sim_dump_without */

	uint32_t code; /* raw, e.g. 0x1000007e */
	uint64_t params[4];
	uint32_t os_build; /* 0: 19041 */
	const char *build_lab;
	uint32_t cpus;          /* 0: 4 */
	int64_t system_time_us; /* microseconds since 1970, UTC; 0: 2026-01-01T00:00:00Z */
	uint64_t uptime_100ns;  /* 0: one hour */
	const char *comment;    /* appended to the words "synthetic dump" */

	uint64_t pc, sp;       /* context; 0 sp: the top of the stack */
	uint64_t stack_top;    /* address of the first stack word; 0: a default */
	const uint64_t *stack; /* words that follow the frame of KeBugCheckEx */
	size_t stack_count;    /* on x64 that frame (return address, code, parameters) is added */
	uint64_t exception_at; /* 0, or where an exception record (code p1, address pc) lies */
	uint64_t context_at;   /* 0, or where a copy of the context lies */
	uint64_t header_pc, header_sp; /* when not 0: the header's context differs from that copy */

	const struct vf_sim_driver *drivers; /* the first is the kernel */
	size_t driver_count;
	const struct vf_sim_unloaded *unloaded;
	size_t unloaded_count;
	const struct vf_sim_block *blocks;
	size_t block_count;
	const struct vf_sim_blob *blobs;
	size_t blob_count;
};

/* `*out` is malloc'd and belongs to the caller (free). */
VF_MUST enum vf_status vf_sim_dump_build(
	const struct vf_sim_dump_spec *spec, uint8_t **out, size_t *len, struct vf_err *err);

/* Writes a new file beside `path` and renames it, so that a watcher never sees half a dump. */
VF_MUST enum vf_status vf_sim_dump_write(
	const struct vf_sim_dump_spec *spec, const char *path, struct vf_err *err);

#endif
