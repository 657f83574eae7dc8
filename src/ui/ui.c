/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ui.h"

#include "ui/acts_form.h" /* gh_form_done */
#include "ui/acts.h"   /* gh_act_say */
#include "ui/curses.h"	  /* struct gh_term */
#include "ui/keys.h"	  /* gh_ui_key */
#include "ui/view.h"	  /* gh_view_draw */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAINT_US (100 * (gh_us)GH_US_PER_MS)	/* at most ten a second */
#define KEY_PAINT_US (20 * (gh_us)GH_US_PER_MS) /* but sooner after a key */
#define REST_US ((gh_us)GH_US_PER_S)		/* ages tick at rest */

/* Keys taken in one turn; a stuck key must not hold up a run. */
#define KEYS_A_TURN 32

struct gh_ui {
	const struct gh_clock *clock;
	struct gh_term *term;
	int in_fd, wake_fd;
	struct gh_ui_model model;
	struct gh_glyph *cells;
	gh_us painted_at;
	unsigned short listed[GH_CANVAS_H]; /* as it was painted */
	bool mouse;			    /* as the terminal has it */
	int ahead; /* a key that was read too early; GH_KEY_NONE */
	bool dirty, lost; /* lost: the terminal hung up */
	bool keyed;	  /* somebody waits for what a key does */
};

static void update_time(struct gh_ui *ui)
{
	ui->model.now = gh_now(ui->clock);
	ui->model.wall_s = gh_wall_s(ui->clock);
}

static void follow_window(struct gh_ui *ui)
{
	int w, h;

	gh_term_size(ui->term, &w, &h);
	gh_model_resize(&ui->model, w, h);
	ui->dirty = true;
}

enum gh_status gh_ui_open_on(struct gh_ui **out, const struct gh_clock *clock,
			     const char *term, const int fds[2],
			     struct gh_err *err)
{
	struct gh_ui *ui = calloc(1, sizeof *ui);
	enum gh_status st;

	if (!ui)
		return gh_fail(err, GH_NOMEM, "screen");
	ui->cells =
		calloc((size_t)GH_CANVAS_W * GH_CANVAS_H, sizeof *ui->cells);
	if (!ui->cells) {
		st = gh_fail(err, GH_NOMEM, "screen");
		goto out_free;
	}
	st = gh_term_open(&ui->term, term, fds[0], fds[1], err);
	if (st != GH_OK)
		goto out_free;
	ui->clock = clock;
	ui->in_fd = fds[0];
	ui->wake_fd = -1;
	ui->ahead = GH_KEY_NONE;
	gh_model_init(&ui->model);
	ui->model.utf8 = ui->model.utf8_able = gh_term_is_utf8(ui->term);
	update_time(ui);
	ui->model.key_at = ui->model.now;
	ui->painted_at = ui->model.now - PAINT_US;
	follow_window(ui);
	*out = ui;
	return GH_OK;

out_free:
	free(ui->cells);
	free(ui);
	return st;
}

enum gh_status gh_ui_open(struct gh_ui **out, const struct gh_clock *clock,
			  enum gh_theme theme, bool ascii, struct gh_err *err)
{
	const int fds[2] = { STDIN_FILENO, STDOUT_FILENO };
	enum gh_status st;

	if (!isatty(fds[0]) || !isatty(fds[1]))
		return gh_fail(err, GH_UNSUP,
			       "screen: stdin and stdout are no terminal");
	st = gh_ui_open_on(out, clock, getenv("TERM"), fds, err);
	if (st != GH_OK)
		return st;
	(*out)->model.theme = theme;
	(*out)->model.utf8 = (*out)->model.utf8_able && !ascii;
	return GH_OK;
}

void gh_ui_close(struct gh_ui *ui)
{
	if (!ui)
		return;
	gh_term_close(ui->term);
	free(ui->cells);
	free(ui);
}

void gh_ui_about(struct gh_ui *ui, const struct gh_ui_about *about)
{
	ui->model.about = *about;
	ui->dirty = true;
}

void gh_ui_wake_on(struct gh_ui *ui, int fd)
{
	ui->wake_fd = fd;
}

static void paint_now(struct gh_ui *ui)
{
	struct gh_canvas canvas;

	if (gh_term_is_resized())
		follow_window(ui);
	gh_canvas_init(&canvas, ui->cells, ui->model.w, ui->model.h,
		       ui->model.utf8);
	gh_view_draw(&ui->model, &canvas);
	memcpy(ui->listed, canvas.listed, sizeof ui->listed);
	ui->dirty = !gh_term_paint(ui->term, &canvas, ui->model.theme);
	ui->painted_at = ui->model.now;
	ui->keyed = false;
}

static gh_us may_paint_at(const struct gh_ui *ui)
{
	return ui->painted_at + (ui->keyed ? KEY_PAINT_US : PAINT_US);
}

