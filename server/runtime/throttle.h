/*
 * Slows down guessing: counts failures by key and says how long the key must wait. Fixed memory:
 * when it is full the entry whose last failure is oldest makes room. Any thread.
 */
#ifndef VF_SERVER_RUNTIME_THROTTLE_H
#define VF_SERVER_RUNTIME_THROTTLE_H

#include <pthread.h>
#include <stdint.h>

#define VF_THROTTLE_SLOTS 4096

struct vf_throttle_rule {
	int free;         /* failures without any wait */
	int first_wait_s; /* after that; doubles with each further failure */
	int max_wait_s;
	int forget_s; /* a key without failures for this long starts anew */
};

struct vf_throttle {
	pthread_mutex_t lock;
	struct vf_throttle_slot {
		uint64_t key;
		int64_t last_us, until_us;
		int failures;
	} slot[VF_THROTTLE_SLOTS];
};
#define VF_THROTTLE_INIT                                                                           \
	{                                                                                          \
		.lock = PTHREAD_MUTEX_INITIALIZER                                                  \
	}

/* Keys are compared as 64-bit hashes of the two texts, the second without case. */
uint64_t vf_throttle_key(const char *a, const char *b);
/* Seconds to wait before the next try, 0 when it may come now. */
int vf_throttle_wait(struct vf_throttle *, uint64_t key, int64_t now_us);
void vf_throttle_fail(
	struct vf_throttle *, uint64_t key, const struct vf_throttle_rule *, int64_t now_us);
void vf_throttle_clear(struct vf_throttle *, uint64_t key);

#endif
