#include "server/runtime/metric.h"

#include <stddef.h>
#include <string.h>

#include "verifleet/banned.h"

static struct vf_metric *first;

/* Runs before main(), so that the list never changes while it is read. */
void vf_metric_register(struct vf_metric *m)
{
	struct vf_metric **at = &first;

	while (*at && strcmp((*at)->name, m->name) < 0)
		at = &(*at)->next;
	m->next = *at;
	*at = m;
}

const struct vf_metric *vf_metric_first(void)
{
	return first;
}
