#include "agent/core/rfc3339.h"

#include <inttypes.h>

#define DAY_US INT64_C(86400000000)

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar: eras of 400 years that
 * begin on the first of March, so that the leap day is the last of a year. */
static int64_t days_of(int64_t y, int m, int d)
{
	int64_t era, of_era, of_year;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	of_era = (y - era * 400) * 365 + (y - era * 400) / 4 - (y - era * 400) / 100 + of_year;
	return era * 146097 + of_era - 719468;
}

struct vf_time_text vf_time_format(int64_t us)
{
	struct vf_time_text out;
	int64_t days = us / DAY_US, rest = us % DAY_US, era, of_era, year, of_year;
	int month, day;

	if (rest < 0) {
		rest += DAY_US;
		days--;
	}
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	of_era = days - era * 146097;
	year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	month = (int)((5 * of_year + 2) / 153);
	day = (int)(of_year - (153 * month + 2) / 5 + 1);
	month += month < 10 ? 3 : -9;
	year += era * 400 + (month <= 2);
	if (year < 1 || year > 9999) /* no such text: the nearest one that can be read back */
		return vf_time_format(year < 1 ? -62135596800000000 : 253402300799999999);
	snprintf(out.text, sizeof out.text, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02d.%06" PRId64 "Z",
		year, month, day, (int)(rest / 3600000000), (int)(rest / 60000000 % 60),
		(int)(rest / 1000000 % 60), rest % 1000000);
	return out;
}

static bool number(const char **p, int digits, int *out)
{
	*out = 0;
	for (int i = 0; i < digits; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		*out = *out * 10 + (**p - '0');
	}
	return true;
}

static bool offset_us(const char **p, int64_t *out)
{
	int sign = **p == '-' ? -1 : 1, h, m;

	*out = 0;
	if (**p == 'Z' || **p == 'z') {
		(*p)++;
		return true;
	}
	if (**p != '+' && **p != '-')
		return false;
	(*p)++;
	if (!number(p, 2, &h) || *(*p)++ != ':' || !number(p, 2, &m) || h > 23 || m > 59)
		return false;
	*out = sign * (h * INT64_C(3600000000) + m * INT64_C(60000000));
	return true;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

bool vf_time_parse(const char *p, int64_t *us)
{
	int y, mo, d, h, mi, s;
	int64_t fraction = 0, unit = 100000, offset;

	if (!number(&p, 4, &y) || *p++ != '-' || !number(&p, 2, &mo) || *p++ != '-' ||
		!number(&p, 2, &d) || (*p != 'T' && *p != 't' && *p != ' '))
		return false;
	p++;
	if (!number(&p, 2, &h) || *p++ != ':' || !number(&p, 2, &mi) || *p++ != ':' ||
		!number(&p, 2, &s))
		return false;
	if (y < 1 || mo < 1 || mo > 12 || d < 1 || d > days_in(y, mo) || h > 23 || mi > 59 ||
		s > 60)
		return false;
	if (*p == '.') {
		if (*++p < '0' || *p > '9')
			return false;
		for (; *p >= '0' && *p <= '9'; p++, unit /= 10)
			fraction += (*p - '0') * unit;
	}
	if (!offset_us(&p, &offset) || *p)
		return false;
	*us = days_of(y, mo, d) * DAY_US + ((h * 60 + mi) * 60 + s) * INT64_C(1000000) + fraction -
	      offset;
	return true;
}
