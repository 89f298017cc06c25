#include "server/runtime/rfc3339.h"

static bool digits(const char **p, int n, int *out)
{
	*out = 0;
	for (int i = 0; i < n; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		*out = *out * 10 + (**p - '0');
	}
	return true;
}

static bool sign(const char **p, char c)
{
	return *(*p)++ == c;
}

static bool fraction(const char **p, int *us)
{
	int scale = 100000, n = 0;

	*us = 0;
	if (**p != '.')
		return true;
	for ((*p)++; **p >= '0' && **p <= '9'; (*p)++, n++) {
		*us += (**p - '0') * scale;
		scale /= 10;
	}
	return n >= 1 && n <= 6;
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar (years count from March). */
static int64_t days(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static int days_in(int year, int month)
{
	static const int table[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : table[month - 1];
}

bool vf_time_parse(const char *text, int64_t *utc_us)
{
	int year, month, day, hour, minute, second, us;
	const char *p = text;

	if (!digits(&p, 4, &year) || !sign(&p, '-') || !digits(&p, 2, &month) || !sign(&p, '-') ||
		!digits(&p, 2, &day) || !sign(&p, 'T') || !digits(&p, 2, &hour) || !sign(&p, ':') ||
		!digits(&p, 2, &minute) || !sign(&p, ':') || !digits(&p, 2, &second) ||
		!fraction(&p, &us) || *p != 'Z' || p[1])
		return false;
	if (year < 1601 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) ||
		hour > 23 || minute > 59 || second > 59)
		return false;
	*utc_us = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 * INT64_C(1000000) +
		  second * INT64_C(1000000) + us;
	return true;
}
