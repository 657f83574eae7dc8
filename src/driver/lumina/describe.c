/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * describe - the dictionary: every channel, actuator and lamp as the controller
 * describes it, asked for as fast as its window allows, checked field by field
 * and as a whole against the hash of HELLO. Also the limits in force.
 */
#include "driver/lumina/dev.h" /* struct gh_dev */

#include <math.h>
#include <string.h>

/* As arm.c waits for rest: v/a of the slowest joint is well below. A guess. */
#define REST_US GH_US_PER_S
#define POLL_US 5000

enum kind { CHANNEL, ACTUATOR, LAMP, KINDS };

/* Bytes before the part name, including kind, index, count, part_len. */
static const size_t fixed_len[KINDS] = { 21, 24, 7 };

static enum gh_status broken(struct gh_err *err, enum kind kind, unsigned index,
			     const char *what)
{
	static const char *const names[KINDS] = { "channel", "actuator",
						  "lamp" };

	return gh_fail(err, GH_PROTO, "DESCRIBE %s %u: %s", names[kind], index,
		       what);
}

static const char *take_channel(struct gh_dev *dev, unsigned i,
				const uint8_t *p)
{
	struct gh_dev_channel *c = &dev->info.channels[i];

	if (p[0] >= GH_Q_COUNT)
		return "unknown quantity";
	c->what = (enum gh_quantity)p[0];
	if (p[1] != (unsigned)gh_quantity_unit(c->what))
		return "not the unit of this quantity";
	c->measured = p[2] & 1u;
	c->num = gh_lum_i32(p + 3);
	c->den = gh_lum_i32(p + 7);
	c->lo = gh_lum_i16(p + 11);
	c->hi = gh_lum_i16(p + 13);
	c->max_rate_hz = (double)gh_lum_u16(p + 15);
	if (c->num == 0 || c->den <= 0)
		return "scale must be a positive fraction or a negated one";
	if (c->lo >= c->hi || c->lo == GH_RAW_INVALID)
		return "empty or forbidden raw range";
	return gh_lum_u16(p + 15) == 0 ? "rate 0" : NULL;
}

static void in_units(struct gh_dev_actuator *a, const struct gh_lum_limits *l)
{
	a->lo_rad = (double)l->lo / 1e6;
	a->hi_rad = (double)l->hi / 1e6;
	a->speed_rad_s = (double)l->speed / 1e6;
	a->accel_rad_s2 = (double)l->accel / 1e6;
	a->current_a = (double)l->current_ma / 1e3;
	a->temperature_c = (double)l->temperature / 10.0;
}

static const char *take_limits(struct gh_dev *dev, unsigned i, const uint8_t *p)
{
	const struct gh_lum_limits l = {
		.lo = gh_lum_i32(p),
		.hi = gh_lum_i32(p + 4),
		.speed = gh_lum_u32(p + 8),
		.accel = gh_lum_u32(p + 12),
		.current_ma = gh_lum_u16(p + 16),
		.temperature = gh_lum_u16(p + 18),
	};

	if (l.lo > l.hi)
		return "its range is empty";
	if (l.speed == 0 || l.accel == 0)
		return "speed or acceleration limit 0";
	dev->limits[i] = l;
	in_units(&dev->info.actuators[i], &l);
	return NULL;
}

static const char *take_lamp(struct gh_dev *dev, unsigned i, const uint8_t *p)
{
	if (p[0] < 1 || p[0] > 4)
		return "a lamp has 1 to 4 channels";
	dev->info.lamps[i].channels = p[0];
	dev->level_max[i] = gh_lum_u16(p + 1);
	return dev->level_max[i] == 0 ? "level_max 0" : NULL;
}

static char *part_of(struct gh_dev *dev, enum kind kind, unsigned i)
{
	switch (kind) {
	case CHANNEL:
		return dev->info.channels[i].part;
	case ACTUATOR:
		return dev->info.actuators[i].part;
	case LAMP:
	case KINDS:
		break;
	}
	return dev->info.lamps[i].part;
}

static bool take_part(char out[GH_NAME_CAP], const uint8_t *p, size_t n)
{
	if (n < 1 || n >= GH_NAME_CAP || memchr(p, 0, n))
		return false;
	memcpy(out, p, n);
	out[n] = '\0';
	return gh_is_part_name(out);
}

