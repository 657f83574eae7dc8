/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/device.h"

#include "firmware/core/core.h" /* struct fw_core */
#include "sim/board.h"		/* struct gh_sim_board */
#include "sim/fault.h"		/* gh_fault_apply */
#include "sim/rng.h"		/* struct gh_rng */
#include "sim/tell.h"		/* struct gh_sim_motion */
#include "sim/wire.h"		/* struct gh_sim_wire */

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define US_PER_MIN 60e6
/* Between two resets of a fault; its largest size leaves 3 s. A guess. */
#define RESET_LEAST_US 2000000
#define NEVER GH_SIM_NEVER
/* Random sequences of this file; the wire and the plant have others. */
enum { STREAM_ID = 0x1D, STREAM_BOOT = 0x1E, STREAM_RESET = 0x21 };
/* Between two presses of a stagehand: six within the ten seconds given. */
#define PRESS_US INT64_C(1600000)
/* fw_poll at least this far apart, so that time always goes on. */
#define POLL_MIN_US 20
/* The plant is never left further behind than this. */
#define PLANT_LAG_US 50000
/*
 * Limp, dark and unobserved, it may sleep: of a longer silence only the last
 * seconds are simulated, or a fast idle world would cost a core.
 */
#define PLANT_NAP_US 2000000

static const int64_t bits_per_s[] = { 115200, 250000, 500000, 1000000 };

struct gh_sim_device {
	struct gh_sim_board board;
	struct fw_core core;
	struct gh_sim_wire wire;
	int64_t now_us;	  /* controller time since creation */
	int64_t boot_us;  /* when it started last */
	int64_t due_us;	  /* next fw_poll */
	int64_t reset_us; /* next brown-out of a fault */
	struct gh_rng reset_rng;
	int64_t press_us; /* next press of the stagehand */
	unsigned time_scale, boots;
	uint64_t seed;
	unsigned session;
	struct gh_sim_motion told; /* last */
	gh_sim_teller *tell;	   /* NULL: nobody listens */
	void *listener;
};

static uint32_t clock_of(const struct gh_sim_device *d)
{
	return (uint32_t)(d->now_us - d->boot_us);
}

static bool wire_idle(void *self)
{
	struct gh_sim_board *b = self;
	const struct gh_sim_device *d = (const struct gh_sim_device *)(void *)b;

	return d->wire.in_flight < 0;
}

static void set_rate(void *self, uint8_t rate)
{
	struct gh_sim_device *d = self;

	gh_sim_wire_rate(&d->wire, bits_per_s[rate]);
}

static void set_due(struct gh_sim_device *d)
{
	uint32_t in = fw_due(&d->core, clock_of(d));

	d->due_us = in == FW_NEVER ? NEVER : d->now_us + in;
}

static void receive(struct gh_sim_device *d)
{
	uint8_t byte;

	if (gh_sim_wire_take(&d->wire, &byte))
		fw_rx(&d->core, byte, clock_of(d));
	set_due(d);
}

