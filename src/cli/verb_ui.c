/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ui - the terminal screens around the same check that the command line makes.
 * The last stored verdict is there at once, no port is opened for it. The `y`
 * of the dialog is what --allow-motion is elsewhere, for one run at a time.
 */
#include "cli/flow.h"	   /* gh_flow_check */
#include "cli/options.h"   /* gh_cli_text */
#include "cli/paths.h"	   /* gh_path_rig */
#include "cli/say.h"	   /* gh_say_error */
#include "cli/show.h"	   /* gh_show_style */
#include "cli/signals.h"   /* gh_signals_start */
#include "cli/ui_forms.h"  /* gh_ui_form_store */
#include "cli/ui_pages.h"  /* gh_ui_page_fill */
#include "cli/ui_screen.h" /* struct gh_ui_screen */

#include <stdlib.h>
#include <string.h>

static const struct gh_option options[] = {
	{ "theme", "dark|light|blackout|mono", "how it looks, also key t",
	  GH_OPT_CHOICE },
	{ "baseline", "NAME", "compare with this one", GH_OPT_TEXT },
	{ 0 }
};

/* ---- A check ---- */

static size_t ear_fds(void *self, struct pollfd *out, size_t cap)
{
	const struct gh_ui_screen *s = self;
	const size_t n = gh_signals_fds(out, cap);

	return n + gh_ui_fds(s->ui, out + n, cap - n);
}

static enum gh_ear_word hear(void *self)
{
	struct gh_ui_screen *s = self;

	s->signalled = gh_signals_came() || s->signalled;
	return gh_ui_hear(s->ui) || s->signalled ? GH_EAR_STOP : GH_EAR_NOTHING;
}

static void say_unstored(struct gh_ui_screen *s, const struct gh_err *why,
			 const char *file)
{
	char text[sizeof why->msg + GH_PATH_CAP];

	snprintf(text, sizeof text, "Not in the database%s%s: %s",
		 file[0] ? ", but in " : "; write it down", file, why->msg);
	gh_ui_say(s->ui, text);
}

void gh_ui_note_latch(struct gh_ui_screen *s, const struct gh_flow *f)
{
	static const char mark[] = "stop latched: ";
	const char *at = strstr(gh_flow_safe_text(f), mark);

	if (!gh_flow_safe_text(f)[0])
		return;
	gh_copy_text(s->latched, sizeof s->latched,
		     at ? at + sizeof mark - 1 : "");
	gh_copy_text(s->about.latched, sizeof s->about.latched, s->latched);
	gh_ui_about(s->ui, &s->about);
}

void gh_ui_note_unsafe(struct gh_ui_screen *s, const struct gh_flow *f)
{
	s->unsafe = (struct gh_err){ 0 };
	if (gh_flow_trouble(f)->code != GH_UNSAFE)
		return;
	s->unsafe = *gh_flow_trouble(f);
	/* One part by itself has no verdict of its own. */
	s->unsafe_code = gh_flow_single_view(f) ? GH_EXIT_HOLD
						: gh_flow_view(f)->exit_code;
}

/*
 * What is stored is read back and the flow let go, because it holds the port.
 * A verdict that could not be stored lives in its flow until the next check.
 */
static void show_verdict(struct gh_ui_screen *s, struct gh_flow *f)
{
	struct gh_ui_shown next = { 0 };
	const char *file = "";
	const struct gh_err *unstored = gh_flow_unstored(f, &file);
	struct gh_err err = { 0 };

	if (!unstored &&
	    gh_ui_shown_load(s, gh_flow_view(f)->run, &next, &err) == GH_OK) {
		gh_flow_destroy(f);
		gh_ui_shown_put(s, &next);
		return;
	}
	gh_ui_shown_forget(&next);
	next.flow = f;
	gh_ui_shown_put(s, &next);
	if (unstored)
		say_unstored(s, unstored, file);
}

/* No controller answered: that is told, and the last verdict stays. */
static void take_verdict(struct gh_ui_screen *s, struct gh_flow *f)
{
	const enum gh_status why = gh_flow_trouble(f)->code;
	const char *file;
	char told[160] = "";

	gh_ui_note_latch(s, f);
	gh_ui_note_unsafe(s, f);
	if (gh_flow_view(f)->run == 0 && !gh_flow_unstored(f, &file)) {
		gh_ui_say_failure(s, gh_flow_trouble(f));
		gh_flow_destroy(f);
		return;
	}
	if (why == GH_CANCELLED)
		snprintf(told, sizeof told, "Stopped; read back: %s.",
			 gh_flow_safe_text(f));
	else if (why == GH_UNSAFE && s->latched[0])
		snprintf(told, sizeof told,
			 "Look at the sculpture. Then press 1: the y of the "
			 "question clears the stop.");
	show_verdict(s, f);
	if (told[0])
		gh_ui_say(s->ui, told);
}

