#include "agent/posix/posix.h"

#include <errno.h>
#include <sys/random.h>

static int64_t now_us(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t wall_us(void *ctx)
{
	(void)ctx;
	return now_us(CLOCK_REALTIME);
}

/* BOOTTIME goes on while the machine sleeps, as an uptime should. */
static int64_t mono_us(void *ctx)
{
	(void)ctx;
	return now_us(CLOCK_BOOTTIME);
}

void vf_posix_clock(struct vf_clock *out)
{
	*out = (struct vf_clock){NULL, wall_us, mono_us};
}

static void random_bytes(void *ctx, void *out, size_t len)
{
	uint8_t *p = out;

	(void)ctx;
	while (len) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0 && errno != EINTR)
			abort();
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
}

void vf_posix_random(struct vf_random *out)
{
	*out = (struct vf_random){NULL, random_bytes};
}
