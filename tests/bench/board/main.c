/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * board - an Uno or a Mega that does not exist (tests/boards), its UART on a
 * pty. It boots as fast as it can and from then on keeps the pace of real time
 * until SIGTERM. SIGUSR1 presses its reset button.
 */
#include "base/text.h"	  /* gh_parse_long */
#include "boards/board.h" /* struct gh_board */
#include "rig/rig.h"	  /* gh_rig_read */
#include "sim/pty.h"	  /* struct gh_sim_pty */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* The wire and the pace are looked at that often. */
#define TURN_US 100
/* Sleeps when that far ahead; finer sleeps cost more than they give. */
#define AHEAD_US 200
/* Further behind, the world was stopped (SIGSTOP): it does not race after. */
#define BEHIND_US 200000
/* Further behind, what is measured is the machine, not the arm. */
#define LATE_US 10000
/* Two seconds of blinking are not worth waiting for; three are no boot. */
#define BOOT_US 3000000
/* A host that is silent for so long may be gone. */
#define SILENT_US 1000000

enum { FAULTS = 8 };

struct options {
	const char *firmware, *rig, *link_name;
	enum gh_board_kind kind;
	long seed, session, baud;
	const char *faults[FAULTS];
	unsigned n_faults, no_fixes;
	bool no_eye, verbose;
};

struct pace {
	int64_t offset_us; /* real minus simulated time */
	int64_t late_us;   /* the worst */
	uint64_t late_turns, turns;
};

static volatile sig_atomic_t asked_to_end;
static volatile sig_atomic_t asked_to_reset;

static void on_signal(int sig)
{
	if (sig == SIGUSR1)
		asked_to_reset = 1;
	else
		asked_to_end = 1;
}

static int usage(const char *what)
{
	fprintf(stderr,
		"board: %s\n"
		"usage: board --firmware FILE [--mcu uno|mega] [--rig FILE]\n"
		"  [--seed N] [--session N] [--fault NAME@PART[=SIZE]]...\n"
		"  [--no-colour-chip] [--no-fix timer|twi|extint|uart|adc]...\n"
		"  [--host-baud N] [--link-name PATH] [--verbose]\n",
		what);
	return 64;
}

static bool take_mcu(struct options *o, const char *value)
{
	if (strcmp(value, "mega") == 0)
		o->kind = GH_BOARD_MEGA;
	return o->kind == GH_BOARD_MEGA || strcmp(value, "uno") == 0;
}

static bool take_fix(struct options *o, const char *value)
{
	const unsigned fix = gh_fix_of(value);

	o->no_fixes |= fix;
	return fix != 0;
}

static bool take_value(struct options *o, const char *key, const char *value)
{
	const struct {
		const char *key;
		const char **text;
		long *number;
	} table[] = { { "--firmware", &o->firmware, NULL },
		      { "--rig", &o->rig, NULL },
		      { "--link-name", &o->link_name, NULL },
		      { "--seed", NULL, &o->seed },
		      { "--session", NULL, &o->session },
		      { "--host-baud", NULL, &o->baud } };

	for (size_t i = 0; i < GH_ARRAY_SIZE(table); i++) {
		if (strcmp(key, table[i].key) != 0)
			continue;
		if (table[i].number)
			return gh_parse_long(value, table[i].number) &&
			       *table[i].number >= 0;
		*table[i].text = value;
		return true;
	}
	if (strcmp(key, "--mcu") == 0)
		return take_mcu(o, value);
	if (strcmp(key, "--no-fix") == 0)
		return take_fix(o, value);
	if (strcmp(key, "--fault") != 0 || o->n_faults == FAULTS)
		return false;
	o->faults[o->n_faults++] = value;
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
	return o->firmware != NULL;
}

