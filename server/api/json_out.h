/*
 * Rows as JSON by the columns of a list (server/store/list.h): 64-bit values as digits, times in
 * UTC with microseconds, numbers of catalogues as words, NULL as null. Pure; NULL when memory ends
 * or a value is not what its column says.
 */
#ifndef VF_SERVER_API_JSON_OUT_H
#define VF_SERVER_API_JSON_OUT_H

#include <jansson.h>

#include "server/store/list.h"

/* One value; `col` counts from the first column of the result. */
json_t *vf_json_value(const struct vf_rows *, int row, int col, enum vf_column_kind);
/* Columns `first` … as an object; a dotted name makes a member object. */
json_t *vf_json_row(const struct vf_rows *, int row, int first, const struct vf_column *, size_t n);
/* Every row. */
json_t *vf_json_rows(const struct vf_rows *, int first, const struct vf_column *, size_t n);

/* "2026-11-21 20:48:00.1+00" as the wire has it; false when it is not such a text. */
bool vf_json_time(const char *pg, char out[32]);

#endif
