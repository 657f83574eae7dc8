/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ui - the terminal screens around the same check that the command line makes.
 * The last stored verdict is there at once, no port is opened for it. The `y`
 * of the dialog is what --allow-motion is elsewhere, for one run at a time.
 */
#include "cli/find_port.h" /* gh_find_port_shown */
#include "cli/flow.h"	 /* gh_flow_check */
#include "cli/options.h" /* gh_cli_text */
#include "cli/paths.h"	 /* gh_path_rig */
#include "cli/say.h"	 /* gh_say_error */
#include "cli/show.h"	 /* gh_show_style */
#include "cli/signals.h" /* gh_signals_start */
#include "cli/view.h"	 /* gh_stored_get */
#include "ui/ui.h"	 /* gh_ui_wait */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct gh_option options[] = {
	{ "theme", "dark|light|blackout|mono", "how it looks, also key t",
	  GH_OPT_CHOICE },
	{ "baseline", "NAME", "compare with this one", GH_OPT_TEXT },
	{ 0 }
};

#define DEG_PER_RAD 57.29577951308232

enum { BASELINES = 256 };

/* The verdict on the screen and what it lies in: a store, or a flow. */
struct shown {
	struct gh_store *store;
	struct gh_stored *stored;
	struct gh_flow *flow;
};

struct screen {
	struct gh_cli *cli;
	struct gh_path rig, db;
	struct gh_flow_request request;
	char serial[GH_NAME_CAP]; /* "": no rig file could be read */
	char rig_sha256[65];	  /* of what the dialog tells */
	struct gh_ui *ui;
	struct gh_ui_about about;
	struct shown shown;
	char latched[40]; /* the controller's stop, as the last run left it */
	bool signalled;
	struct gh_err unsafe; /* the last run was not seen to end safely */
	int unsafe_code;
};

static void forget(struct shown *old)
{
	free(old->stored);
	gh_store_close(old->store);
	gh_flow_destroy(old->flow);
	*old = (struct shown){ 0 };
}

static void say_failure(struct screen *s, const struct gh_err *err)
{
	char text[sizeof err->msg + 80];

	snprintf(text, sizeof text, "%s.  Try: %s", err->msg,
		 gh_status_advice(err->code));
	gh_ui_say(s->ui, text);
}

/* ---- What the dialog and the header tell ---- */

/* The widest stretch that one joint travels. */
static double reach_deg(const struct gh_plan *plan)
{
	double lo[GH_RIG_PARTS] = { 0 }, hi[GH_RIG_PARTS] = { 0 };
	double most = 0.0;

	for (size_t i = 0; i < plan->n; i++) {
		const struct gh_span *span = &plan->span[i];
		double *l = &lo[span->part], *h = &hi[span->part];

		*l = span->to_rad < *l ? span->to_rad : *l;
		*h = span->to_rad > *h ? span->to_rad : *h;
		most = *h - *l > most ? *h - *l : most;
	}
	return most * DEG_PER_RAD;
}

