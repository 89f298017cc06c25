#include "server/database.h"

#include "server/cluster/cluster.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/store/database.h"
#include "server/store/db.h"
#include "server/store/migrate.h"

#define PATIENCE_US (60 * INT64_C(1000000))

static void say_migration(void *arg, const struct vf_migration *m)
{
	(void)arg;
	vf_say("database: applying %s", m->name);
}

static enum vf_status open_pool(
	struct vf_database *d, const struct vf_config *c, int size, struct vf_err *err)
{
	const struct vf_pool_config config = {.conninfo = d->conninfo,
		.size = size,
		.wait_ms = (int)c->db_wait_ms,
		.statement_timeout_ms = (int)c->db_statement_timeout_ms};

	return vf_pool_new(&config, &d->pool, err);
}

static enum vf_status find_server(struct vf_database *d, const struct vf_config *c,
	const struct vf_home *h, bool join, struct vf_err *err)
{
	const struct vf_cluster_config config = {
		.data_dir = h->data_dir, .socket_dir = h->socket_dir, .bin_dir = c->pg_bin_dir};
	enum vf_status st;

	if (*c->database_url) {
		snprintf(d->conninfo, sizeof d->conninfo, "%s", c->database_url);
		return VF_OK;
	}
	st = vf_cluster_start(&config, &d->cluster, err);
	if (st == VF_E_CONFLICT && join)
		st = VF_OK; /* its server looks after it */
	if (!st)
		st = vf_cluster_conninfo(
			h->socket_dir, VF_DATABASE_NAME, d->conninfo, sizeof d->conninfo, err);
	if (!st && d->cluster && vf_cluster_adopted(d->cluster))
		vf_say("took over the PostgreSQL that an earlier server left running");
	return st;
}

static enum vf_status migrate(struct vf_database *d, const struct vf_home *h, struct vf_err *err)
{
	const struct vf_migrate_options options = {.report = say_migration};
	struct vf_db *db;
	enum vf_status st = vf_pool_get(d->pool, &db, err);

	if (!st)
		st = vf_migrate(db, &h->migrations, &options, NULL, err);
	if (db)
		vf_pool_put(d->pool, db);
	return st;
}

/* The database itself, on a cluster that is ours, and its shape. */
static enum vf_status prepare(
	struct vf_database *d, const struct vf_home *h, bool shape, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	char admin[1536];

	if (d->cluster)
		st = vf_cluster_conninfo(h->socket_dir, "postgres", admin, sizeof admin, err);
	if (!st && d->cluster)
		st = vf_database_ensure(admin, err);
	return st || !shape ? st : migrate(d, h, err);
}

/* PostgreSQL may be killed while we start: it is restarted, and what was undone is done again. */
static enum vf_status prepare_patiently(
	struct vf_database *d, const struct vf_home *h, bool shape, struct vf_err *err)
{
	int64_t until = vf_mono_us() + PATIENCE_US;
	enum vf_status st;

	while ((st = prepare(d, h, shape, err)) == VF_E_AGAIN && d->cluster &&
		vf_mono_us() < until) {
		vf_cluster_tick(d->cluster);
		vf_sleep_ms(200);
	}
	return st;
}

enum vf_status vf_database_open(struct vf_database *d, const struct vf_config *c,
	const struct vf_home *h, struct vf_err *err)
{
	enum vf_status st = find_server(d, c, h, false, err);

	if (!st)
		st = open_pool(d, c, (int)c->db_pool_size, err);
	return st ? st : prepare_patiently(d, h, true, err);
}

static enum vf_status check_version(struct vf_db *db, const struct vf_home *h, struct vf_err *err)
{
	int version;
	enum vf_status st = vf_migrate_version(db, &version, err);

	if (!st && (size_t)version != h->migrations.n)
		st = vf_fail(err, VF_E_CONFLICT,
			"the database has version %d, this program wants %zu: run `verifleetd "
			"migrate`, or "
			"start the server of this version",
			version, h->migrations.n);
	return st;
}

enum vf_status vf_database_join(struct vf_database *d, const struct vf_config *c,
	const struct vf_home *h, bool any_version, struct vf_err *err)
{
	int64_t until = vf_mono_us() + PATIENCE_US;
	struct vf_db *db = NULL;
	enum vf_status st = find_server(d, c, h, true, err);

	/* One for us, one for the caller. */
	if (!st)
		st = open_pool(d, c, 2, err);
	if (!st && d->cluster)
		return prepare_patiently(d, h, !any_version, err);
	if (st)
		return st;
	/* The server that has the cluster may itself be starting. */
	while ((st = vf_pool_get(d->pool, &db, err)) == VF_E_AGAIN && !*c->database_url &&
		vf_mono_us() < until)
		vf_sleep_ms(200);
	if (!st && !any_version)
		st = check_version(db, h, err);
	vf_pool_put(d->pool, db);
	return st;
}

void vf_database_tick(struct vf_database *d)
{
	if (d->cluster)
		vf_cluster_tick(d->cluster);
}

void vf_database_interrupt(struct vf_database *d)
{
	vf_cluster_stop(d->cluster, true);
	d->cluster = NULL;
}

void vf_database_close(struct vf_database *d, bool hurry)
{
	vf_pool_free(d->pool);
	vf_cluster_stop(d->cluster, hurry);
	*d = (struct vf_database){0};
}
