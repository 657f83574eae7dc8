/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_sense - what the controller gets to see: true values through each
 * sensor's noise, steps and range.
 */
#include "sim/plant_internal.h" /* struct gh_sensor */

#include "sim/plant_motor.h" /* gh_motor_without_sign */

#include "base/status.h" /* GH_ARRAY_SIZE */

#include <assert.h>
#include <math.h>
#include <string.h>

/* Assumed: a servo's own lead and plug. */
#define LEAD_OHM 0.02

struct gh_sensor_kind {
	enum gh_quantity what;
	double (*value)(const struct gh_plant *p, struct gh_sensor *s);
	double step;	  /* quantisation, in the quantity's unit */
	double noise;	  /* rms, same unit */
	double noise_of;  /* rms, share of the value */
	double lo, hi;	  /* range */
	bool is_in_servo; /* dies with the servo's power */
};

static double joint_position(const struct gh_plant *p, struct gh_sensor *s)
{
	return p->joints[s->index].encoder_rad;
}

/* The mean since the last look; the same again when no time has passed. */
static double mean_amps(const struct gh_plant *p, struct gh_sensor *s,
			double charge_as)
{
	const double elapsed_s = (double)(p->now_us - s->seen_us) * 1e-6;

	if (p->now_us > s->seen_us)
		s->seen_mean_a = (charge_as - s->seen_charge_as) / elapsed_s;
	s->seen_charge_as = charge_as;
	s->seen_us = p->now_us;
	return s->seen_mean_a;
}

static double joint_current(const struct gh_plant *p, struct gh_sensor *s)
{
	return mean_amps(p, s, p->joints[s->index].charge_as);
}

static double joint_voltage(const struct gh_plant *p, struct gh_sensor *s)
{
	const struct gh_joint *j = &p->joints[s->index];

	return p->supply.bus_v - LEAD_OHM * j->bus_amps;
}

static double joint_temperature(const struct gh_plant *p, struct gh_sensor *s)
{
	const struct gh_joint *j = &p->joints[s->index];

	return j->case_c + j->excess_k;
}

static double supply_voltage(const struct gh_plant *p, struct gh_sensor *s)
{
	(void)s;
	return p->supply.bus_v;
}

static double supply_current(const struct gh_plant *p, struct gh_sensor *s)
{
	return mean_amps(p, s, p->supply.charge_as);
}

static double core_light(const struct gh_plant *p, struct gh_sensor *s)
{
	return gh_plant_seen(&p->core, s->index);
}

static double fibre_light(const struct gh_plant *p, struct gh_sensor *s)
{
	return gh_plant_fibre_light(p, s->index);
}

static double crystal_light(const struct gh_plant *p, struct gh_sensor *s)
{
	return gh_plant_crystal_light(p, s->index);
}

static double chrome_light(const struct gh_plant *p, struct gh_sensor *s)
{
	return gh_plant_chrome_light(p, s->index);
}

static double spot_light(const struct gh_plant *p, struct gh_sensor *s)
{
	(void)s;
	return gh_plant_spot_light(p);
}

static double remote_voltage(const struct gh_plant *p, struct gh_sensor *s)
{
	(void)s;
	return p->optics.remote.told_v;
}

static double remote_signal(const struct gh_plant *p, struct gh_sensor *s)
{
	(void)s;
	return p->optics.remote.told_db;
}

static double remote_presses(const struct gh_plant *p, struct gh_sensor *s)
{
	(void)s;
	return p->optics.remote.presses;
}

/* Light: 16 bit counts of the colour sensor, 12 bit of the photodiode's ADC. */
#define COUNT_16 (1.0 / 65535)
#define COUNT_12 (1.0 / 4095)
/* Current of a servo: LSB unverified, noise assumed (measurement.md 1.3). */
#define COUNT_A 2.69e-3
#define NOISE_A 5e-3

/* Position carries its noise and counts already: the servo reads it itself. */
static const struct gh_sensor_kind joint_kinds[] = {
	{ GH_Q_POSITION, joint_position, GH_PLANT_COUNT_RAD, 0, 0, -7, 7,
	  true },
	{ GH_Q_CURRENT, joint_current, COUNT_A, NOISE_A, 0, -20, 20, true },
	{ GH_Q_VOLTAGE, joint_voltage, 0.1, 0.02, 0, 0, 30, true },
	{ GH_Q_TEMPERATURE, joint_temperature, 0.1, 0.05, 0, -40, 150, true },
};

/* Steps and noise assumed: an INA226-like monitor. */
static const struct gh_sensor_kind supply_kinds[] = {
	{ GH_Q_VOLTAGE, supply_voltage, 0.01, 0.004, 0, 0, 60, false },
	{ GH_Q_CURRENT, supply_current, 0.001, 0.005, 0, -100, 100, false },
};

/*
 * Relative noise inside the 0.09 to 0.25 % that a real AS7341 repeats to
 * (measurement.md section 1.3); which channel has which is assumed.
 */
static const struct gh_sensor_kind core_kinds[GH_PLANT_LIGHTS] = {
	{ GH_Q_COLOUR_RED, core_light, COUNT_16, 1e-5, 0.0015, 0, 1, false },
	{ GH_Q_COLOUR_GREEN, core_light, COUNT_16, 1e-5, 0.0012, 0, 1, false },
	{ GH_Q_COLOUR_BLUE, core_light, COUNT_16, 1e-5, 0.0025, 0, 1, false },
	{ GH_Q_COLOUR_CLEAR, core_light, COUNT_16, 1e-5, 0.0009, 0, 1, false },
	{ GH_Q_LIGHT, core_light, COUNT_12, 1e-4, 0.0015, 0, 1, false },
};

