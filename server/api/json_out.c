#include "server/api/json_out.h"

#include <inttypes.h>

#include "server/api/words.h"

bool vf_json_time(const char *pg, char out[32])
{
	static const char shape[] = "0000-00-00 00:00:00";
	size_t n = sizeof shape - 1, frac = 0;

	/* Years beyond 9999 and BC have other shapes: nothing that a clock of ours can say. */
	for (size_t i = 0; i < n; i++)
		if (shape[i] == '0' ? pg[i] < '0' || pg[i] > '9' : pg[i] != shape[i])
			return false;
	snprintf(out, 32, "%.10sT%.8s.000000Z", pg, pg + 11);
	if (pg[n] == '.')
		for (n++; frac < 6 && pg[n] >= '0' && pg[n] <= '9'; n++, frac++)
			out[20 + frac] = pg[n];
	return !strcmp(pg + n, "+00");
}

static json_t *hex(uint64_t value, int digits)
{
	return json_sprintf("0x%0*" PRIx64, digits, value);
}

static json_t *from_time(const char *text)
{
	char out[32];

	return vf_json_time(text, out) ? json_string(out) : NULL;
}

/* "\x0123" as 0123 */
static json_t *from_bytes(const char *text)
{
	return !strncmp(text, "\\x", 2) ? json_string(text + 2) : NULL;
}

/* "{1,-2,NULL}" */
static json_t *from_array(const char *text)
{
	json_t *out = json_array();

	if (*text++ != '{')
		goto fail;
	while (*text && *text != '}') {
		char *end;
		long long value = strtoll(text, &end, 10);

		if (end == text || (*end != ',' && *end != '}') ||
			json_array_append_new(out, hex((uint64_t)value, 16)))
			goto fail;
		text = end + (*end == ',');
	}
	return out;
fail:
	json_decref(out);
	return NULL;
}

static json_t *from_word(const char *word)
{
	return word ? json_string(word) : NULL;
}

static json_t *bugcheck_name(uint64_t code)
{
	const char *name = vf_word_bugcheck((uint32_t)code);

	return name ? json_string(name) : json_null();
}

json_t *vf_json_value(const struct vf_rows *rows, int row, int col, enum vf_column_kind kind)
{
	const char *text = vf_row_text(rows, row, col);
	int64_t n;

	if (vf_row_null(rows, row, col))
		return json_null();
	n = vf_row_i64(rows, row, col);
	switch (kind) {
	case VF_COL_INT: return json_integer(n);
	case VF_COL_REAL: return json_real(vf_row_f64(rows, row, col));
	case VF_COL_BOOL: return json_boolean(vf_row_bool(rows, row, col));
	case VF_COL_TEXT: return json_string(text);
	case VF_COL_TIME: return from_time(text);
	case VF_COL_BYTES: return from_bytes(text);
	case VF_COL_HEX32: return hex((uint32_t)n, 8);
	case VF_COL_OFFSET: return hex((uint64_t)n, 1);
	case VF_COL_HEX64S: return from_array(text);
	case VF_COL_TEXTS:
	case VF_COL_JSON: return json_loads(text, JSON_DECODE_ANY, NULL);
	case VF_COL_KIND: return from_word(vf_word_kind((int)n));
	case VF_COL_BUGCHECK: return bugcheck_name((uint64_t)n);
	case VF_COL_ROLE: return from_word(vf_role_name((int)n));
	case VF_COL_SCOPES: return vf_words_scopes((uint32_t)n);
	}
	return NULL;
}

/* Columns [i, *end) share the member that column i names. */
static json_t *member(const struct vf_rows *rows, int row, int first,
	const struct vf_column *column, size_t n, size_t i, size_t *end)
{
	size_t len = strcspn(column[i].name, ".") + 1; /* with the dot */
	json_t *out = vf_row_null(rows, row, first + (int)i) ? json_null() : json_object();

	for (*end = i; *end < n && !strncmp(column[*end].name, column[i].name, len); ++*end)
		if (json_is_object(out) && column[*end].name[len] &&
			json_object_set_new(out, column[*end].name + len,
				vf_json_value(rows, row, first + (int)*end, column[*end].kind))) {
			json_decref(out);
			out = NULL;
		}
	return out;
}

json_t *vf_json_row(
	const struct vf_rows *rows, int row, int first, const struct vf_column *column, size_t n)
{
	json_t *out = json_object();
	char name[64];

	for (size_t i = 0, end; i < n; i = end) {
		size_t len = strcspn(column[i].name, ".");
		json_t *value;

		end = i + 1;
		value = column[i].name[len]
				? member(rows, row, first, column, n, i, &end)
				: vf_json_value(rows, row, first + (int)i, column[i].kind);
		snprintf(name, sizeof name, "%.*s", (int)len, column[i].name);
		if (json_object_set_new(out, name, value)) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

json_t *vf_json_rows(
	const struct vf_rows *rows, int first, const struct vf_column *column, size_t n)
{
	json_t *out = json_array();

	for (int i = 0; i < vf_rows_count(rows); i++)
		if (json_array_append_new(out, vf_json_row(rows, i, first, column, n))) {
			json_decref(out);
			return NULL;
		}
	return out;
}
