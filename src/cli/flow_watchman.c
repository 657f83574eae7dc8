/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_watchman - while joints may move this process goes before others, and a
 * second signal stops them even if nothing else here works any more.
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include "cli/signals.h" /* gh_signals_stop_with */

_Static_assert((int)GH_STOP_BYTES <= (int)GH_SIGNALS_STOP, "it is kept whole");

static void begin(void *self, int fd, const uint8_t *stop, size_t n)
{
	struct gh_flow *f = self;

	gh_signals_stop_with(fd, stop, n);
	gh_priority_raise(&f->priority);
	if (!gh_priority_is_first())
		flow_tell(f, GH_EV_NOTE,
			  "no real time here: where other programs are busy "
			  "this run may end early; see `ghostlight doctor`");
}

static void end(void *self)
{
	struct gh_flow *f = self;

	gh_priority_restore(&f->priority);
	gh_signals_stop_with(-1, NULL, 0);
}

struct gh_watchman flow_watchman(struct gh_flow *f)
{
	if (f->req.replay || f->real_clock != gh_clock_real())
		return (struct gh_watchman){ 0 };
	return (struct gh_watchman){ begin, end, f };
}