/* Photodiodes like the core's. */
#define PHOTODIODE(of)                                                         \
	{                                                                      \
		GH_Q_LIGHT, of, COUNT_12, 1e-4, 0.0015, 0, 1, false            \
	}

static const struct gh_sensor_kind fibre_kind = PHOTODIODE(fibre_light);
static const struct gh_sensor_kind crystal_kind = PHOTODIODE(crystal_light);
static const struct gh_sensor_kind chrome_kind = PHOTODIODE(chrome_light);
static const struct gh_sensor_kind spot_kind = PHOTODIODE(spot_light);

/* The noise is in the telegrams. Steps assumed. */
static const struct gh_sensor_kind remote_kinds[] = {
	{ GH_Q_VOLTAGE, remote_voltage, 0.01, 0, 0, 0, 5, false },
	{ GH_Q_SIGNAL, remote_signal, 0.5, 0, 0, -127, 0, false },
	{ GH_Q_PRESSES, remote_presses, 1, 0, 0, 0, 32767, false },
};

/* Far from the streams of plant_build.c. */
#define STREAM_SENSOR 0x10000

static struct gh_sensor *add(struct gh_plant *p,
			     const struct gh_sensor_kind *kind,
			     const char *part, unsigned index)
{
	struct gh_sensor *s = &p->sensors[p->n_sensors++];

	s->kind = kind;
	s->part = part;
	s->index = index;
	s->gain = 1;
	return s;
}

static void add_joint(struct gh_plant *p, unsigned joint)
{
	const char *name = p->config.joints[joint].name;

	for (size_t k = 0; k < GH_ARRAY_SIZE(joint_kinds); k++)
		add(p, &joint_kinds[k], name, joint)->stale_s =
			p->config.refresh_s;
}

static void add_optics(struct gh_plant *p)
{
	const struct gh_plant_config *c = &p->config;

	for (unsigned i = 0; i < c->n_fibres; i++)
		add(p, &fibre_kind, c->fibres[i], i);
	for (unsigned i = 0; i < c->n_crystals; i++)
		add(p, &crystal_kind, c->crystals[i].name, i);
	for (unsigned i = 0; i < c->n_chromes; i++)
		add(p, &chrome_kind, c->chromes[i], i);
	if (c->spotlight[0] != '\0')
		add(p, &spot_kind, c->spotlight, 0);
	if (c->remote[0] != '\0')
		for (size_t k = 0; k < GH_ARRAY_SIZE(remote_kinds); k++)
			add(p, &remote_kinds[k], c->remote, 0);
}

void gh_plant_wire_sensors(struct gh_plant *p, uint64_t seed, unsigned session)
{
	if (p->config.has_core)
		for (unsigned k = 0; k < GH_PLANT_LIGHTS; k++)
			add(p, &core_kinds[k], p->config.core, k);
	if (p->config.supply[0] != '\0')
		for (size_t k = 0; k < GH_ARRAY_SIZE(supply_kinds); k++)
			add(p, &supply_kinds[k], p->config.supply, 0);
	for (unsigned i = 0; i < p->config.n_joints; i++)
		add_joint(p, i);
	add_optics(p); /* last: what a sensor draws depends on its place */
	gh_plant_seed_sensors(p, seed, session);
}

void gh_plant_seed_sensors(struct gh_plant *p, uint64_t seed, unsigned session)
{
	for (size_t i = 0; i < p->n_sensors; i++)
		gh_rng_seed(&p->sensors[i].rng, seed, session,
			    STREAM_SENSOR + i);
}

size_t gh_plant_sensors(const struct gh_plant *p)
{
	return p->n_sensors;
}

void gh_plant_sensor_info(const struct gh_plant *p, size_t i, const char **part,
			  enum gh_quantity *what)
{
	assert(i < p->n_sensors);
	*part = p->sensors[i].part;
	*what = p->sensors[i].kind->what;
}

int gh_plant_sensor(const struct gh_plant *p, const char *part,
		    enum gh_quantity what)
{
	for (size_t i = 0; i < p->n_sensors; i++)
		if (p->sensors[i].kind->what == what &&
		    strcmp(p->sensors[i].part, part) == 0)
			return (int)i;
	return -1;
}

static double fresh_value(struct gh_plant *p, struct gh_sensor *s)
{
	const struct gh_sensor_kind *kind = s->kind;
	const double value = kind->value(p, s);
	const double noise = (kind->noise + kind->noise_of * fabs(value)) *
			     gh_rng_normal(&s->rng);
	const double shown =
		round(s->gain * (value + noise) / kind->step) * kind->step;

	return fmin(fmax(shown, kind->lo), kind->hi);
}

/* A stale sensor repeats its last value; the very first is fresh. */
static bool is_fresh(const struct gh_plant *p, const struct gh_sensor *s)
{
	return !s->has_shown ||
	       (double)(p->now_us - s->shown_us) >= s->stale_s * 1e6;
}

double gh_plant_sense(struct gh_plant *p, int sensor)
{
	const struct gh_sensor_kind *kind;
	struct gh_sensor *s;

	assert(sensor >= 0 && (size_t)sensor < p->n_sensors);
	s = &p->sensors[sensor];
	kind = s->kind;
	if (is_fresh(p, s)) {
		s->shown = fresh_value(p, s);
		s->shown_us = p->now_us;
		s->has_shown = true;
	}
	if (kind->is_in_servo && !gh_plant_servo_answers(p, s->index))
		return 0;
	if (kind->is_in_servo && kind->what == GH_Q_CURRENT &&
	    p->config.current_unsigned)
		return gh_motor_without_sign(s->shown, kind->step);
	return s->shown;
}
