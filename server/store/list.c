#include "server/store/list.h"

#include <inttypes.h>

#include "server/runtime/buf.h"
#include "server/runtime/number.h"

#define SQL_MAX 16384

/* A statement on its way: text, and the parameters in the order of their first use. */
struct statement {
	const struct vf_list *list;
	const struct vf_ask *ask;
	struct vf_buf sql;
	struct vf_args args;
	int filter_arg[VF_LIST_FILTERS]; /* number of the parameter, 0 = not used yet */
	int project_arg, id_arg;
	int64_t id;
	int key_arg[VF_SORT_KEYS];
};

static const struct vf_sort *sort_of(const struct statement *s)
{
	return &s->list->sort[s->ask->sort];
}

int vf_list_keys(const struct vf_list *list, int sort)
{
	int n = 0;

	while (n < VF_SORT_KEYS && list->sort[sort].key[n].sql)
		n++;
	return n;
}

void vf_ask_init(struct vf_ask *ask, int limit)
{
	memset(ask, 0, sizeof *ask);
	ask->limit = limit;
}

static int filter_index(const struct vf_list *list, const char *name, size_t len)
{
	for (int i = 0; i < VF_LIST_FILTERS && list->filter[i].name; i++)
		if (strlen(list->filter[i].name) == len && !memcmp(list->filter[i].name, name, len))
			return i;
	return -1;
}

void vf_ask_set(
	const struct vf_list *list, struct vf_ask *ask, const char *filter, const char *value)
{
	int i = filter_index(list, filter, strlen(filter));

	if (i < 0)
		abort();
	ask->value[i] = value;
}

static int add_int(struct statement *s, int64_t value)
{
	vf_arg_i64(&s->args, value);
	return s->args.n;
}

static int add_key(struct statement *s, int i)
{
	int64_t us = 0;

	/* page.c has checked the text against the kind. */
	if (sort_of(s)->key[i].kind == VF_KEY_TIME &&
		vf_parse_i64(s->ask->key[i], INT64_MIN, INT64_MAX, &us))
		vf_arg_time(&s->args, us);
	else
		vf_arg_text(&s->args, s->ask->key[i]);
	return s->args.n;
}

/* The number of the parameter called `name`; a filter that is not used is SQL NULL. */
static int parameter(struct statement *s, const char *name, size_t len)
{
	int *slot, i;

	if (len == 1 && *name >= '1' && *name < '1' + VF_SORT_KEYS) {
		slot = &s->key_arg[*name - '1'];
		if (!*slot)
			*slot = add_key(s, *name - '1');
		return *slot;
	}
	if (len == 10 && !memcmp(name, "project_id", len)) {
		if (!s->project_arg)
			s->project_arg = add_int(s, s->ask->project_id);
		return s->project_arg;
	}
	if (len == 2 && !memcmp(name, "id", len)) {
		if (!s->id_arg)
			s->id_arg = add_int(s, s->id);
		return s->id_arg;
	}
	i = filter_index(s->list, name, len);
	if (i < 0)
		abort();
	if (!s->filter_arg[i]) {
		vf_arg_text(&s->args, s->ask->value[i]);
		s->filter_arg[i] = s->args.n;
	}
	return s->filter_arg[i];
}

/*
 * A word of a filter as text, so that one plan may fit "none" and another "image" (a partial index
 * needs to see it). Taken from the list of the program, never from the caller.
 */
static bool emit_word(struct statement *s, const char *name, size_t len)
{
	int i = filter_index(s->list, name, len);
	const struct vf_filter *filter = i < 0 ? NULL : &s->list->filter[i];
	const char *value = filter ? s->ask->value[i] : NULL;

	if (!filter || filter->kind != VF_FILTER_WORD || !value)
		return false;
	for (size_t w = 0; filter->words[w]; w++)
		if (!strcmp(filter->words[w], value)) {
			vf_buf_printf(&s->sql, "'%s'", filter->words[w]);
			return true;
		}
	abort(); /* page.c lets no other word through */
}

/* Appends a template with ${name} replaced by $n, or by the word. */
static void emit(struct statement *s, const char *text)
{
	for (;;) {
		const char *mark = strstr(text, "${"), *end;

		if (!mark)
			break;
		end = strchr(mark, '}');
		vf_buf_add(&s->sql, text, (size_t)(mark - text));
		if (!emit_word(s, mark + 2, (size_t)(end - mark - 2)))
			vf_buf_printf(
				&s->sql, "$%d", parameter(s, mark + 2, (size_t)(end - mark - 2)));
		text = end + 1;
	}
	vf_buf_puts(&s->sql, text);
}

static void emit_where(struct statement *s)
{
	const struct vf_list *list = s->list;

	emit(s, " where ");
	emit(s, list->where ? list->where : "true");
	if (s->ask->project_id) {
		emit(s, " and ");
		/* Rows that belong to no project are not for a caller bound to one. */
		emit(s, list->project ? list->project : "false");
	}
	for (int i = 0; i < VF_LIST_FILTERS && list->filter[i].name; i++) {
		if (!s->ask->value[i] || !list->filter[i].sql)
			continue;
		emit(s, " and ");
		emit(s, list->filter[i].sql);
	}
}

static void emit_columns(struct statement *s)
{
	const struct vf_sort *sort = sort_of(s);
	const char *comma = "";

	emit(s, "select ");
	for (int i = 0; i < vf_list_keys(s->list, s->ask->sort); i++, comma = ", ") {
		emit(s, comma);
		emit(s, sort->key[i].sql);
	}
	for (size_t i = 0; i < s->list->n_column; i++, comma = ", ") {
		emit(s, comma);
		emit(s, s->list->column[i].sql);
	}
	emit(s, " from ");
}

