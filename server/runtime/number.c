#include "server/runtime/number.h"

bool vf_parse_i64(const char *text, int64_t min, int64_t max, int64_t *out)
{
	bool negative = *text == '-';
	int64_t v = 0;

	if (negative)
		text++;
	if (!*text || (text[0] == '0' && (text[1] || negative)))
		return false;
	for (; *text; text++) {
		int digit = *text - '0';

		if (digit < 0 || digit > 9)
			return false;
		if (__builtin_mul_overflow(v, 10, &v) ||
			__builtin_sub_overflow(
				v, digit, &v)) /* downwards: INT64_MIN has no mirror */
			return false;
	}
	if (!negative && __builtin_sub_overflow((int64_t)0, v, &v))
		return false;
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}
