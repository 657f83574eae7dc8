/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_wire - the wire of a check: the port, a recorder before it (--record),
 * or a recording in its place (`ghostlight replay`).
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include "cli/version.h" /* gh_version */

#include <string.h>

enum gh_status flow_record(struct gh_flow *f, struct gh_err *err)
{
	struct gh_wirelog_head head = {
		.wall_s = f->info.started_s,
		.clock = f->begun,
		.budget_s = f->req.budget_s,
		.allow_motion = f->req.allow_motion,
		.clear_latch = f->req.clear_latch,
		.near = f->req.near,
		.house_open = f->req.house_open,
		.guided = f->req.guided,
		.rig_text = f->rig_text,
		.rig_bytes = f->rig_bytes,
	};
	enum gh_status st;

	if (!f->req.record)
		return GH_OK;
	gh_copy_text(head.version, sizeof head.version, gh_version());
	if (f->req.profile)
		gh_copy_text(head.profile, sizeof head.profile, f->req.profile);
	if (f->req.single)
		flow_single_profile(f, head.profile, sizeof head.profile);
	gh_copy_text(head.only, sizeof head.only, f->info.only);
	st = gh_record_begin(&f->record, f->req.record, &head, f->req.clock,
			     err);
	if (st == GH_OK)
		f->req.clock = gh_record_clock(f->record);
	return st;
}

enum gh_status flow_open_link(struct gh_flow *f, struct gh_err *err)
{
	enum gh_status st;

	/* Also when no port was opened then. */
	f->info.simulated = f->req.replay != NULL;
	if (f->req.replay)
		return gh_replay_link(f->req.replay, &f->link, err);
	if (f->req.link) {
		f->link = f->req.link;
		return GH_OK;
	}
	st = gh_link_open(&f->link, f->info.port, f->driver->default_baud, err);
	if (!f->record)
		return st;
	if (st == GH_OK)
		return gh_record_link(f->record, &f->link, err);
	gh_record_no_link(f->record, err);
	return st;
}

void flow_close_link(struct gh_flow *f)
{
	if (!f->req.link)
		gh_link_close(f->link);
	f->link = NULL;
}

size_t flow_ears(struct gh_flow *f, struct pollfd *out, size_t cap)
{
	size_t n;

	if (f->req.replay)
		return gh_replay_ears(out, cap);
	n = gh_control_fds(&f->control, out, cap);
	if (f->req.ears.fds)
		n += f->req.ears.fds(f->req.ears.self, out + n, cap - n);
	return n;
}

enum gh_ear_word flow_hear(struct gh_flow *f)
{
	enum gh_ear_word word = GH_EAR_NOTHING;

	if (f->req.replay)
		return gh_replay_hear(f->req.replay) ? GH_EAR_STOP
						     : GH_EAR_NOTHING;
	if (f->req.ears.hear)
		word = f->req.ears.hear(f->req.ears.self);
	if (gh_control_hear(&f->control))
		word = GH_EAR_STOP;
	/* Not what is said while an unplugged port is looked for. */
	if (f->record && f->link && word == GH_EAR_STOP)
		gh_record_stop(f->record);
	return word;
}

enum gh_status flow_replayed(struct gh_flow *f, struct gh_err *err)
{
	const struct gh_err *differs;

	if (!f->req.replay)
		return GH_OK;
	gh_replay_end(f->req.replay);
	differs = gh_replay_differs(f->req.replay);
	if (!differs)
		return GH_OK;
	/* Nothing that this version does is another way then. */
	if (f->ran.err.code == GH_NOMEM)
		differs = &f->ran.err;
	else if (f->trouble.code == GH_NOMEM)
		differs = &f->trouble;
	*err = *differs;
	return err->code;
}

void flow_record_end(struct gh_flow *f)
{
	if (!f->record)
		return;
	/* The link writes into the record and must go first. */
	flow_close_link(f);
	(void)!gh_record_finish(f->record, &f->unrecorded);
	f->record = NULL;
}
