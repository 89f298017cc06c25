/*
 * The small readers of the agent: settings, events of the system log, headers of driver images.
 * None of them crashes, and what was read as settings prints as a file that reads back the same.
 * The first byte of an input says which of them the rest is for.
 */
#include <stdint.h>
#include <stdlib.h>

#include "agent/core/config.h"
#include "agent/core/events.h"
#include "agent/core/pe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void settings(const uint8_t *data, size_t len)
{
	struct vf_config a, b;
	struct vf_buf text;

	vf_config_defaults(&a);
	if (vf_config_parse(&a, (const char *)data, len, NULL) != VF_OK)
		return;
	vf_buf_init(&text, 1 << 16);
	vf_config_print(&a, &text);
	vf_config_defaults(&b);
	if (vf_config_parse(&b, vf_buf_text(&text), text.len, NULL) != VF_OK ||
		strcmp(a.server, b.server) != 0 || a.spool_mib != b.spool_mib)
		abort();
	vf_buf_release(&text);
}

static void event(const uint8_t *data, size_t len)
{
	struct vf_event e;

	if (vf_event_parse(&e, (const char *)data, len, 1, NULL) != VF_OK)
		return;
	if (e.kind == VF_EVENT_BUGCHECK && !e.crash.has_event)
		abort();
	vf_event_release(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct vf_pe pe;

	if (!len)
		return 0;
	switch (data[0] % 3) {
	case 0: settings(data + 1, len - 1); break;
	case 1: event(data + 1, len - 1); break;
	default: (void)!vf_pe_read(&pe, data + 1, len - 1, len - 1, NULL);
	}
	return 0;
}
