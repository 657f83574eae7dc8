/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/board.h"

#include "base/text.h"		  /* gh_copy_text */
#include "firmware/core/config.h" /* FW_ACTUATORS, FW_CHANNELS */

#include <assert.h>
#include <math.h>
#include <string.h>

_Static_assert((int)GH_SIM_CHANNELS <= FW_CHANNELS, "the core carries them");
_Static_assert((int)GH_RIG_JOINTS <= FW_ACTUATORS, "the core carries them");

enum { MAX_DDEGC = 700 };
/* What feeds the servos of a rig that says nothing of it. */
#define SUPPLY_V 12.0

/*
 * How each quantity is sent: the finest step whose i16 still holds what the
 * part can reach (3.2 A, 360 degrees, 32 V). Unit numbers: protocol.md 3.3.
 */
struct scale {
	enum gh_quantity what;
	uint8_t unit;
	int16_t lo;
	int32_t den;
	uint16_t max_rate_hz;
};

static const struct scale joint_scales[] = {
	{ GH_Q_POSITION, 1, -INT16_MAX, 10000, 1000 },
	{ GH_Q_CURRENT, 4, -INT16_MAX, 10000, 1000 },
	{ GH_Q_TEMPERATURE, 6, -INT16_MAX, 10, 1000 },
	{ GH_Q_VOLTAGE, 5, 0, 1000, 1000 },
};

static const struct scale core_scales[] = {
	{ GH_Q_COLOUR_RED, 7, 0, INT16_MAX, 1000 },
	{ GH_Q_COLOUR_GREEN, 7, 0, INT16_MAX, 1000 },
	{ GH_Q_COLOUR_BLUE, 7, 0, INT16_MAX, 1000 },
	{ GH_Q_COLOUR_CLEAR, 7, 0, INT16_MAX, 1000 },
	{ GH_Q_LIGHT, 7, 0, INT16_MAX, 10000 },
};

static const struct scale supply_scales[] = {
	{ GH_Q_VOLTAGE, 5, 0, 1000, 1000 },
	{ GH_Q_CURRENT, 4, -INT16_MAX, 1000, 1000 },
};

static void step_to(struct gh_sim_board *b, int64_t at_us)
{
	if (at_us <= b->plant_us)
		return;
	gh_sim_electronics_step(&b->electronics, b->plant_us, at_us);
	b->plant_us = at_us;
}

void gh_sim_board_catch_up(struct gh_sim_board *b)
{
	step_to(b, b->now_us);
}

static void describe_channel(void *self, uint8_t i, struct fw_channel *out)
{
	const struct gh_sim_board *b = self;

	*out = b->channels[i].about;
}

static void describe_actuator(void *self, uint8_t i, struct fw_actuator *out)
{
	const struct gh_sim_board *b = self;

	*out = b->actuators[i];
}

static void describe_lamp(void *self, uint8_t i, struct fw_lamp *out)
{
	const struct gh_sim_board *b = self;

	(void)i;
	*out = b->lamp;
}

static int16_t read_channel(void *self, uint8_t i)
{
	struct gh_sim_board *b = self;
	const struct gh_sim_channel *ch = &b->channels[i];
	double value, raw;

	step_to(b, b->now_us + b->electronics.kind->late_us);
	if (ch->joint >= 0 &&
	    !gh_plant_servo_alive(b->plant, (unsigned)ch->joint))
		return FW_RAW_INVALID;
	value = ch->input < 0 ? gh_plant_sense(b->plant, ch->sensor)
			      : gh_sim_electronics_read(&b->electronics,
							(unsigned)ch->input);
	raw = value * ch->about.den / ch->about.num;
	if (isnan(raw))
		return FW_RAW_INVALID;
	return (int16_t)lrint(fmin(fmax(raw, ch->about.lo), ch->about.hi));
}

static void drive(void *self, uint8_t actuator, int32_t urad)
{
	struct gh_sim_board *b = self;

	gh_sim_board_catch_up(b);
	gh_sim_electronics_drive(&b->electronics, actuator, b->now_us,
				 urad * 1e-6);
}

