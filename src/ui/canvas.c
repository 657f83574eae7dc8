/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/canvas.h"

#include "base/text.h" /* gh_utf8_decode */

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_CAP (GH_CANVAS_W * 4 + 1)

static int between(int v, int lo, int hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

void gh_canvas_init(struct gh_canvas *c, struct gh_glyph *cells, int w, int h,
		    bool utf8)
{
	const struct gh_glyph blank = { " ", GH_INK_PLAIN, false };

	*c = (struct gh_canvas){ .w = between(w, 1, GH_CANVAS_W),
				 .h = between(h, 1, GH_CANVAS_H),
				 .utf8 = utf8,
				 .cells = cells };
	for (int i = 0; i < c->w * c->h; i++)
		cells[i] = blank;
}

static struct gh_glyph *cell_at(const struct gh_canvas *c, int x, int y)
{
	if (x < 0 || y < 0 || x >= c->w || y >= c->h)
		return NULL;
	return &c->cells[y * c->w + x];
}

/* The code point at s, 0: damaged; *n the bytes it takes, at least one. */
static uint32_t decode(const char *s, int *n)
{
	uint32_t code = 0;
	const size_t len = gh_utf8_decode(s, &code);

	*n = len > 0 ? (int)len : 1;
	return len > 0 ? code : 0;
}

/*
 * Exactly one column, no direction, nothing that joins: what names of people
 * and houses need, and our own blocks.
 */
static bool is_one_column(uint32_t code, bool utf8)
{
	static const struct {
		uint32_t lo, hi;
	} fine[] = { { 0xA1, 0xAC },	{ 0xAE, 0x2FF },    { 0x370, 0x373 },
		     { 0x391, 0x3A1 },	{ 0x3A3, 0x3FF },   { 0x400, 0x482 },
		     { 0x48A, 0x52F },	{ 0x2010, 0x2027 }, { 0x2190, 0x2193 },
		     { 0x2500, 0x25A0 } };

	if (code >= 0x20 && code < 0x7F)
		return true;
	for (size_t i = 0; utf8 && i < GH_ARRAY_SIZE(fine); i++)
		if (code >= fine[i].lo && code <= fine[i].hi)
			return true;
	return false;
}

void gh_canvas_put(struct gh_canvas *c, int x, int y, enum gh_ink ink,
		   const char *glyph)
{
	struct gh_glyph *cell = cell_at(c, x, y);
	int n;
	const uint32_t code = decode(glyph, &n);

	if (!cell)
		return;
	*cell = (struct gh_glyph){ .glyph = "?", .ink = (unsigned char)ink };
	if (is_one_column(code, c->utf8)) {
		memcpy(cell->glyph, glyph, (size_t)n);
		cell->glyph[n] = '\0';
	}
}

/* Up to `width` columns of text that need not end there. */
static int draw(struct gh_canvas *c, int x, int y, int width, enum gh_ink ink,
		const char *text)
{
	const int end = x + width;
	int n;

	for (; *text != '\0' && x < end; text += n, x++) {
		(void)decode(text, &n);
		gh_canvas_put(c, x, y, ink, text);
	}
	return x;
}

int gh_canvas_text(struct gh_canvas *c, int x, int y, enum gh_ink ink,
		   const char *fmt, ...)
{
	char line[LINE_CAP];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	return draw(c, x, y, GH_CANVAS_W, ink, line);
}

static int columns_of(const char *text)
{
	int columns = 0;

	for (int n; *text != '\0'; text += n, columns++)
		(void)decode(text, &n);
	return columns;
}

/*
 * Columns of the longest start of text that ends with a word and fits; a word
 * longer than the whole width is cut.
 */
static int whole_words(const char *text, int width)
{
	int at = 0, fits = 0;

	for (int n; at <= width; text += n, at++) {
		if (*text == ' ' || *text == '\0')
			fits = at;
		if (*text == '\0')
			break;
		(void)decode(text, &n);
	}
	return fits > 0 ? fits : width;
}

int gh_canvas_cut(struct gh_canvas *c, int x, int y, int width, enum gh_ink ink,
		  const char *text)
{
	static const char mark[] = "..";
	const int room = width - (int)sizeof mark + 1;

	if (columns_of(text) <= width || room <= 0)
		return draw(c, x, y, width, ink, text);
	x = draw(c, x, y, whole_words(text, room), ink, text);
	return draw(c, x, y, (int)sizeof mark, ink, mark);
}

static const char *skip_columns(const char *text, int columns)
{
	for (int n; columns > 0 && *text != '\0'; columns--, text += n)
		(void)decode(text, &n);
	while (*text == ' ')
		text++;
	return text;
}

int gh_canvas_rows(const char *text, int width)
{
	int rows = 0;

	for (; width > 0 && *text != '\0'; rows++)
		text = skip_columns(text, whole_words(text, width));
	return rows;
}

int gh_canvas_wrap(struct gh_canvas *c, int x, int y, int width, int rows,
		   const char *text)
{
	int used = 0;

	if (width < 1)
		return 0;
	while (*text != '\0' && used < rows) {
		const int fit = whole_words(text, width);

		if (used == rows - 1)
			gh_canvas_cut(c, x, y + used, width, GH_INK_PLAIN,
				      text);
		else
			draw(c, x, y + used, fit, GH_INK_PLAIN, text);
		text = skip_columns(text, fit);
		used++;
	}
	return used;
}

void gh_canvas_list(struct gh_canvas *c, int y, size_t row)
{
	if (y >= 0 && y < c->h && row < USHRT_MAX)
		c->listed[y] = (unsigned short)(row + 1);
}

void gh_canvas_hline(struct gh_canvas *c, int y)
{
	for (int x = 1; x < c->w - 1; x++)
		gh_canvas_put(c, x, y, GH_INK_DIM, "-");
}

void gh_canvas_paint(struct gh_canvas *c, int x, int y, int n, enum gh_ink ink)
{
	for (int i = 0; i < n; i++) {
		struct gh_glyph *cell = cell_at(c, x + i, y);

		if (cell)
			cell->ink = (unsigned char)ink;
	}
}

void gh_canvas_select(struct gh_canvas *c, int x, int y)
{
	gh_canvas_put(c, x, y, GH_INK_SELECT, ">");
	gh_canvas_paint(c, x, y, c->w - 1 - x, GH_INK_SELECT);
	c->cursor_x = x;
	c->cursor_y = y;
}

void gh_canvas_pixel(struct gh_canvas *c, int x, int y, enum gh_ink ink)
{
	struct gh_glyph *cell = cell_at(c, x, y);

	if (cell)
		*cell = (struct gh_glyph){ " ", (unsigned char)ink, true };
}

size_t gh_canvas_row_text(const struct gh_canvas *c, int y, char *out,
			  size_t cap)
{
	const char *pixel = c->utf8 ? "\xE2\x96\x88" : "#";
	size_t used = 0, last = 0;

	for (int x = 0; x < c->w; x++) {
		const struct gh_glyph *cell = cell_at(c, x, y);
		const char *s = cell && cell->reverse ? pixel
				: cell		      ? cell->glyph
						      : " ";
		const size_t n = strlen(s);

		if (used + n >= cap)
			break;
		memcpy(out + used, s, n);
		used += n;
		if (s[0] != ' ')
			last = used;
	}
	out[last] = '\0';
	return last;
}
