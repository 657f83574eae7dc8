/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reply - the table of what a frame tells the driver, whether somebody waits
 * for it or not: every reply that carries state, time or counters is used.
 */
#include "driver/lumina/dev.h" /* gh_lum_on_* */

enum { ANY = -1 };

struct row {
	bool (*take)(struct gh_dev *dev, const struct gh_lum_call *call);
	int len; /* of the payload, ANY: the taker looks */
};

static const struct row rows[] = {
	[GH_LUM_HELLO] = { NULL, ANY },
	[GH_LUM_STOP] = { gh_lum_on_status, ANY },
	[GH_LUM_STATUS] = { gh_lum_on_status, ANY },
	[GH_LUM_DESCRIBE] = { NULL, ANY },
	[GH_LUM_CLOCK] = { gh_lum_on_clock, 8 },
	[GH_LUM_SET_BAUD] = { NULL, 1 },
	[GH_LUM_LINKSTATS] = { gh_lum_on_linkstats, 24 },
	[GH_LUM_STREAM] = { gh_lum_on_stream, 6 },
	[GH_LUM_ARM] = { NULL, 6 },
	[GH_LUM_DISARM] = { gh_lum_on_status, ANY },
	[GH_LUM_HEARTBEAT] = { gh_lum_on_beat, 6 },
	[GH_LUM_CLEAR] = { gh_lum_on_status, ANY },
	[GH_LUM_SEGMENTS] = { NULL, 8 },
	[GH_LUM_RUN] = { gh_lum_on_status, ANY },
	[GH_LUM_FLUSH] = { gh_lum_on_status, ANY },
	[GH_LUM_ACTUATOR] = { NULL, 21 },
	[GH_LUM_LOWER_LIMITS] = { NULL, 21 },
	[GH_LUM_TORQUE] = { gh_lum_on_status, ANY },
	[GH_LUM_LAMP] = { NULL, 1 },
	[GH_LUM_EVENT_ACK] = { NULL, 2 },
};

bool gh_lum_on_reply(struct gh_dev *dev, const struct gh_lum_call *call)
{
	const struct row *row;

	if (call->type >= GH_ARRAY_SIZE(rows))
		return true;
	row = &rows[call->type];
	if (row->len != ANY && call->reply.len != (size_t)row->len)
		return false;
	return !row->take || row->take(dev, call);
}

void gh_lum_on_unsolicited(struct gh_dev *dev, const struct gh_lum_frame *f)
{
	if (f->type == GH_LUM_SAMPLES)
		gh_lum_on_samples(dev, f);
	else if (f->type == GH_LUM_EVENT)
		gh_lum_on_event(dev, f);
}
