/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include "base/text.h" /* gh_make_human */

#include <stdarg.h>
#include <string.h>

enum { SAY_CAP = 1024 };

/* A word, with the per cent sign that belongs to it. */
static unsigned word_length(const char *text)
{
	const unsigned n = (unsigned)strcspn(text, " ");

	return strncmp(text + n, " %", 2) == 0
		       ? n + 1 + (unsigned)strcspn(text + n + 1, " ")
		       : n;
}

void gh_page_say(FILE *out, const char *fmt, ...)
{
	const size_t n = strlen(fmt);
	const bool ends = n > 0 && fmt[n - 1] == '\n';
	char text[SAY_CAP];
	va_list args;
	int made;

	va_start(args, fmt);
	made = vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if (made < 0)
		return;
	if (ends && made < SAY_CAP)
		text[made - 1] = '\0';
	gh_make_human(text);
	fputs(text, out);
	if (ends)
		fputc('\n', out);
}

void gh_page_wrap(FILE *out, unsigned used, unsigned indent, const char *text)
{
	unsigned column = used;
	unsigned words = 0; /* on this line */

	text += strspn(text, " ");
	while (*text) {
		unsigned n = word_length(text);
		const unsigned gap = words > 0;

		if (words > 0 && column + gap + n > GH_PAGE_COLUMNS) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
			words = 0;
			continue;
		}
		if (n > GH_PAGE_COLUMNS - indent)
			n = GH_PAGE_COLUMNS - indent;
		gh_page_say(out, "%s%.*s", gap ? " " : "", (int)n, text);
		column += gap + n;
		words++;
		text += n;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

void gh_page_rule(FILE *out)
{
	for (unsigned i = 0; i < GH_PAGE_COLUMNS - 2; i++)
		fputc(i == 0 ? ' ' : '-', out);
	fputc('\n', out);
}
