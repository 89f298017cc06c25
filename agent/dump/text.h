/*
 * Text from a dump, made fit to show: UTF-16 becomes valid UTF-8, and what cannot be shown (lone
 * surrogates, control characters, marks that turn the direction of writing) becomes U+FFFD.
 */
#ifndef VF_AGENT_DUMP_TEXT_H
#define VF_AGENT_DUMP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Converts `units` little-endian UTF-16 units, up to the first NUL; the result is terminated and
 * cut at a whole character when `size` is too small (3 bytes a unit and 1 always suffice).
 * Returns its length.
 */
size_t vf_text_utf16(const uint8_t *raw, size_t units, char *out, size_t size);
/* Copies printable ASCII up to the first other byte; false unless that byte is a NUL. */
bool vf_text_ascii(const uint8_t *raw, size_t len, char *out, size_t size);
/* The part behind the last backslash. */
const char *vf_text_base_name(const char *path);
/* Equality that ignores the case of ASCII letters, as the kernel compares module names. */
bool vf_text_same(const char *a, const char *b);

#endif
