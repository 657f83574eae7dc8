/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay_log - a wire log as lines that are used up, and how it is loaded. */
#include "link/replay_state.h" /* struct gh_replay */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- The lines one after the other --------------------------------------- */

/* Reads on to the next line that says something. False: a line is damaged. */
static bool advance(struct gh_replay *r)
{
	const char *line;
	size_t len;

	r->asked = 0;
	while (gh_wirelog_next(r->text, r->n, r->next, &line, &len)) {
		r->next += len + 1;
		r->number++;
		if (len == 0 || *line == '#')
			continue;
		return gh_wirelog_line(line, len, &r->line);
	}
	r->over = true;
	return true;
}

void replay_step(struct gh_replay *r)
{
	const bool whole = advance(r);

	(void)whole; /* every line was understood when the log was loaded */
}

void replay_step_time(struct gh_replay *r)
{
	r->at += r->line.later;
	replay_step(r);
}

void replay_skip_time(struct gh_replay *r)
{
	while (!r->over && r->line.mark == GH_WIRE_NOW)
		replay_step_time(r);
}

bool replay_is_next(const struct gh_replay *r, enum gh_wirelog_mark mark)
{
	return !r->over && r->line.mark == mark;
}

const char *replay_name_of(enum gh_wirelog_mark mark)
{
	switch (mark) {
	case GH_WIRE_TIME_UP:
	case GH_WIRE_READY:
	case GH_WIRE_EAR:
	case GH_WIRE_INTR:
		return "waited";
	case GH_WIRE_READ:
		return "read";
	case GH_WIRE_WROTE:
	case GH_WIRE_PART:
		return "wrote";
	case GH_WIRE_BAUD:
		return "changed the rate";
	case GH_WIRE_OPEN:
		return "opened the port";
	case GH_WIRE_FAILED:
		return "met a failure";
	case GH_WIRE_STOP:
		return "heard the operator's stop";
	case GH_WIRE_NOW:
	case GH_WIRE_END:
		break;
	}
	return "was done";
}

void replay_note_difference(struct gh_replay *r, const char *found,
			    const char *expected)
{
	if (r->differs.code != GH_OK)
		return;
	(void)!gh_fail(&r->differs, GH_PROTO,
		       "%.60s:%u: at %.6f s, byte %zu sent: this version %s, "
		       "version %s %s: replay it with that one or record anew",
		       r->name, r->number,
		       (double)(r->at - r->head.clock) / GH_US_PER_S, r->wrote,
		       found, r->head.version, expected);
	r->over = true;
}

const struct gh_wirelog_head *gh_replay_head(const struct gh_replay *r)
{
	return &r->head;
}

void gh_replay_end(struct gh_replay *r)
{
	replay_skip_time(r);
	if (!r->over && r->line.mark != GH_WIRE_END)
		replay_note_difference(r, "is done",
				       replay_name_of(r->line.mark));
}

const struct gh_err *gh_replay_differs(const struct gh_replay *r)
{
	return r->differs.code == GH_OK ? NULL : &r->differs;
}

bool gh_replay_is_cut(const struct gh_replay *r)
{
	return r->cut;
}

bool gh_replay_was_pty(const struct gh_replay *r)
{
	return r->was_pty;
}

/* ---- Loading ------------------------------------------------------------- */

static enum gh_status read_file(struct gh_replay *r, const char *file,
				struct gh_err *err)
{
	struct stat about;
	FILE *f;

	/* Looked at first: opening a FIFO waits for its other end. */
	if (stat(file, &about) != 0)
		return gh_fail_sys(err, GH_ARG, errno,
				   "%.80s: no such wire log", r->name);
	if (!S_ISREG(about.st_mode) || about.st_size > GH_WIRELOG_BYTES)
		return gh_fail(
			err, GH_ARG,
			"%.80s: no wire log: not a file of at most %d MB",
			r->name, GH_WIRELOG_BYTES >> 20);
	f = fopen(file, "re");
	if (!f)
		return gh_fail_sys(err, errno == ENOMEM ? GH_NOMEM : GH_ARG,
				   errno, "%.80s: cannot be read", r->name);
	r->text = malloc((size_t)about.st_size + 1);
	if (r->text)
		r->n = fread(r->text, 1, (size_t)about.st_size, f);
	fclose(f);
	return r->text ? GH_OK
		       : gh_fail(err, GH_NOMEM, "%.80s: no memory", r->name);
}

/* Every line once, so that the replay itself meets only good ones. */
static enum gh_status check_lines(struct gh_replay *r, struct gh_err *err)
{
	gh_us at = r->head.clock;
	bool whole = true, end = false;

	while ((whole = advance(r)) && !r->over && !end) {
		at += r->line.later;
		end = r->line.mark == GH_WIRE_END;
		if (at - r->head.clock > (gh_us)4 * 3600 * GH_US_PER_S)
			whole = false;
		if (!whole)
			break;
	}
	if (!whole || (end && !r->over))
		return gh_fail(err, GH_ARG,
			       "%.80s:%u: no line of a wire log, or out of its "
			       "place",
			       r->name, r->number);
	r->cut = !end;
	return GH_OK;
}

static enum gh_status load(struct gh_replay *r, const char *file,
			   struct gh_err *err)
{
	enum gh_status st = read_file(r, file, err);
	unsigned first = 0;
	size_t begin = 0;

	if (st == GH_OK)
		st = gh_wirelog_head_read(r->text, r->n, r->name, &r->head,
					  &begin, &first, err);
	if (st != GH_OK)
		return st;
	r->next = begin;
	r->number = first;
	st = check_lines(r, err);
	if (st != GH_OK)
		return st;
	r->over = false;
	r->next = begin;
	r->number = first;
	r->at = r->head.clock;
	replay_step(r);
	return GH_OK;
}

enum gh_status gh_replay_load(struct gh_replay **out, const char *file,
			      struct gh_err *err)
{
	struct gh_replay *r = calloc(1, sizeof *r);
	enum gh_status st;

	if (!r)
		return gh_fail(err, GH_NOMEM, "no memory for a replay");
	gh_safe_text(r->name, sizeof r->name, file, strlen(file));
	replay_start_clock(r);
	st = load(r, file, err);
	if (st != GH_OK) {
		gh_replay_free(r);
		return st;
	}
	*out = r;
	return GH_OK;
}

void gh_replay_free(struct gh_replay *r)
{
	if (!r)
		return;
	free(r->head.rig_text);
	free(r->text);
	free(r);
}
