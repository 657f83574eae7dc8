/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_light - a lamp of four LEDs seen by a colour sensor and a photodiode.
 * Spectra and sensitivities are sums of Gaussians, so that what a sensor makes
 * of a lamp is a closed formula.
 */
#include "sim/plant_internal.h" /* struct gh_core */

#include "base/status.h" /* GH_ARRAY_SIZE */

#include <math.h>

/* TCS34725: ten integration cycles of 2.4 ms. */
#define GATHER_US 24000
/* Assumed: all LEDs at full drive, after a while, on their heat sink. */
#define FULL_DRIVE_K 8.0
#define HEAT_TIME_S 30.0
/* A window that yellows takes what is shorter; assumed. */
#define BLUE_BELOW_NM 490.0
/* A dropout: measurement.md section 5.2. */
#define DROP_US 20000
#define DROP_SHARE 0.3
/* Lamps on the mains: how deep their light ripples is assumed. */
#define RIPPLE_HZ 100.0
#define RIPPLE_SHARE 0.4
#define STREAM_SPUTTER 0x1600

enum { RED, GREEN, BLUE, WHITE, LAMP_AMBIENT, LAMPS };

/* A bell of light or of sensitivity. */
struct bell {
	double centre_nm, sigma_nm;
	double amount; /* light: area; sensitivity: height */
};

/*
 * LEDs 630, 525, 465 nm: measurement.md section 4.2; widths as in common data
 * sheets. White and ambient are assumed: a 4000 K phosphor LED (blue pump and
 * a broad yellow), and warm stage spill. Amounts are relative powers, assumed.
 */
static const struct bell lamps[LAMPS][2] = {
	[RED] = { { 630, 8, 1.0 } },
	[GREEN] = { { 525, 15, 1.1 } },
	[BLUE] = { { 465, 10, 1.0 } },
	[WHITE] = { { 450, 10, 0.45 }, { 585, 55, 1.35 } },
	[LAMP_AMBIENT] = { { 520, 40, 0.3 }, { 620, 60, 0.7 } },
};

/*
 * Heights follow the ratios to clear that the TCS34725 data sheet gives at
 * 465, 525 and 615 nm (middle of its ranges); widths assumed. Last: a silicon
 * photodiode behind a visible-light filter, assumed.
 */
static const struct bell eyes[GH_PLANT_LIGHTS] = {
	{ 615, 40, 0.80 }, { 535, 38, 0.68 },  { 465, 32, 0.48 },
	{ 560, 95, 1.00 }, { 600, 110, 1.00 },
};

/* Assumed, per K: red LEDs suffer most from warmth, blue ones least. */
static const double fade_per_k[GH_PLANT_LAMP_CHANNELS] = {
	0.003,
	0.0015,
	0.0005,
	0.0015,
};

/* Integral of one bell of light under one bell of sensitivity. */
static double overlap(const struct bell *light, const struct bell *eye)
{
	const double variance = light->sigma_nm * light->sigma_nm +
				eye->sigma_nm * eye->sigma_nm;
	const double apart = light->centre_nm - eye->centre_nm;

	return light->amount * eye->amount * eye->sigma_nm / sqrt(variance) *
	       exp(-apart * apart / (2 * variance));
}

static double response_below(unsigned lamp, unsigned eye, double nm)
{
	double sum = 0;

	for (size_t i = 0; i < GH_ARRAY_SIZE(lamps[lamp]); i++)
		if (lamps[lamp][i].amount > 0 && lamps[lamp][i].centre_nm < nm)
			sum += overlap(&lamps[lamp][i], &eyes[eye]);
	return sum;
}

static double response(unsigned lamp, unsigned eye)
{
	return response_below(lamp, eye, INFINITY);
}

/* Sum over the four LEDs at full drive. */
static double full_white(unsigned eye)
{
	double sum = 0;

	for (unsigned c = 0; c < GH_PLANT_LAMP_CHANNELS; c++)
		sum += response(c, eye);
	return sum;
}

void gh_plant_wire_core(struct gh_core *core)
{
	for (unsigned e = 0; e < GH_PLANT_LIGHTS; e++) {
		/* One gain for the colour sensor: its clear channel's. */
		const unsigned brightest = e == 4 ? 4 : 3;
		const double white = full_white(brightest);
		const double gain = GH_PLANT_FULL_WHITE_SHARE / white;

		for (unsigned c = 0; c < GH_PLANT_LAMP_CHANNELS; c++) {
			core->sees[e][c] = gain * response(c, e);
			core->sees_blue[e][c] =
				gain * response_below(c, e, BLUE_BELOW_NM);
		}
		core->sees_ambient[e] = GH_PLANT_FULL_WHITE_SHARE *
					response(LAMP_AMBIENT, e) /
					response(LAMP_AMBIENT, brightest);
	}
}

