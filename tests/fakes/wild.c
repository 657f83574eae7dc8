/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/wild.h"

#include "base/text.h" /* gh_copy_text */

#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 128, POINTS = 60, LONG = 10240 };

/* xorshift32 */
uint32_t gh_wild_dice(struct gh_wild *w, uint32_t sides)
{
	w->state ^= w->state << 13;
	w->state ^= w->state >> 17;
	w->state ^= w->state << 5;
	return w->state % sides;
}

/* ---- Texts ------------------------------------------------------------------*/

static char long_name[LONG + 1], long_marks[LONG + 1];

static const char *const hostile[] = {
	"\x1b[2J\x1b[1;1H\x1b]0;owned\x07\x1bPq\x1b\\",
	"over\b\b\b\bwrite\rback\nnext\ttab\vup\fform\x7f",
	"\x0eshift\x0f\x05\x18\x1a",
	"\xc2\x9b\x32J\xc2\x9d\x30;x\xc2\x9c",		 /* C1 */
	"\x9b\x32J\xff\xfe\xc3\x28\xe2\x28\xa1\xf0\x9f", /* invalid */
	"\xc0\x9b[2J \xe0\x80\xa1 \xf0\x80\x80\xa1",	 /* overlong */
	"\xed\xa0\x80\xed\xb0\x80 \xf4\x90\x80\x80",	 /* no characters */
	"\xe2\x80\xaeraey\xe2\x80\xac \xe2\x81\xa6x\xe2\x81\xa9\xe2\x80\x8f",
	"\xe6\xbc\xa2\xe5\xad\x97 \xef\xbc\xb7\xef\xbc\xa9", /* two columns */
	"e\xcc\x81\xcc\x82\xcc\x83 \xd8\xb9\xd9\x8e",	     /* they join */
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xa7\xef\xb8\x8f",
	"\xe2\x80\x8b\xe2\x81\xa0\xef\xbb\xbf\xc2\xad", /* no width */
	"%s%s%n%99999d",
	long_name,
	long_marks,
	" ",
	"",
};

static const char *const harmless[] = {
	"resilience.elbow", "12.5", "-", "core", "HOLD", "READY"
};

const char *gh_wild_hostile(size_t n)
{
	if (!long_name[0]) {
		memset(long_name, 'W', LONG);
		for (size_t i = 0; i + 2 < LONG; i += 3)
			memcpy(long_marks + i, "a\xcc\x81", 3);
	}
	return n < GH_ARRAY_SIZE(hostile) ? hostile[n] : NULL;
}

const char *gh_wild_text(struct gh_wild *w)
{
	if (gh_wild_dice(w, 2))
		return harmless[gh_wild_dice(w, GH_ARRAY_SIZE(harmless))];
	return gh_wild_hostile(gh_wild_dice(w, GH_ARRAY_SIZE(hostile)));
}

double gh_wild_number(struct gh_wild *w)
{
	static const double extremes[] = { 0.0,	 -0.0,	 1e-300, 1e300,
					   -1e9, 4e18,	 -1.0,	 1.0,
					   NAN,	 99999., 0.5 };

	if (gh_wild_dice(w, 4) == 0)
		return extremes[gh_wild_dice(w, GH_ARRAY_SIZE(extremes))];
	return gh_wild_dice(w, 2000) / 16.0 - 20.0;
}

/* ---- Keys --------------------------------------------------------------------*/

static bool is_key(const char *s, size_t n)
{
	bool good = n >= 2 && n < GH_WILD_KEY && s[0] >= 'a' && s[0] <= 'z';

	for (size_t i = 0; good && i < n; i++)
		good = (s[i] >= 'a' && s[i] <= 'z') || s[i] == '_' ||
		       (s[i] >= '0' && s[i] <= '9');
	return good;
}

static void add_key(struct gh_wild *w, const char *s, size_t n)
{
	for (unsigned i = 0; i < w->n_keys; i++)
		if (strlen(w->keys[i]) == n && memcmp(w->keys[i], s, n) == 0)
			return;
	if (w->n_keys == GH_WILD_KEYS)
		return;
	memcpy(w->keys[w->n_keys], s, n);
	w->keys[w->n_keys++][n] = '\0';
}

