/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session - our own firmware on an emulated board, for tests: a world with the
 * lumina driver on it, or frames of the protocol by hand. Everything that is
 * refused fails the running test.
 */
#ifndef GH_TESTS_BOARDS_SESSION_H
#define GH_TESTS_BOARDS_SESSION_H

#include "boards/board.h"	  /* struct gh_board */
#include "driver/driver.h"	  /* struct gh_driver */
#include "driver/lumina/frame.h"  /* struct gh_lum_frame */
#include "driver/lumina/message.h" /* enum gh_lum_type */
#include "fakes/world.h"	  /* struct gh_world */

struct gh_board_session {
	struct gh_rig rig;
	struct gh_world w;
	struct gh_board *board; /* w's */
	const struct gh_driver *driver;
	struct gh_dev *dev; /* NULL: not opened, or closed */
	const struct gh_dev_info *info;
	struct gh_err err;
	/* What pump gives; may be NULL. */
	void (*sample)(void *self, const struct gh_sample *s);
	void *self;
	gh_us wrote_at; /* the host's last byte, board time */
	struct gh_lum_rx rx;
	uint8_t seq;
};

/* The ELF of this build for that board; its rig file. */
const char *gh_board_firmware(enum gh_board_kind kind);
const char *gh_board_rig(enum gh_board_kind kind);

/* Ears may be NULL. Seed 7, power-up 1, no fault; booted, not opened. */
void gh_session_start(struct gh_board_session *s, enum gh_board_kind kind,
		      const struct gh_pins_ears *ears);
/* The driver opens it at the rig's rate. */
void gh_session_open(struct gh_board_session *s);
void gh_session_end(struct gh_board_session *s);

/* Pumps for that long; the first failure ends it. */
enum gh_status gh_session_spin(struct gh_board_session *s, gh_us length);

/* Arms with the watchdog proved; the path runs on one actuator at once. */
void gh_session_arm(struct gh_board_session *s);
void gh_session_run(struct gh_board_session *s, unsigned actuator,
		    const struct gh_segment *path, unsigned n);

/*
 * One request by hand, in a world without a driver; the reply, or whatever
 * answers it, within `most`. False: nothing does. Other frames are skipped.
 */
bool gh_session_ask(struct gh_board_session *s, uint8_t type,
		    const void *payload, size_t len, gh_us most,
		    struct gh_lum_frame *reply);
/* The next frame of any kind. */
bool gh_session_hear(struct gh_board_session *s, gh_us most,
		     struct gh_lum_frame *out);

#endif
