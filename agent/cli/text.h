/*
 * Text for people: labelled values, wrapped at the width of the terminal. Writes to a stdio stream
 * and leaves errors to the stream's own mark (ferror).
 */
#ifndef VF_AGENT_CLI_TEXT_H
#define VF_AGENT_CLI_TEXT_H

#include <stdio.h>

#include "verifleet/status.h"

/* Columns of `out`: COLUMNS, else the terminal's own, else 80; always 40 to 132. */
int vf_text_width(FILE *out);

struct vf_text {
	FILE *out;
	int width;
};

/*
 * One value: `label` after `indent` blanks, the text from column `column` on, further lines of it
 * under its first one. Words longer than a line stay whole.
 */
VF_PRINTF(5, 6)
void vf_text_field(
	const struct vf_text *, int indent, int column, const char *label, const char *fmt, ...);

/*
 * Names come from dumps, folders and servers, and a terminal obeys what is written to it: control
 * characters, bytes that are no UTF-8 and marks that turn the direction of text are written as
 * \\xNN, the rest as it is.
 */
void vf_text_safe(const char *text, FILE *out);

#endif
