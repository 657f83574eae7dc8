/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay - the whole tool on a recorded wire: same bytes at the same times,
 * so the same recording, probes and verdict. Opens no port and waits for
 * nothing. What comes out is SIMULATED, whatever it was recorded from.
 */
#include "cli/checking.h" /* gh_checking_say_unstored */
#include "cli/flow.h"	 /* gh_flow_check */
#include "cli/options.h" /* gh_cli_word */
#include "cli/paths.h"	 /* GH_PATH_CAP */
#include "cli/say.h"	 /* gh_say_failure */
#include "cli/show.h"	 /* gh_show_view */
#include "cli/single.h"	 /* gh_single_show */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct gh_option options[] = {
	{ "baseline", "NAME", "compare with this one", GH_OPT_TEXT }, { 0 }
};

/* Where the run is stored when nobody named a database. */
struct scratch {
	char folder[GH_PATH_CAP];
	char db[GH_PATH_CAP + 16];
};

static enum gh_status make_scratch(struct scratch *s, struct gh_err *err)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(s->folder, sizeof s->folder, "%.480s/ghostlight-XXXXXX",
		 tmp && tmp[0] ? tmp : "/tmp");
	if (!mkdtemp(s->folder)) {
		(void)!gh_fail_sys(err, GH_STORE, errno,
				   "no folder for a scratch database in %.80s",
				   tmp && tmp[0] ? tmp : "/tmp");
		s->folder[0] = '\0';
		return err->code;
	}
	snprintf(s->db, sizeof s->db, "%s/replay.db", s->folder);
	return GH_OK;
}

static void remove_scratch(const struct scratch *s)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal",
					    ".lock" };
	char file[sizeof s->db + 16];

	if (!s->folder[0])
		return;
	for (size_t i = 0; i < GH_ARRAY_SIZE(ends); i++) {
		snprintf(file, sizeof file, "%s%s", s->db, ends[i]);
		unlink(file);
	}
	rmdir(s->folder);
}

static void introduce(const struct gh_cli *cli, const struct gh_replay *r)
{
	const struct gh_wirelog_head *head = gh_replay_head(r);
	char when[24];

	if (gh_cli_on(cli, "quiet"))
		return;
	gh_wall_text(head->wall_s, when, sizeof when);
	fprintf(cli->err,
		"replay of a check of %s by version %s; nothing is opened, "
		"nothing moves\n",
		when, head->version);
	if (gh_replay_is_cut(r))
		fprintf(cli->err, "the end of the recording is lost: there the "
				  "controller falls silent\n");
}

/* kept: the run is in a database that somebody named. */
static int show(struct gh_cli *cli, const struct gh_single_ask *single,
		bool kept, struct gh_flow *f)
{
	struct gh_run_view view;
	int code;

	if (single) {
		code = gh_single_show(cli, single, f);
		gh_flow_destroy(f);
		return code;
	}
	if (gh_flow_trouble(f)->code != GH_OK)
		gh_say_error(cli, gh_flow_trouble(f));
	gh_checking_say_unstored(cli, f);
	view = *gh_flow_view(f);
	/* Nobody can hold this hash against a scratch database. */
	if (!kept)
		view.chain = NULL;
	code = gh_show_view(cli, &view);
	gh_flow_destroy(f);
	return code;
}

static int play(struct gh_cli *cli, struct gh_replay *r, const char *db,
		bool kept)
{
	const struct gh_wirelog_head *head = gh_replay_head(r);
	const char *path = gh_cli_word(cli, 0);
	const char *base = strrchr(path, '/');
	struct gh_err err = { 0 };
	struct gh_single_ask ask;
	const bool single = gh_flow_single_ask(head->profile, &ask);
	struct gh_flow *f;
	char rig[GH_SAFE_CAP + 16], port[GH_SAFE_CAP + 16];
	char name[GH_SAFE_CAP];

	base = base ? base + 1 : path;
	gh_safe_text(name, sizeof name, base, strlen(base));
	snprintf(rig, sizeof rig, "rig of %s", name);
	snprintf(port, sizeof port, "%s%s", GH_PORT_REPLAY, name);
	if (gh_flow_check(
		    &(struct gh_flow_request){
			    .rig_file = rig,
			    .port = port,
			    .db = db,
			    .profile = head->profile[0] && !single
					       ? head->profile
					       : NULL,
			    .single = single ? &ask : NULL,
			    .budget_s = head->budget_s,
			    .only = head->only[0] ? head->only : NULL,
			    .baseline = gh_cli_text(cli, "baseline"),
			    .allow_motion = head->allow_motion,
			    .clear_latch = head->clear_latch,
			    .near = head->near,
			    .house_open = head->house_open,
			    .guided = head->guided,
			    .clock = gh_replay_clock(r),
			    .replay = r,
		    },
		    &f, &err) == GH_OK)
		return show(cli, single ? &ask : NULL, kept, f);
	/* No fault of a port or firmware: its advice would mislead. */
	if (err.code != GH_NOMEM && gh_replay_differs(r)) {
		fprintf(cli->err, "ghostlight: %s\n", err.msg);
		return GH_EXIT_UNSURE;
	}
	return gh_say_failure(cli, &err);
}

static int run(struct gh_cli *cli)
{
	const char *db = gh_cli_text(cli, "db");
	struct scratch scratch = { "", "" };
	struct gh_replay *r = NULL;
	struct gh_err err = { 0 };
	enum gh_status st = GH_OK;
	int code;

	if (!gh_cli_word(cli, 0))
		st = gh_fail(&err, GH_ARG,
			     "replay: which file? `ghostlight check --record "
			     "FILE` makes one");
	if (st == GH_OK)
		st = gh_replay_load(&r, gh_cli_word(cli, 0), &err);
	if (st == GH_OK && !db)
		st = make_scratch(&scratch, &err);
	if (st == GH_OK) {
		introduce(cli, r);
		code = play(cli, r, db ? db : scratch.db, db != NULL);
	} else {
		code = gh_say_failure(cli, &err);
	}
	remove_scratch(&scratch);
	gh_replay_free(r);
	return code;
}

const struct gh_verb gh_verb_replay = {
	.name = "replay",
	.summary = "a recorded check once more: --db D stores it there",
	.usage = "FILE",
	.max_words = 1,
	.options = options,
	.verdict = true,
	.run = run,
};
