/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plant_remote - a button with a battery and a radio. It sends a telegram for
 * each press and a sign of life every second, and measures its battery while
 * it sends; in between the controller keeps what came last.
 */
#include "sim/plant_optics.h" /* struct gh_remote */

#include "sim/plant_internal.h" /* struct gh_plant */

/* Two fresh cells; which ones they are and how old is assumed. */
#define BATTERY_V 3.0
#define BATTERY_SD_V 0.03
/* Assumed: 20 mA of a radio through 4 ohm of cells, and a monitor's noise. */
#define LOAD_V 0.08
#define VOLT_NOISE_V 0.005
/* Assumed: some metres across a stage; where it lies; people who pass by. */
#define SIGNAL_DB (-58.0)
#define SIGNAL_SESSION_DB 2.0
#define FADING_DB 1.5
#define SIGN_OF_LIFE_US 1000000
/* What protocol.md section 3.3 says of the count. */
#define PRESSES_WRAP 32768u

/* Beside those of plant_optics.c. */
enum { STREAM_REMOTE = 0x1500, STREAM_AIR = 0x1501, STREAM_PRESS = 0x1502 };

void gh_plant_remote_build(struct gh_plant *p, uint64_t seed, unsigned session)
{
	struct gh_remote *r = &p->optics.remote;
	struct gh_rng today;

	gh_rng_seed(&today, seed, session, STREAM_REMOTE);
	r->rest_v = BATTERY_V + BATTERY_SD_V * gh_rng_normal(&today);
	r->signal_db = SIGNAL_DB + SIGNAL_SESSION_DB * gh_rng_normal(&today);
}

void gh_plant_remote_seed(struct gh_plant *p, uint64_t seed, unsigned session)
{
	struct gh_remote *r = &p->optics.remote;

	gh_rng_seed(&r->air_rng, seed, session, STREAM_AIR);
	gh_rng_seed(&r->press_rng, seed, session, STREAM_PRESS);
	r->is_calling = true; /* so that it was heard of at any time */
	gh_plant_remote_tick(p);
}

void gh_plant_remote_tick(struct gh_plant *p)
{
	struct gh_remote *r = &p->optics.remote;

	if (!r->is_calling && p->now_us - r->told_us < SIGN_OF_LIFE_US)
		return;
	r->is_calling = false;
	r->told_us = p->now_us;
	r->told_v = r->rest_v - r->lost_v - LOAD_V +
		    VOLT_NOISE_V * gh_rng_normal(&r->air_rng);
	r->told_db = r->signal_db - r->lost_db +
		     FADING_DB * gh_rng_normal(&r->air_rng);
}

void gh_plant_press(struct gh_plant *p)
{
	struct gh_remote *r = &p->optics.remote;

	if (gh_rng_uniform(&r->press_rng) < r->missed_share)
		return;
	r->presses = (r->presses + 1) % PRESSES_WRAP;
	r->is_calling = true;
}

void gh_plant_forget_presses(struct gh_plant *p)
{
	p->optics.remote.presses = 0;
}