static void paint(struct gh_ui *ui)
{
	/* Followed no oftener than painted: a storm of them delays no key. */
	ui->dirty = ui->dirty || gh_term_is_resized();
	if (ui->dirty && ui->model.now >= may_paint_at(ui))
		paint_now(ui);
}

void gh_ui_show(struct gh_ui *ui, const struct gh_run_view *view)
{
	update_time(ui);
	gh_model_show(&ui->model, view);
	ui->dirty = true;
	paint(ui);
}

void gh_ui_pick(struct gh_ui *ui, const struct gh_run_view *view, bool is_last)
{
	gh_model_pick(&ui->model, view, is_last);
	ui->dirty = true;
}

void gh_ui_strips(struct gh_ui *ui, const struct gh_ui_strips *strips)
{
	ui->model.strips = strips;
	ui->dirty = true;
}

void gh_ui_say(struct gh_ui *ui, const char *text)
{
	gh_model_say(&ui->model, text);
	ui->dirty = true;
}

void gh_ui_event(void *self, const struct gh_event *ev)
{
	struct gh_ui *ui = self;

	gh_model_event(&ui->model, ev);
	ui->dirty = true;
	/* What comes next, reading back or judging and storing, has no ears. */
	if (ev->kind != GH_EV_RUN_END && !ui->model.stopping)
		return;
	update_time(ui);
	paint(ui);
}

size_t gh_ui_fds(struct gh_ui *ui, struct pollfd *out, size_t cap)
{
	size_t n = 0;

	if (n < cap && !ui->lost)
		out[n++] = (struct pollfd){ .fd = ui->in_fd, .events = POLLIN };
	if (n < cap && !gh_term_drain(ui->term))
		out[n++] = (struct pollfd){ .fd = gh_term_out_fd(ui->term),
					    .events = POLLOUT };
	return n;
}

/* True when there are keys; a terminal that hung up is lost for good. */
static bool is_ready(struct gh_ui *ui)
{
	struct pollfd in = { .fd = ui->in_fd, .events = POLLIN };

	if (ui->lost || gh_wait(ui->clock, &in, 1, ui->model.now) <= 0)
		return false;
	if (in.revents & (POLLERR | POLLHUP | POLLNVAL))
		ui->lost = true;
	return (in.revents & POLLIN) != 0;
}

static enum gh_ui_action click(struct gh_ui *ui)
{
	int x, y;

	if (!gh_term_click(ui->term, &x, &y) || y < 0 || y >= GH_CANVAS_H ||
	    ui->listed[y] == 0)
		return GH_UI_NONE;
	return gh_ui_click(&ui->model, ui->listed[y] - 1u);
}

static void follow_mouse(struct gh_ui *ui)
{
	if (ui->model.mouse == ui->mouse)
		return;
	ui->mouse = ui->model.mouse;
	if (gh_term_set_mouse(ui->term, ui->mouse))
		return;
	ui->model.mouse = ui->mouse = false;
	gh_act_say(&ui->model, "This terminal tells of no mouse.");
}

/*
 * Of a key that this terminal type does not know Esc and the rest come one by
 * one: its digits are no keys, above all not those that ask for a check.
 */
static int next_key(struct gh_ui *ui)
{
	int key = ui->ahead;

	ui->ahead = GH_KEY_NONE;
	if (key == GH_KEY_NONE)
		key = gh_term_key(ui->term);
	if (key != GH_KEY_ESC)
		return key;
	key = gh_term_key(ui->term);
	if (key != '[' && key != 'O') {
		ui->ahead = key;
		return GH_KEY_ESC;
	}
	do
		key = gh_term_key(ui->term);
	while (key > ' ' && key < '@');
	if (key == ' ')
		ui->ahead = key;
	return GH_KEY_OTHER;
}

/* One key; GH_UI_NONE with *more false when there is none. */
static enum gh_ui_action take_key(struct gh_ui *ui, bool *more)
{
	const int key = next_key(ui);
	enum gh_ui_action did;

	*more = key != GH_KEY_NONE;
	/* Only resizeterm's own word of it, which comes after the fact. */
	if (key == GH_KEY_RESIZED)
		return GH_UI_NONE;
	did = key == GH_KEY_MOUSE ? click(ui) : gh_ui_key(&ui->model, key);
	follow_mouse(ui);
	ui->dirty = ui->dirty || *more;
	ui->keyed = ui->keyed || *more;
	if (did == GH_UI_FLUSH) {
		gh_term_flush_keys(ui->term);
		ui->ahead = GH_KEY_NONE;
	}
	return did;
}

/*
 * Takes keys until one of them means something to the caller. A readable
 * terminal without a key has hung up.
 */
static enum gh_ui_action take_keys(struct gh_ui *ui)
{
	const bool ready = is_ready(ui);
	bool more = true, any = false;