static void torque(void *self, uint8_t actuator, bool on)
{
	struct gh_sim_board *b = self;

	gh_sim_board_catch_up(b);
	gh_sim_electronics_torque(&b->electronics, actuator, on);
}

/* As src/firmware/avr has it: a quarter into a frame of the pulses. */
static uint32_t stream_from(void *self, uint32_t now_us)
{
	const struct gh_sim_board *b = self;
	const int64_t frame_us = b->electronics.kind->frame_us;
	const int64_t from_us = b->electronics.kind->start_us + frame_us / 4;
	const int64_t at_us = (b->now_us + frame_us - from_us) % frame_us;

	return now_us + (uint32_t)(frame_us - at_us);
}

static void glow(void *self, uint8_t lamp, const uint16_t level[4])
{
	struct gh_sim_board *b = self;
	double rgbw[GH_PLANT_LAMP_CHANNELS];

	(void)lamp;
	gh_sim_board_catch_up(b);
	for (unsigned k = 0; k < GH_PLANT_LAMP_CHANNELS; k++)
		rgbw[k] = (double)level[k] / b->lamp.level_max;
	gh_plant_lamp(b->plant, rgbw);
}

/* What the electronics make of a channel's range, rate and neighbours. */
static void wire(struct gh_sim_board *b, struct gh_sim_channel *ch,
		 const struct gh_sim_kind_sensor *how)
{
	const struct gh_sim_board_kind *kind = b->electronics.kind;
	const bool is_light = how->what == GH_Q_LIGHT;

	ch->input = (int)gh_sim_electronics_add(
		&b->electronics, how, ch->sensor,
		ch->joint < 0 ? 0 : (unsigned)ch->joint);
	ch->joint = -1; /* the board answers, not the servo */
	if (how->way == GH_SIM_COLOUR)
		ch->about.den = (int32_t)lrint(1 / how->step);
	ch->about.lo = (int16_t)fmax(how->lo * ch->about.den, -INT16_MAX);
	ch->about.hi = (int16_t)fmin(how->hi * ch->about.den, INT16_MAX);
	ch->about.max_rate_hz =
		is_light ? kind->light_max_rate_hz : kind->max_rate_hz;
}

static void add_channel(struct gh_sim_board *b, const char *part, int joint,
			const struct scale *s)
{
	struct gh_sim_channel *ch = &b->channels[b->fw.info.n_channels];
	const struct gh_sim_board_kind *kind = b->electronics.kind;
	const struct gh_sim_kind_sensor *how =
		gh_sim_kind_sensor(kind, s->what, joint >= 0);
	int sensor = gh_plant_sensor(b->plant, part, s->what);

	if (sensor < 0 || (kind->n_sensors > 0 && !how))
		return;
	assert(b->fw.info.n_channels < GH_SIM_CHANNELS);
	ch->sensor = sensor;
	ch->joint = joint;
	ch->input = -1;
	ch->about.quantity = (uint8_t)s->what;
	ch->about.unit = s->unit;
	ch->about.measured = 1;
	ch->about.num = 1;
	ch->about.den = s->den;
	ch->about.lo = s->lo;
	ch->about.hi = INT16_MAX;
	ch->about.max_rate_hz = s->max_rate_hz;
	gh_copy_text(ch->about.part, sizeof(ch->about.part), part);
	if (how)
		wire(b, ch, how);
	b->fw.info.n_channels++;
}

static void add_channels(struct gh_sim_board *b)
{
	const struct gh_plant_config *cfg = &b->config;

	for (unsigned j = 0; j < cfg->n_joints; j++)
		for (size_t k = 0; k < GH_ARRAY_SIZE(joint_scales); k++)
			add_channel(b, cfg->joints[j].name, (int)j,
				    &joint_scales[k]);
	for (size_t k = 0; k < GH_ARRAY_SIZE(core_scales); k++)
		add_channel(b, cfg->core, -1, &core_scales[k]);
	for (size_t k = 0; k < GH_ARRAY_SIZE(supply_scales); k++)
		add_channel(b, cfg->supply, -1, &supply_scales[k]);
}

