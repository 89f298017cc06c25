/* Unpredictable bytes of the system. Never fails: a system without randomness ends the process. */
#ifndef VF_SERVER_RUNTIME_RANDOM_H
#define VF_SERVER_RUNTIME_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void vf_random(void *out, size_t len);
uint32_t vf_random_below(uint32_t limit); /* uniform in [0, limit); 0 for limit 0 */
/* `len` random characters of an alphabet without look-alikes, and a NUL. */
void vf_random_word(char *out, size_t len);

#endif