void gh_ui_describe_again(struct gh_ui_screen *s)
{
	const struct gh_ui_about told = s->about;

	gh_ui_describe(s);
	gh_copy_text(s->about.baseline, sizeof s->about.baseline,
		     told.baseline);
	s->about.baseline_s = told.baseline_s;
	s->about.moved_s = told.moved_s;
	s->about.moved_day_s = told.moved_day_s;
	gh_ui_about(s->ui, &s->about);
}

bool gh_ui_is_as_told(struct gh_ui_screen *s)
{
	char sha256[sizeof s->rig_sha256];

	memcpy(sha256, s->rig_sha256, sizeof sha256);
	gh_ui_describe_again(s);
	if (strcmp(sha256, s->rig_sha256) == 0)
		return true;
	gh_ui_say(s->ui, s->about.plan[0].refusal[0]
				 ? s->about.plan[0].refusal
				 : "The rig file has changed; nothing moved. "
				   "Ask anew and read the question again.");
	return false;
}

static void check(struct gh_ui_screen *s)
{
	struct gh_err err = { 0 };
	struct gh_flow *f;

	if (!gh_ui_is_as_told(s))
		return;
	s->request.profile = gh_ui_profiles[gh_ui_profile(s->ui)];
	s->request.clear_latch = s->latched[0] != '\0';
	if (s->shown.flow)
		gh_ui_shown_put(s, &(struct gh_ui_shown){ 0 });
	if (gh_flow_check(&s->request, &f, &err) == GH_OK)
		take_verdict(s, f);
	else
		gh_ui_say_failure(s, &err);
}

static void set_request(struct gh_cli *cli, struct gh_ui_screen *s)
{
	s->cli = cli;
	cli->ears = &s->request.ears;
	gh_path_rig(cli, &s->rig);
	gh_path_db(cli, &s->db);
	s->request = (struct gh_flow_request){
		.rig_file = s->rig.path,
		.port = gh_cli_text(cli, "port"),
		.db = s->db.path,
		.baseline = gh_cli_text(cli, "baseline"),
		.allow_motion = true,
		.clock = cli->clock,
		.sink = { gh_ui_event, s->ui },
		.ears = { ear_fds, hear, s },
	};
}

/* ---- The other pages ---- */

/* What is on the screen now comes from what is stored and plugged in now. */
static void look_again(struct gh_ui_screen *s)
{
	gh_ui_describe(s);
	gh_ui_shown_last(s);
}

/* From here to the end all is simulated, and in a database of its own. */
static void simulate(struct gh_ui_screen *s)
{
	struct gh_simulator *sim = &s->simulator;
	struct gh_err err = { 0 };

	if (gh_simulator_start(sim, s->cli->clock, &err) != GH_OK ||
	    !gh_cli_give(s->cli, "rig", sim->rig) ||
	    !gh_cli_give(s->cli, "db", sim->db) ||
	    !gh_cli_give(s->cli, "port", sim->port)) {
		gh_ui_say_failure(s, &err);
		return;
	}
	s->latched[0] = '\0';
	set_request(s->cli, s);
	gh_ui_shown_put(s, &(struct gh_ui_shown){ 0 });
	look_again(s);
	gh_ui_say(s->ui, "A simulated Lumina is switched on: nothing real "
			 "moves. Press 1.");
}

/* An order of home is no page but something to do. */
static void act_at_home(struct gh_ui_screen *s, const char *word)
{
	if (strcmp(word, "simulate") == 0)
		simulate(s);
	else if (strcmp(word, "print") == 0)
		gh_ui_print(s);
	else
		look_again(s);
}

static void open_page(struct gh_ui_screen *s)
{
	const struct gh_ui_order *order = gh_ui_order(s->ui);
	struct gh_shelf next = { NULL, "" };

	if (order->page == GH_PAGE_HOME) {
		act_at_home(s, order->word[0]);
		return;
	}
	/* Never asked for again: that would move something. */
	if (order->page == GH_PAGE_SEEN) {
		gh_ui_doc(s->ui, s->seen);
		return;
	}
	if (order->page == GH_PAGE_LIVE) {
		gh_ui_doc(s->ui, gh_ui_live_doc(s));
		return;
	}
	if (order->page == GH_PAGE_ASK) {
		gh_ui_question(s);
		return;
	}
	if (!gh_page_has_doc(order->page)) {
		gh_ui_shown_pick(s, strtoll(order->word[0], NULL, 10));
		return;
	}
	if (!gh_ui_page_fill(s->cli, order, &next)) {
		gh_ui_say(s->ui, next.said);
		gh_shelf_clear(&next);
		return;
	}
	gh_ui_doc(s->ui, next.doc);
	gh_shelf_clear(&s->page);
	s->page = next;
}

