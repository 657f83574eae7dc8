/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * uno - an Arduino Uno that does not exist: a firmware image, unmodified, on
 * simavr's ATmega328P, its UART on a pty, its pins on the plant. It boots as
 * fast as it can and from then on keeps the pace of real time until SIGTERM.
 */
#include "base/text.h"		    /* gh_parse_long */
#include "bench/uno/board.h"	    /* struct uno_board */
#include "bench/uno/simavr_fixes.h" /* uno_fix */
#include "bench/uno/wire.h"	    /* struct uno_wire */
#include "rig/rig.h"		    /* gh_rig_read */
#include "sim/fault.h"		    /* gh_fault_apply */

#include <errno.h>
#include <math.h>
#include <sim_hex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* The wire and the pace are looked at that often. */
#define TURN_US 100
#define TURN_CYCLES (TURN_US * UNO_MHZ)
#define PLANT_US 1000
/* Sleeps when that far ahead; finer sleeps cost more than they give. */
#define AHEAD_US 200
/* Further behind, the world was stopped (SIGSTOP): it does not race after. */
#define BEHIND_US 200000
/* Further behind, what is measured is the machine, not the arm. */
#define LATE_US 10000

/* Two seconds of blinking are not worth waiting for; three are no boot. */
#define BOOT_CYCLES (3000000ull * UNO_MHZ)

enum { FAULTS = 8 };

struct options {
	const char *hex, *rig;
	long seed, session;
	const char *faults[FAULTS];
	unsigned n_faults;
	bool no_eye, verbose;
	struct uno_fixes fixes;
};

struct world {
	avr_t *avr;
	struct uno_wire wire;
	struct uno_board board;
	struct uno_fixes fixes;
	bool paced;	   /* after its first byte: until then it only boots */
	int64_t offset_us; /* real minus simulated time */
	int64_t late_us;   /* the worst, once it is paced */
	uint64_t late_turns, paced_turns;
	unsigned turns;
};

static volatile sig_atomic_t ended;

static void on_signal(int sig)
{
	(void)sig;
	ended = 1;
}

static bool is_verbose;

static void logger(avr_t *avr, const int level, const char *fmt, va_list ap)
{
	(void)avr;
	(void)level;
	if (is_verbose)
		vfprintf(stderr, fmt, ap);
}

static int usage(const char *what)
{
	fprintf(stderr,
		"uno: %s\n"
		"usage: uno --hex FILE [--rig FILE] [--seed N] [--session N]\n"
		"  [--fault NAME@PART[=SIZE]]... [--no-colour-chip]\n"
		"  [--no-fix timer|twi|extint|uart]... [--verbose]\n",
		what);
	return 64;
}

static bool take_value(struct options *o, const char *key, const char *value)
{
	if (strcmp(key, "--hex") == 0)
		o->hex = value;
	else if (strcmp(key, "--rig") == 0)
		o->rig = value;
	else if (strcmp(key, "--seed") == 0)
		return gh_parse_long(value, &o->seed) && o->seed >= 0;
	else if (strcmp(key, "--session") == 0)
		return gh_parse_long(value, &o->session) && o->session >= 0;
	else if (strcmp(key, "--no-fix") == 0)
		return uno_fix_off(&o->fixes, value);
	else if (strcmp(key, "--fault") == 0 && o->n_faults < FAULTS)
		o->faults[o->n_faults++] = value;
	else
		return false;
	return true;
}

static bool take_options(struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--no-colour-chip") == 0)
			o->no_eye = true;
		else if (strcmp(argv[i], "--verbose") == 0)
			o->verbose = true;
		else if (i + 1 >= argc || !take_value(o, argv[i], argv[i + 1]))
			return false;
		else
			i++;
	}
	return o->hex != NULL;
}

/* The arm that the rig file describes; its first two joints are ours. */
static bool config_of_rig(struct gh_plant_config *c, const char *path)
{
	struct gh_rig *rig = calloc(1, sizeof(*rig));
	struct gh_err err = { 0 };
	bool ok = rig && gh_rig_read(rig, path, &err) == GH_OK &&
		  rig->n_joints >= UNO_JOINTS;

	memset(c, 0, sizeof(*c));
	for (unsigned i = 0; ok && i < UNO_JOINTS; i++) {
		const struct gh_rig_joint *j = &rig->joints[i];
		struct gh_plant_joint *p = &c->joints[i];

		gh_copy_text(p->name, sizeof(p->name),
			     rig->parts[j->part].name);
		p->chain = j->arm;
		p->order = j->order;
		p->length_m = j->length_m;
		p->mass_kg = j->mass_kg;
		/* A hobby servo's own stops; the rig file's are narrower. */
		p->lo_rad = -1.5707963;
		p->hi_rad = 1.5707963;
	}
	if (!ok)
		fprintf(stderr, "uno: %s: %s\n", path,
			err.msg[0] ? err.msg : "not two joints");
	free(rig);
	c->n_joints = UNO_JOINTS;
	c->has_core = true;
	gh_copy_text(c->core, sizeof(c->core), "core");
	gh_copy_text(c->supply, sizeof(c->supply), "supply.servo");
	c->supply_v = 12.0;
	return ok;
}