/* The rows of the page, in their order, from the one table that has them. */
static void emit_rows(struct statement *s, bool one)
{
	emit_where(s);
	if (one) {
		emit(s, " and ");
		emit(s, s->list->id);
		emit(s, " = ${id}::bigint");
	}
	if (s->ask->after) {
		emit(s, " and ");
		emit(s, sort_of(s)->after);
	}
	emit(s, " order by ");
	emit(s, sort_of(s)->order);
	/* A number in the text, not a parameter: else the planner cannot see that few rows are
	   wanted. */
	vf_buf_printf(&s->sql, " limit %d", s->ask->limit);
}

static void emit_select(struct statement *s, bool one)
{
	const struct vf_list *list = s->list;

	emit_columns(s);
	if (!list->table) {
		emit(s, list->from);
		emit_rows(s, one);
		return;
	}
	vf_buf_printf(&s->sql, "(select %s.* from %s", list->alias, list->table);
	emit_rows(s, one);
	vf_buf_printf(&s->sql, ") %s", list->alias);
	emit(s, list->from ? list->from : "");
	emit(s, " order by ");
	emit(s, sort_of(s)->order);
}

static void begin(struct statement *s, const struct vf_list *list, const struct vf_ask *ask)
{
	memset(s, 0, sizeof *s);
	s->list = list;
	s->ask = ask;
	vf_buf_init(&s->sql, SQL_MAX);
	vf_args_init(&s->args);
}

static uint64_t hash_text(const char *text)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211u;
	return h;
}

static enum vf_status run(
	struct vf_db *db, struct statement *s, struct vf_rows **rows, struct vf_err *err)
{
	enum vf_status st = vf_buf_status(&s->sql);
	char name[96];

	*rows = NULL;
	if (!st) {
		snprintf(
			name, sizeof name, "%s.%016" PRIx64, s->list->name, hash_text(s->sql.data));
		st = vf_query(db, name, s->sql.data, &s->args, rows, err);
	} else {
		st = vf_fail(err, st, "the statement of list %s is too long", s->list->name);
	}
	vf_buf_release(&s->sql);
	return st;
}

enum vf_status vf_list_rows(struct vf_db *db, const struct vf_list *list, const struct vf_ask *ask,
	struct vf_rows **rows, struct vf_err *err)
{
	struct statement s;

	begin(&s, list, ask);
	emit_select(&s, false);
	return run(db, &s, rows, err);
}

static bool knows(const struct vf_sum *sum, const char *filter)
{
	char word[64];

	snprintf(word, sizeof word, " %s ", filter);
	return strstr(sum->knows, word) != NULL;
}

/* The first roll-up that has everything that is asked; NULL when rows must be counted. */
static const struct vf_sum *sum_for(const struct vf_list *list, const struct vf_ask *ask)
{
	for (const struct vf_sum *sum = list->sum; sum < list->sum + VF_LIST_SUMS && sum->sql;
		sum++) {
		bool fits = true, needed = !sum->needs;

		for (int i = 0; i < VF_LIST_FILTERS && list->filter[i].name; i++) {
			const char *name = list->filter[i].name;

			if (!ask->value[i])
				continue;
			fits = fits && knows(sum, name);
			needed = needed || !strcmp(sum->needs, name);
		}
		if (fits && needed)
			return sum;
	}
	return NULL;
}

enum vf_status vf_list_total(struct vf_db *db, const struct vf_list *list, const struct vf_ask *ask,
	int64_t *total, struct vf_err *err)
{
	const struct vf_sum *sum = sum_for(list, ask);
	struct statement s;
	struct vf_rows *rows;
	enum vf_status st;

	begin(&s, list, ask);
	emit(&s, "select ");
	emit(&s, sum ? sum->sql : "count(*)");
	emit(&s, " from ");
	emit(&s, sum ? sum->from : list->table ? list->table : list->from);
	emit_where(&s);
	st = run(db, &s, &rows, err);
	*total = st ? 0 : vf_row_i64(rows, 0, 0);
	vf_rows_free(rows);
	return st;
}

enum vf_status vf_list_one(struct vf_db *db, const struct vf_list *list, int64_t id,
	int64_t project_id, struct vf_rows **rows, struct vf_err *err)
{
	struct vf_ask ask;
	struct statement s;
	enum vf_status st;

	vf_ask_init(&ask, 1);
	ask.project_id = project_id;
	begin(&s, list, &ask);
	s.id = id;
	emit_select(&s, true);
	st = run(db, &s, rows, err);
	if (!st && !vf_rows_count(*rows)) {
		vf_rows_free(*rows);
		*rows = NULL;
		st = vf_fail(err, VF_E_NOTFOUND, "there is no %s %" PRId64, list->name, id);
	}
	return st;
}

enum vf_status vf_snapshot_begin(struct vf_db *db, struct vf_err *err)
{
	enum vf_status st = vf_tx_begin(db, err);

	/* Lists look up by keys whatever the values are, and with their joins over partitions they
	   take longer to plan than to run: one plan a connection. */
	if (!st)
		st = vf_exec_script(db,
			"set transaction isolation level repeatable read read only;"
			"set local plan_cache_mode = force_generic_plan",
			err);
	return st;
}
