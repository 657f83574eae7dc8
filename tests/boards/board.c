/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/board.h"

#include "boards/image.h" /* gh_image_load */
#include "boards/watch.h" /* struct gh_watch */
#include "boards/uart.h"  /* struct gh_uart */
#include "sim/fault.h"	  /* gh_fault_apply */

#include <avr_eeprom.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_US 1000
#define STEP_CYCLES (STEP_US * (avr_cycle_count_t)GH_PINS_MHZ)
/* A hobby servo's own stops; the rig file's are narrower. */
#define STOP_RAD 1.5707963

enum { MCUSR = 0x54, SUPPLY_MV = 5000 };

struct gh_board {
	avr_t *avr;
	struct gh_plant *plant;
	struct gh_pins pins;
	struct gh_uart uart;
	struct gh_watch watch;
	struct gh_board_eeprom *eeprom;
	unsigned flash_bytes, resets;
	bool held, dead;
};

static bool is_verbose;

static void logger(avr_t *avr, const int level, const char *fmt, va_list ap)
{
	(void)avr;
	(void)level;
	if (is_verbose)
		vfprintf(stderr, fmt, ap);
}

void gh_board_verbose(bool on)
{
	is_verbose = on;
}

/* The sculpture of the rig file, as far as the board has joints for it. */
static enum gh_status configure(struct gh_plant_config *c,
				const struct gh_board_setup *s,
				struct gh_err *err)
{
	const int core = gh_rig_first_part(s->rig, GH_PART_CORE);
	const int supply = gh_rig_first_part(s->rig, GH_PART_SUPPLY);

	memset(c, 0, sizeof *c);
	c->n_joints = s->rig->n_joints;
	if (c->n_joints > gh_pins_joints(s->kind))
		return gh_fail(err, GH_ARG, "%s has %u joints, the board %u",
			       s->rig->file, c->n_joints,
			       gh_pins_joints(s->kind));
	for (unsigned i = 0; i < c->n_joints; i++) {
		const struct gh_rig_joint *j = &s->rig->joints[i];
		struct gh_plant_joint *p = &c->joints[i];

		gh_copy_text(p->name, sizeof p->name,
			     s->rig->parts[j->part].name);
		p->chain = j->arm;
		p->order = j->order;
		p->length_m = j->length_m;
		p->mass_kg = j->mass_kg;
		p->lo_rad = -STOP_RAD;
		p->hi_rad = STOP_RAD;
	}
	c->has_core = core != GH_RIG_NONE;
	if (c->has_core)
		gh_copy_text(c->core, sizeof c->core, s->rig->parts[core].name);
	gh_copy_text(c->supply, sizeof c->supply,
		     supply == GH_RIG_NONE ? "supply.servo"
					   : s->rig->parts[supply].name);
	c->supply_v =
		s->rig->supply_nominal_v > 0 ? s->rig->supply_nominal_v : 12.0;
	return GH_OK;
}

static enum gh_status build_plant(struct gh_plant **out,
				  struct gh_plant_config *config,
				  const struct gh_board_setup *s,
				  struct gh_err *err)
{
	enum gh_status st = configure(config, s, err);

	if (st != GH_OK)
		return st;
	*out = gh_plant_create(config, s->seed, s->session);
	if (*out == NULL)
		return gh_fail(err, GH_NOMEM, "no memory for the sculpture");
	for (size_t i = 0; i < s->n_faults && st == GH_OK; i++)
		st = gh_fault_apply(*out, NULL, s->faults[i], err);
	return st;
}

static avr_cycle_count_t on_step(avr_t *avr, avr_cycle_count_t when,
				 void *param)
{
	struct gh_board *b = param;

	(void)avr;
	gh_pins_step(&b->pins, STEP_US);
	return when + STEP_CYCLES;
}

static avr_cycle_count_t on_stop(avr_t *avr, avr_cycle_count_t when,
				 void *param)
{
	(void)avr;
	(void)when;
	(void)param;
	return 0;
}

static void keep_eeprom(const struct gh_board *b, uint32_t ctl)
{
	avr_eeprom_desc_t all = { .ee = b->eeprom->bytes,
				  .offset = 0,
				  .size = b->avr->e2end + 1u };

	avr_ioctl(b->avr, ctl, &all);
	b->eeprom->is_set = true;
}

static enum gh_status power_up(struct gh_board *b,
			       const struct gh_board_setup *s,
			       struct gh_err *err)
{
	enum gh_status st;

	avr_global_logger_set(logger);
	b->avr = avr_make_mcu_by_name(gh_pins_mcu(s->kind));
	if (b->avr == NULL || avr_init(b->avr) != 0)
		return gh_fail(err, GH_NOMEM, "simavr has no %s",
			       gh_pins_mcu(s->kind));
	st = gh_image_load(b->avr, s->firmware, &b->flash_bytes, err);
	if (st != GH_OK)
		return st;
	b->avr->frequency = GH_PINS_MHZ * 1000000u;
	b->avr->vcc = b->avr->avcc = b->avr->aref = SUPPLY_MV;
	b->avr->data[MCUSR] = GH_BOARD_POWER_ON;
	if (b->eeprom && b->eeprom->is_set)
		keep_eeprom(b, AVR_IOCTL_EEPROM_SET);
	gh_fix(b->avr, GH_FIX_ALL & ~s->no_fixes);
	gh_watch_init(&b->watch, b->avr);
	gh_uart_init(&b->uart, b->avr);
	return GH_OK;
}

