#include "server/runtime/clock.h"

#include <stdio.h>
#include <time.h>

#include "verifleet/banned.h"

static int64_t read_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t vf_now_us(void)
{
	return read_us(CLOCK_REALTIME);
}

int64_t vf_mono_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

void vf_sleep_ms(int ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	nanosleep(&t, NULL);
}

void vf_time_text(int64_t utc_us, char out[32])
{
	int64_t us = utc_us % 1000000, s = utc_us / 1000000;
	struct tm tm;
	size_t len;
	time_t t;

	if (us < 0) {
		us += 1000000;
		s--;
	}
	t = (time_t)s;
	if (!gmtime_r(&t, &tm) || tm.tm_year > 8099 || tm.tm_year < -900) {
		snprintf(out, 32, "invalid");
		return;
	}
	strftime(out, 21, "%Y-%m-%dT%H:%M:%S", &tm);
	len = strlen(out);
	snprintf(out + len, 32 - len, ".%06uZ", (unsigned)us % 1000000u);
}