void gh_plant_seed_sputter(struct gh_core *core, uint64_t seed,
			   unsigned session)
{
	gh_rng_seed(&core->sputter.rng, seed, session, STREAM_SPUTTER);
	core->sputter.next_us = 0;
}

/* What is left of all light at this moment. */
static double sputter(struct gh_sputter *s, int64_t now_us)
{
	double mean_us;

	if (!(s->per_s > 0))
		return 1;
	mean_us = 1e6 / s->per_s;
	if (s->next_us == 0)
		s->next_us =
			now_us + (int64_t)(mean_us * gh_rng_waiting(&s->rng));
	if (now_us >= s->next_us) {
		s->until_us = now_us + DROP_US;
		s->next_us = s->until_us + (int64_t)((mean_us - DROP_US) *
						     gh_rng_waiting(&s->rng));
	}
	return now_us < s->until_us ? DROP_SHARE : 1;
}

static void gather(struct gh_plant *p)
{
	struct gh_core *core = &p->core;
	const bool is_ready = p->now_us - core->gather_us >= GATHER_US;

	for (unsigned c = 0; c < GH_PLANT_LAMP_CHANNELS; c++) {
		if (is_ready) {
			core->gathered[c] = core->gathering[c] / GATHER_US;
			core->gathering[c] = 0;
		}
		core->gathering[c] += core->glow[c] * (double)p->step_us;
	}
	if (is_ready) {
		core->leak_gathered = core->leak_gathering / GATHER_US;
		core->leak_gathering = 0;
		core->gather_us = p->now_us;
	}
	core->leak_gathering += core->leaking * (double)p->step_us;
}

/* Stage lights hang on the mains. */
static double leak_at(double leak, int64_t now_us)
{
	const double turns = RIPPLE_HZ * (double)now_us * 1e-6;

	if (!(leak > 0))
		return 0;
	return leak * (1 + RIPPLE_SHARE * sin(2 * GH_PLANT_PI * turns));
}

void gh_plant_glow(struct gh_plant *p)
{
	struct gh_core *core = &p->core;
	double left;

	if (!p->config.has_core)
		return;
	left = sputter(&core->sputter, p->now_us) * (1 - core->dim);
	for (unsigned c = 0; c < GH_PLANT_LAMP_CHANNELS; c++)
		core->glow[c] = core->drive[c] * core->built[c] *
				(1 - fade_per_k[c] * core->warm_k) *
				(1 - core->lost[c]) * left;
	core->leaking = leak_at(core->leak, p->now_us);
	gather(p);
}

void gh_plant_lamp_heat(struct gh_core *core, double dt_s)
{
	double drive = 0;

	for (unsigned c = 0; c < GH_PLANT_LAMP_CHANNELS; c++)
		drive += core->drive[c] / GH_PLANT_LAMP_CHANNELS;
	core->warm_k +=
		(FULL_DRIVE_K * drive - core->warm_k) * (dt_s / HEAT_TIME_S);
}

/* What eye `which` sees of that light when this share of blue passes. */
static double lit(const struct gh_core *core, unsigned which,
		  const double *light, double blue)
{
	double sum = 0;

	for (unsigned c = 0; c < GH_PLANT_LAMP_CHANNELS; c++)
		sum += light[c] * (core->sees[which][c] -
				   (1 - blue) * core->sees_blue[which][c]);
	return sum;
}

double gh_plant_core_light(const struct gh_core *core, double blue)
{
	return lit(core, 4, core->glow, blue * (1 - core->yellow));
}

double gh_plant_full_drive(const struct gh_core *core)
{
	return lit(core, 4, core->built, 1);
}

double gh_plant_seen(const struct gh_core *core, unsigned which)
{
	const unsigned seat = which == 4;
	const double *light = seat ? core->glow : core->gathered;
	const double leak = seat ? core->leaking : core->leak_gathered;
	const double sum = (core->ambient + leak) * core->sees_ambient[which] +
			   lit(core, which, light, 1 - core->yellow);

	return sum * core->seating[seat] * (1 + core->seating_drift[seat]);
}