static enum gh_status build(struct gh_board **out, const struct options *o,
			    struct gh_err *err)
{
	static struct gh_rig rig;
	const struct gh_board_setup setup = {
		.kind = o->kind,
		.firmware = o->firmware,
		.rig = &rig,
		.seed = (uint64_t)o->seed,
		.session = (unsigned)o->session,
		.faults = o->faults,
		.n_faults = o->n_faults,
		.no_fixes = o->no_fixes,
		.no_eye = o->no_eye,
	};
	enum gh_status st = gh_rig_read(&rig, o->rig, err);

	gh_board_verbose(o->verbose);
	if (st == GH_OK)
		st = gh_board_create(out, &setup, err);
	if (st == GH_OK)
		gh_board_host_baud(*out, o->baud);
	return st;
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void keep_pace(struct pace *p, gh_us sim_us)
{
	const int64_t ahead_us = sim_us + p->offset_us - now_us();
	const struct timespec rest = { 0, (long)ahead_us * 1000 };

	p->turns++;
	p->late_turns += ahead_us < -LATE_US;
	if (-ahead_us > p->late_us)
		p->late_us = -ahead_us;
	if (ahead_us > AHEAD_US && ahead_us < 1000000)
		nanosleep(&rest, NULL);
	else if (ahead_us < -BEHIND_US)
		p->offset_us -= ahead_us;
}

/* A host that was killed has not given the port back. */
static void exchange(struct gh_board *b, struct gh_sim_pty *pty, gh_us *heard)
{
	unsigned char buf[256];
	size_t n = gh_sim_pty_read(pty, buf, sizeof buf);

	if (gh_board_now(b) - *heard > SILENT_US)
		gh_sim_pty_release(pty);
	if (n > 0 || gh_board_now(b) - *heard > SILENT_US)
		*heard = gh_board_now(b);
	(void)gh_board_write(b, buf, n);
	while ((n = gh_board_read(b, buf, sizeof buf)) > 0)
		gh_sim_pty_write(pty, buf, n);
}

static int run(struct gh_board *b, struct gh_sim_pty *pty)
{
	struct pace pace = { 0 };
	gh_us heard = 0;

	(void)gh_board_boot(b, BOOT_US);
	printf("port: %s\n", pty->name);
	fflush(stdout);
	pace.offset_us = now_us() - gh_board_now(b);
	do {
		gh_board_advance(b, gh_board_now(b) + TURN_US);
		exchange(b, pty, &heard);
		keep_pace(&pace, gh_board_now(b));
		if (asked_to_reset)
			gh_board_reset(b, GH_BOARD_EXTERNAL);
		asked_to_reset = 0;
	} while (!asked_to_end && gh_board_alive(b));
	if (!gh_board_alive(b))
		fprintf(stderr, "board: the firmware ended or crashed\n");
	printf("late: worst %.1f ms, share %.4f\n", (double)pace.late_us / 1000,
	       (double)pace.late_turns / (double)pace.turns);
	return gh_board_alive(b) ? 0 : 70;
}

int main(int argc, char **argv)
{
	struct options o = { .rig = "schemas/uno.rig",
			     .seed = 1,
			     .session = 1 };
	struct gh_board *b = NULL;
	struct gh_sim_pty pty;
	struct gh_err err = { 0 };
	int rc = 70;

	if (!take_options(&o, argc, argv))
		return usage("what was given is not understood");
	/*
	 * Real time on a loaded machine, where that is permitted: a world that
	 * is held up for 100 ms is a controller that fell silent.
	 */
	(void)setpriority(PRIO_PROCESS, 0, -10);
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	signal(SIGUSR1, on_signal);
	if (build(&b, &o, &err) != GH_OK) {
		fprintf(stderr, "board: %s\n", err.msg);
		return err.code == GH_ARG ? 64 : 70;
	}
	if (gh_sim_pty_open(&pty, o.link_name, &err) == GH_OK) {
		rc = run(b, &pty);
		gh_sim_pty_close(&pty);
	} else {
		fprintf(stderr, "board: %s\n", err.msg);
	}
	gh_board_destroy(b);
	return rc;
}