enum gh_status gh_board_create(struct gh_board **out,
			       const struct gh_board_setup *s,
			       struct gh_err *err)
{
	struct gh_board *b = calloc(1, sizeof *b);
	struct gh_plant_config config;
	enum gh_status st;

	*out = NULL;
	if (b == NULL)
		return gh_fail(err, GH_NOMEM, "no memory for the board");
	b->eeprom = s->eeprom;
	st = build_plant(&b->plant, &config, s, err);
	if (st == GH_OK)
		st = power_up(b, s, err);
	if (st != GH_OK) {
		gh_board_destroy(b);
		return st;
	}
	gh_pins_init(&b->pins, b->avr, s->kind, b->plant, &config, !s->no_eye,
		     &s->ears);
	avr_cycle_timer_register(b->avr, STEP_CYCLES, on_step, b);
	*out = b;
	return GH_OK;
}

void gh_board_destroy(struct gh_board *b)
{
	if (b == NULL)
		return;
	if (b->avr && b->eeprom)
		keep_eeprom(b, AVR_IOCTL_EEPROM_GET);
	if (b->avr)
		avr_terminate(b->avr);
	free(b->avr);
	gh_plant_destroy(b->plant);
	free(b);
}

gh_us gh_board_now(const struct gh_board *b)
{
	return (gh_us)(b->avr->cycle / GH_PINS_MHZ);
}

/* simavr forgets every timer at a reset, the firmware's own ones too. */
static void start_again(struct gh_board *b)
{
	b->watch.was_reset = false;
	gh_uart_reset(&b->uart);
	gh_pins_enable(&b->pins);
	avr_cycle_timer_register(b->avr, STEP_CYCLES, on_step, b);
}

void gh_board_reset(struct gh_board *b, unsigned cause)
{
	avr_reset(b->avr);
	b->avr->data[MCUSR] = (uint8_t)cause;
	b->dead = false;
	start_again(b);
}

void gh_board_hold(struct gh_board *b, bool down)
{
	if (b->held == down)
		return;
	gh_board_reset(b, GH_BOARD_EXTERNAL);
	b->held = down;
}

/* A processor that does nothing: the world goes on around it. */
static void let_pass(struct gh_board *b, avr_cycle_count_t until)
{
	while (b->avr->cycle + STEP_CYCLES <= until) {
		b->avr->cycle += STEP_CYCLES;
		gh_pins_step(&b->pins, STEP_US);
	}
	b->avr->cycle = until;
}

static void run_once(struct gh_board *b)
{
	const int state = avr_run(b->avr);

	if (state == cpu_Done || state == cpu_Crashed)
		b->dead = true;
	if (b->watch.was_reset) {
		b->resets++;
		start_again(b);
	}
}

void gh_board_advance(struct gh_board *b, gh_us until)
{
	const avr_cycle_count_t at = (avr_cycle_count_t)until * GH_PINS_MHZ;
	const unsigned resets = b->resets;

	if (b->avr->cycle >= at)
		return;
	if (b->held || b->dead) {
		let_pass(b, at);
		return;
	}
	avr_cycle_timer_register(b->avr, at - b->avr->cycle, on_stop, b);
	while (b->avr->cycle < at && !b->dead && b->resets == resets)
		run_once(b);
	gh_board_advance(b, until);
}

bool gh_board_boot(struct gh_board *b, gh_us most)
{
	const gh_us until = gh_board_now(b) + most;

	while (b->uart.spoken == 0 && gh_board_now(b) < until)
		gh_board_advance(b, gh_board_now(b) + STEP_US);
	return b->uart.spoken != 0;
}

size_t gh_board_write(struct gh_board *b, const void *bytes, size_t n)
{
	return b->held ? n : gh_uart_write(&b->uart, bytes, n);
}

void gh_board_jam(struct gh_board *b, const void *bytes, size_t n)
{
	gh_uart_jam(&b->uart, bytes, n);
}

size_t gh_board_read(struct gh_board *b, void *buf, size_t cap)
{
	return gh_uart_read(&b->uart, buf, cap);
}

gh_us gh_board_readable_at(const struct gh_board *b)
{
	avr_cycle_count_t at;

	if (!gh_uart_next(&b->uart, &at))
		return GH_US_NEVER;
	return (gh_us)((at + GH_PINS_MHZ - 1) / GH_PINS_MHZ);
}

void gh_board_host_baud(struct gh_board *b, long baud)
{
	gh_uart_host_baud(&b->uart, baud);
}

long gh_board_baud(const struct gh_board *b)
{
	return (long)(b->avr->frequency * 10u /
		      gh_fix_byte_cycles(b->uart.uart));
}

bool gh_board_alive(const struct gh_board *b)
{
	return !b->dead;
}

struct gh_plant *gh_board_plant(struct gh_board *b)
{
	return b->plant;
}

void gh_board_facts(const struct gh_board *b, struct gh_board_facts *out)
{
	const struct gh_watch *w = &b->watch;

	*out = (struct gh_board_facts){
		.flash_bytes = b->flash_bytes,
		.ram_bytes = (unsigned)b->avr->ramend - b->avr->ioend,
		.cycles = b->avr->cycle,
		.awake_cycles = b->avr->cycle - w->slept,
		.latency_cycles = w->latency,
		.latency_vector = w->latency_vector,
		.handler_cycles = w->handler,
		.handler_vector = w->handler_vector,
		.overruns = b->uart.overruns,
		.unread = b->uart.unread,
		.resets = b->resets,
	};
	gh_watch_ram(w, &out->static_bytes, &out->stack_bytes);
}
