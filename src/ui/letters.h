/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * letters - big words for two metres away. A 5x7 matrix is the least that
 * capitals need (interface.md section 4.3); its pixels are reverse-video
 * blanks, which every terminal has.
 */
#ifndef GH_UI_LETTERS_H
#define GH_UI_LETTERS_H

#include "judge/judge.h" /* enum gh_verdict */
#include "ui/canvas.h"	 /* struct gh_canvas */

enum { GH_LETTER_H = 7, GH_HALF_H = 4, GH_SIGN_W = 13, GH_SIGN_H = 7 };

/* Columns of a word when a pixel is px columns wide. */
int gh_letters_width(const char *word, int px);

/* Pixels are px columns by py rows. Small letters are drawn as capitals. */
void gh_letters(struct gh_canvas *c, int x, int y, int px, int py,
		enum gh_ink ink, const char *word);

/*
 * Line 2 and 3 of a verdict: half blocks, GH_HALF_H rows, where there is
 * UTF-8; else pixels of one column and GH_LETTER_H rows. Returns the rows.
 */
int gh_letters_half(struct gh_canvas *c, int x, int y, enum gh_ink ink,
		    const char *word);

/* The outline that tells the verdict without words or colour. */
void gh_letters_sign(struct gh_canvas *c, int x, int y, enum gh_verdict v,
		     enum gh_ink ink);

#endif
