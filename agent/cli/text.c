#include "agent/cli/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST = 40, WIDEST = 132, USUAL = 80, FIELD_MAX = 4096 };

int vf_text_width(FILE *out)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = {0};
	long width = columns ? strtol(columns, NULL, 10) : 0;

	if (width <= 0 && isatty(fileno(out)) && !ioctl(fileno(out), TIOCGWINSZ, &size))
		width = size.ws_col;
	if (width <= 0)
		width = USUAL;
	return width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : (int)width;
}

/* Length of the UTF-8 sequence at `p` when a terminal may have it, else 0. */
static size_t printable(const unsigned char *p)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if (!n || p[0] > 0xf4 || p[0] < 0x20 || p[0] == 0x7f)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xe0 && p[1] < 0xa0) ||
		(p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
		(p[0] == 0xf4 && p[1] > 0x8f))
		return 0; /* a C1 control, overlong, a surrogate, or beyond U+10FFFF */
	if (p[0] == 0xe2 && ((p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae) ||
				    (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)))
		return 0; /* line separators and what turns the direction */
	return n;
}

void vf_text_safe(const char *text, FILE *out)
{
	const unsigned char *p = (const unsigned char *)(text ? text : "?");

	while (*p) {
		size_t n = printable(p);

		if (n)
			fwrite(p, 1, n, out);
		else
			fprintf(out, "\\x%02x", *p);
		p += n ? n : 1;
	}
}

void vf_text_field(
	const struct vf_text *t, int indent, int column, const char *label, const char *fmt, ...)
{
	char text[FIELD_MAX];
	const char *word = text;
	va_list args;
	int at = fprintf(t->out, "%*s%s", indent, "", label);
	bool first = true;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (at >= column && *label) {
		fputc('\n', t->out);
		at = 0;
	}
	at += fprintf(t->out, "%*s", column - at, "");
	while (*word) {
		size_t len = strcspn(word, " ");

		if (!first && at + 1 + (int)len > t->width) {
			fprintf(t->out, "\n%*s", column, "");
			at = column;
		} else if (!first) {
			fputc(' ', t->out);
			at++;
		}
		fprintf(t->out, "%.*s", (int)len, word);
		at += (int)len;
		first = false;
		word += len;
		word += strspn(word, " ");
	}
	fputc('\n', t->out);
}
