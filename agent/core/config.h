/*
 * agent.ini: `key = value` lines, `#` or `;` comments, one optional section [agent]. Every key is a
 * row of one table (type, range, default, help), from which the sample file is printed as well.
 * An unknown key, a value out of its range or a line that is none of these is refused with its line
 * number: a typing mistake must not silently become a default. Pure; texts are copied.
 */
#ifndef VF_AGENT_CORE_CONFIG_H
#define VF_AGENT_CORE_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "agent/core/buf.h"
#include "verifleet/status.h"

struct vf_config {
	char server[256];
	char ca_file[512];
	char name[128];
	char dump_dir[512];
	char event_file[512];
	uint32_t spool_mib;
	uint32_t dump_wait_s;
	uint32_t dump_stable_ms;
	uint32_t poll_ms;
	uint32_t upload_dumps;
};

void vf_config_defaults(struct vf_config *c);
/* Reads text over what `c` holds; on failure `c` may be half changed. */
VF_MUST enum vf_status vf_config_parse(
	struct vf_config *c, const char *text, size_t len, struct vf_err *err);
/* Sets one key, as the command line does. */
VF_MUST enum vf_status vf_config_set(
	struct vf_config *c, const char *key, const char *value, struct vf_err *err);
/* Appends a file that holds `c`, with the help of every key as comments. */
void vf_config_print(const struct vf_config *c, struct vf_buf *out);

#endif
