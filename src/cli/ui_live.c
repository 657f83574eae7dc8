/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ui_live - the live page: its port is open as long as the page is on, its rows
 * are those of `watch --all --json`. A jog borrows the open port, so that no
 * board is reset between two of them.
 */
#include "cli/signals.h"   /* gh_signals_came */
#include "cli/ui_screen.h" /* what is defined here */
#include "cli/watching.h"  /* struct gh_watching */

#include <stdlib.h>
#include <string.h>

/* Ten a second: interface.md section 4.3. */
#define REFRESH_US ((gh_us)100000)

struct gh_ui_live {
	struct gh_ui_screen *s;
	struct gh_watching w;
	struct gh_table rows;
	struct gh_doc doc;
	gh_us due; /* of the next refresh */
	bool over; /* the operator wants something else: did */
	enum gh_ui_action did;
};

/* ---- Ears ----------------------------------------------------------------- */

static size_t ear_fds(void *self, struct pollfd *out, size_t cap)
{
	const struct gh_ui_live *l = self;
	const size_t n = gh_signals_fds(out, cap);

	return n + gh_ui_fds(l->s->ui, out + n, cap - n);
}

/* While it listens: any page but this one ends it. */
static enum gh_ear_word hear(void *self)
{
	struct gh_ui_live *l = self;
	struct gh_ui_screen *s = l->s;

	if (l->over)
		return GH_EAR_STOP;
	s->signalled = gh_signals_came() || s->signalled;
	l->did = gh_ui_look(s->ui);
	l->over = s->signalled || l->did != GH_UI_NONE ||
		  gh_ui_page(s->ui) != GH_PAGE_LIVE;
	return l->over ? GH_EAR_STOP : GH_EAR_NOTHING;
}

static void refresh(struct gh_ui_live *l)
{
	const gh_us now = gh_now(l->s->cli->clock);

	if (l->w.dev)
		gh_watching_rows(&l->w, &l->rows);
	else
		gh_watch_rows(&l->w.block, &l->w.block.then, now, &l->rows);
	l->due = now + REFRESH_US;
	gh_ui_live(l->s->ui, &l->doc);
}

/* While a joint moves: the key, and the rows go on. */
static enum gh_ear_word hear_jog(void *self)
{
	struct gh_ui_live *l = self;
	struct gh_ui_screen *s = l->s;

	s->signalled = gh_signals_came() || s->signalled;
	if (gh_ui_hear(s->ui) || s->signalled)
		return GH_EAR_STOP;
	if (gh_now(s->cli->clock) >= l->due)
		refresh(l);
	return GH_EAR_NOTHING;
}

static void take_sample(void *self, const struct gh_sample *sample)
{
	struct gh_ui_live *l = self;

	gh_watch_add(&l->w.block, sample, gh_now(l->s->cli->clock));
}

/* ---- From open to close --------------------------------------------------- */

static void say_above(struct gh_ui_live *l, const char *text)
{
	l->doc.n_above = 0;
	gh_doc_above(&l->doc, "%s", text);
	gh_ui_live(l->s->ui, &l->doc);
}

static void tell_simulated(struct gh_ui_live *l)
{
	struct gh_ui_screen *s = l->s;

	if (s->about.simulated || !l->w.block.simulated)
		return;
	s->about.simulated = true;
	gh_ui_about(s->ui, &s->about);
}

static enum gh_status follow(struct gh_ui_live *l, struct gh_err *err)
{
	enum gh_status st = gh_watching_begin(&l->w, err);

	if (st != GH_OK)
		return st;
	tell_simulated(l);
	say_above(l, l->w.port);
	l->due = gh_now(l->s->cli->clock) + REFRESH_US;
	while (st == GH_OK) {
		st = gh_watching_until(&l->w, l->due, err);
		if (st == GH_OK)
			refresh(l);
	}
	return st;
}

/*
 * Consent outlives what the operator ended and the end of the way; not a stop
 * that was another's.
 */
static bool may_go_on(const struct gh_ui_screen *s, enum gh_status st)
{
	const bool ours = !s->latched[0] || strcmp(s->latched, "STOP") == 0;

	return ours && !s->signalled &&
	       (st == GH_OK || st == GH_CANCELLED || st == GH_ARG);
}

/* True: the page goes on. */
static bool jog(struct gh_ui_live *l)
{
	const struct gh_tap tap = { take_sample, l };
	const struct gh_ears ears = { ear_fds, hear_jog, l };

	l->over = false;
	if (may_go_on(l->s,
		      gh_ui_run_jog(l->s, l->w.link, l->w.boot, &tap, &ears)))
		return true;
	gh_ui_lost(l->s->ui, NULL);
	return false;
}

static bool wants_jog(const struct gh_ui_live *l)
{
	return l->did == GH_UI_START &&
	       gh_ui_task(l->s->ui)->move == GH_MOVE_JOG;
}

/* A new boot is another session: what was allowed in the old one is not. */
static enum gh_status listen(struct gh_ui_live *l, struct gh_err *err)
{
	char boot[sizeof l->w.boot];
	enum gh_status st = gh_watching_open(&l->w, err);

	while (st == GH_OK) {
		gh_copy_text(boot, sizeof boot, l->w.boot);
		st = follow(l, err);
		if (boot[0] && strcmp(boot, l->w.boot) != 0)
			st = gh_fail(err, GH_RESET,
				     "%s: the controller started anew",
				     l->w.port);
		gh_watching_end(&l->w);
		if (st == GH_CANCELLED && wants_jog(l) && jog(l))
			st = GH_OK;
	}
	gh_watching_close(&l->w);
	return st;
}

enum gh_ui_action gh_ui_run_live(struct gh_ui_screen *s)
{
	struct gh_ui_live *l = s->live;
	struct gh_err err = { 0 };
	enum gh_status st;

	l->over = false;
	l->did = GH_UI_NONE;
	l->w.block = (struct gh_watch_block){ .all = true };
	l->w.boot[0] = '\0';
	l->rows.n_rows = 0;
	say_above(l, "opening the port ...");
	st = listen(l, &err);
	if (st != GH_CANCELLED)
		gh_ui_lost(s->ui, err.msg);
	else if (gh_ui_page(s->ui) == GH_PAGE_LIVE && !l->over)
		gh_ui_lost(s->ui,
			   "Stopped from elsewhere; nothing was moving.");
	/* A jog has had its start. */
	return l->over && !wants_jog(l) ? l->did : GH_UI_NONE;
}

const struct gh_doc *gh_ui_live_doc(struct gh_ui_screen *s)
{
	struct gh_ui_live *l = s->live ? s->live : calloc(1, sizeof *l);

	if (!l || s->live)
		return l ? &l->doc : NULL;
	l->rows = gh_watch_table;
	if (!gh_table_init(&l->rows, GH_WATCH_ROWS)) {
		free(l);
		return NULL;
	}
	l->s = s;
	l->w.cli = s->cli;
	l->w.ears = (struct gh_ears){ ear_fds, hear, l };
	l->doc.tables[l->doc.n_tables++] = &l->rows;
	s->live = l;
	return &l->doc;
}

void gh_ui_live_free(struct gh_ui_live *l)
{
	if (!l)
		return;
	gh_table_finish(&l->rows);
	free(l);
}
