/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <string.h>

/* A word, with the per cent sign that belongs to it. */
static unsigned word_length(const char *text)
{
	const unsigned n = (unsigned)strcspn(text, " ");

	return strncmp(text + n, " %", 2) == 0
		       ? n + 1 + (unsigned)strcspn(text + n + 1, " ")
		       : n;
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
		fprintf(out, "%s%.*s", gap ? " " : "", (int)n, text);
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