	for (int i = 0; more && i < KEYS_A_TURN; i++) {
		const enum gh_ui_action did = take_key(ui, &more);

		any = any || more;
		if (did != GH_UI_NONE && did != GH_UI_REDRAW &&
		    did != GH_UI_FLUSH)
			return did;
	}
	if (ready && !any)
		ui->lost = true;
	return GH_UI_NONE;
}

const struct gh_ui_order *gh_ui_order(const struct gh_ui *ui)
{
	return &ui->model.wanted;
}

void gh_ui_doc(struct gh_ui *ui, const struct gh_doc *doc)
{
	gh_model_doc(&ui->model, doc);
	ui->dirty = ui->keyed = true;
}

const struct gh_ui_form *gh_ui_form(const struct gh_ui *ui)
{
	return &ui->model.form;
}

bool gh_ui_form_done(struct gh_ui *ui)
{
	ui->dirty = true;
	/* They were meant for the form. */
	gh_term_flush_keys(ui->term);
	return gh_form_done(&ui->model) == GH_UI_OPEN;
}

void gh_ui_refresh(struct gh_ui *ui, const struct gh_run_view *view)
{
	gh_model_refresh(&ui->model, view);
	ui->dirty = true;
}

void gh_ui_ask(struct gh_ui *ui, const struct gh_ui_task *task)
{
	update_time(ui);
	gh_model_ask(&ui->model, task);
	gh_term_flush_keys(ui->term);
	ui->dirty = true;
}

const struct gh_ui_task *gh_ui_task(const struct gh_ui *ui)
{
	return &ui->model.task;
}

void gh_ui_seen(struct gh_ui *ui, const struct gh_doc *doc, const char *text)
{
	gh_model_seen(&ui->model, doc, text);
	ui->dirty = true;
}

enum gh_page gh_ui_page(const struct gh_ui *ui)
{
	return ui->model.page;
}

void gh_ui_live(struct gh_ui *ui, const struct gh_doc *doc)
{
	ui->model.doc = doc;
	ui->dirty = true;
}

void gh_ui_lost(struct gh_ui *ui, const char *text)
{
	gh_model_lost(&ui->model, text);
	ui->dirty = true;
}

unsigned gh_ui_profile(const struct gh_ui *ui)
{
	return ui->model.profile;
}

bool gh_ui_hear(struct gh_ui *ui)
{
	update_time(ui);
	/* Before the keys: what waited in a burst comes too late. */
	(void)gh_ui_tick(&ui->model);
	(void)take_keys(ui);
	/* Nobody could stop it any more. */
	if (ui->lost)
		ui->model.stopping = true;
	/* A screen takes milliseconds: the arms stand first. */
	if (ui->model.stopping)
		return true;
	paint(ui);
	(void)gh_term_drain(ui->term);
	return false;
}

bool gh_ui_hung_up(const struct gh_ui *ui)
{
	return ui->lost;
}

static bool is_for_caller(enum gh_ui_action did)
{
	return did == GH_UI_START || did == GH_UI_QUIT || did == GH_UI_OPEN ||
	       did == GH_UI_SUBMIT;
}

/* One look at keys and time; what the caller must know, else NONE. */
static enum gh_ui_action turn(struct gh_ui *ui)
{
	enum gh_ui_action did;

	update_time(ui);
	if (gh_ui_tick(&ui->model) != GH_UI_NONE)
		ui->dirty = true;
	did = take_keys(ui);
	if (ui->lost || ui->model.quit_after)
		did = GH_UI_QUIT;
	/* Until somebody answers nobody calls again. */
	if (did == GH_UI_START || ui->model.busy)
		paint_now(ui);
	/* What the caller brings is drawn, not what was there before it. */
	else if (!is_for_caller(did))
		paint(ui);
	(void)gh_term_drain(ui->term);
	return did;
}

enum gh_ui_action gh_ui_look(struct gh_ui *ui)
{
	const enum gh_ui_action did = turn(ui);

	return is_for_caller(did) ? did : GH_UI_NONE;
}

enum gh_ui_action gh_ui_wait(struct gh_ui *ui)
{
	struct pollfd fds[4];
	size_t n;

	for (;;) {
		const enum gh_ui_action did = turn(ui);
		const gh_us until =
			ui->dirty ? may_paint_at(ui) : ui->model.now + REST_US;
		int ready;

		if (is_for_caller(did))
			return did;
		n = gh_ui_fds(ui, fds, 2);
		fds[n] = (struct pollfd){ .fd = ui->wake_fd, .events = POLLIN };
		ready = gh_wait(ui->clock, fds, n + 1, until);
		ui->dirty = ui->dirty || ready == 0;
		if (ready < 0 || fds[n].revents != 0)
			return GH_UI_NONE;
	}
}
