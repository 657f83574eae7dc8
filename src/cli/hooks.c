/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/hooks.h"

#include "cli/paths.h"	 /* gh_path_hooks */
#include "cli/say.h"	 /* gh_say_no_memory */
#include "cli/signals.h" /* gh_signals_start */

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

#define SYSTEM_HOOKS "/etc/ghostlight/hooks.d"

enum {
	HOOKS_MOST = 64,
	VARIABLES = 16,
	/* Linux takes 128 KiB for one variable. */
	VARIABLE_CAP = 32768
};

static const char *const event_names[] = {
	[GH_HOOK_VERDICT] = "verdict",	 [GH_HOOK_CHANGE] = "change",
	[GH_HOOK_REMINDER] = "reminder", [GH_HOOK_HEARTBEAT] = "heartbeat",
	[GH_HOOK_TEST] = "test",
};

struct environment {
	char **env; /* inherited ones, then ours; NULL ends */
	size_t n;
	char *own[VARIABLES];
	size_t n_own;
	bool ok;
};

/* ---- The environment ---- */

static void set(struct environment *e, const char *name, const char *value)
{
	char *text;

	if (!e->ok)
		return;
	text = malloc(VARIABLE_CAP);
	e->ok = text != NULL && e->n_own < VARIABLES;
	if (!e->ok) {
		free(text);
		return;
	}
	snprintf(text, VARIABLE_CAP, "GHOSTLIGHT_%s=%s", name, value);
	e->own[e->n_own++] = text;
	e->env[e->n++] = text;
}

static void set_number(struct environment *e, const char *name, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)value);
	set(e, name, text);
}

static void set_all(struct environment *e, const struct gh_hook_news *news,
		    enum gh_hook_event event)
{
	const int64_t first = news->standing.first_s > 0
				      ? news->standing.first_s
				      : news->started_s;
	char when[24] = "";

	if (first > 0)
		gh_wall_text(first, when, sizeof when);
	set(e, "EVENT", event_names[event]);
	set(e, "VERDICT", gh_verdict_name(news->verdict));
	set_number(e, "EXIT", news->exit_code);
	set(e, "WHY", news->why);
	set(e, "PARTS", news->parts);
	set_number(e, "RUN", news->run);
	set(e, "RIG", news->rig);
	set(e, "SERIAL", news->serial);
	set(e, "PROFILE", news->profile);
	set(e, "FIRST", when);
	set_number(e, "COUNT", news->standing.told);
	set_number(e, "NEXT_DAYS", news->standing.next_days);
	set(e, "SIMULATED", news->simulated ? "1" : "0");
	set(e, "REPORT", news->report ? news->report : "");
}

static void environment_free(struct environment *e)
{
	for (size_t i = 0; i < e->n_own; i++)
		free(e->own[i]);
	free(e->env);
}

static bool environment_make(struct environment *e,
			     const struct gh_hook_news *news,
			     enum gh_hook_event event)
{
	size_t n = 0;

	while (environ && environ[n])
		n++;
	*e = (struct environment){ .ok = true };
	e->env = calloc(n + VARIABLES + 1, sizeof *e->env);
	if (!e->env)
		return false;
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "GHOSTLIGHT_", 11) != 0)
			e->env[e->n++] = environ[i];
	set_all(e, news, event);
	return e->ok;
}

/* ---- Which programs ---- */

/* What an editor or a package manager left behind is no hook. */
static bool is_name(const char *name)
{
	const size_t n = strlen(name);

	return name[0] != '.' && name[n - 1] != '~' && !strstr(name, ".dpkg-");
}

static int takes(const struct dirent *entry)
{
	return is_name(entry->d_name);
}

/* NULL: it may run. "" : it is none (not executable). Else why not. */
static const char *refusal(const char *path)
{
	struct stat at;

	if (stat(path, &at) != 0)
		return "it cannot be looked at";
	if (!S_ISREG(at.st_mode) || !(at.st_mode & S_IXUSR))
		return "";
	if (at.st_uid != 0 && at.st_uid != geteuid())
		return "it belongs to somebody else";
	if (at.st_mode & S_IWOTH)
		return "everybody may write to it";
	return access(path, X_OK) == 0 ? NULL : "you may not execute it";
}