static avr_t *load(const char *path)
{
	avr_t *avr = avr_make_mcu_by_name("atmega328p");
	ihex_chunk_p chunks = NULL;
	int n;

	if (!avr)
		return NULL;
	avr_init(avr);
	n = read_ihex_chunks(path, &chunks);
	for (int i = 0; i < n; i++)
		avr_loadcode(avr, chunks[i].data, chunks[i].size,
			     chunks[i].baseaddr);
	free_ihex_chunks(chunks);
	avr->codeend = avr->flashend;
	avr->frequency = UNO_MHZ * 1000000u;
	avr->vcc = avr->avcc = avr->aref = 5000;
	return n > 0 ? avr : NULL;
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void pace(struct world *w)
{
	const int64_t sim_us = (int64_t)(w->avr->cycle / UNO_MHZ);
	const int64_t ahead_us = sim_us + w->offset_us - now_us();
	const struct timespec rest = { 0, (long)ahead_us * 1000 };

	w->paced_turns++;
	w->late_turns += ahead_us < -LATE_US;
	if (-ahead_us > w->late_us)
		w->late_us = -ahead_us;
	if (ahead_us > AHEAD_US && ahead_us < 1000000)
		nanosleep(&rest, NULL);
	else if (ahead_us < -BEHIND_US)
		w->offset_us -= ahead_us;
}

static avr_cycle_count_t turn(avr_t *avr, avr_cycle_count_t when, void *param)
{
	struct world *w = param;

	uno_wire_step(&w->wire);
	uno_fix_uart(avr, &w->fixes);
	if (++w->turns % (PLANT_US / TURN_US) == 0)
		uno_board_step(&w->board, PLANT_US);
	if (w->paced)
		pace(w);
	return when + TURN_CYCLES;
}

static void no_sleep(avr_t *avr, avr_cycle_count_t how_long)
{
	(void)avr;
	(void)how_long;
}

static struct gh_plant *make_plant(const struct options *o,
				   struct gh_plant_config *config)
{
	struct gh_plant *plant;
	struct gh_err err = { 0 };

	if (!config_of_rig(config, o->rig))
		return NULL;
	plant = gh_plant_create(config, (uint64_t)o->seed,
				(unsigned)o->session);
	for (unsigned i = 0; plant && i < o->n_faults; i++)
		if (gh_fault_apply(plant, NULL, o->faults[i], &err) != GH_OK) {
			fprintf(stderr, "uno: %s\n", err.msg);
			gh_plant_destroy(plant);
			return NULL;
		}
	return plant;
}

static int run(struct world *w)
{
	int state = cpu_Running;

	avr_cycle_timer_register(w->avr, TURN_CYCLES, turn, w);
	while (!ended && state != cpu_Done && state != cpu_Crashed &&
	       !w->wire.has_spoken && w->avr->cycle < BOOT_CYCLES)
		state = avr_run(w->avr);
	printf("port: %s\n", w->wire.name);
	fflush(stdout);
	w->offset_us = now_us() - (int64_t)(w->avr->cycle / UNO_MHZ);
	w->paced = true;
	while (!ended && state != cpu_Done && state != cpu_Crashed)
		state = avr_run(w->avr);
	if (!ended)
		fprintf(stderr, "uno: the firmware ended or crashed\n");
	printf("late: worst %.1f ms, share %.4f\n", (double)w->late_us / 1000,
	       (double)w->late_turns / (double)(w->paced_turns + 1));
	return ended ? 0 : 70;
}

int main(int argc, char **argv)
{
	struct options o = { .rig = "schemas/uno.rig",
			     .seed = 1,
			     .session = 1,
			     .fixes = { true, true, true, true, 0 } };
	struct gh_plant_config config;
	struct gh_plant *plant;
	static struct world w;
	int rc = 70;

	if (!take_options(&o, argc, argv))
		return usage("what was given is not understood");
	is_verbose = o.verbose;
	avr_global_logger_set(logger);
	/*
	 * Real time on a loaded machine, where that is permitted: a world that
	 * is held up for 100 ms is a controller that fell silent.
	 */
	(void)setpriority(PRIO_PROCESS, 0, -10);
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	plant = make_plant(&o, &config);
	if (!plant)
		return 64;
	w.fixes = o.fixes;
	w.avr = load(o.hex);
	if (!w.avr) {
		fprintf(stderr, "uno: %s cannot be loaded\n", o.hex);
		goto out_plant;
	}
	w.avr->sleep = no_sleep;
	uno_fix(w.avr, &w.fixes);
	if (!uno_wire_open(&w.wire, w.avr)) {
		fprintf(stderr, "uno: no pty: %s\n", strerror(errno));
		goto out_plant;
	}
	uno_board_init(&w.board, w.avr, plant, &config, !o.no_eye);
	rc = run(&w);
	uno_wire_close(&w.wire);
out_plant:
	gh_plant_destroy(plant);
	return rc;
}
