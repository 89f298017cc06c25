/*
 * Views of the database as data: columns, filters and orders of one kind of row, from which the
 * SELECT of a page, of one row or of a count is put together. The text depends on which filters are
 * used, and on their values only where these are words of the program; values travel as
 * parameters.
 *
 * A page is read by keyset: the order's key of the last row is handed back to get the rows after
 * it, so rows that are added elsewhere neither repeat nor hide one. Each order ends in a unique
 * column.
 *
 * Templates name parameters as ${filter}, ${project_id} (of a caller bound to one project) and,
 * in `after`, ${1}, ${2} … (the key). Everything here is constant; nothing is allocated but rows.
 */
#ifndef VF_SERVER_STORE_LIST_H
#define VF_SERVER_STORE_LIST_H

#include "server/store/db.h"

enum vf_column_kind {
	VF_COL_INT,
	VF_COL_REAL,
	VF_COL_BOOL,
	VF_COL_TEXT,
	VF_COL_TIME,
	VF_COL_BYTES, /* bytea as digits */
	VF_COL_HEX32,
	VF_COL_OFFSET, /* hexadecimal without leading zeros */
	VF_COL_HEX64S, /* bigint[] as an array of 64-bit values */
	VF_COL_TEXTS,  /* text[] as jsonb: an array of strings */
	VF_COL_JSON,
	VF_COL_KIND,     /* number of a finding kind as its word */
	VF_COL_BUGCHECK, /* bug check code as its name */
	VF_COL_ROLE,     /* number of a user's role as its word */
	VF_COL_SCOPES,   /* mask as words */
};

/*
 * "machine.id" puts the value into a member `machine`. Columns of one member stand together; the
 * member is null when its first column is NULL. "machine." is not shown and only decides that.
 */
struct vf_column {
	const char *name, *sql;
	enum vf_column_kind kind;
};

enum vf_filter_kind {
	VF_FILTER_ID,   /* positive number */
	VF_FILTER_SLUG, /* of a project */
	VF_FILTER_TEXT, /* 1 to 128 bytes */
	VF_FILTER_KIND, /* word of a finding kind; its number is the parameter */
	VF_FILTER_WORD, /* one of `words` */
};

struct vf_filter {
	const char *name;
	enum vf_filter_kind kind;
	const char *sql;   /* predicate; NULL when only other templates use the value */
	const char *needs; /* another filter that must be there, or NULL */
	const char *const *words;
};

enum vf_key_kind { VF_KEY_INT, VF_KEY_TIME, VF_KEY_TEXT };

#define VF_SORT_KEYS 4
struct vf_sort {
	const char *name; /* value of `sort`; the first one is what is used without it */
	const char *order, *after;
	struct {
		const char *sql; /* a time as microseconds */
		enum vf_key_kind kind;
	} key[VF_SORT_KEYS];
};

/* A roll-up whose sum is the number of rows: faster than counting, when it has all that is asked. */
struct vf_sum {
	const char *sql, *from;
	const char *knows; /* " a b ": names of the filters whose columns it has */
	const char *needs; /* a filter that must be used, or NULL */
};

#define VF_LIST_SUMS    4
#define VF_LIST_FILTERS 12
#define VF_LIST_SORTS   3
struct vf_list {
	const char *name;
	const struct vf_column *column;
	size_t n_column;
	/*
	 * The table that has the rows, with its alias ("run r", "r"). Filters and orders speak of it
	 * alone, so that the page is cut before `from`, the joins that only add columns, is followed.
	 * NULL: `from` is everything.
	 */
	const char *table, *alias;
	const char *from;
	struct vf_sum sum[VF_LIST_SUMS]; /* ends with sql NULL */
	const char *where;               /* always holds; or NULL */
	const char *project; /* predicate on ${project_id}; NULL: not for callers bound to one */
	const char *id;      /* column of vf_list_one() */
	struct vf_filter filter[VF_LIST_FILTERS]; /* ends with name NULL */
	struct vf_sort sort[VF_LIST_SORTS];       /* ends with name NULL */
};

/* What is asked of a list. All values are borrowed. */
struct vf_ask {
	const char *value[VF_LIST_FILTERS]; /* in the order of list->filter; NULL = not used */
	int64_t project_id;                 /* 0 = every project */
	int sort;                           /* index */
	int limit;
	bool after;
	const char *key[VF_SORT_KEYS]; /* as vf_list_key() gave them */
};

/* Columns of a result: the keys of the order first, then list->column. */
int vf_list_keys(const struct vf_list *, int sort);
void vf_ask_init(struct vf_ask *, int limit);
/* Sets a filter by name; a name that the list does not have is a mistake in the program. */
void vf_ask_set(const struct vf_list *, struct vf_ask *, const char *filter, const char *value);

VF_MUST enum vf_status vf_list_rows(struct vf_db *, const struct vf_list *, const struct vf_ask *,
	struct vf_rows **, struct vf_err *);
/* How many rows the whole list has, whatever the page. */
VF_MUST enum vf_status vf_list_total(
	struct vf_db *, const struct vf_list *, const struct vf_ask *, int64_t *, struct vf_err *);
/* The row with this id, with the columns of order 0; VF_E_NOTFOUND when there is none. */
VF_MUST enum vf_status vf_list_one(struct vf_db *, const struct vf_list *, int64_t id,
	int64_t project_id, struct vf_rows **, struct vf_err *);

/* A read-only transaction in which every statement sees the same moment. */
VF_MUST enum vf_status vf_snapshot_begin(struct vf_db *, struct vf_err *);

#endif
