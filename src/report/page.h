/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * page - text laid out in 80 columns: paragraphs broken at blanks.
 */
#ifndef GH_REPORT_PAGE_H
#define GH_REPORT_PAGE_H

#include "base/status.h" /* GH_PRINTF */

#include <stdio.h>

enum { GH_PAGE_COLUMNS = 80 };

/*
 * Writes text after `used` columns of the line that are already there; the
 * lines that follow begin with `indent` blanks. Ends with a newline. A word
 * longer than a line is cut.
 */
void gh_page_wrap(FILE *out, unsigned used, unsigned indent, const char *text);

/*
 * fprintf for text that came from elsewhere: of what it makes, what people do
 * not write becomes '?' (gh_make_human), but for a newline that ends fmt. At
 * most 1 kB; colours are put beside it.
 */
void gh_page_say(FILE *out, const char *fmt, ...) GH_PRINTF(2, 3);

/* A line of dashes. */
void gh_page_rule(FILE *out);

#endif