static void read_keys(struct gh_wild *w, const char *path)
{
	char line[512];
	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof line, f)) {
		const char *from = strchr(line, '"'), *to;

		for (; from; from = to ? strchr(to + 1, '"') : NULL) {
			to = strchr(from + 1, '"');
			if (to && is_key(from + 1, (size_t)(to - from - 1)))
				add_key(w, from + 1, (size_t)(to - from - 1));
		}
	}
	if (f)
		fclose(f);
}

bool gh_wild_init(struct gh_wild *w, uint32_t seed)
{
	glob_t files;

	*w = (struct gh_wild){ .state = seed };
	if (glob("src/ui/*.c", 0, NULL, &files) != 0)
		return false;
	for (size_t i = 0; i < files.gl_pathc; i++)
		read_keys(w, files.gl_pathv[i]);
	globfree(&files);
	return w->n_keys > 0;
}

/* ---- Answers -------------------------------------------------------------------*/

static unsigned wild_rows(struct gh_wild *w)
{
	static const unsigned most[] = { 1, 2, 4, 12, 12, 12, 50 };

	return gh_wild_dice(w, most[gh_wild_dice(w, GH_ARRAY_SIZE(most))] + 1);
}

/* Most of the keys, so that what a screen looks for is mostly there. */
static unsigned wild_columns(struct gh_wild *w, struct gh_column *out)
{
	const unsigned first = gh_wild_dice(w, w->n_keys);
	unsigned n = 0;

	for (unsigned i = 0; i < w->n_keys && n < COLUMNS; i++) {
		const char *key = w->keys[(first + i) % w->n_keys];

		if (gh_wild_dice(w, 12) == 0)
			continue;
		out[n++] = (struct gh_column){
			key, gh_wild_dice(w, 3) ? key : NULL,
			gh_wild_dice(w, 2) ? GH_CELL_TEXT
					   : (enum gh_cell_kind)gh_wild_dice(
						     w, GH_CELL_BOOL + 1)
		};
	}
	return n;
}

static bool wild_table(struct gh_wild *w, struct gh_table *t,
		       struct gh_column *columns)
{
	const unsigned rows = wild_rows(w);

	*t = (struct gh_table){ .name = "rows",
				.none = "There is nothing here.",
				.columns = columns,
				.n_columns = wild_columns(w, columns) };
	if (!gh_table_init(t, rows))
		return false;
	for (unsigned i = 0; i < rows; i++) {
		struct gh_cell *row = gh_table_add(t);

		for (unsigned c = 0; c < t->n_columns; c++) {
			gh_copy_text(row[c].text, sizeof row[c].text,
				     gh_wild_text(w));
			row[c].number = gh_wild_number(w);
		}
	}
	return true;
}

static void wild_series(struct gh_wild *w, struct gh_plot *p)
{
	const size_t n = gh_wild_dice(w, 3) ? gh_wild_dice(w, POINTS)
					    : gh_wild_dice(w, 3);
	double x[POINTS], y[POINTS];

	for (size_t i = 0; i < n; i++) {
		x[i] = gh_wild_dice(w, 8) ? (double)i : gh_wild_number(w);
		y[i] = gh_wild_number(w);
	}
	gh_plot_add(p, gh_wild_text(w),
		    (enum gh_plot_role)gh_wild_dice(w, GH_PLOT_LIMIT + 1), x, y,
		    n);
}

static bool wild_plot(struct gh_wild *w, struct gh_plot *p)
{
	gh_plot_init(p, w->keys[gh_wild_dice(w, w->n_keys)]);
	if (!gh_plot_room(p, (size_t)GH_PLOT_SERIES * POINTS))
		return false;
	for (unsigned n = gh_wild_dice(w, GH_PLOT_SERIES + 1); n > 0; n--)
		wild_series(w, p);
	for (unsigned n = gh_wild_dice(w, GH_PLOT_MARKS + 1); n > 0; n--)
		gh_plot_mark(p, gh_wild_number(w), gh_wild_text(w));
	p->limit_lo = gh_wild_dice(w, 2) ? gh_wild_number(w) : NAN;
	p->limit_hi = gh_wild_dice(w, 2) ? gh_wild_number(w) : NAN;
	p->bars = gh_wild_dice(w, 4) == 0;
	return true;
}

