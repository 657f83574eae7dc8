/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/board.h"

#include "base/text.h"		  /* gh_copy_text */
#include "firmware/core/config.h" /* FW_ACTUATORS, FW_CHANNELS */

#include <assert.h>
#include <math.h>
#include <string.h>

_Static_assert((int)GH_SIM_CHANNELS <= FW_CHANNELS, "the core carries them");
_Static_assert((int)GH_SIM_LAMPS <= FW_LAMPS, "the core carries them");
_Static_assert((int)GH_RIG_JOINTS <= FW_ACTUATORS, "the core carries them");

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

/* A photodiode of the optics, and the remote. */
static const struct scale diode_scales[] = {
	{ GH_Q_LIGHT, 7, 0, INT16_MAX, 1000 },
};

static const struct scale remote_scales[] = {
	{ GH_Q_VOLTAGE, 5, 0, 1000, 1000 },
	{ GH_Q_SIGNAL, 24, -INT16_MAX, 100, 1000 },
	{ GH_Q_PRESSES, 12, 0, 1, 1000 },
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

	*out = b->lamps[i].about;
}

static int16_t read_channel(void *self, uint8_t i)
{
	struct gh_sim_board *b = self;
	const struct gh_sim_channel *ch = &b->channels[i];
	double value, raw;

	step_to(b, b->now_us + b->electronics.kind->late_us);
	if (ch->joint >= 0 &&
	    !gh_plant_servo_answers(b->plant, (unsigned)ch->joint))
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
	const struct gh_sim_lamp *l = &b->lamps[lamp];
	double rgbw[GH_PLANT_LAMP_CHANNELS];

	gh_sim_board_catch_up(b);
	for (unsigned k = 0; k < GH_PLANT_LAMP_CHANNELS; k++)
		rgbw[k] = (double)level[k] / l->about.level_max;
	l->set(b->plant, l->which, rgbw);
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
	for (unsigned i = 0; i < cfg->n_fibres; i++)
		add_channel(b, cfg->fibres[i], -1, diode_scales);
	for (unsigned i = 0; i < cfg->n_crystals; i++)
		add_channel(b, cfg->crystals[i].name, -1, diode_scales);
	for (unsigned i = 0; i < cfg->n_chromes; i++)
		add_channel(b, cfg->chromes[i], -1, diode_scales);
	add_channel(b, cfg->spotlight, -1, diode_scales);
	for (size_t k = 0; k < GH_ARRAY_SIZE(remote_scales); k++)
		add_channel(b, cfg->remote, -1, &remote_scales[k]);
}

static void set_core(struct gh_plant *p, unsigned which, const double rgbw[4])
{
	(void)which;
	gh_plant_lamp(p, rgbw);
}

static void set_spotlight(struct gh_plant *p, unsigned which,
			  const double rgbw[4])
{
	(void)which;
	gh_plant_spotlight(p, rgbw[3]);
}

static void set_chrome(struct gh_plant *p, unsigned which, const double rgbw[4])
{
	gh_plant_chrome(p, which, rgbw[0], rgbw[2]);
}

/* Its channels reach up to the last one that it uses. */
static void add_lamp(struct gh_sim_board *b, const char *part, uint8_t channels,
		     void (*set)(struct gh_plant *, unsigned, const double *),
		     unsigned which)
{
	struct gh_sim_lamp *l = &b->lamps[b->fw.info.n_lamps++];

	l->about.channels = channels;
	l->about.level_max = b->electronics.kind->lamp_max;
	gh_copy_text(l->about.part, sizeof(l->about.part), part);
	l->set = set;
	l->which = which;
}

static void add_lamps(struct gh_sim_board *b)
{
	const struct gh_plant_config *cfg = &b->config;

	if (cfg->has_core)
		add_lamp(b, cfg->core, 4, set_core, 0);
	if (cfg->spotlight[0] != '\0')
		add_lamp(b, cfg->spotlight, 4, set_spotlight, 0);
	for (unsigned i = 0; i < cfg->n_chromes; i++)
		add_lamp(b, cfg->chromes[i], 3, set_chrome, i);
}

enum gh_status gh_sim_board_init(struct gh_sim_board *b,
				 const struct gh_sim_board_kind *kind,
				 const struct gh_rig *rig, uint64_t seed,
				 unsigned session, struct gh_err *err)
{
	enum gh_status st;

	memset(b, 0, sizeof(*b));
	st = gh_sim_board_configure(b, kind, rig, err);
	if (st != GH_OK)
		return st;
	b->plant = gh_plant_create(&b->config, seed, session);
	if (b->plant == NULL)
		return gh_fail(err, GH_NOMEM, "no memory for the sculpture");
	if (gh_plant_sensors(b->plant) > GH_SIM_CHANNELS)
		return gh_fail(err, GH_ARG,
			       "the simulated controller has room for %d "
			       "sensors, found %zu in the rig",
			       GH_SIM_CHANNELS, gh_plant_sensors(b->plant));
	gh_sim_electronics_init(&b->electronics, kind, b->plant, rig->n_joints);
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
	/* 1 MBd carries 100 000 bytes/s; a tenth is framing and replies. */
	b->fw.info.max_sample_rate = kind->max_sample_rate;
	add_channels(b);
	add_lamps(b);
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
	for (uint8_t i = 0; i < b->fw.info.n_lamps; i++)
		glow(b, i, dark);
	gh_plant_forget_presses(b->plant);
}
