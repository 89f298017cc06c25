/*
 * What the parts of the dump reader share during one parse. Internal to agent/dump.
 * A part returns false only when memory runs out; whatever is wrong with the file it says with
 * vf_dump_warn() and leaves out.
 */
#ifndef VF_AGENT_DUMP_PARSE_H
#define VF_AGENT_DUMP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/dump/dump.h"
#include "agent/dump/reader.h"

enum {
	VF_HEADER_64 = 0x2000,
	VF_HEADER_32 = 0x1000,
	VF_CONTEXT_MAX = 0x4d0, /* the part of a CPU context that is looked at, any processor */
};

/* A range of virtual memory and where its bytes are in the file. */
struct vf_extent {
	uint64_t address, offset, size;
};

/* What the triage header says about where the parts lie; zero where it says nothing. */
struct vf_triage {
	uint32_t size_of_dump, valid_offset, context_offset;
	uint32_t unloaded_offset, stack_offset, stack_size;
	uint32_t drivers_offset, driver_count, broken_driver_offset;
	uint32_t debugger_offset, debugger_size, blocks_offset, block_count;
	uint64_t stack_top;
	struct vf_extent data_page;
};

struct vf_module_range {
	uint64_t base, end;
	size_t driver; /* index in vf_dump.drivers */
};

struct vf_parse {
	struct vf_dump *dump;
	struct vf_reader reader;
	size_t word; /* bytes of a pointer: 8 or 4 */
	uint8_t header[VF_HEADER_64];
	size_t header_len;    /* bytes of it that the file has */
	uint64_t kernel_base; /* from the debugger block; 0 when unknown */
	struct vf_triage triage;
	struct vf_module_range *ranges; /* sorted by base; the drivers that have a usable range */
	size_t range_count;
	uint64_t bugcheck_frame; /* offset in the stack of code and parameters, 0 when not seen */
};

VF_PRINTF(2, 3) void vf_dump_warn(struct vf_parse *p, const char *fmt, ...);

/* header.c: fields of the header that was read into p->header, and the context record. */
void vf_parse_header(struct vf_parse *p);
bool vf_parse_context(
	const struct vf_dump *d, const uint8_t *raw, size_t len, uint64_t *pc, uint64_t *sp);

/* body.c: what follows the header of a dump that is no triage dump. */
void vf_parse_body(struct vf_parse *p);

/* triage.c: finds the parts and reads them. */
VF_MUST bool vf_parse_triage(struct vf_parse *p);

/* modules.c */
VF_MUST bool vf_parse_drivers(struct vf_parse *p);
VF_MUST bool vf_parse_unloaded(struct vf_parse *p);
/* Names the module that an address lies in; loaded drivers come before unloaded ones. */
bool vf_module_at(const struct vf_parse *p, uint64_t address, struct vf_dump_place *place);
/* A pool string, malloc'd; NULL with *nomem false when there is none at that offset. */
char *vf_pool_string(struct vf_parse *p, uint64_t at, bool *nomem);

/* memory.c: reads virtual memory as far as the dump carries it; returns how many bytes. */
size_t vf_memory_read(struct vf_parse *p, uint64_t address, void *buf, size_t len);
/* The n-th data block; false behind the last one or when it lies outside the file. */
bool vf_memory_block(struct vf_parse *p, size_t n, struct vf_extent *block);

/* debugger.c: the build lab. */
void vf_parse_debugger_data(struct vf_parse *p);

/* stack.c */
VF_MUST bool vf_parse_stack(struct vf_parse *p);
/* The n-th word of the stack, resolved or not. */
bool vf_stack_word(struct vf_parse *p, size_t n, uint64_t *value);
size_t vf_stack_count(const struct vf_parse *p);

/* secondary.c */
VF_MUST bool vf_parse_secondary(struct vf_parse *p);

/* fault.c: what the parameters of the bug check point at. */
struct vf_fault {
	bool has_context, has_exception;
	unsigned context_param, exception_param;
	uint64_t pc, sp, exception;
};
void vf_parse_fault(struct vf_parse *p, struct vf_fault *fault);
/* Reads the text at an address: a UNICODE_STRING, UTF-16 or ASCII. False when it has none. */
bool vf_memory_text(struct vf_parse *p, uint64_t address, char *text, size_t size);

/* culprit.c: runs last, over everything else. */
VF_MUST bool vf_find_culprit(struct vf_parse *p);

#endif
