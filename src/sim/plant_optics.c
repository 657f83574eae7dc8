/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_optics - what photodiodes see of fibres, crystals and chrome, and what
 * the spotlight has to do with it. A crystal flashes at an angle of its arm,
 * not of the encoder: whoever wants to know whether an arm is where its servo
 * says looks at its crystals.
 */
#include "sim/plant_optics.h"

#include "sim/plant_internal.h" /* struct gh_plant */

#include <math.h>

/* Assumed: what is seen of full white, of all the spotlight, of an LED. */
#define FIBRE_SHARE 0.5
#define SPOT_SHARE 0.5
static const double chrome_share[GH_CHROME_LEDS] = { 0.45, 0.36 };
/* Assumed: a crystal throws its sharp light three times as bright as the
 * diffuse one, sparkle (P99 - P50)/P50 about 3, over some degrees; gains leave
 * room for a bright spotlight on a bright evening. */
#define DIFFUSE_SHARE 0.12
#define PEAK_SHARE 0.40
#define PEAK_SIGMA_RAD (1.0 * GH_PLANT_DEG)
/* Assumed: a peak is where it was meant to be to a degree, or to a part of a
 * narrow window; it is glued, but arms are taken off and put on again. */
#define PEAK_UNIT_RAD (1.0 * GH_PLANT_DEG)
#define PEAK_UNIT_SHARE (1.0 / 16)
#define PEAK_SESSION_RAD (0.3 * GH_PLANT_DEG)
/* Assumed: light that should not be there. Of the core at crystals, of the
 * spotlight at chrome; of stage light at each, over that at the core. */
#define CORE_AT_CRYSTAL 0.01
#define SPOT_AT_CHROME 0.03
#define AMBIENT_AT_FIBRE 0.3
#define AMBIENT_AT_FIBRE_SD 0.3
#define AMBIENT_AT_CHROME 0.5
/* Assumed: stage spotlights age, and are aimed by hand every evening. */
#define SPOT_SESSION_SD 0.05
/* Assumed: glass is nearly white, and a bend takes blue and red alike. */
#define BLUE_UNIT_SD 0.03
#define BLUE_SESSION_SD 0.005
/* Assumed: two LEDs are not equally warm every evening. */
#define LED_SESSION_SD 0.005
/* Rust is brown: blue loses 1.5 times as much (measurement.md section 5.2). */
static const double tarnish_share[GH_CHROME_LEDS] = { 1.0, 1.5 };

/* Far from the streams of plant_build.c; numbers of parts are added. */
enum {
	STREAM_FIBRE = 0x1000,
	STREAM_CRYSTAL = 0x1100,
	STREAM_CHROME = 0x1200,
	STREAM_SPOT = 0x1300,
	STREAM_DRIFT = 0x1400,
};

/* The random numbers of one part: its own, and its own today. */
struct draws {
	struct gh_rng unit, session;
};

static struct draws draws_of(uint64_t seed, unsigned session, uint64_t stream)
{
	struct draws d;

	gh_rng_seed(&d.unit, seed, GH_PLANT_ANY_SESSION, stream);
	gh_rng_seed(&d.session, seed, session, stream);
	return d;
}

static void take_seat(struct gh_seat *seat, struct draws *d)
{
	seat->built = gh_plant_about_one(&d->unit, GH_PLANT_UNIT_SD);
	seat->today = gh_plant_about_one(&d->session, GH_PLANT_SEATING_SD);
}

static double through(const struct gh_seat *seat)
{
	return seat->built * seat->today * (1 + seat->drift);
}

static void build_fibre(struct gh_fibre *f, struct draws *d)
{
	take_seat(&f->seat, d);
	f->blue = gh_plant_about_one(&d->unit, BLUE_UNIT_SD) *
		  gh_plant_about_one(&d->session, BLUE_SESSION_SD);
	f->ambient = AMBIENT_AT_FIBRE *
		     gh_plant_about_one(&d->unit, AMBIENT_AT_FIBRE_SD);
}

static void build_crystal(struct gh_crystal *c,
			  const struct gh_plant_crystal *cfg, struct draws *d)
{
	const double width_rad = cfg->hi_rad - cfg->lo_rad;
	const double sd_rad = fmin(PEAK_UNIT_RAD, width_rad * PEAK_UNIT_SHARE);

	c->cfg = cfg;
	take_seat(&c->seat, d);
	/* What is built differs in each of the two, not in both at once. */
	c->seat.built = 1;
	c->diffuse =
		DIFFUSE_SHARE * gh_plant_about_one(&d->unit, GH_PLANT_UNIT_SD);
	c->peak = PEAK_SHARE * gh_plant_about_one(&d->unit, GH_PLANT_UNIT_SD) *
		  gh_plant_about_one(&d->session, GH_PLANT_SEATING_SD);
	c->at_rad = (cfg->lo_rad + cfg->hi_rad) / 2 +
		    sd_rad * gh_rng_normal(&d->unit) +
		    PEAK_SESSION_RAD * gh_rng_normal(&d->session);
}

static void build_chrome(struct gh_chrome *c, struct draws *d)
{
	take_seat(&c->seat, d);
	for (unsigned k = 0; k < GH_CHROME_LEDS; k++)
		c->bright[k] = gh_plant_about_one(&d->unit, GH_PLANT_UNIT_SD) *
			       gh_plant_about_one(&d->session, LED_SESSION_SD);
}

static void build_spot(struct gh_spotlight *s, struct draws *d)
{
	take_seat(&s->seat, d);
	s->bright = gh_plant_about_one(&d->unit, GH_PLANT_UNIT_SD) *
		    gh_plant_about_one(&d->session, SPOT_SESSION_SD);
}

