/* Parameters of statements. */
#include "server/store/db.h"

#include <inttypes.h>
#include <stdarg.h>

#include "server/runtime/clock.h"

void vf_args_init(struct vf_args *a)
{
	a->n = 0;
	a->overflow = false;
}

static int next(struct vf_args *a)
{
	if (a->n == VF_MAX_ARGS) {
		a->overflow = true;
		return -1;
	}
	return a->n++;
}

static void add(struct vf_args *a, const char *value, size_t len, int binary)
{
	int i = len > INT32_MAX ? -1 : next(a);

	if (i < 0) {
		a->overflow = true;
		return;
	}
	a->value[i] = value;
	a->len[i] = (int)len;
	a->binary[i] = binary;
}

void vf_arg_text(struct vf_args *a, const char *text)
{
	add(a, text, 0, 0);
}

void vf_arg_bytes(struct vf_args *a, const void *bytes, size_t len)
{
	add(a, bytes, len, 1);
}

VF_PRINTF(2, 3) static void number(struct vf_args *a, const char *fmt, ...)
{
	int i = next(a);
	va_list ap;

	if (i < 0)
		return;
	va_start(ap, fmt);
	vsnprintf(a->num[i], sizeof a->num[i], fmt, ap);
	va_end(ap);
	a->value[i] = a->num[i];
	a->len[i] = 0;
	a->binary[i] = 0;
}

void vf_arg_i64(struct vf_args *a, int64_t value)
{
	number(a, "%" PRId64, value);
}

void vf_arg_u64(struct vf_args *a, uint64_t value)
{
	int64_t same;

	memcpy(&same, &value, sizeof same);
	vf_arg_i64(a, same);
}

void vf_arg_bool(struct vf_args *a, bool value)
{
	vf_arg_text(a, value ? "t" : "f");
}

void vf_arg_null(struct vf_args *a)
{
	vf_arg_text(a, NULL);
}

void vf_arg_time(struct vf_args *a, int64_t utc_us)
{
	char text[32];

	if (utc_us == INT64_MIN) {
		vf_arg_null(a);
		return;
	}
	vf_time_text(utc_us, text);
	number(a, "%s", text);
}