static void poll_core(struct gh_sim_device *d)
{
	fw_poll(&d->core, clock_of(d));
	set_due(d);
	if (d->due_us < d->now_us + POLL_MIN_US)
		d->due_us = d->now_us + POLL_MIN_US;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/*
 * Controller time, the mean as the fault says: what has just started lasts a
 * moment, then a brown-out is as likely at any time.
 */
static void plan_reset(struct gh_sim_device *d)
{
	double waiting = gh_rng_waiting(&d->reset_rng);
	double mean_us;

	d->reset_us = NEVER;
	if (!(d->wire.fault.resets_per_min > 0))
		return;
	mean_us = US_PER_MIN / d->wire.fault.resets_per_min;
	d->reset_us = d->now_us + RESET_LEAST_US +
		      (int64_t)(waiting * (mean_us - RESET_LEAST_US));
}

static int64_t own_due_us(const struct gh_sim_device *d)
{
	return sooner(d->due_us, sooner(d->reset_us, d->press_us));
}

static void drain(struct gh_sim_device *d, int64_t until_us)
{
	gh_sim_wire_drain(&d->wire, &d->core.tx, d->now_us, until_us);
}

void gh_sim_device_motion(const struct gh_sim_device *d,
			  struct gh_sim_motion *out)
{
	gh_sim_motion_read(out, &d->core, d->now_us, clock_of(d));
}

void gh_sim_device_tell(struct gh_sim_device *d, gh_sim_teller *tell,
			void *self)
{
	gh_sim_device_motion(d, &d->told);
	d->tell = tell;
	d->listener = self;
}

static void tell(struct gh_sim_device *d)
{
	struct gh_sim_motion now;

	if (d->tell == NULL)
		return;
	gh_sim_device_motion(d, &now);
	if (!gh_sim_motion_differs(&now, &d->told))
		return;
	d->told = now;
	d->tell(d->listener, &now);
}

static void step(struct gh_sim_device *d, int64_t until_us)
{
	int64_t wire_at = sooner(gh_sim_wire_due_us(&d->wire),
				 gh_sim_wire_late_us(&d->wire));
	int64_t at = sooner(sooner(wire_at, own_due_us(d)), until_us);

	if (at > d->now_us) {
		drain(d, at);
		d->now_us = at;
		d->board.now_us = at;
	}
	if (d->reset_us <= d->now_us) {
		gh_sim_device_reboot(d, GH_SIM_BROWN_OUT);
		plan_reset(d);
	}
	if (d->press_us <= d->now_us) {
		gh_sim_device_press(d);
		d->press_us += PRESS_US;
	}
	if (gh_sim_wire_due_us(&d->wire) <= d->now_us)
		receive(d);
	if (d->due_us <= d->now_us)
		poll_core(d);
	drain(d, d->now_us);
	gh_sim_wire_let_go(&d->wire, d->now_us);
	tell(d);
}

void gh_sim_device_advance(struct gh_sim_device *d, gh_us until_us)
{
	int64_t until = until_us * d->time_scale;

	while (d->now_us < until || gh_sim_wire_due_us(&d->wire) <= d->now_us ||
	       own_due_us(d) <= d->now_us)
		step(d, until);
	if (d->now_us - d->board.plant_us <= PLANT_LAG_US)
		return;
	if (d->now_us - d->board.plant_us > PLANT_NAP_US)
		d->board.plant_us = d->now_us - PLANT_NAP_US;
	gh_sim_board_catch_up(&d->board);
}

static gh_us wall(const struct gh_sim_device *d, int64_t us)
{
	if (us == NEVER)
		return GH_US_NEVER;
	return (us + d->time_scale - 1) / d->time_scale;
}

gh_us gh_sim_device_readable_at(const struct gh_sim_device *d)
{
	return wall(d, gh_sim_wire_readable_us(&d->wire, d->now_us));
}

gh_us gh_sim_device_next(const struct gh_sim_device *d)
{
	gh_us own =
		wall(d, sooner(gh_sim_wire_due_us(&d->wire), own_due_us(d)));

	return sooner(own, gh_sim_device_readable_at(d));
}

size_t gh_sim_device_write(struct gh_sim_device *d, const void *bytes, size_t n)
{
	return gh_sim_wire_write(&d->wire, bytes, n, d->now_us);
}

size_t gh_sim_device_read(struct gh_sim_device *d, void *buf, size_t cap)
{
	return gh_sim_wire_read(&d->wire, buf, cap);
}

long gh_sim_device_baud(const struct gh_sim_device *d)
{
	return (long)bits_per_s[d->core.rate];
}

bool gh_sim_device_is_busy(const struct gh_sim_device *d)
{
	return fw_busy(&d->core);
}

void gh_sim_device_press(struct gh_sim_device *d)
{
	gh_plant_press(d->board.plant);
}

struct gh_plant *gh_sim_device_plant(struct gh_sim_device *d)
{
	return d->board.plant;
}

enum gh_status gh_sim_device_fault(struct gh_sim_device *d, const char *spec,
				   struct gh_err *err)
{
	double resets = d->wire.fault.resets_per_min;
	enum gh_status st =
		gh_fault_apply(d->board.plant, &d->wire.fault, spec, err);

	if (fabs(d->wire.fault.resets_per_min - resets) > 0)
		plan_reset(d);
	return st;
}

static void identify(struct gh_sim_device *d, unsigned cause)
{
	struct fw_info *info = &d->board.fw.info;
	struct gh_rng rng;
	uint64_t id, boot;

	gh_rng_seed(&rng, d->seed, 0, STREAM_ID);
	id = gh_rng_next(&rng);
	gh_rng_seed(&rng, d->seed, d->session,
		    STREAM_BOOT + ((uint64_t)d->boots << 8));
	boot = gh_rng_next(&rng);
	memcpy(info->device_id, &id, sizeof(info->device_id));
	info->boot_id = (uint32_t)boot;
	info->lease_before = (uint32_t)(boot >> 32);
	info->flags = FW_SIMULATED;
	if (d->board.fw.enabled)
		info->flags |= FW_HAS_ENABLE;
	info->time_scale = (uint8_t)d->time_scale;
	info->reset_cause = (uint8_t)cause;
	info->rates = 0x0F;
	info->n_streams = FW_STREAMS;
	info->ring = FW_RING;
	info->window_bytes = 1024;
	info->window_requests = 8;
}

/* The controller starts; the wire forgets what was on it. */
static void boot(struct gh_sim_device *d, unsigned cause)
{
	d->boot_us = d->now_us;
	gh_sim_wire_cut(&d->wire);
	set_rate(d, 0);
	identify(d, cause);
	d->boots++;
	fw_init(&d->core, &d->board.fw, 0);
	d->due_us = d->now_us;
}

void gh_sim_device_reboot(struct gh_sim_device *d, unsigned cause)
{
	gh_sim_board_reset(&d->board);
	boot(d, cause);
}

/* Nobody is there to let go of it. */
static bool always_enabled(void *self)
{
	(void)self;
	return true;
}

static enum gh_status apply_faults(struct gh_sim_device *d,
				   const struct gh_sim_setup *setup,
				   struct gh_err *err)
{
	enum gh_status st = GH_OK;

	for (size_t i = 0; i < setup->n_faults && st == GH_OK; i++)
		st = gh_sim_device_fault(d, setup->faults[i], err);
	return st;
}

enum gh_status gh_sim_device_create(struct gh_sim_device **out,
				    const struct gh_sim_setup *setup,
				    struct gh_err *err)
{
	const struct gh_sim_board_kind *kind = gh_sim_board_kind(setup->board);
	struct gh_sim_device *d;
	enum gh_status st;

	if (!kind)
		return gh_fail(err, GH_ARG,
			       "board: no kind \"%s\"; there are lumina, uno "
			       "and mega",
			       setup->board);
	if (setup->time_scale < 1 || setup->time_scale > GH_SIM_TIME_SCALE_MAX)
		return gh_fail(err, GH_ARG,
			       "time scale: expected 1 to %d, found %u",
			       GH_SIM_TIME_SCALE_MAX, setup->time_scale);
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return gh_fail(err, GH_NOMEM, "no memory for the controller");
	d->reset_us = NEVER;
	d->press_us = setup->stagehand ? PRESS_US : NEVER;
	gh_rng_seed(&d->reset_rng, setup->seed, setup->session, STREAM_RESET);
	st = gh_sim_board_init(&d->board, kind, setup->rig, setup->seed,
			       setup->session, err);
	if (st == GH_OK && setup->has_enable)
		d->board.fw.enabled = always_enabled;
	if (st == GH_OK)
		st = apply_faults(d, setup, err);
	if (st != GH_OK) {
		gh_sim_device_destroy(d);
		return st;
	}
	d->seed = setup->seed;
	d->session = setup->session;
	d->time_scale = setup->time_scale;
	d->board.fw.tx_idle = wire_idle;
	d->board.fw.set_rate = set_rate;
	gh_sim_wire_seed(&d->wire, d->seed, d->session);
	boot(d, GH_SIM_POWER_ON);
	*out = d;
	return GH_OK;
}

void gh_sim_device_destroy(struct gh_sim_device *d)
{
	if (d == NULL)
		return;
	gh_sim_board_finish(&d->board);
	free(d);
}
