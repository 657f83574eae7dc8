/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * page - text laid out in 80 columns: paragraphs broken at blanks.
 */
#ifndef GH_REPORT_PAGE_H
#define GH_REPORT_PAGE_H

#include <stdio.h>

enum { GH_PAGE_COLUMNS = 80 };

/*
 * Writes text after `used` columns of the line that are already there; the
 * lines that follow begin with `indent` blanks. Ends with a newline. A word
 * longer than a line is cut.
 */
void gh_page_wrap(FILE *out, unsigned used, unsigned indent, const char *text);

/* A line of dashes. */
void gh_page_rule(FILE *out);

#endif
