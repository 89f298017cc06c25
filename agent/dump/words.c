/* What a decoded dump is called in words: used by JSON and by what people read. */
#include "agent/dump/dump.h"

#include <stdio.h>

const char *vf_dump_kind_word(enum vf_dump_kind kind)
{
	static const char *const words[] = {
		[VF_DUMP_UNKNOWN] = "unknown",
		[VF_DUMP_TRIAGE] = "triage",
		[VF_DUMP_FULL] = "full",
		[VF_DUMP_KERNEL] = "kernel",
		[VF_DUMP_HEADER] = "header",
		[VF_DUMP_BITMAP_FULL] = "bitmap_full",
		[VF_DUMP_BITMAP_KERNEL] = "bitmap_kernel",
		[VF_DUMP_AUTOMATIC] = "automatic",
	};

	return words[kind];
}

const char *vf_dump_arch_word(enum vf_dump_arch arch)
{
	static const char *const words[] = {
		[VF_ARCH_X64] = "x64",
		[VF_ARCH_ARM64] = "arm64",
		[VF_ARCH_X86] = "x86",
	};

	return words[arch];
}

/* Days since 1970 as year, month and day (proleptic Gregorian calendar, years from March on). */
static void civil(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468, era = z / 146097, of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

bool vf_dump_time(const struct vf_dump *d, char text[VF_DUMP_TIME_TEXT])
{
	int64_t second = d->system_time_us / 1000000;
	int of_day = (int)(second % 86400), year, month, day;

	if (!d->has_time)
		return false;
	civil(second / 86400, &year, &month, &day);
	snprintf(text, VF_DUMP_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", year, month, day,
		of_day / 3600, of_day / 60 % 60, of_day % 60, (int)(d->system_time_us % 1000000));
	return true;
}

void vf_dump_guid(const struct vf_dump_blob *blob, char text[VF_DUMP_GUID_TEXT])
{
	const uint8_t *g = blob->guid;

	snprintf(text, VF_DUMP_GUID_TEXT,
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", g[3], g[2],
		g[1], g[0], g[5], g[4], g[7], g[6], g[8], g[9], g[10], g[11], g[12], g[13], g[14],
		g[15]);
}

void vf_dump_reason(const struct vf_dump_culprit *c, char *text, size_t size)
{
	text[0] = '\0';
	switch (c->rule) {
	case VF_CULPRIT_NONE: break;
	case VF_CULPRIT_PARAMETER:
		snprintf(text, size, "parameter %u is a code address", c->parameter);
		break;
	case VF_CULPRIT_DRIVER_NAME:
		snprintf(text, size, "parameter %u names the driver", c->parameter);
		break;
	case VF_CULPRIT_EXCEPTION:
		snprintf(text, size, "exception record at parameter %u", c->parameter);
		break;
	case VF_CULPRIT_CONTEXT:
		if (c->parameter)
			snprintf(text, size, "context pc at parameter %u", c->parameter);
		else
			snprintf(text, size, "context pc");
		break;
	case VF_CULPRIT_STACK: snprintf(text, size, "first stack word outside nt and hal"); break;
	case VF_CULPRIT_UNLOADED:
		if (c->parameter)
			snprintf(text, size, "parameter %u lies in an unloaded driver",
				c->parameter);
		else
			snprintf(text, size, "first stack word in an unloaded driver");
		break;
	case VF_CULPRIT_NAMED_BY_SYSTEM: snprintf(text, size, "named by the system"); break;
	case VF_CULPRIT_KERNEL_PARAMETER:
		snprintf(text, size, "parameter %u is a code address in the kernel", c->parameter);
		break;
	}
}