static enum gh_status take(struct gh_dev *dev, enum kind kind, unsigned i,
			   unsigned count, const struct gh_lum_frame *f,
			   struct gh_err *err)
{
	static const char *(*const takers[KINDS])(
		struct gh_dev *, unsigned,
		const uint8_t *) = { take_channel, take_limits, take_lamp };
	const uint8_t *p = f->payload;
	const size_t fixed = fixed_len[kind];
	const char *wrong;

	if (f->len < fixed || f->len != fixed + p[fixed - 1])
		return broken(err, kind, i, "wrong length");
	if (p[0] != kind || p[1] != i || p[2] != count)
		return broken(err, kind, i, "another kind, index or count");
	wrong = takers[kind](dev, i, p + 3);
	if (wrong)
		return broken(err, kind, i, wrong);
	if (!take_part(part_of(dev, kind, i), p + fixed, p[fixed - 1]))
		return broken(err, kind, i, "its part name is not one");
	return GH_OK;
}

/* ---- Asking, with as many requests under way as the window allows -------- */

/* A list of questions: item i has this payload, and its reply goes there. */
struct list {
	uint8_t type;
	unsigned n;
	size_t (*question)(void *self, unsigned i, uint8_t out[2]);
	enum gh_status (*answer)(void *self, unsigned i,
				 const struct gh_lum_frame *f,
				 struct gh_err *err);
	void *self;
};

static enum gh_status ask_list(struct gh_dev *dev, const struct list *l,
			       struct gh_err *err)
{
	struct gh_lum_call *under_way[GH_LUM_CALLS];
	struct gh_lum_frame reply;
	unsigned asked = 0;
	uint8_t payload[2];

	for (unsigned done = 0; done < l->n; done++) {
		enum gh_status st;

		/* Two places stay free for acknowledging events. */
		while (asked < l->n && asked - done < GH_LUM_CALLS - 2) {
			const size_t n = l->question(l->self, asked, payload);
			struct gh_lum_call *call =
				gh_lum_begin(dev, l->type, payload, n);

			if (!call)
				break;
			under_way[asked++ % GH_LUM_CALLS] = call;
		}
		if (asked == done)
			return gh_fail(err, GH_BUSY, "no place for a request");
		st = gh_lum_finish(dev, under_way[done % GH_LUM_CALLS], &reply,
				   err);
		if (st == GH_OK)
			st = l->answer(l->self, done, &reply, err);
		if (st != GH_OK) {
			gh_lum_cancel_calls(dev);
			return st;
		}
	}
	return GH_OK;
}

struct dictionary {
	struct gh_dev *dev;
	uint32_t hash;
};

static enum kind kind_of(const struct gh_dev_info *info, unsigned *i)
{
	if (*i < info->n_channels)
		return CHANNEL;
	*i -= info->n_channels;
	if (*i < info->n_actuators)
		return ACTUATOR;
	*i -= info->n_actuators;
	return LAMP;
}

static size_t describe_question(void *self, unsigned i, uint8_t out[2])
{
	const struct dictionary *d = self;

	out[0] = (uint8_t)kind_of(&d->dev->info, &i);
	out[1] = (uint8_t)i;
	return 2;
}

static enum gh_status describe_answer(void *self, unsigned i,
				      const struct gh_lum_frame *f,
				      struct gh_err *err)
{
	struct dictionary *d = self;
	const struct gh_dev_info *info = &d->dev->info;
	const unsigned count[KINDS] = { info->n_channels, info->n_actuators,
					info->n_lamps };
	const enum kind kind = kind_of(info, &i);

	d->hash = gh_lum_crc(d->hash, f->payload, f->len);
	return take(d->dev, kind, i, count[kind], f, err);
}

enum gh_status gh_lum_describe(struct gh_dev *dev, struct gh_err *err)
{
	struct dictionary d = { dev, 0 };
	const struct gh_dev_info *info = &dev->info;
	const struct list list = { GH_LUM_DESCRIBE,
				   info->n_channels + info->n_actuators +
					   info->n_lamps,
				   describe_question, describe_answer, &d };
	const enum gh_status st = ask_list(dev, &list, err);

	if (st == GH_OK && d.hash != dev->dictionary)
		return gh_fail(err, GH_PROTO,
			       "the dictionary's hash is %08x, HELLO says %08x",
			       (unsigned)d.hash, (unsigned)dev->dictionary);
	return st;
}

/* ---- Limits in force ----------------------------------------------------- */

