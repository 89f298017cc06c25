#include "server/store/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>

#include "server/runtime/buf.h"
#include "server/store/db.h"

#define MAX_FILE (1024u * 1024u)
#define LOCK_KEY "7310577231170171236" /* "vf_migrate", any constant that nobody else uses */

/* "0007_name.sql" -> 7; 0 when it is not a migration. */
static int version_of(const char *name)
{
	size_t len = strlen(name);
	int v = 0;

	if (len < 10 || name[4] != '_' || strcmp(name + len - 4, ".sql") != 0)
		return 0;
	for (int i = 0; i < 4; i++) {
		if (name[i] < '0' || name[i] > '9')
			return 0;
		v = v * 10 + name[i] - '0';
	}
	return v;
}

static enum vf_status read_file(const char *path, struct vf_buf *out, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	char chunk[8192];
	size_t n;
	FILE *f = fopen(path, "re");

	if (!f)
		return vf_fail_sys(err, VF_E_IO, "cannot read %s", path);
	while (!st && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
		st = vf_buf_add(out, chunk, n);
	if (!st && ferror(f))
		st = vf_fail_sys(err, VF_E_IO, "cannot read %s", path);
	else if (st)
		st = vf_fail(err, st, "%s is larger than %u bytes", path, MAX_FILE);
	else if (memchr(out->data ? out->data : "", 0, out->len))
		st = vf_fail(err, VF_E_INVALID, "%s holds a NUL byte", path);
	fclose(f);
	return st;
}

/* The header is the comment lines at the top of the file. */
static bool says_destructive(const char *sql)
{
	static const char mark[] = "-- destructive: yes";

	while (!strncmp(sql, "--", 2)) {
		size_t len = strcspn(sql, "\n");

		if (len >= sizeof mark - 1 && !strncmp(sql, mark, sizeof mark - 1))
			return true;
		sql += len + (sql[len] == '\n');
	}
	return false;
}

static enum vf_status load_one(
	const char *dir, const char *name, struct vf_migrations *set, struct vf_err *err)
{
	struct vf_migration *grown, *m;
	struct vf_buf text;
	char path[4096];
	enum vf_status st;
	size_t len;

	if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
		return vf_fail(err, VF_E_LIMIT, "the path of the migrations is too long");
	vf_buf_init(&text, MAX_FILE);
	st = read_file(path, &text, err);
	if (st)
		goto out_text;
	grown = realloc(set->item, (set->n + 1) * sizeof *grown);
	if (!grown) {
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
		goto out_text;
	}
	set->item = grown;
	m = &set->item[set->n];
	*m = (struct vf_migration){.version = version_of(name), .name = strdup(name)};
	m->sql = vf_buf_take(&text, &len);
	set->n++; /* from here on the set owns what there is */
	if (!m->name || !m->sql) {
		st = vf_fail(err, VF_E_NOMEM, "out of memory");
		goto out_text;
	}
	crypto_hash_sha256(m->sha256, (const unsigned char *)m->sql, len);
	m->destructive = says_destructive(m->sql);
out_text:
	vf_buf_release(&text);
	return st;
}

static int by_version(const void *a, const void *b)
{
	const struct vf_migration *x = a, *y = b;

	return (x->version > y->version) - (x->version < y->version);
}

enum vf_status vf_migrations_load(const char *dir, struct vf_migrations *out, struct vf_err *err)
{
	enum vf_status st = VF_OK;
	struct dirent *entry;
	DIR *d = opendir(dir);

	*out = (struct vf_migrations){0};
	if (!d)
		return vf_fail_sys(err, VF_E_IO, "cannot read the migrations in %s", dir);
	while (!st && (entry = readdir(d)))
		if (version_of(entry->d_name))
			st = load_one(dir, entry->d_name, out, err);
	closedir(d);
	if (!st && !out->n)
		st = vf_fail(err, VF_E_NOTFOUND, "no migrations in %s", dir);
	if (!st)
		qsort(out->item, out->n, sizeof *out->item, by_version);
	for (size_t i = 0; !st && i < out->n; i++)
		if (out->item[i].version != (int)i + 1)
			st = vf_fail(err, VF_E_INVALID,
				"migrations are numbered from 0001 without holes or doubles: %s",
				out->item[i].name);
	if (st)
		vf_migrations_release(out);
	return st;
}

void vf_migrations_release(struct vf_migrations *set)
{
	for (size_t i = 0; i < set->n; i++) {
		free(set->item[i].name);
		free(set->item[i].sql);
	}
	free(set->item);
	*set = (struct vf_migrations){0};
}

enum vf_status vf_migrate_version(struct vf_db *db, int *out, struct vf_err *err)
{
	struct vf_rows *rows;
	enum vf_status st;

	*out = 0;
	st = vf_query(
		db, NULL, "select to_regclass('schema_migration') is not null", NULL, &rows, err);
	if (st)
		return st;
	if (!vf_row_bool(rows, 0, 0)) {
		vf_rows_free(rows);
		return VF_OK;
	}
	vf_rows_free(rows);
	st = vf_query(db, NULL, "select coalesce(max(version), 0) from schema_migration", NULL,
		&rows, err);
	if (!st)
		*out = (int)vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

/* What was applied must still be what the files say. */
static enum vf_status check_applied(
	struct vf_db *db, const struct vf_migrations *set, int version, struct vf_err *err)
{
	struct vf_rows *rows;
	unsigned char sum[32];
	enum vf_status st;
	size_t len;

	if (!version)
		return VF_OK;
	if ((size_t)version > set->n)
		return vf_fail(err, VF_E_CONFLICT,
			"the database has version %d, this program knows %zu: use the newer "
			"program",
			version, set->n);
	st = vf_query(db, NULL,
		"select version, name, sha256 from schema_migration order by version", NULL, &rows,
		err);
	if (!st && vf_rows_count(rows) != version)
		st = vf_fail(err, VF_E_CORRUPT, "table schema_migration has holes");
	for (int i = 0; !st && i < version; i++) {
		st = vf_row_bytes(rows, i, 2, sum, sizeof sum, &len);
		if (st || len != sizeof sum || memcmp(sum, set->item[i].sha256, sizeof sum) != 0)
			st = vf_fail(err, VF_E_CONFLICT,
				"%s was applied with other contents (as %s): put the file back and "
				"write the change as a new migration",
				set->item[i].name, vf_row_text(rows, i, 1));
	}
	vf_rows_free(rows);
	return st;
}

static enum vf_status apply(struct vf_db *db, const struct vf_migration *m, struct vf_err *err)
{
	struct vf_err why = {0};
	struct vf_args args;
	enum vf_status st = vf_tx_begin(db, &why);

	if (!st)
		st = vf_exec_script(db, m->sql, &why);
	if (!st) {
		vf_args_init(&args);
		vf_arg_i64(&args, m->version);
		vf_arg_text(&args, m->name);
		vf_arg_bytes(&args, m->sha256, sizeof m->sha256);
		st = vf_query(db, NULL,
			"insert into schema_migration (version, name, sha256) values ($1, $2, $3)",
			&args, NULL, &why);
	}
	if (!st)
		st = vf_tx_commit(db, &why);
	if (!st)
		return VF_OK;
	vf_tx_rollback(db);
	return vf_fail(err, st, "migration %s failed and was undone: %.180s", m->name, why.text);
}

static enum vf_status run(struct vf_db *db, const struct vf_migrations *set,
	const struct vf_migrate_options *options, int *applied, struct vf_err *err)
{
	enum vf_status st;
	int version;

	st = vf_migrate_version(db, &version, err);
	if (!st)
		st = check_applied(db, set, version, err);
	for (size_t i = (size_t)version; !st && i < set->n; i++) {
		const struct vf_migration *m = &set->item[i];

		/* An empty database has nothing to lose. */
		if (version && m->destructive && !options->allow_destructive && !options->dry_run)
			return vf_fail(err, VF_E_DENIED,
				"%s removes data: make a backup (pg_dump), then run `verifleetd "
				"migrate --allow-destructive`",
				m->name);
		if (options->report)
			options->report(options->arg, m);
		if (!options->dry_run)
			st = apply(db, m, err);
		if (!st)
			++*applied;
	}
	return st;
}

enum vf_status vf_migrate(struct vf_db *db, const struct vf_migrations *set,
	const struct vf_migrate_options *options, int *applied, struct vf_err *err)
{
	int ignored_count;
	struct vf_err ignored;
	enum vf_status st, unlock;

	if (!applied)
		applied = &ignored_count;
	*applied = 0;
	if (options->dry_run)
		return run(db, set, options, applied, err);
	st = vf_exec_script(db,
		"set statement_timeout = 0; select pg_advisory_lock(" LOCK_KEY
		"); create table if not exists schema_migration (version integer primary key, "
		"name text not null, sha256 bytea not null, "
		"applied_at timestamptz not null default now())",
		err);
	if (!st)
		st = run(db, set, options, applied, err);
	unlock = vf_exec_script(
		db, "select pg_advisory_unlock_all(); reset statement_timeout", &ignored);
	(void)unlock; /* a connection that broke holds no lock any more */
	return st;
}
