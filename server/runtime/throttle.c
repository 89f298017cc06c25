#include "server/runtime/throttle.h"

#include <stddef.h>

/* A key lives in one of these neighbours, so that a look-up never walks the whole table. */
#define WAYS 16u

uint64_t vf_throttle_key(const char *a, const char *b)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	for (; *a; a++)
		h = (h ^ (unsigned char)*a) * 1099511628211u;
	h = (h ^ 0xff) * 1099511628211u;
	for (; *b; b++)
		h = (h ^ (unsigned char)(*b >= 'A' && *b <= 'Z' ? *b + 32 : *b)) * 1099511628211u;
	return h ? h : 1;
}

static struct vf_throttle_slot *neighbours(struct vf_throttle *t, uint64_t key)
{
	return &t->slot[(key >> 7) % (VF_THROTTLE_SLOTS / WAYS) * WAYS];
}

static struct vf_throttle_slot *find(struct vf_throttle *t, uint64_t key)
{
	struct vf_throttle_slot *s = neighbours(t, key);

	for (unsigned i = 0; i < WAYS; i++)
		if (s[i].key == key)
			return &s[i];
	return NULL;
}

static struct vf_throttle_slot *make(struct vf_throttle *t, uint64_t key)
{
	struct vf_throttle_slot *s = neighbours(t, key), *oldest = s;

	for (unsigned i = 1; i < WAYS; i++)
		if (s[i].last_us < oldest->last_us)
			oldest = &s[i];
	*oldest = (struct vf_throttle_slot){.key = key};
	return oldest;
}

int vf_throttle_wait(struct vf_throttle *t, uint64_t key, int64_t now_us)
{
	const struct vf_throttle_slot *s;
	int64_t left = 0;

	pthread_mutex_lock(&t->lock);
	s = find(t, key);
	if (s && s->until_us > now_us)
		left = s->until_us - now_us;
	pthread_mutex_unlock(&t->lock);
	return (int)((left + 999999) / 1000000);
}

void vf_throttle_fail(
	struct vf_throttle *t, uint64_t key, const struct vf_throttle_rule *rule, int64_t now_us)
{
	struct vf_throttle_slot *s;
	int64_t wait;

	pthread_mutex_lock(&t->lock);
	s = find(t, key);
	if (!s)
		s = make(t, key);
	if (now_us - s->last_us > rule->forget_s * INT64_C(1000000))
		s->failures = 0;
	s->failures++;
	s->last_us = now_us;
	if (s->failures > rule->free) {
		int doublings = s->failures - rule->free - 1;

		wait = (int64_t)rule->first_wait_s << (doublings > 20 ? 20 : doublings);
		if (wait > rule->max_wait_s)
			wait = rule->max_wait_s;
		s->until_us = now_us + wait * 1000000;
	}
	pthread_mutex_unlock(&t->lock);
}

void vf_throttle_clear(struct vf_throttle *t, uint64_t key)
{
	struct vf_throttle_slot *s;

	pthread_mutex_lock(&t->lock);
	s = find(t, key);
	if (s)
		*s = (struct vf_throttle_slot){0};
	pthread_mutex_unlock(&t->lock);
}