static size_t limits_question(void *self, unsigned i, uint8_t out[2])
{
	(void)self;
	out[0] = (uint8_t)i;
	return 1;
}

static enum gh_status limits_answer(void *self, unsigned i,
				    const struct gh_lum_frame *f,
				    struct gh_err *err)
{
	const char *wrong = f->payload[0] == i
				    ? take_limits(self, i, f->payload + 1)
				    : "ACTUATOR answers for another one";

	return wrong ? broken(err, ACTUATOR, i, wrong) : GH_OK;
}

enum gh_status gh_lum_read_limits(struct gh_dev *dev, struct gh_err *err)
{
	const struct list list = { GH_LUM_ACTUATOR, dev->info.n_actuators,
				   limits_question, limits_answer, dev };

	return ask_list(dev, &list, err);
}

/* What is now in force is nowhere wider than what was asked for. */
static enum gh_status lowered(const struct gh_dev *dev, unsigned actuator,
			      const uint8_t *p, struct gh_err *err)
{
	const struct gh_lum_limits *l = &dev->limits[actuator];

	if (l->lo >= gh_lum_i32(p) && l->hi <= gh_lum_i32(p + 4) &&
	    l->speed <= gh_lum_u32(p + 8) && l->accel <= gh_lum_u32(p + 12) &&
	    l->current_ma <= gh_lum_u16(p + 16) &&
	    l->temperature <= gh_lum_u16(p + 18))
		return GH_OK;
	return gh_fail(err, GH_UNSAFE,
		       "%s: the controller keeps wider limits than the ones "
		       "it was given",
		       dev->info.actuators[actuator].part);
}

/* The tighter of both; a limit that is not given stays as it is. */
static double tighter(double wanted, double in_force)
{
	return wanted > 0.0 && wanted < in_force ? wanted : in_force;
}

static int32_t urad_between(double rad, const struct gh_lum_limits *l)
{
	const double urad = rad * 1e6;

	if (!(urad > (double)l->lo))
		return l->lo;
	return urad < (double)l->hi ? (int32_t)lround(urad) : l->hi;
}

/* What still decelerates keeps its limits; then it is asked again. */
static enum gh_status ask_limits(struct gh_dev *dev, const uint8_t p[21],
				 struct gh_lum_frame *reply, struct gh_err *err)
{
	const gh_us until = gh_now(dev->clk) + REST_US;
	enum gh_status st =
		gh_lum_ask(dev, GH_LUM_LOWER_LIMITS, p, 21, reply, err);

	while (st == GH_BUSY && gh_now(dev->clk) < until) {
		st = gh_lum_pause(dev, gh_now(dev->clk) + POLL_US, err);
		if (st == GH_OK)
			st = gh_lum_ask(dev, GH_LUM_LOWER_LIMITS, p, 21, reply,
					err);
	}
	return st;
}

enum gh_status gh_lum_limit(struct gh_dev *dev, unsigned actuator,
			    const struct gh_dev_actuator *limits,
			    struct gh_err *err)
{
	struct gh_lum_limits *l;
	struct gh_lum_frame reply;
	uint8_t p[21];
	enum gh_status st;

	if (actuator >= dev->info.n_actuators ||
	    !(limits->lo_rad <= limits->hi_rad))
		return gh_fail(err, GH_ARG,
			       "limits of actuator %u: no such "
			       "actuator or an empty range",
			       actuator);
	l = &dev->limits[actuator];
	p[0] = (uint8_t)actuator;
	gh_lum_put32(p + 1, (uint32_t)urad_between(limits->lo_rad, l));
	gh_lum_put32(p + 5, (uint32_t)urad_between(limits->hi_rad, l));
	gh_lum_put32(p + 9,
		     (uint32_t)tighter(limits->speed_rad_s * 1e6, l->speed));
	gh_lum_put32(p + 13,
		     (uint32_t)tighter(limits->accel_rad_s2 * 1e6, l->accel));
	gh_lum_put16(p + 17,
		     (uint16_t)tighter(limits->current_a * 1e3, l->current_ma));
	gh_lum_put16(p + 19, (uint16_t)tighter(limits->temperature_c * 10,
					       l->temperature));
	st = ask_limits(dev, p, &reply, err);
	if (st == GH_OK)
		st = limits_answer(dev, actuator, &reply, err);
	return st == GH_OK ? lowered(dev, actuator, p + 1, err) : st;
}
