/*
 * Reading the cells of the catalogue that list values: which of them holds in a given case.
 *
 * Two shapes are understood. A list of values, `0 read, 1 write, 2 or 8 execute` or
 * `1 = too slow, else other`; and a list by parameter 1, `device (1), PDO (3,5), else reserved`.
 * A cell that is not wholly of one shape is left alone: nothing is picked out of it. The results
 * are parts of the cell. Pure; for catalog_tables.h.
 */
#ifndef VERIFLEET_CATALOG_CELLS_H
#define VERIFLEET_CATALOG_CELLS_H

#include <string.h>

#include "verifleet/catalog.h"

/* What is left of an item, or of a cell. */
struct vf_cell {
	const char *at, *end;
};

static inline bool vf_cell_take(struct vf_cell *c, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(c->end - c->at) < len || memcmp(c->at, word, len) != 0)
		return false;
	c->at += len;
	return true;
}

static inline int vf_cell_digit(char c, unsigned base)
{
	int digit = c >= '0' && c <= '9'   ? c - '0'
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
					   : 16;

	return digit < (int)base ? digit : -1;
}

static inline bool vf_cell_number(struct vf_cell *c, uint64_t *out)
{
	unsigned base = vf_cell_take(c, "0x") ? 16 : 10;
	const char *start = c->at;

	for (*out = 0; c->at < c->end && vf_cell_digit(*c->at, base) >= 0; c->at++)
		*out = *out * base + (unsigned)vf_cell_digit(*c->at, base);
	return c->at > start && c->at - start <= 8;
}

/* `1`, `2/3`, `2 or 8`, `6..9`, `1-5,8`: is `value` one of them? */
static inline bool vf_cell_numbers(struct vf_cell *c, uint64_t value, bool *hit)
{
	*hit = false;
	do {
		uint64_t first, last;

		if (!vf_cell_number(c, &first))
			return false;
		last = first;
		if ((vf_cell_take(c, "..") || vf_cell_take(c, "-")) && !vf_cell_number(c, &last))
			return false;
		*hit |= value >= first && value <= last;
	} while (vf_cell_take(c, "/") || vf_cell_take(c, ",") || vf_cell_take(c, " or "));
	return true;
}

/* The next item up to ", " or "; "; false at the end. */
static inline bool vf_cell_item(struct vf_cell *rest, struct vf_cell *item)
{
	if (rest->at >= rest->end)
		return false;
	item->at = item->end = rest->at;
	while (item->end < rest->end) {
		bool mark = *item->end == ',' || *item->end == ';';

		if (mark && item->end + 1 < rest->end && item->end[1] == ' ')
			break;
		item->end++;
	}
	rest->at = item->end < rest->end ? item->end + 2 : rest->end;
	return true;
}

static inline bool vf_cell_plain(const struct vf_cell *c)
{
	if (c->at >= c->end)
		return false;
	for (const char *p = c->at; p < c->end; p++)
		if (strchr("():", *p))
			return false;
	return true;
}

static inline struct vf_text_span vf_cell_span(const struct vf_cell *c)
{
	return (struct vf_text_span){.text = c->at, .len = (size_t)(c->end - c->at)};
}

/* One item of a list of values, with a value in brackets at its end taken as one more. */
static inline bool vf_cell_value_item(
	struct vf_cell item, uint64_t value, bool *equals, struct vf_text_span *found)
{
	struct vf_cell more = {NULL, NULL};
	bool hit;

	if (item.end[-1] == ')')
		for (const char *p = item.at; p < item.end; p++)
			if (*p == '(' && p > item.at && p[-1] == ' ') {
				more = (struct vf_cell){p + 1, item.end - 1};
				item.end = p - 1;
				break;
			}
	if (!vf_cell_numbers(&item, value, &hit))
		return false;
	*equals = vf_cell_take(&item, " = ") || vf_cell_take(&item, "=");
	if ((!*equals && !vf_cell_take(&item, " ")) || !vf_cell_plain(&item))
		return false;
	if (hit)
		*found = vf_cell_span(&item);
	return !more.at || vf_cell_value_item(more, value, &hit, found);
}

/* The words of a list of values for this value; of no length when the list does not have it. */
static inline struct vf_text_span vf_cell_of_value(const char *cell, uint64_t value)
{
	struct vf_cell rest = {cell, cell + strlen(cell)}, item;
	struct vf_text_span found = {.text = NULL}, otherwise = {.text = NULL};
	const struct vf_text_span none = {.text = NULL};
	bool equals = false;
	size_t n = 0;

	(void)vf_cell_take(&rest, "kind: ");
	while (vf_cell_item(&rest, &item)) {
		if (n++ && rest.at == rest.end && vf_cell_take(&item, "else ")) {
			if (!vf_cell_plain(&item))
				return none;
			otherwise = vf_cell_span(&item);
			break;
		}
		if (!vf_cell_value_item(item, value, &equals, &found))
			return none;
	}
	if (!n || (n == 1 && !equals))
		return none;
	if (found.text)
		return found;
	return otherwise.text ? otherwise : (struct vf_text_span){.text = cell};
}

/*
 * The words of a list by parameter 1 for this parameter 1. What holds for every other one counts
 * only when the caller knows that this is a documented one.
 */
static inline struct vf_text_span vf_cell_of_p1(const char *cell, uint64_t p1, bool may_be_else)
{
	struct vf_cell rest = {cell, cell + strlen(cell)}, item;
	struct vf_text_span found = {.text = NULL}, otherwise = {.text = NULL};
	const struct vf_text_span none = {.text = NULL};
	size_t listed = 0;

	while (vf_cell_item(&rest, &item)) {
		struct vf_cell text = item, numbers;
		const char *bracket = item.end;
		bool hit;

		while (bracket > item.at && *bracket != '(')
			bracket--;
		if (bracket == item.at) {
			(void)vf_cell_take(&text, "else ");
			if (otherwise.text || !vf_cell_plain(&text))
				return none;
			otherwise = vf_cell_span(&text);
			continue;
		}
		if (item.end[-1] != ')' || bracket[-1] != ' ')
			return none;
		numbers = (struct vf_cell){bracket + 1, item.end - 1};
		text.end = bracket - 1;
		(void)vf_cell_take(&numbers, "p1=");
		if (!vf_cell_numbers(&numbers, p1, &hit) || numbers.at != numbers.end ||
			!vf_cell_plain(&text))
			return none;
		listed++;
		if (hit)
			found = vf_cell_span(&text);
	}
	return !listed ? none : found.text ? found : may_be_else ? otherwise : none;
}

#endif
