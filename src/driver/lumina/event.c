/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * event - what the controller tells by itself. An event is repeated until it
 * is acknowledged, so it is acknowledged only when it could be kept.
 */
#include "driver/lumina/dev.h" /* struct gh_dev */

#include <stdio.h>

/* Which events the engine sees, and how value and text are made of them. */
static const struct row {
	int kind; /* enum gh_dev_event_kind, -1: nobody needs it */
	double scale;
	enum { PLAIN, OF_ACTUATOR, OF_CHANNEL } arg;
	const char *text;
} rows[] = {
	[GH_LUM_EV_BOOT] = { -1, 1.0, PLAIN, "" },
	[GH_LUM_EV_LATCHED] = { GH_DEV_EV_LATCHED, 1.0, PLAIN,
				"stopped by the controller" },
	[GH_LUM_EV_OVER_CURRENT] = { GH_DEV_EV_OVER_CURRENT, 1e-3, OF_ACTUATOR,
				     "too much current" },
	[GH_LUM_EV_OVER_TEMPERATURE] = { GH_DEV_EV_OVER_TEMPERATURE, 0.1,
					 OF_ACTUATOR, "too hot" },
	[GH_LUM_EV_BROWN_OUT] = { GH_DEV_EV_BROWN_OUT, 1e-3, PLAIN,
				  "the supply dipped" },
	[GH_LUM_EV_ENABLE] = { GH_DEV_EV_ENABLE, 1.0, PLAIN,
			       "enable input changed" },
	[GH_LUM_EV_LEASE_LOST] = { -1, 1.0, PLAIN, "" },
	[GH_LUM_EV_GUARD] = { GH_DEV_EV_GUARD, 1e-6, OF_ACTUATOR,
			      "met resistance" },
	[GH_LUM_EV_PROGRAM_END] = { GH_DEV_EV_PROGRAM_END, 1.0, PLAIN,
				    "the program ended" },
	[GH_LUM_EV_SENSOR] = { GH_DEV_EV_SENSOR, 1.0, OF_CHANNEL,
			       "sensor lost or back" },
};

void gh_lum_event_put(struct gh_dev *dev, const struct gh_dev_event *event)
{
	const size_t at = (dev->event_head + dev->event_n) % GH_LUM_EVENTS;

	if (dev->event_n == GH_LUM_EVENTS)
		return;
	dev->event[at] = *event;
	dev->event_n++;
}

bool gh_lum_event(struct gh_dev *dev, struct gh_dev_event *out)
{
	if (dev->event_n == 0)
		return false;
	*out = dev->event[dev->event_head];
	dev->event_head = (dev->event_head + 1) % GH_LUM_EVENTS;
	dev->event_n--;
	return true;
}

static void on_boot(struct gh_dev *dev, uint32_t boot_id, unsigned cause)
{
	struct gh_dev_event event = { .kind = GH_DEV_EV_BOOT,
				      .at = gh_lum_device_now(dev),
				      .arg = (int)cause };

	/* Before HELLO was answered no id is known: this is that boot. */
	if (dev->info.time_scale == 0 || boot_id == dev->boot_id)
		return;
	snprintf(event.text, sizeof event.text, "the controller rebooted (%s)",
		 gh_lum_reset_name(cause));
	gh_lum_break(dev, GH_RESET, event.text);
	gh_lum_event_put(dev, &event);
}

/* The part it is about; "" where it is about none, NULL: no such part. */
static const char *part_of(const struct gh_dev *dev, const struct row *row,
			   unsigned arg)
{
	switch (row->arg) {
	case OF_ACTUATOR:
		return arg < dev->info.n_actuators
			       ? dev->info.actuators[arg].part
			       : NULL;
	case OF_CHANNEL:
		return arg < dev->info.n_channels ? dev->info.channels[arg].part
						  : NULL;
	case PLAIN:
		break;
	}
	return "";
}

static bool is_history(const struct gh_dev *dev, unsigned code, unsigned arg,
		       gh_us at)
{
	if (dev->opened_at == GH_US_NEVER || at < dev->opened_at)
		return true;
	/* The latch that proved the watchdog was ours. */
	return code == GH_LUM_EV_LATCHED && arg == GH_LUM_CAUSE_WATCHDOG &&
	       at <= dev->forget_until;
}

static void keep_event(struct gh_dev *dev, const uint8_t *p)
{
	const unsigned code = p[2], arg = p[3];
	const struct row *row = &rows[code];
	const char *part = part_of(dev, row, arg);
	struct gh_dev_event event = {
		.at = gh_lum_unwrap(dev, gh_lum_u32(p + 4)), .arg = (int)arg
	};

	if (row->kind < 0 || !part || is_history(dev, code, arg, event.at))
		return;
	event.kind = (enum gh_dev_event_kind)row->kind;
	event.value = (double)gh_lum_i32(p + 8) * row->scale;
	if (code == GH_LUM_EV_LATCHED)
		part = gh_lum_cause_name(arg);
	snprintf(event.text, sizeof event.text, "%s%s%s", row->text,
		 *part ? ": " : "", part);
	gh_lum_event_put(dev, &event);
}

static void take(struct gh_dev *dev, const uint8_t *p)
{
	const unsigned code = p[2];

	if (code == GH_LUM_EV_BOOT)
		on_boot(dev, gh_lum_u32(p + 8), p[3]);
	else if (code > 0 && code < GH_ARRAY_SIZE(rows))
		keep_event(dev, p);
}

void gh_lum_on_event(struct gh_dev *dev, const struct gh_lum_frame *f)
{
	const uint16_t number = gh_lum_u16(f->payload);
	bool again;

	if (f->len != 12) {
		dev->stats.frames_bad++;
		return;
	}
	/* After a reboot the numbers begin again, with BOOT. */
	again = dev->event_seen && f->payload[2] != GH_LUM_EV_BOOT &&
		(int16_t)(number - dev->event_number) <= 0;
	if (!again && dev->event_n == GH_LUM_EVENTS)
		return;
	if (!again)
		take(dev, f->payload);
	dev->event_seen = true;
	if (!again)
		dev->event_number = number;
	gh_lum_post(dev, GH_LUM_EVENT_ACK, f->payload, 2);
}