void gh_plant_optics_build(struct gh_plant *p, uint64_t seed, unsigned session)
{
	const struct gh_plant_config *cfg = &p->config;
	struct gh_optics *o = &p->optics;
	struct draws d;

	for (unsigned i = 0; i < cfg->n_fibres; i++) {
		d = draws_of(seed, session, STREAM_FIBRE + i);
		build_fibre(&o->fibres[i], &d);
	}
	for (unsigned i = 0; i < cfg->n_crystals; i++) {
		d = draws_of(seed, session, STREAM_CRYSTAL + i);
		build_crystal(&o->crystals[i], &cfg->crystals[i], &d);
	}
	for (unsigned i = 0; i < cfg->n_chromes; i++) {
		d = draws_of(seed, session, STREAM_CHROME + i);
		build_chrome(&o->chromes[i], &d);
	}
	d = draws_of(seed, session, STREAM_SPOT);
	build_spot(&o->spot, &d);
	gh_plant_remote_build(p, seed, session);
}

void gh_plant_optics_seed(struct gh_plant *p, uint64_t seed, unsigned session)
{
	gh_rng_seed(&p->optics.drift_rng, seed, session, STREAM_DRIFT);
	gh_plant_remote_seed(p, seed, session);
}

void gh_plant_optics_drift(struct gh_plant *p, double memory)
{
	const double sd = GH_PLANT_SEATING_SD * GH_PLANT_RUN_SHARE;
	struct gh_optics *o = &p->optics;
	struct gh_rng *r = &o->drift_rng;

	gh_plant_wander(r, &o->spot.drift, SPOT_SESSION_SD * GH_PLANT_RUN_SHARE,
			memory);
	gh_plant_wander(r, &o->spot.seat.drift, sd, memory);
	for (unsigned i = 0; i < p->config.n_fibres; i++)
		gh_plant_wander(r, &o->fibres[i].seat.drift, sd, memory);
	for (unsigned i = 0; i < p->config.n_crystals; i++)
		gh_plant_wander(r, &o->crystals[i].seat.drift, sd, memory);
	for (unsigned i = 0; i < p->config.n_chromes; i++)
		gh_plant_wander(r, &o->chromes[i].seat.drift, sd, memory);
}

/* Of full scale, where nothing keeps stage light off. */
static double ambient(const struct gh_plant *p)
{
	return p->core.ambient * GH_PLANT_FULL_WHITE_SHARE;
}

double gh_plant_fibre_lit(const struct gh_plant *p, unsigned fibre)
{
	return FIBRE_SHARE / GH_PLANT_FULL_WHITE_SHARE *
	       gh_plant_full_drive(&p->core) *
	       through(&p->optics.fibres[fibre].seat);
}

double gh_plant_fibre_light(const struct gh_plant *p, unsigned fibre)
{
	const struct gh_fibre *f = &p->optics.fibres[fibre];
	const double dark = ambient(p) * f->ambient;
	const double blue = f->blue * (1 - f->yellow);
	const double share = FIBRE_SHARE / GH_PLANT_FULL_WHITE_SHARE;

	if (f->let_in > 0)
		return dark + f->let_in * gh_plant_fibre_lit(p, fibre);
	return dark + share * gh_plant_core_light(&p->core, blue) *
			      (1 - f->lost) * through(&f->seat);
}

/* Over what it is as designed and undimmed. */
static double spot_now(const struct gh_spotlight *s)
{
	return s->drive * s->bright * (1 + s->drift);
}

/* The diffuse light of an arm is of all its crystals; each flash adds to it. */
static double sparkle(const struct gh_plant *p, unsigned joint)
{
	const double arm_rad = gh_plant_true_arm_angle(p, joint);
	double diffuse = 0, flash = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < p->config.n_crystals; i++) {
		const struct gh_crystal *c = &p->optics.crystals[i];
		const double off =
			(arm_rad - c->at_rad - c->shift_rad) / PEAK_SIGMA_RAD;

		if (c->cfg->joint != joint)
			continue;
		n++;
		diffuse += c->diffuse;
		flash += c->peak * (1 - c->dull) * exp(-off * off / 2);
	}
	return diffuse / n + flash;
}

double gh_plant_crystal_light(const struct gh_plant *p, unsigned crystal)
{
	const struct gh_crystal *c = &p->optics.crystals[crystal];
	const double spot = spot_now(&p->optics.spot) *
			    sparkle(p, c->cfg->joint) * through(&c->seat);

	return spot + CORE_AT_CRYSTAL * gh_plant_core_light(&p->core, 1) +
	       ambient(p);
}

double gh_plant_chrome_light(const struct gh_plant *p, unsigned chrome)
{
	const struct gh_chrome *c = &p->optics.chromes[chrome];
	double sum = 0;

	for (unsigned k = 0; k < GH_CHROME_LEDS; k++)
		sum += chrome_share[k] * c->bright[k] * c->drive[k] *
		       fmax(1 - tarnish_share[k] * c->tarnish, 0);
	return sum * (1 - c->dirty) * through(&c->seat) +
	       SPOT_AT_CHROME * spot_now(&p->optics.spot) +
	       AMBIENT_AT_CHROME * ambient(p);
}

double gh_plant_spot_light(const struct gh_plant *p)
{
	const struct gh_spotlight *s = &p->optics.spot;

	return SPOT_SHARE * spot_now(s) * through(&s->seat) + ambient(p);
}
