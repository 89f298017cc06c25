#include "verifleet/status.h"

#include <errno.h>
#include <stdarg.h>

VF_PRINTF(4, 0)
static void set(struct vf_err *e, enum vf_status code, int sys, const char *fmt, va_list ap)
{
	if (!e)
		return;
	e->code = code;
	e->sys = sys;
	vsnprintf(e->text, sizeof e->text, fmt, ap);
}

enum vf_status vf_fail(struct vf_err *e, enum vf_status code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, code, 0, fmt, ap);
	va_end(ap);
	return code;
}

enum vf_status vf_fail_sys(struct vf_err *e, enum vf_status code, const char *fmt, ...)
{
	int sys = errno;
	size_t n;
	va_list ap;

	va_start(ap, fmt);
	set(e, code, sys, fmt, ap);
	va_end(ap);
	if (e) {
		n = strlen(e->text);
		snprintf(e->text + n, sizeof e->text - n, ": %s", strerror(sys));
	}
	return code;
}
