/*
 * A file system in memory that can lose power. It keeps apart what was written and what was synced,
 * for the bytes of a file as well as for the names in a folder, and can cut the power before any
 * operation that changes something, or let one operation fail.
 */
#ifndef VF_TESTS_MEMFS_H
#define VF_TESTS_MEMFS_H

#include <assert.h>

#include "agent/core/ports.h"

enum { MEMFS_NODES = 512, MEMFS_NAME = 160 };

struct memfs_node {
	uint8_t *now, *synced;
	size_t now_len, synced_len;
};

struct memfs_entry {
	char name[MEMFS_NAME];
	int now, synced; /* node + 1, 0 = no such name */
};

struct memfs {
	struct vf_files port;
	struct memfs_node nodes[MEMFS_NODES];
	struct memfs_entry entries[MEMFS_NODES];
	int node_count, entry_count;
	unsigned ops;       /* operations that changed something */
	unsigned off_at;    /* power goes before this operation; 0 = never */
	unsigned fail_at;   /* this operation fails half done; 0 = none */
	unsigned fail_from; /* every operation from this one on fails (a full disk); 0 = none */
	uint64_t rng;
};

struct vf_file {
	int node;
};

static inline uint64_t memfs_random(struct memfs *m)
{
	m->rng ^= m->rng << 13;
	m->rng ^= m->rng >> 7;
	m->rng ^= m->rng << 17;
	return m->rng;
}

/* VF_OK when the operation goes through. */
static inline bool memfs_stops(struct memfs *m)
{
	m->ops++;
	return (m->off_at && m->ops >= m->off_at) || m->ops == m->fail_at ||
	       (m->fail_from && m->ops >= m->fail_from);
}

static inline bool memfs_is_off(const struct memfs *m)
{
	return m->off_at && m->ops >= m->off_at;
}

static inline struct memfs_entry *memfs_entry(struct memfs *m, const char *path, bool make)
{
	struct memfs_entry *e;

	for (int i = 0; i < m->entry_count; i++)
		if (!strcmp(m->entries[i].name, path))
			return &m->entries[i];
	if (!make)
		return NULL;
	assert(m->entry_count < MEMFS_NODES && strlen(path) < MEMFS_NAME);
	e = &m->entries[m->entry_count++];
	*e = (struct memfs_entry){0};
	snprintf(e->name, sizeof e->name, "%s", path);
	return e;
}

static inline int memfs_new_node(struct memfs *m)
{
	for (int i = 0; i < m->node_count; i++) {
		bool used = false;

		for (int k = 0; k < m->entry_count && !used; k++)
			used = m->entries[k].now == i + 1 || m->entries[k].synced == i + 1;
		if (!used) {
			free(m->nodes[i].now);
			free(m->nodes[i].synced);
			m->nodes[i] = (struct memfs_node){0};
			return i;
		}
	}
	assert(m->node_count < MEMFS_NODES);
	m->nodes[m->node_count] = (struct memfs_node){0};
	return m->node_count++;
}

static inline struct memfs_node *memfs_node(struct memfs *m, const char *path)
{
	struct memfs_entry *e = memfs_entry(m, path, false);

	return e && e->now ? &m->nodes[e->now - 1] : NULL;
}

static inline void memfs_set(uint8_t **to, size_t *to_len, const uint8_t *from, size_t len)
{
	uint8_t *p = malloc(len + 1);

	assert(p);
	if (len)
		memcpy(p, from, len);
	free(*to);
	*to = p;
	*to_len = len;
}

static inline enum vf_status memfs_open(
	void *ctx, const char *path, struct vf_file **out, struct vf_err *err)
{
	struct memfs *m = ctx;
	struct memfs_entry *e = memfs_entry(m, path, true);

	if (!e->now) {
		if (memfs_stops(m))
			return vf_fail(err, VF_E_IO, "open: failed by the test");
		e->now = memfs_new_node(m) + 1;
	}
	*out = malloc(sizeof **out);
	assert(*out);
	(*out)->node = e->now - 1;
	return VF_OK;
}

