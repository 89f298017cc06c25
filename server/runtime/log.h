/*
 * One line per event, logfmt, on standard error: `lvl=info at=http req=… msg="…"`. Under systemd
 * each line starts with its priority prefix and leaves the time to the journal. Callable from any
 * thread; a line is written with one write(), and is cut at 2 KiB. Never pass secrets.
 */
#ifndef VF_SERVER_RUNTIME_LOG_H
#define VF_SERVER_RUNTIME_LOG_H

#include <stddef.h>

#include "verifleet/status.h"

enum vf_log_level { VF_LOG_ERROR, VF_LOG_WARN, VF_LOG_INFO, VF_LOG_DEBUG };

struct vf_log_field {
	const char *key, *value; /* a NULL value leaves the field out */
};

void vf_log_init(enum vf_log_level shown); /* info until called */
/* The request that this thread works for: goes into each of its lines until set to NULL. */
void vf_log_request(const char *request_id);
const char *vf_log_request_id(void); /* NULL when none */
VF_PRINTF(3, 4) void vf_log(enum vf_log_level, const char *at, const char *fmt, ...);
void vf_log_fields(enum vf_log_level, const char *at, const struct vf_log_field *, size_t n);
/* `verifleetd: text` for the person who started the program. */
VF_PRINTF(1, 2) void vf_say(const char *fmt, ...);

#endif