static void wild_lines(struct gh_wild *w, struct gh_doc *d)
{
	for (unsigned n = gh_wild_dice(w, GH_DOC_LINES + 1); n > 0; n--)
		gh_doc_above(d, "%s", gh_wild_text(w));
	for (unsigned n = gh_wild_dice(w, GH_DOC_LINES + 1); n > 0; n--)
		gh_doc_below(d, "%s", gh_wild_text(w));
	for (unsigned n = gh_wild_dice(w, GH_DOC_FACTS + 1); n > 0; n--) {
		const char *key = w->keys[gh_wild_dice(w, w->n_keys)];

		if (gh_wild_dice(w, 2))
			gh_doc_text_fact(d, key, gh_wild_text(w));
		else
			gh_doc_fact(d, key, GH_CELL_NUMBER, gh_wild_number(w));
	}
}

struct gh_doc *gh_wild_doc(struct gh_wild *w)
{
	/* Two, because the one on the screen goes when the next is there. */
	static struct gh_column columns[2][GH_DOC_TABLES][COLUMNS];
	static unsigned turn;
	struct gh_table tables[GH_DOC_TABLES] = { 0 };
	static struct gh_plot plots[GH_DOC_PLOTS];
	const unsigned n_tables = gh_wild_dice(w, GH_DOC_TABLES + 1);
	const unsigned n_plots = gh_wild_dice(w, GH_DOC_PLOTS + 1);
	struct gh_doc d = { 0 }, *copy = NULL;
	bool ok = true;

	turn = !turn;
	wild_lines(w, &d);
	for (; ok && d.n_tables < n_tables; d.n_tables++) {
		ok = wild_table(w, &tables[d.n_tables],
				columns[turn][d.n_tables]);
		d.tables[d.n_tables] = &tables[d.n_tables];
	}
	for (; ok && d.n_plots < n_plots; d.n_plots++) {
		ok = wild_plot(w, &plots[d.n_plots]);
		d.plots[d.n_plots] = &plots[d.n_plots];
	}
	if (ok)
		copy = gh_doc_copy(&d);
	for (unsigned i = 0; i < GH_DOC_TABLES; i++)
		gh_table_finish(&tables[i]);
	for (unsigned i = 0; i < GH_DOC_PLOTS; i++)
		gh_plot_finish(&plots[i]);
	return copy;
}

static void spoil_plot(const struct gh_plot *of_copy, const char *text)
{
	struct gh_plot *p;

	memcpy(&p, &of_copy, sizeof p); /* it is the copy's own */
	gh_copy_text(p->title, sizeof p->title, text);
	gh_copy_text(p->x.label, sizeof p->x.label, text);
	gh_copy_text(p->y.label, sizeof p->y.label, text);
	gh_copy_text(p->x.unit, sizeof p->x.unit, text);
	gh_copy_text(p->y.unit, sizeof p->y.unit, text);
	for (unsigned i = 0; i < p->n_series; i++)
		gh_copy_text(p->series[i].name, sizeof p->series[i].name, text);
	for (unsigned i = 0; i < p->n_marks; i++)
		gh_copy_text(p->marks[i].text, sizeof p->marks[i].text, text);
}

void gh_wild_spoil(struct gh_doc *d, const char *text)
{
	for (unsigned i = 0; i < d->n_above; i++)
		gh_copy_text(d->above[i], sizeof d->above[i], text);
	for (unsigned i = 0; i < d->n_below; i++)
		gh_copy_text(d->below[i], sizeof d->below[i], text);
	for (unsigned i = 0; i < d->n_facts; i++)
		gh_copy_text(d->facts[i].cell.text,
			     sizeof d->facts[i].cell.text, text);
	for (unsigned i = 0; i < d->n_tables; i++) {
		const struct gh_table *t = d->tables[i];

		for (size_t c = 0; c < t->n_rows * t->n_columns; c++)
			gh_copy_text(t->cells[c].text, sizeof t->cells[c].text,
				     text);
	}
	for (unsigned i = 0; i < d->n_plots; i++)
		spoil_plot(d->plots[i], text);
}