/* What is refused stays in its form. */
static void store_form(struct gh_ui_screen *s)
{
	char said[512];

	if (gh_ui_form_store(s->cli, gh_ui_form(s->ui), said, sizeof said)) {
		gh_ui_shown_again(s);
		if (gh_ui_form_done(s->ui))
			open_page(s);
	}
	gh_ui_say(s->ui, said);
}

/* ---- The screens ---- */

static void attend(struct gh_ui_screen *s)
{
	enum gh_ui_action did = GH_UI_NONE;

	while (!s->signalled && did != GH_UI_QUIT) {
		did = gh_ui_page(s->ui) == GH_PAGE_LIVE ? gh_ui_run_live(s)
							: gh_ui_wait(s->ui);
		if (did == GH_UI_START && gh_ui_task(s->ui)->move)
			gh_ui_run_task(s);
		else if (did == GH_UI_START)
			check(s);
		else if (did == GH_UI_OPEN)
			open_page(s);
		else if (did == GH_UI_SUBMIT)
			store_form(s);
		s->signalled = gh_signals_came() || gh_ui_hung_up(s->ui) ||
			       s->signalled;
	}
}

static enum gh_status open_screens(struct gh_ui_screen *s, struct gh_err *err)
{
	const char *asked = gh_cli_text(s->cli, "theme");
	const int theme = asked				 ? gh_theme_find(asked)
			  : gh_show_style(s->cli).colour ? GH_THEME_DARK
							 : GH_THEME_MONO;
	struct pollfd wake = { .fd = -1 };
	enum gh_status st = gh_signals_start(err);

	if (st == GH_OK)
		st = gh_ui_open(&s->ui, s->cli->clock, (enum gh_theme)theme,
				gh_cli_on(s->cli, "ascii"), err);
	if (st != GH_OK) {
		s->signalled = gh_signals_came();
		gh_signals_finish();
		return st;
	}
	gh_signals_fds(&wake, 1);
	gh_ui_wake_on(s->ui, wake.fd);
	return GH_OK;
}

/* Told once more where it stays on the terminal. */
static int part(struct gh_ui_screen *s)
{
	gh_ui_close(s->ui);
	gh_ui_shown_forget(&s->shown);
	gh_shelf_clear(&s->page);
	gh_simulator_stop(&s->simulator, s->cli->clock);
	gh_doc_free(s->seen);
	gh_ui_live_free(s->live);
	/* Last: of a terminal that hung up the signal may still come. */
	gh_signals_finish();
	if (s->unsafe.code != GH_OK) {
		gh_say_error(s->cli, &s->unsafe);
		return s->unsafe_code;
	}
	return s->signalled ? GH_EXIT_STOPPED : GH_EXIT_OK;
}

static enum gh_status screens(struct gh_ui_screen *s, struct gh_err *err)
{
	enum gh_status st = open_screens(s, err);

	if (st != GH_OK)
		return st;
	s->request.sink.self = s->ui;
	gh_ui_describe(s);
	gh_ui_shown_last(s);
	if (s->about.plan[0].refusal[0] && !s->about.first[0].title)
		gh_ui_say(s->ui, s->about.plan[0].refusal);
	attend(s);
	return GH_OK;
}

/* The same knowledge without a screen. */
static int as_status(struct gh_cli *cli)
{
	cli->verb = gh_verb_find("status");
	return cli->verb->run(cli);
}

static int run(struct gh_cli *cli)
{
	static const char *const screenless[] = { "no-input", "json", "plain",
						  "quiet" };
	struct gh_ui_screen s = { 0 };
	struct gh_err err = { 0 };

	for (size_t i = 0; i < GH_ARRAY_SIZE(screenless); i++)
		if (gh_cli_on(cli, screenless[i]))
			return as_status(cli);
	set_request(cli, &s);
	if (screens(&s, &err) == GH_OK)
		return part(&s);
	/* The terminal went away before it was opened. */
	if (s.signalled)
		return GH_EXIT_STOPPED;
	if (err.code != GH_UNSUP)
		return gh_say_failure(cli, &err);
	fprintf(cli->err, "ghostlight: %s; this is `status`\n", err.msg);
	return as_status(cli);
}

const struct gh_verb gh_verb_ui = {
	.name = "ui",
	.summary = "the terminal screens; asks before anything moves",
	.usage = "",
	.options = options,
	.run = run,
};
