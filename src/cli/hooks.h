/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hooks - programs of the house that are told of a verdict: every executable
 * of /etc/ghostlight/hooks.d and $XDG_CONFIG_HOME/ghostlight/hooks.d, in the
 * order of their names, without a shell. They run after the run is stored and
 * shown, each for at most GH_HOOK_SECONDS; one that fails is a warning and
 * never changes the verdict. A signal ends the one that runs and those to
 * come. schemas/formats.md has their environment.
 */
#ifndef GH_CLI_HOOKS_H
#define GH_CLI_HOOKS_H

#include "cli/verb.h"	  /* struct gh_cli */
#include "engine/event.h" /* struct gh_run_view */
#include "store/store.h"  /* struct gh_store */

#define GH_HOOK_SECONDS 10.0

enum gh_hook_event {
	GH_HOOK_VERDICT,   /* every run */
	GH_HOOK_CHANGE,	   /* another set of (part, fault, state) */
	GH_HOOK_REMINDER,  /* the same for 1, 2, 4 ... 32 more days */
	GH_HOOK_HEARTBEAT, /* a complete READY or WATCH, and nothing else */
	GH_HOOK_TEST,	   /* doctor --hooks */
	GH_HOOK_EVENTS
};

/* Since when a verdict stands, and how often it was told. */
struct gh_hook_standing {
	bool changed;
	bool reminder;
	int64_t first_s;    /* when it was said first, 0: in this run */
	unsigned told;	    /* times, this one included */
	unsigned next_days; /* until the next reminder */
};

/*
 * Pure: from the times of the runs that say the same, newest first. Told at
 * first, then after 1, 2, 4 ... 32 and every 32 days, always by a run.
 */
void gh_hook_standing_of(const int64_t *started_s, size_t n, bool changed,
			 struct gh_hook_standing *out);

/* What the environment of a hook says; nothing is borrowed. */
struct gh_hook_news {
	bool due[GH_HOOK_EVENTS];
	struct gh_hook_standing standing;
	enum gh_verdict verdict;
	int exit_code;
	int64_t run, started_s;
	bool simulated;
	char why[GH_NOTE_CAP], rig[GH_NAME_CAP], serial[GH_NAME_CAP];
	char profile[24];
	char parts[GH_JUDGE_PARTS * GH_NAME_CAP];
	char *report; /* the page, heap */
};

/*
 * From a run just made. db is asked what was said before; that it cannot answer
 * is told on cli->err and counts as a change. gh_hooks_forget afterwards.
 */
void gh_hooks_note(const struct gh_cli *cli, const struct gh_run_view *view,
		   const char *db, struct gh_hook_news *out);
/* Of the event `test`, without a run. */
void gh_hooks_note_test(struct gh_hook_news *out);
void gh_hooks_forget(struct gh_hook_news *news);

/*
 * Runs every hook once for each event that is due; returns how many failed or
 * were refused. Told on cli->err: failures, and with `all` every one.
 */
unsigned gh_hooks_fire(const struct gh_cli *cli,
		       const struct gh_hook_news *news, bool all);

/* `doctor --hooks`: the event `test`; the exit code. */
int gh_hooks_test(const struct gh_cli *cli);

/* ---- hooks_run.c ---------------------------------------------------------*/

/*
 * Runs one program with that environment and waits for it: its standard input
 * is empty, its output goes to our standard error. GH_OK; GH_TIMEOUT: it was
 * killed; GH_CANCELLED: the same, because a signal came (cli/signals.h); else
 * what it ended with.
 */
enum gh_status gh_hook_run(const struct gh_clock *clk, const char *path,
			   char *const *env, struct gh_err *err) GH_MUST_CHECK;

#endif
