#include "agent/core/collect.h"

/* An event is logged at the start that follows a crash: it may be days younger than the dump. */
#define EARLIEST_US (-INT64_C(600) * 1000000)
#define LATEST_US   (INT64_C(7) * 86400 * 1000000)

static bool same_bug_check(uint32_t a, const uint64_t pa[4], uint32_t b, const uint64_t pb[4])
{
	return a == b && !memcmp(pa, pb, 4 * sizeof *pa);
}

/* Could the two pieces, of which one may be a dump, tell of one moment? */
static bool near(int64_t a, int64_t b)
{
	int64_t d = a > b ? a - b : b - a;

	return d <= LATEST_US;
}

static bool fits(const struct vf_crash *c, const struct vf_crash *piece)
{
	if (!same_bug_check(c->code, c->params, piece->code, piece->params))
		return false;
	if ((piece->has_dump && c->has_dump) || (piece->has_event && c->has_event) ||
		(piece->has_power && c->has_power))
		return false;
	if (piece->has_dump && !c->has_dump) /* what was logged before the crash is another one's */
		return c->at_us - piece->at_us >= EARLIEST_US && near(c->at_us, piece->at_us);
	if (c->has_dump)
		return piece->at_us - c->at_us >= EARLIEST_US && near(c->at_us, piece->at_us);
	return near(c->at_us, piece->at_us);
}

static bool told_already(struct vf_collect *c, const struct vf_crash *piece)
{
	for (size_t i = c->told_count; i-- > 0;) {
		struct vf_crash_told *t = &c->told[i];

		if (!same_bug_check(t->code, t->params, piece->code, piece->params) ||
			!near(t->at_us, piece->at_us))
			continue;
		if ((piece->has_dump && t->has_dump) || (piece->has_event && t->has_event) ||
			(piece->has_power && t->has_power))
			continue;
		t->has_dump |= piece->has_dump;
		t->has_event |= piece->has_event;
		t->has_power |= piece->has_power;
		return true;
	}
	return false;
}

static void merge(struct vf_crash *c, const struct vf_crash *piece)
{
	if (piece->has_dump) {
		c->dump = piece->dump;
		c->raw_code = piece->raw_code;
		c->at_us =
			piece->at_us; /* the dump knows the moment, an event only the next start */
		c->has_dump = true;
	} else if (piece->has_event) {
		c->event = piece->event;
		c->has_event = true;
	} else {
		c->power = piece->power;
		c->has_power = true;
	}
}

enum vf_collected vf_collect_offer(struct vf_collect *c, struct vf_crash *piece, int64_t now_us)
{
	for (size_t i = 0; i < c->count; i++)
		if (fits(&c->pending[i], piece)) {
			merge(&c->pending[i], piece);
			return VF_COLLECT_WAITS;
		}
	if (told_already(c, piece))
		return VF_COLLECT_LATE;
	if (c->count == VF_COLLECT_PENDING)
		return VF_COLLECT_FULL;
	piece->deadline_us = now_us + c->wait_us;
	c->pending[c->count++] = *piece;
	return VF_COLLECT_WAITS;
}

bool vf_collect_due(struct vf_collect *c, int64_t now_us, struct vf_crash *out)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct vf_crash *p = &c->pending[i];

		if (!(p->has_dump && p->has_event) && now_us < p->deadline_us)
			continue;
		*out = *p;
		memmove(c->pending + i, c->pending + i + 1, (c->count - i - 1) * sizeof *p);
		c->count--;
		if (c->told_count == VF_COLLECT_RECENT) {
			memmove(c->told, c->told + 1, (VF_COLLECT_RECENT - 1) * sizeof *c->told);
			c->told_count--;
		}
		c->told[c->told_count++] = (struct vf_crash_told){
			.code = out->code,
			.params = {out->params[0], out->params[1], out->params[2], out->params[3]},
			.at_us = out->at_us,
			.has_dump = out->has_dump,
			.has_event = out->has_event,
			.has_power = out->has_power,
		};
		return true;
	}
	return false;
}

void vf_collect_release(struct vf_collect *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->pending[i].dump.decoded);
	c->count = 0;
}
