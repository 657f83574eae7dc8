/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/session.h"

#include "boards/world.h" /* gh_board_world_open */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PUMP_US 5000
#define STEP_US 1000

static const char *const names[] = {
	[GH_BOARD_UNO] = "uno", [GH_BOARD_MEGA] = "mega"
};

const char *gh_board_firmware(enum gh_board_kind kind)
{
	static char paths[2][256];
	const char *build = getenv("GH_BUILD");

	snprintf(paths[kind], sizeof paths[kind], "%s/firmware/%s.elf",
		 build ? build : "build", names[kind]);
	return paths[kind];
}

const char *gh_board_rig(enum gh_board_kind kind)
{
	static const char *const rigs[] = { [GH_BOARD_UNO] =
						    "schemas/board_uno.rig",
					    [GH_BOARD_MEGA] =
						    "schemas/board_mega.rig" };

	return rigs[kind];
}

static void must(struct gh_board_session *s, enum gh_status st,
		 const char *what)
{
	if (st != GH_OK)
		fail_msg("%s: %s: %s", what, gh_status_name(st), s->err.msg);
}

void gh_session_start(struct gh_board_session *s, enum gh_board_kind kind,
		      const struct gh_pins_ears *ears)
{
	struct gh_board_setup setup = { .kind = kind,
					.firmware = gh_board_firmware(kind),
					.rig = &s->rig,
					.seed = 7,
					.session = 1 };

	memset(s, 0, sizeof *s);
	s->driver = gh_driver_find("lumina");
	assert_non_null(s->driver);
	must(s, gh_rig_read(&s->rig, gh_board_rig(kind), &s->err), "rig");
	if (ears)
		setup.ears = *ears;
	gh_board_world_open(&s->w, &setup, s->driver->default_baud);
	s->board = s->w.self;
}

void gh_session_open(struct gh_board_session *s)
{
	must(s,
	     s->driver->open(&s->dev, &s->w.link, &s->w.clock, NULL,
			     s->rig.links[0].baud, &s->err),
	     "open");
	s->info = s->driver->info(s->dev);
}

void gh_session_end(struct gh_board_session *s)
{
	if (s->board == NULL)
		return;
	if (s->dev)
		s->driver->close(s->dev);
	gh_world_close(&s->w);
	s->dev = NULL;
	s->board = NULL;
}

enum gh_status gh_session_spin(struct gh_board_session *s, gh_us length)
{
	const gh_us until = gh_now(&s->w.clock) + length;
	struct gh_sample samples[64];
	size_t got, before;

	while (gh_now(&s->w.clock) < until) {
		gh_wait(&s->w.clock, NULL, 0, gh_now(&s->w.clock) + PUMP_US);
		do {
			before = s->w.link.bytes_out;
			if (s->driver->pump(s->dev, samples, 64, &got,
					    &s->err) != GH_OK)
				return s->err.code;
			if (s->w.link.bytes_out != before)
				s->wrote_at = gh_now(&s->w.clock);
			for (size_t i = 0; s->sample && i < got; i++)
				s->sample(s->self, &samples[i]);
		} while (got == 64);
	}
	return GH_OK;
}

void gh_session_arm(struct gh_board_session *s)
{
	double proved_ms = 0;

	must(s, s->driver->arm(s->dev, true, &proved_ms, &s->err), "arm");
	assert_true(proved_ms >= 100.0 && proved_ms <= 125.0);
}

void gh_session_run(struct gh_board_session *s, unsigned actuator,
		    const struct gh_segment *path, unsigned n)
{
	must(s, s->driver->queue(s->dev, actuator, path, n, &s->err), "queue");
	must(s,
	     s->driver->run(s->dev, s->driver->device_now(s->dev) + 50000,
			    &s->err),
	     "run");
}

bool gh_session_hear(struct gh_board_session *s, gh_us most,
		     struct gh_lum_frame *out)
{
	const gh_us until = gh_board_now(s->board) + most;
	uint8_t byte;

	for (;;) {
		while (gh_board_read(s->board, &byte, 1) == 1)
			if (gh_lum_rx_byte(&s->rx, byte, out))
				return true;
		if (gh_board_now(s->board) >= until)
			return false;
		gh_board_advance(s->board, gh_board_now(s->board) + STEP_US);
	}
}

bool gh_session_ask(struct gh_board_session *s, uint8_t type,
		    const void *payload, size_t len, gh_us most,
		    struct gh_lum_frame *reply)
{
	const gh_us until = gh_board_now(s->board) + most;
	uint8_t wire[GH_LUM_WIRE_MAX];
	const size_t n = gh_lum_encode(wire, type, ++s->seq, payload, len);

	/* Whatever came before ends here: protocol.md section 1.1. */
	assert_int_equal(gh_board_write(s->board, "", 1), 1);
	assert_int_equal(gh_board_write(s->board, wire, n), n);
	while (gh_session_hear(s, until - gh_board_now(s->board), reply))
		if (reply->seq == s->seq &&
		    (reply->type == type + GH_LUM_REPLY ||
		     reply->type == GH_LUM_ERROR))
			return true;
	return false;
}
