#include "agent/core/state.h"

/* Grows an array by one element, zeroed; NULL without memory. */
static void *one_more(void **items, size_t *count, size_t *room, size_t size)
{
	if (*count == *room) {
		size_t more = *room ? *room * 2 : 16;
		void *p = realloc(*items, more * size);

		if (!p)
			return NULL;
		*items = p;
		*room = more;
	}
	return memset((char *)*items + (*count)++ * size, 0, size);
}

void vf_state_release(struct vf_state *s)
{
	for (size_t i = 0; i < s->dump_count; i++)
		free(s->dumps[i].name);
	for (size_t i = 0; i < s->upload_count; i++)
		free(s->uploads[i].name);
	free(s->dumps);
	free(s->uploads);
	free(s->event_keys);
	*s = (struct vf_state){0};
}

bool vf_state_has_event(const struct vf_state *s, uint64_t key)
{
	for (size_t i = 0; i < s->event_key_count; i++)
		if (s->event_keys[i] == key)
			return true;
	return false;
}

enum vf_status vf_state_add_event(struct vf_state *s, uint64_t key)
{
	uint64_t *slot;

	if (vf_state_has_event(s, key))
		return VF_OK;
	slot = one_more((void **)&s->event_keys, &s->event_key_count, &s->event_key_room,
		sizeof *s->event_keys);
	if (!slot)
		return VF_E_NOMEM;
	*slot = key;
	return VF_OK;
}

void vf_state_forget_event(struct vf_state *s, uint64_t key)
{
	for (size_t i = 0; i < s->event_key_count; i++)
		if (s->event_keys[i] == key)
			s->event_keys[i--] = s->event_keys[--s->event_key_count];
}

struct vf_state_dump *vf_state_dump(struct vf_state *s, const char *name)
{
	for (size_t i = 0; i < s->dump_count; i++) {
		size_t at = (s->dump_found + 1 + i) % s->dump_count;

		if (!strcmp(s->dumps[at].name, name)) {
			s->dump_found = at;
			return &s->dumps[at];
		}
	}
	return NULL;
}

bool vf_state_has_sha256(const struct vf_state *s, const char *sha256)
{
	for (size_t i = 0; i < s->dump_count; i++)
		if (!strcmp(s->dumps[i].sha256, sha256))
			return true;
	return false;
}

enum vf_status vf_state_set_dump(
	struct vf_state *s, const char *name, uint64_t size, int64_t mtime_us, const char *sha256)
{
	struct vf_state_dump *d = vf_state_dump(s, name);

	if (!d) {
		char *copy = strdup(name);

		d = copy ? one_more((void **)&s->dumps, &s->dump_count, &s->dump_room, sizeof *d)
			 : NULL;
		if (!d) {
			free(copy);
			return VF_E_NOMEM;
		}
		d->name = copy;
	}
	d->size = size;
	d->mtime_us = mtime_us;
	d->present = true;
	snprintf(d->sha256, sizeof d->sha256, "%s", sha256);
	return VF_OK;
}

void vf_state_drop_absent_dumps(struct vf_state *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->dump_count; i++) {
		if (s->dumps[i].present)
			s->dumps[kept++] = s->dumps[i];
		else
			free(s->dumps[i].name);
	}
	s->dump_count = kept;
}

enum vf_status vf_state_add_upload(struct vf_state *s, const struct vf_state_upload *u)
{
	struct vf_state_upload *slot;
	char *copy = strdup(u->name);

	slot = copy ? one_more(
			      (void **)&s->uploads, &s->upload_count, &s->upload_room, sizeof *slot)
		    : NULL;
	if (!slot) {
		free(copy);
		return VF_E_NOMEM;
	}
	*slot = *u;
	slot->name = copy;
	return VF_OK;
}

void vf_state_drop_upload(struct vf_state *s, size_t i)
{
	free(s->uploads[i].name);
	memmove(s->uploads + i, s->uploads + i + 1, (s->upload_count - i - 1) * sizeof *s->uploads);
	s->upload_count--;
}

void vf_state_run_begins(struct vf_state *s, const char *id, int64_t at_us)
{
	if (s->run_count == VF_STATE_RUNS) {
		memmove(s->runs, s->runs + 1, (VF_STATE_RUNS - 1) * sizeof *s->runs);
		s->run_count--;
	}
	s->runs[s->run_count] = (struct vf_state_run){.start_us = at_us};
	snprintf(s->runs[s->run_count].id, sizeof s->runs[0].id, "%s", id);
	s->run_count++;
}

void vf_state_run_ends(struct vf_state *s, const char *id, int64_t at_us)
{
	for (size_t i = 0; i < s->run_count; i++)
		if (!strcmp(s->runs[i].id, id) && !s->runs[i].end_us)
			s->runs[i].end_us = at_us;
}

const char *vf_state_run_at(const struct vf_state *s, int64_t at_us)
{
	for (size_t i = s->run_count; i-- > 0;)
		if (s->runs[i].start_us <= at_us &&
			(!s->runs[i].end_us || at_us <= s->runs[i].end_us))
			return s->runs[i].id;
	return NULL;
}
