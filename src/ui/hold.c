/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/hold.h"

void gh_hold_press(struct gh_hold *h, int key, gh_us now)
{
	*h = (struct gh_hold){ .state = GH_HOLD_PRESSED,
			       .key = key,
			       .pressed_at = now,
			       .heard_at = now };
}

/*
 * Until the arm moves the computer may be busy with the port longer than a gap,
 * and would take its own silence for the operator's.
 */
static gh_us patience(const struct gh_hold *h)
{
	return h->state == GH_HOLD_HELD && h->strict ? GH_UI_HOLD_GAP_US
						     : GH_UI_HOLD_FIRST_US;
}

bool gh_hold_tick(struct gh_hold *h, gh_us now)
{
	const gh_us since =
		h->state == GH_HOLD_PRESSED ? h->pressed_at : h->heard_at;

	if (h->state == GH_HOLD_OFF || now - since <= patience(h))
		return false;
	h->state = GH_HOLD_OFF;
	return true;
}

bool gh_hold_again(struct gh_hold *h, gh_us now)
{
	if (gh_hold_tick(h, now) || h->state == GH_HOLD_OFF)
		return false;
	h->heard_at = now;
	if (h->state == GH_HOLD_PRESSED &&
	    now - h->pressed_at >= GH_UI_HOLD_PROOF_US)
		h->state = GH_HOLD_HELD;
	return h->state == GH_HOLD_HELD;
}

bool gh_hold_trails(struct gh_hold *h, int key, gh_us now)
{
	if (h->state != GH_HOLD_OFF || key != h->key ||
	    now - h->heard_at > GH_UI_HOLD_GAP_US)
		return false;
	h->heard_at = now;
	return true;
}
