/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * help - the lines of the help screen and how many of them a window has room
 * for. The keys of the page that help was asked on come first, since a small
 * window begins with those.
 */
#ifndef GH_UI_HELP_H
#define GH_UI_HELP_H

#include "ui/model.h" /* struct gh_ui_model */

struct gh_help_line {
	char key[8];   /* or sign; "": none */
	char text[80]; /* wrapped at what gh_help_place leaves for it */
	bool title;
};

/* The i-th line; false: there are no more. */
bool gh_help_line(const struct gh_ui_model *m, unsigned i,
		  struct gh_help_line *out);

/*
 * Where each line stands from the first shown, m->cursor, on: in columns of 40.
 * Begin with {0}. False: the window is full.
 */
struct gh_help_place {
	int x, y, width, rows; /* of the text; x of the key is 7 before */
	int next;	       /* row that is free in this column */
};
enum { GH_HELP_KEY = 7 };
bool gh_help_place(const struct gh_ui_model *m, const struct gh_help_line *line,
		   struct gh_help_place *at);

/* Lines that can be the first one shown, at least one. */
unsigned gh_help_rows(const struct gh_ui_model *m);

/* The line to begin with for the next page, 0 after the last. */
unsigned gh_help_next(const struct gh_ui_model *m);

#endif