static inline enum vf_status memfs_write_at(void *ctx, struct vf_file *f, uint64_t offset,
	const void *data, size_t len, struct vf_err *err)
{
	struct memfs *m = ctx;
	struct memfs_node *n = &m->nodes[f->node];
	bool stops = memfs_stops(m);

	if (memfs_is_off(m))
		return vf_fail(err, VF_E_IO, "write: power is off");
	if (stops)
		len /= 2;
	if (offset + len > n->now_len) {
		n->now = realloc(n->now, offset + len + 1);
		assert(n->now);
		if (offset > n->now_len)
			memset(n->now + n->now_len, 0, offset - n->now_len);
		n->now_len = offset + len;
	}
	memcpy(n->now + offset, data, len);
	return stops ? vf_fail(err, VF_E_IO, "write: failed by the test") : VF_OK;
}

static inline enum vf_status memfs_sync(void *ctx, struct vf_file *f, struct vf_err *err)
{
	struct memfs *m = ctx;
	struct memfs_node *n = &m->nodes[f->node];

	if (memfs_stops(m))
		return vf_fail(err, VF_E_IO, "sync: failed by the test");
	memfs_set(&n->synced, &n->synced_len, n->now, n->now_len);
	return VF_OK;
}

static inline void memfs_close(void *ctx, struct vf_file *f)
{
	(void)ctx;
	free(f);
}

static inline enum vf_status memfs_read_at(void *ctx, const char *path, uint64_t offset, void *data,
	size_t len, size_t *got, struct vf_err *err)
{
	struct memfs_node *n = memfs_node(ctx, path);

	*got = 0;
	if (!n)
		return vf_fail(err, VF_E_NOTFOUND, "%s: not there", path);
	if (offset >= n->now_len)
		return VF_OK;
	*got = n->now_len - offset < len ? n->now_len - offset : len;
	memcpy(data, n->now + offset, *got);
	return VF_OK;
}

static inline enum vf_status memfs_read_all(
	void *ctx, const char *path, struct vf_buf *out, struct vf_err *err)
{
	struct memfs_node *n = memfs_node(ctx, path);

	if (!n)
		return vf_fail(err, VF_E_NOTFOUND, "%s: not there", path);
	vf_buf_add(out, n->now, n->now_len);
	return vf_buf_ok(out) ? VF_OK : vf_fail(err, out->failed, "%s: too large", path);
}

static inline enum vf_status memfs_replace(
	void *ctx, const char *path, const void *data, size_t len, struct vf_err *err)
{
	struct memfs *m = ctx;
	struct memfs_entry *e;
	int node;

	if (memfs_stops(m))
		return vf_fail(err, VF_E_IO, "replace: failed by the test");
	node = memfs_new_node(m);
	memfs_set(&m->nodes[node].now, &m->nodes[node].now_len, data, len);
	memfs_set(&m->nodes[node].synced, &m->nodes[node].synced_len, data, len);
	e = memfs_entry(m, path, true);
	e->now = e->synced = node + 1;
	return VF_OK;
}

static inline enum vf_status memfs_rename(
	void *ctx, const char *from, const char *to, struct vf_err *err)
{
	struct memfs *m = ctx;
	struct memfs_entry *e = memfs_entry(m, from, false);
	int node;

	if (!e || !e->now)
		return vf_fail(err, VF_E_NOTFOUND, "%s: not there", from);
	if (memfs_stops(m))
		return vf_fail(err, VF_E_IO, "rename: failed by the test");
	node = e->now;
	e->now = 0;
	memfs_entry(m, to, true)->now = node;
	return VF_OK;
}

static inline enum vf_status memfs_remove(void *ctx, const char *path, struct vf_err *err)
{
	struct memfs *m = ctx;
	struct memfs_entry *e = memfs_entry(m, path, false);

	if (!e || !e->now)
		return vf_fail(err, VF_E_NOTFOUND, "%s: not there", path);
	if (memfs_stops(m))
		return vf_fail(err, VF_E_IO, "remove: failed by the test");
	e->now = 0;
	return VF_OK;
}

static inline enum vf_status memfs_make_dir(void *ctx, const char *path, struct vf_err *err)
{
	(void)ctx;
	(void)path;
	(void)err;
	return VF_OK;
}