static int32_t micro(double v)
{
	return (int32_t)lrint(v * 1e6);
}

static void add_joint(struct gh_sim_board *b, const struct gh_rig *rig,
		      unsigned i)
{
	const struct gh_rig_joint *j = &rig->joints[i];
	struct gh_plant_joint *pj = &b->config.joints[i];
	struct fw_actuator *a = &b->actuators[i];

	gh_copy_text(pj->name, sizeof(pj->name), rig->parts[j->part].name);
	pj->chain = j->arm;
	pj->order = j->order;
	pj->length_m = j->length_m;
	pj->mass_kg = j->mass_kg;
	pj->lo_rad = j->lo_rad;
	pj->hi_rad = j->hi_rad;
	gh_copy_text(a->part, sizeof(a->part), pj->name);
	a->limits.lo_urad = micro(j->lo_rad);
	a->limits.hi_urad = micro(j->hi_rad);
	a->limits.speed_urad_s = (uint32_t)micro(j->speed_max_rad_s);
	a->limits.accel_urad_s2 = (uint32_t)micro(j->accel_max_rad_s2);
	a->limits.current_ma = (uint16_t)lrint(j->current_max_a * 1e3);
	a->limits.temperature_ddegc = MAX_DDEGC;
}

static void configure(struct gh_sim_board *b, const struct gh_rig *rig)
{
	int core = gh_rig_first_part(rig, GH_PART_CORE);
	int supply = gh_rig_first_part(rig, GH_PART_SUPPLY);

	for (unsigned i = 0; i < rig->n_joints; i++)
		add_joint(b, rig, i);
	b->config.n_joints = rig->n_joints;
	b->config.supply_v =
		rig->supply_nominal_v > 0 ? rig->supply_nominal_v : SUPPLY_V;
	if (supply != GH_RIG_NONE)
		gh_copy_text(b->config.supply, sizeof(b->config.supply),
			     rig->parts[supply].name);
	b->config.has_core = core != GH_RIG_NONE;
	if (core == GH_RIG_NONE)
		return;
	gh_copy_text(b->config.core, sizeof(b->config.core),
		     rig->parts[core].name);
	b->lamp.channels = GH_PLANT_LAMP_CHANNELS;
	gh_copy_text(b->lamp.part, sizeof(b->lamp.part), b->config.core);
}

enum gh_status gh_sim_board_init(struct gh_sim_board *b,
				 const struct gh_sim_board_kind *kind,
				 const struct gh_rig *rig, uint64_t seed,
				 unsigned session, struct gh_err *err)
{
	memset(b, 0, sizeof(*b));
	configure(b, rig);
	b->plant = gh_plant_create(&b->config, seed, session);
	if (b->plant == NULL)
		return gh_fail(err, GH_NOMEM, "no memory for the sculpture");
	gh_sim_electronics_init(&b->electronics, kind, b->plant, rig->n_joints);
	b->lamp.level_max = kind->lamp_max;
	b->fw.self = b;
	b->fw.channel = describe_channel;
	b->fw.actuator = describe_actuator;
	b->fw.lamp = describe_lamp;
	b->fw.read = read_channel;
	b->fw.drive = drive;
	b->fw.torque = torque;
	b->fw.glow = glow;
	if (kind->frame_us > 0)
		b->fw.stream_from = stream_from;
	b->fw.info.n_actuators = (uint8_t)rig->n_joints;
	b->fw.info.n_lamps = b->config.has_core;
	/* 1 MBd carries 100 000 bytes/s; a tenth is framing and replies. */
	b->fw.info.max_sample_rate = kind->max_sample_rate;
	add_channels(b);
	return GH_OK;
}

void gh_sim_board_finish(struct gh_sim_board *b)
{
	gh_plant_destroy(b->plant);
	b->plant = NULL;
}

void gh_sim_board_reset(struct gh_sim_board *b)
{
	static const uint16_t dark[4] = { 0 };

	for (unsigned i = 0; i < b->config.n_joints; i++)
		torque(b, (uint8_t)i, false);
	if (b->config.has_core)
		glow(b, 0, dark);
}