static unsigned count(uint32_t bits)
{
	unsigned n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

/* Known without opening it; what the controller says comes with the run. */
static bool is_simulated(const char *port)
{
	char target[GH_PATH_CAP];
	const ssize_t n = readlink(port, target, sizeof target - 1);

	if (n > 0) {
		target[n] = '\0';
		port = target;
	}
	return strncmp(port, "/dev/pts/", 9) == 0;
}

static void describe_port(struct screen *s, const struct gh_rig *rig)
{
	const char *port = s->request.port;
	const char *after = port ? strchr(port, '=') : NULL;

	if (port)
		gh_copy_text(s->about.port, sizeof s->about.port, port);
	else
		gh_find_port_shown(rig, s->about.port, sizeof s->about.port);
	port = s->about.port;
	s->about.simulated = is_simulated(after ? after + 1 : port);
}

/*
 * From the rig file alone. A file that cannot be read is told at once, and
 * the key for a check then gives it as its reason.
 */
static void describe(struct screen *s)
{
	struct gh_err err = { 0 };
	struct gh_plan *plan;
	struct gh_rig *rig;

	s->about = (struct gh_ui_about){ 0 };
	gh_copy_text(s->about.latched, sizeof s->about.latched, s->latched);
	s->serial[0] = s->rig_sha256[0] = '\0';
	if (gh_flow_plan(&s->request, &rig, &plan, &err) != GH_OK) {
		gh_copy_text(s->about.refusal, sizeof s->about.refusal,
			     err.msg);
		return;
	}
	gh_copy_text(s->serial, sizeof s->serial, rig->serial);
	gh_copy_text(s->rig_sha256, sizeof s->rig_sha256, rig->sha256);
	gh_copy_text(s->about.rig, sizeof s->about.rig, rig->name);
	s->about.joints = count(plan->joints);
	s->about.reach_deg = reach_deg(plan);
	s->about.seconds = gh_profiles[0].seconds;
	describe_port(s, rig);
	free(plan);
	free(rig);
}

static void describe_baseline(struct screen *s, struct gh_store *store)
{
	struct gh_baseline_info *rows = calloc(BASELINES, sizeof *rows);
	struct gh_baseline base = { 0 };
	struct gh_err err = { 0 };
	size_t n = 0;

	if (!rows || !s->serial[0] ||
	    gh_store_baseline_get(store, s->request.baseline, s->serial, 0,
				  &base, &err) != GH_OK ||
	    gh_store_baseline_list(store, rows, BASELINES, &n, &err) != GH_OK)
		n = 0;
	for (size_t i = 0; i < n && i < BASELINES; i++) {
		if (rows[i].id != base.id)
			continue;
		gh_copy_text(s->about.baseline, sizeof s->about.baseline,
			     rows[i].name);
		s->about.baseline_s = rows[i].sealed_s;
	}
	gh_baseline_free(&base);
	free(rows);
}

/* ---- The verdict on the screen ---- */

/* run 0: the last one. GH_NODATA: there is none. */
static enum gh_status load(const struct screen *s, int64_t run,
			   struct shown *out, struct gh_err *err)
{
	const char *serial = s->serial[0] ? s->serial : NULL;
	enum gh_status st;

	st = gh_store_open(&out->store, s->db.path, GH_STORE_READ, err);
	if (st == GH_OK && run == 0)
		st = gh_stored_find(out->store, "last", serial, &run, err);
	if (st == GH_OK)
		st = gh_stored_get(out->store, run, &out->stored, err);
	return st;
}

static void show(struct screen *s, const struct shown *next)
{
	struct shown old = s->shown;

	s->shown = *next;
	gh_ui_show(s->ui, next->flow	 ? gh_flow_view(next->flow)
			  : next->stored ? &next->stored->view
					 : NULL);
	forget(&old);
}

/* No database yet is no failure: nobody has checked. */
static void show_last(struct screen *s)
{
	struct shown last = { 0 };
	struct gh_err err = { 0 };
	enum gh_status st = GH_NODATA;

	if (s->db.path[0] && access(s->db.path, F_OK) == 0)
		st = load(s, 0, &last, &err);
	if (last.store)
		describe_baseline(s, last.store);
	gh_ui_about(s->ui, &s->about);
	if (st == GH_OK) {
		show(s, &last);
		return;
	}
	forget(&last);
	if (st != GH_NODATA)
		say_failure(s, &err);
}

/* ---- A check ---- */

static size_t ear_fds(void *self, struct pollfd *out, size_t cap)
{
	const struct screen *s = self;
	const size_t n = gh_signals_fds(out, cap);

	return n + gh_ui_fds(s->ui, out + n, cap - n);
}

static enum gh_ear_word hear(void *self)
{
	struct screen *s = self;

	s->signalled = gh_signals_came() || s->signalled;
	return gh_ui_hear(s->ui) || s->signalled ? GH_EAR_STOP : GH_EAR_NOTHING;
}

static void say_unstored(struct screen *s, const struct gh_err *why,
			 const char *file)
{
	char text[sizeof why->msg + GH_PATH_CAP];

	snprintf(text, sizeof text, "Not in the database%s%s: %s",
		 file[0] ? ", but in " : "; write it down", file, why->msg);
	gh_ui_say(s->ui, text);
}

/* The next dialog tells it, and the `y` given there clears it. */
static void note_latch(struct screen *s, const struct gh_flow *f)
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

/* What is left behind unsafe or latched is told again at the end. */
static void note_unsafe(struct screen *s, const struct gh_flow *f)
{
	s->unsafe = (struct gh_err){ 0 };
	if (gh_flow_trouble(f)->code != GH_UNSAFE)
		return;
	s->unsafe = *gh_flow_trouble(f);
	s->unsafe_code = gh_flow_view(f)->exit_code;
}

/*
 * What is stored is read back and the flow let go, because it holds the port.
 * A verdict that could not be stored lives in its flow until the next check.
 */
static void show_verdict(struct screen *s, struct gh_flow *f)
{
	struct shown next = { 0 };
	const char *file = "";
	const struct gh_err *unstored = gh_flow_unstored(f, &file);
	struct gh_err err = { 0 };

	if (!unstored && load(s, gh_flow_view(f)->run, &next, &err) == GH_OK) {
		gh_flow_destroy(f);
		show(s, &next);
		return;
	}
	forget(&next);
	next.flow = f;
	show(s, &next);
	if (unstored)
		say_unstored(s, unstored, file);
}

/* No controller answered: that is told, and the last verdict stays. */
static void take_verdict(struct screen *s, struct gh_flow *f)
{
	const enum gh_status why = gh_flow_trouble(f)->code;
	const char *file;
	char told[160] = "";

	note_latch(s, f);
	note_unsafe(s, f);
	if (gh_flow_view(f)->run == 0 && !gh_flow_unstored(f, &file)) {
		say_failure(s, gh_flow_trouble(f));
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

/* Consent was given to what the dialog told, not to a file edited since. */
static bool is_as_told(struct screen *s)
{
	const struct gh_ui_about told = s->about;
	char sha256[sizeof s->rig_sha256];

	memcpy(sha256, s->rig_sha256, sizeof sha256);
	describe(s);
	gh_copy_text(s->about.baseline, sizeof s->about.baseline,
		     told.baseline);
	s->about.baseline_s = told.baseline_s;
	gh_ui_about(s->ui, &s->about);
	if (strcmp(sha256, s->rig_sha256) == 0)
		return true;
	gh_ui_say(s->ui, s->about.refusal[0]
				 ? s->about.refusal
				 : "The rig file has changed; nothing moved. "
				   "Press 1 and read the question again.");
	return false;
}

static void check(struct screen *s)
{
	struct gh_err err = { 0 };
	struct gh_flow *f;

	if (!is_as_told(s))
		return;
	s->request.clear_latch = s->latched[0] != '\0';
	if (s->shown.flow)
		show(s, &(struct shown){ 0 });
	if (gh_flow_check(&s->request, &f, &err) == GH_OK)
		take_verdict(s, f);
	else
		say_failure(s, &err);
}

/* ---- The screens ---- */

static void attend(struct screen *s)
{
	enum gh_ui_action did = GH_UI_NONE;

	while (!s->signalled && did != GH_UI_QUIT) {
		did = gh_ui_wait(s->ui);
		if (did == GH_UI_START_PLACES)
			check(s);
		s->signalled = gh_signals_came() || s->signalled;
	}
}

static enum gh_status open_screens(struct screen *s, struct gh_err *err)
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
		gh_signals_finish();
		return st;
	}
	gh_signals_fds(&wake, 1);
	gh_ui_wake_on(s->ui, wake.fd);
	return GH_OK;
}

static void request(struct gh_cli *cli, struct screen *s)
{
	s->cli = cli;
	gh_path_rig(cli, &s->rig);
	gh_path_db(cli, &s->db);
	s->request = (struct gh_flow_request){
		.rig_file = s->rig.path,
		.port = gh_cli_text(cli, "port"),
		.db = s->db.path,
		.baseline = gh_cli_text(cli, "baseline"),
		.allow_motion = true,
		.clock = cli->clock,
		.sink = { gh_ui_event, NULL },
		.ears = { ear_fds, hear, s },
	};
}

/* Told once more where it stays on the terminal. */
static int part(struct screen *s)
{
	gh_ui_close(s->ui);
	gh_signals_finish();
	forget(&s->shown);
	if (s->unsafe.code != GH_OK) {
		gh_say_error(s->cli, &s->unsafe);
		return s->unsafe_code;
	}
	return s->signalled ? GH_EXIT_STOPPED : GH_EXIT_OK;
}

static enum gh_status screens(struct screen *s, struct gh_err *err)
{
	enum gh_status st = open_screens(s, err);

	if (st != GH_OK)
		return st;
	s->request.sink.self = s->ui;
	describe(s);
	show_last(s);
	if (s->about.refusal[0])
		gh_ui_say(s->ui, s->about.refusal);
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
	struct screen s = { 0 };
	struct gh_err err = { 0 };

	for (size_t i = 0; i < GH_ARRAY_SIZE(screenless); i++)
		if (gh_cli_on(cli, screenless[i]))
			return as_status(cli);
	request(cli, &s);
	if (screens(&s, &err) == GH_OK)
		return part(&s);
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
