/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * board - an Arduino that does not exist: a firmware image, unmodified, on
 * simavr's ATmega328P or ATmega2560, its pins on the plant that ghostlight-sim
 * has, its UART byte by byte. Nothing here reads a clock: the caller says how
 * far time has come, as with sim/device.h.
 *
 * Times are microseconds since creation; one is sixteen cycles, exactly.
 */
#ifndef GH_TESTS_BOARDS_BOARD_H
#define GH_TESTS_BOARDS_BOARD_H

#include "base/clock.h"	  /* gh_us */
#include "base/status.h"  /* enum gh_status */
#include "boards/fixes.h" /* enum gh_fix */
#include "boards/pins.h"  /* enum gh_board_kind */
#include "rig/rig.h"	  /* struct gh_rig */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gh_board;

enum { GH_BOARD_EEPROM = 4096 };

/* Why a controller started: MCUSR as the chip would show it. */
enum { GH_BOARD_POWER_ON = 1, GH_BOARD_EXTERNAL = 2, GH_BOARD_BROWN_OUT = 4 };

struct gh_board_setup {
	enum gh_board_kind kind;
	const char *firmware;	  /* Intel hex when it ends in .hex, else ELF */
	const struct gh_rig *rig; /* needed during create only */
	uint64_t seed;		  /* the individual */
	unsigned session;	  /* the power-up */
	const char *const *faults; /* of the plant; may be NULL */
	size_t n_faults;
	unsigned no_fixes; /* sum of enum gh_fix that stay off */
	bool no_eye;	   /* the colour chip is not there */
	/*
	 * What the EEPROM keeps when the power is off; the firmware's own
	 * image the first time (is_set false). NULL: always that.
	 */
	struct gh_board_eeprom {
		bool is_set;
		uint8_t bytes[GH_BOARD_EEPROM];
	} * eeprom;
	struct gh_pins_ears ears; /* may be empty */
};

/* GH_ARG: firmware, rig or fault is wrong. GH_NOMEM. */
enum gh_status gh_board_create(struct gh_board **out,
			       const struct gh_board_setup *setup,
			       struct gh_err *err) GH_MUST_CHECK;
void gh_board_destroy(struct gh_board *b); /* NULL is fine */

/* Lets the world run to that time; an earlier one changes nothing. */
void gh_board_advance(struct gh_board *b, gh_us until);
gh_us gh_board_now(const struct gh_board *b);
/* Until it sends its first byte; false: not within that time. */
bool gh_board_boot(struct gh_board *b, gh_us most);

/*
 * The host's bytes; they go over the wire one after the other. Returns how
 * many its queue took.
 */
size_t gh_board_write(struct gh_board *b, const void *bytes, size_t n);
/* Bytes that arrive all at once, as noise does: the receiver loses most. */
void gh_board_jam(struct gh_board *b, const void *bytes, size_t n);
/* Bytes that have reached the host by now. */
size_t gh_board_read(struct gh_board *b, void *buf, size_t cap);
/* When the next of those under way is there; GH_US_NEVER: none is. */
gh_us gh_board_readable_at(const struct gh_board *b);
/* The host's own rate; 0 (as created): whatever the board speaks. */
void gh_board_host_baud(struct gh_board *b, long baud);
long gh_board_baud(const struct gh_board *b);

/* The plant goes on; the processor starts anew. Cause: see above. */
void gh_board_reset(struct gh_board *b, unsigned cause);
/* Its reset line is held down, or its power is off, until let go. */
void gh_board_hold(struct gh_board *b, bool down);

/* False: the firmware crashed, or slept without interrupts. */
bool gh_board_alive(const struct gh_board *b);

/* The physics, for tests that look behind the controller. Borrowed. */
struct gh_plant *gh_board_plant(struct gh_board *b);

/* Counted since creation; what it is made of by simavr's own book. */
struct gh_board_facts {
	unsigned flash_bytes, ram_bytes;
	unsigned static_bytes, stack_bytes; /* RAM never touched is neither */
	uint64_t cycles, awake_cycles;
	/* From an interrupt's flag to its handler, and through it. */
	unsigned latency_cycles, latency_vector;
	unsigned handler_cycles, handler_vector;
	uint64_t overruns, unread; /* of the wire */
	unsigned resets;	   /* its own: the watchdog's, for instance */
};

void gh_board_facts(const struct gh_board *b, struct gh_board_facts *out);

/* simavr's own remarks to stderr; off as a program starts. */
void gh_board_verbose(bool on);

#endif
