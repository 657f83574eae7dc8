/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * canvas - a grid of cells. Views draw here and nowhere else; curses.c only
 * copies it out, and tests compare it as text. Whatever is drawn outside is
 * clipped, and no glyph below 0x20 or wider than one column gets in.
 */
#ifndef GH_UI_CANVAS_H
#define GH_UI_CANVAS_H

#include "base/status.h" /* GH_PRINTF */

#include <stdbool.h>
#include <stddef.h>

/* A larger window is used from its top left corner. */
enum { GH_CANVAS_W = 240, GH_CANVAS_H = 80 };

/* What a cell means; src/ui/theme.c says how it looks. */
enum gh_ink {
	GH_INK_PLAIN,
	GH_INK_DIM,
	GH_INK_TITLE,
	GH_INK_READY,
	GH_INK_WATCH,
	GH_INK_HOLD,
	GH_INK_UNSURE,
	GH_INK_SELECT, /* the row the cursor is on; always reverse */
	GH_INK_BAR,    /* key bar */
	GH_INK_STOP,   /* the STOP bar; always reverse */
	GH_INK_COUNT
};

struct gh_glyph {
	char glyph[5]; /* one UTF-8 character */
	unsigned char ink;
	bool reverse; /* a pixel of a big letter */
};

struct gh_canvas {
	int w, h;
	bool utf8;
	int cursor_x, cursor_y; /* screen readers follow it; 0, 0 */
	/* The row of its list that stands there, from 1; 0: none. For a mouse. */
	unsigned short listed[GH_CANVAS_H];
	struct gh_glyph *cells; /* GH_CANVAS_W * GH_CANVAS_H, row by row */
};

/* cells: room for GH_CANVAS_W * GH_CANVAS_H, borrowed. Clears it. */
void gh_canvas_init(struct gh_canvas *c, struct gh_glyph *cells, int w, int h,
		    bool utf8);

/* One line of text from x on, clipped; returns the column after it. */
int gh_canvas_text(struct gh_canvas *c, int x, int y, enum gh_ink ink,
		   const char *fmt, ...) GH_PRINTF(5, 6);

/* At most `width` columns, cut after a word and marked with "..". */
int gh_canvas_cut(struct gh_canvas *c, int x, int y, int width, enum gh_ink ink,
		  const char *text);

/* Wraps at words from (x, y) into width x rows; returns the rows used. */
int gh_canvas_wrap(struct gh_canvas *c, int x, int y, int width, int rows,
		   const char *text);

/* Rows that gh_canvas_wrap needs for the whole text. */
int gh_canvas_rows(const char *text, int width);

void gh_canvas_hline(struct gh_canvas *c, int y);

/* Gives n cells an ink and leaves what is in them. */
void gh_canvas_paint(struct gh_canvas *c, int x, int y, int n, enum gh_ink ink);

/* ">" at x, and the row from there on is the one with the cursor. */
void gh_canvas_select(struct gh_canvas *c, int x, int y);

/* Row `row` of a list, from 0, stands in row y. */
void gh_canvas_list(struct gh_canvas *c, int y, size_t row);

/* One reverse cell. */
void gh_canvas_pixel(struct gh_canvas *c, int x, int y, enum gh_ink ink);

/* One glyph; nothing happens outside or when it is not printable. */
void gh_canvas_put(struct gh_canvas *c, int x, int y, enum gh_ink ink,
		   const char *glyph);

/*
 * Row y as text, reverse blanks as '#' or U+2588, no blanks at the end. out
 * needs 4 * w + 1 bytes; returns the length.
 */
size_t gh_canvas_row_text(const struct gh_canvas *c, int y, char *out,
			  size_t cap);

#endif
