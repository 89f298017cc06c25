/* Decoded bug checks and masks as text for people. */
#ifndef VF_AGENT_CLI_DECODE_TEXT_H
#define VF_AGENT_CLI_DECODE_TEXT_H

#include "agent/cli/text.h"
#include "verifleet/catalog.h"

void vf_print_bugcheck(const struct vf_text *, const struct vf_decoded *);
/* VF_WIN_UNKNOWN: what holds on every version. */
void vf_print_flags(const struct vf_text *, const struct vf_decoded_flags *, enum vf_windows);

#endif
