/* Points in time as text: RFC 3339 in UTC with microseconds, years 0001 to 9999. */
#ifndef VF_AGENT_CORE_RFC3339_H
#define VF_AGENT_CORE_RFC3339_H

#include <stdbool.h>
#include <stdint.h>

struct vf_time_text {
	char text[64];
};

struct vf_time_text vf_time_format(int64_t us);
/* Accepts 'T' or a space, any number of fraction digits, 'Z' or an offset; nothing behind it. */
bool vf_time_parse(const char *text, int64_t *us);

#endif
