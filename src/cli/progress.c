/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include "cli/form.h"	    /* gh_form_is_silent */
#include "cli/options.h"    /* gh_cli_on */
#include "report/formats.h" /* gh_jsonl_event */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Four a second: faster only flickers in the dark. */
#define EVERY_US 250000
/* The line stays inside the narrowest terminal in use. */
#define LINE_COLUMNS 78

/* A reader that stopped reading (Ctrl-S, a full pipe) must not stop the run. */
static bool takes_text(const struct gh_progress *p, FILE *stream)
{
	const struct gh_clock *clk = p->cli->clock;
	struct pollfd out = { .fd = fileno(stream), .events = POLLOUT };

	return out.fd < 0 || gh_wait(clk, &out, 1, gh_now(clk)) > 0;
}

static void over_line(struct gh_progress *p, const struct gh_event *ev)
{
	const int left = (int)ceil(ev->left_s);
	const gh_us now = gh_now(p->cli->clock);
	char line[160];

	if (now < p->next && ev->kind == GH_EV_PROGRESS)
		return;
	p->next = now + EVERY_US;
	snprintf(line, sizeof line, " %s  %d:%02d left  %s%s  Ctrl-C stops",
		 p->what, left / 60, left % 60, ev->text ? ev->text : "",
		 ev->moving ? "  MOVING" : "");
	fprintf(p->cli->err, "\r%-*.*s", LINE_COLUMNS, LINE_COLUMNS, line);
	fflush(p->cli->err);
	p->open = true;
}

static void end_line(struct gh_progress *p)
{
	if (p->open)
		fprintf(p->cli->err, "\r%*s\r", LINE_COLUMNS, "");
	p->open = false;
	fflush(p->cli->err);
}

static void plain_line(const struct gh_progress *p, const struct gh_event *ev)
{
	fprintf(p->cli->err, "%s: %5.1f s  %s\n", p->what, ev->elapsed_s,
		ev->text ? ev->text : "");
}

static void to_stream(const struct gh_progress *p, const struct gh_event *ev)
{
	if (takes_text(p, p->cli->out))
		gh_jsonl_event(p->cli->stream, ev);
	else
		gh_jsonl_skip(p->cli->stream);
}

static void on_event(void *self, const struct gh_event *ev)
{
	struct gh_progress *p = self;

	if (p->cli->stream)
		to_stream(p, ev);
	if (p->silent || !takes_text(p, p->cli->err))
		return;
	switch (ev->kind) {
	case GH_EV_PROGRESS:
	case GH_EV_PHASE:
		if (p->over)
			over_line(p, ev);
		else if (ev->kind == GH_EV_PHASE)
			plain_line(p, ev);
		break;
	case GH_EV_RUN_BEGIN:
	case GH_EV_NOTE:
		end_line(p);
		plain_line(p, ev);
		break;
	case GH_EV_ERROR: /* told once, with its advice, by the verb */
	case GH_EV_RUN_END:
		end_line(p);
		break;
	}
}

struct gh_sink gh_progress_start(struct gh_progress *p,
				 const struct gh_cli *cli, const char *what)
{
	const char *term = getenv("TERM");
	const bool smart = term && term[0] && strcmp(term, "dumb") != 0;

	*p = (struct gh_progress){ .cli = cli, .what = what };
	p->silent = gh_form_is_silent(cli);
	if (p->silent && !cli->stream)
		return (struct gh_sink){ NULL, NULL };
	p->over = smart && isatty(fileno(cli->err)) && !gh_cli_on(cli, "plain");
	return (struct gh_sink){ on_event, p };
}

void gh_progress_finish(struct gh_progress *p)
{
	end_line(p);
}
