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