/* Who may write to the folder decides what runs. */
static const char *refusal_of_folder(const char *folder)
{
	struct stat at;

	if (stat(folder, &at) != 0 || !S_ISDIR(at.st_mode))
		return "";
	if (at.st_uid != 0 && at.st_uid != geteuid())
		return "it belongs to somebody else";
	return at.st_mode & S_IWOTH ? "everybody may write to it" : NULL;
}

/* ---- Running them ---- */

struct firing {
	const struct gh_cli *cli;
	const struct gh_hook_news *news;
	bool all, stopped;
	unsigned ran, failed;
};

static void say(const struct firing *f, const char *path, const char *what,
		const char *event)
{
	fprintf(f->cli->err, "ghostlight: hook %s %s%s%s\n", path, what,
		event[0] ? ", event " : "", event);
}

static void fire_one(struct firing *f, const char *path,
		     enum gh_hook_event event)
{
	struct gh_err err = { GH_NOMEM, 0, "has no memory" };
	struct environment e;
	const bool ok = environment_make(&e, f->news, event) &&
			gh_hook_run(f->cli->clock, path, e.env, &err) == GH_OK;

	environment_free(&e);
	f->ran++;
	f->failed += !ok;
	f->stopped = err.code == GH_CANCELLED;
	if (!ok)
		say(f, path, err.msg, event_names[event]);
	else if (f->all)
		say(f, path, "ended well", event_names[event]);
}

static void fire_file(struct firing *f, const char *path)
{
	const char *no = refusal(path);
	char text[80];

	if (no && !no[0])
		return;
	if (no) {
		snprintf(text, sizeof text, "is refused: %s", no);
		say(f, path, text, "");
		f->failed++;
		return;
	}
	for (int e = 0; e < GH_HOOK_EVENTS && !f->stopped; e++)
		if (f->news->due[e])
			fire_one(f, path, (enum gh_hook_event)e);
}

static void fire_folder(struct firing *f, const char *folder)
{
	const char *no = refusal_of_folder(folder);
	char path[GH_PATH_CAP], text[80];
	struct dirent **list;
	int n;

	if (no) {
		snprintf(text, sizeof text, "is refused: %s", no);
		if (no[0])
			say(f, folder, text, "");
		f->failed += no[0] != '\0';
		return;
	}
	n = scandir(folder, &list, takes, alphasort);
	for (int i = 0; i < n; i++) {
		if (i < HOOKS_MOST && !f->stopped &&
		    snprintf(path, sizeof path, "%s/%s", folder,
			     list[i]->d_name) < (int)sizeof path)
			fire_file(f, path);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

unsigned gh_hooks_fire(const struct gh_cli *cli,
		       const struct gh_hook_news *news, bool all)
{
	struct firing f = { .cli = cli, .news = news, .all = all };
	struct gh_err err = { 0 };
	struct gh_path own;

	/* Else a signal would end us and leave a hook without its limit. */
	if (gh_signals_start(&err) != GH_OK)
		fprintf(cli->err, "ghostlight: hooks: %s\n", err.msg);
	/* What was written so far comes before what they write. */
	fflush(cli->out);
	fire_folder(&f, SYSTEM_HOOKS);
	gh_path_hooks(&own);
	if (own.path[0] && !f.stopped)
		fire_folder(&f, own.path);
	gh_signals_finish();
	if (all && f.ran == 0 && f.failed == 0)
		fprintf(cli->err,
			"ghostlight: no hooks in " SYSTEM_HOOKS "%s%s\n",
			own.path[0] ? " nor in " : "", own.path);
	return f.failed;
}

int gh_hooks_test(const struct gh_cli *cli)
{
	struct gh_hook_news *news = malloc(sizeof *news);
	unsigned failed;

	if (!news)
		return gh_say_no_memory(cli);
	gh_hooks_note_test(news);
	failed = gh_hooks_fire(cli, news, true);
	gh_hooks_forget(news);
	free(news);
	return failed > 0 ? GH_EXIT_UNSURE : GH_EXIT_OK;
}
