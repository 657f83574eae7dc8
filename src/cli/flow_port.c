/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_port - which port a check runs on, and where it went when it was
 * unplugged.
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include "cli/find_port.h" /* gh_find_port */
#include "cli/replug.h"	   /* gh_replug */

#include <stdio.h>
#include <string.h>

static size_t fds(void *self, struct pollfd *out, size_t cap)
{
	return flow_ears(self, out, cap);
}

static enum gh_ear_word hear(void *self)
{
	return flow_hear(self);
}

static void note(void *self, const char *line)
{
	flow_tell(self, GH_EV_NOTE, line);
}

enum gh_status flow_choose_port(struct gh_flow *f, struct gh_err *err)
{
	const struct gh_find_port how = {
		.rig = f->rig,
		.clock = f->req.clock,
		.ears = { fds, hear, f },
		.say = note,
		.self = f,
	};
	/* Sought anew, a lent one is busy, and others are asked in its place. */
	const char *given = f->req.link ? f->req.link->port : f->req.port;
	const char *port = gh_flow_port(f->rig, given);

	if (!given)
		return gh_find_port(&how, f->info.port, sizeof f->info.port,
				    err);
	if (!port[0])
		return gh_fail(err, GH_ARG, "--port %.40s: names no port",
			       given);
	if (gh_copy_text(f->info.port, sizeof f->info.port, port))
		return GH_OK;
	/* Cut off it would be another port. */
	return gh_fail(err, GH_ARG, "--port: at most %zu characters, found %zu",
		       sizeof f->info.port - 1, strlen(port));
}

/* A port that others hold open keeps its name: they look again. */
void flow_remember_port(struct gh_flow *f)
{
	if (!f->req.link && !f->link->is_pty && !f->req.replay)
		f->has_was = gh_port_find(f->info.port, &f->was);
}

void flow_look_again(struct gh_flow *f)
{
	struct gh_replugged now;
	struct gh_replug how = {
		.was = &f->was,
		.device = f->info.device,
		.boot = f->info.boot,
		.driver = f->driver,
		.rig = f->rig,
		.clock = f->real_clock,
		.ears = { fds, hear, f },
		.begun = f->begun,
	};

	if (f->ran.err.code != GH_GONE || !f->has_was || f->was.usb_vid < 0)
		return;
	how.gone = gh_now(how.clock);
	/* First of all: held open, its name could not be given again. */
	flow_close_link(f);
	flow_tell(f, GH_EV_NOTE, "unplugged: looking for it for 3 s");
	gh_replug(&how, &now);
	f->back = now.back;
	f->ran.safe_seen = now.safe_seen;
	gh_copy_text(f->ran.safe_text, sizeof f->ran.safe_text, now.text);
	(void)!gh_fail(&f->ran.err, GH_GONE, "%s: %s", f->info.port, now.text);
	flow_tell(f, GH_EV_NOTE, now.text);
}

bool flow_is_guarded(const struct gh_flow *f)
{
	const struct gh_recording *rec = f->ran.rec;

	if (f->ran.err.code != GH_GONE || f->ran.safe_seen || f->back)
		return false;
	return f->ran.motion_s <= 0.0 ||
	       (rec && gh_recording_facts_of(rec)->watchdog_proved_ms > 0.0);
}
