/* Text of a request target: percent escapes, UTF-8, no control characters. Pure. */
#ifndef VF_SERVER_HTTP_DECODE_H
#define VF_SERVER_HTTP_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "server/runtime/arena.h"

/* True for well-formed UTF-8 without U+0000..U+001F, U+007F and U+0080..U+009F. */
VF_MUST bool vf_text_clean(const char *text, size_t len);
/*
 * Undoes percent escapes, and '+' for a blank when `form` is set. VF_E_INVALID for a broken escape
 * or a result that is not clean.
 */
VF_MUST enum vf_status vf_percent_decode(
	struct vf_arena *, const char *text, size_t len, bool form, char **out);

#endif
