/* Wall time for storage (UTC microseconds), monotonic time for durations. Safe on any thread. */
#ifndef VF_SERVER_RUNTIME_CLOCK_H
#define VF_SERVER_RUNTIME_CLOCK_H

#include <stdint.h>

int64_t vf_now_us(void);
int64_t vf_mono_us(void);
void vf_sleep_ms(int ms);
/* "2026-11-21T20:48:00.123456Z"; `out` holds 32 bytes. */
void vf_time_text(int64_t utc_us, char out[32]);

#endif