static inline bool memfs_in(const char *name, const char *dir)
{
	size_t n = strlen(dir);

	return !strncmp(name, dir, n) && name[n] == '/' && !strchr(name + n + 1, '/');
}

static inline enum vf_status memfs_sync_dir(void *ctx, const char *path, struct vf_err *err)
{
	struct memfs *m = ctx;

	if (memfs_stops(m))
		return vf_fail(err, VF_E_IO, "sync_dir: failed by the test");
	for (int i = 0; i < m->entry_count; i++)
		if (memfs_in(m->entries[i].name, path))
			m->entries[i].synced = m->entries[i].now;
	return VF_OK;
}

static inline enum vf_status memfs_info(
	void *ctx, const char *path, struct vf_file_info *out, struct vf_err *err)
{
	struct memfs_node *n = memfs_node(ctx, path);

	if (!n)
		return vf_fail(err, VF_E_NOTFOUND, "%s: not there", path);
	*out = (struct vf_file_info){.size = n->now_len};
	return VF_OK;
}

static inline enum vf_status memfs_list(void *ctx, const char *path,
	bool (*each)(void *arg, const char *name), void *arg, struct vf_err *err)
{
	struct memfs *m = ctx;

	(void)err;
	for (int i = 0; i < m->entry_count; i++)
		if (m->entries[i].now && memfs_in(m->entries[i].name, path) &&
			!each(arg, strrchr(m->entries[i].name, '/') + 1))
			break;
	return VF_OK;
}

static inline void memfs_init(struct memfs *m, uint64_t seed)
{
	*m = (struct memfs){
		.rng = seed * 2654435761u + 1,
		.port = {.ctx = m,
			.open = memfs_open,
			.write_at = memfs_write_at,
			.sync = memfs_sync,
			.close = memfs_close,
			.read_all = memfs_read_all,
			.read_at = memfs_read_at,
			.replace = memfs_replace,
			.rename = memfs_rename,
			.remove = memfs_remove,
			.make_dir = memfs_make_dir,
			.sync_dir = memfs_sync_dir,
			.info = memfs_info,
			.list = memfs_list},
	};
}

static inline void memfs_release(struct memfs *m)
{
	for (int i = 0; i < m->node_count; i++) {
		free(m->nodes[i].now);
		free(m->nodes[i].synced);
	}
	m->node_count = m->entry_count = 0;
}

enum memfs_luck {
	MEMFS_WORST, /* nothing survives that was not synced */
	MEMFS_BEST,  /* everything survives */
	MEMFS_MIXED, /* names and bytes survive by chance, a file's new bytes up to some point */
};

/* The machine comes back after power was lost. */
static inline void memfs_power_on(struct memfs *m, enum memfs_luck luck)
{
	for (int i = 0; i < m->entry_count; i++) {
		struct memfs_entry *e = &m->entries[i];

		if (luck == MEMFS_WORST || (luck == MEMFS_MIXED && memfs_random(m) & 1))
			e->now = e->synced;
		e->synced = e->now;
	}
	for (int i = 0; i < m->node_count; i++) {
		struct memfs_node *n = &m->nodes[i];
		size_t len, first = 0, cut = luck == MEMFS_WORST ? 0 : n->now_len;
		uint8_t *p;

		/* Somewhere among the bytes that differ: elsewhere a cut changes nothing. */
		while (first < n->now_len && first < n->synced_len &&
			n->now[first] == n->synced[first])
			first++;
		while (luck == MEMFS_MIXED && cut > first && cut <= n->synced_len &&
			n->now[cut - 1] == n->synced[cut - 1])
			cut--;
		if (luck == MEMFS_MIXED && cut > first)
			cut = first + memfs_random(m) % (cut - first + 1);
		len = cut > n->synced_len ? cut : n->synced_len;
		p = malloc(len + 1);
		assert(p);
		if (n->synced_len)
			memcpy(p, n->synced, n->synced_len);
		if (cut)
			memcpy(p, n->now, cut);
		memfs_set(&n->now, &n->now_len, p, len);
		memfs_set(&n->synced, &n->synced_len, p, len);
		free(p);
	}
	m->ops = m->off_at = m->fail_at = m->fail_from = 0;
}

#endif
