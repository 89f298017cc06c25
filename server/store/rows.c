/* What a statement gave back. */
#include "server/runtime/hex.h"
#include "server/store/db_impl.h"

void vf_rows_free(struct vf_rows *rows)
{
	if (!rows)
		return;
	PQclear(rows->res);
	free(rows);
}

int vf_rows_count(const struct vf_rows *rows)
{
	return PQntuples(rows->res);
}

int64_t vf_rows_affected(const struct vf_rows *rows)
{
	return strtoll(PQcmdTuples(rows->res), NULL, 10);
}

bool vf_row_null(const struct vf_rows *rows, int row, int col)
{
	return PQgetisnull(rows->res, row, col);
}

int64_t vf_row_i64(const struct vf_rows *rows, int row, int col)
{
	return strtoll(PQgetvalue(rows->res, row, col), NULL, 10);
}

double vf_row_f64(const struct vf_rows *rows, int row, int col)
{
	return strtod(PQgetvalue(rows->res, row, col), NULL);
}

bool vf_row_bool(const struct vf_rows *rows, int row, int col)
{
	return PQgetvalue(rows->res, row, col)[0] == 't';
}

const char *vf_row_text(const struct vf_rows *rows, int row, int col)
{
	return PQgetisnull(rows->res, row, col) ? NULL : PQgetvalue(rows->res, row, col);
}

size_t vf_row_len(const struct vf_rows *rows, int row, int col)
{
	return (size_t)PQgetlength(rows->res, row, col);
}

/* A bytea column arrives as text: \x followed by two digits a byte. */
enum vf_status vf_row_bytes(
	const struct vf_rows *rows, int row, int col, void *out, size_t cap, size_t *len)
{
	const char *text = vf_row_text(rows, row, col);
	size_t n = vf_row_len(rows, row, col);

	*len = 0;
	if (!text)
		return VF_OK;
	if (n < 2 || text[0] != '\\' || text[1] != 'x')
		return VF_E_CORRUPT;
	if ((n - 2) / 2 > cap)
		return VF_E_LIMIT;
	if (!vf_unhex(text + 2, n - 2, out, (n - 2) / 2))
		return VF_E_CORRUPT;
	*len = (n - 2) / 2;
	return VF_OK;
}
