/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * toy_controller - just enough of a lumina controller to have a dialogue with
 * the driver in virtual time, with a fault for every way it can go wrong. It
 * moves nothing; protocol and plant proper are in src/firmware and src/sim.
 */
#ifndef GH_TESTS_FAKES_TOY_CONTROLLER_H
#define GH_TESTS_FAKES_TOY_CONTROLLER_H

#include "driver/lumina/frame.h" /* gh_lum_encode: its vectors are tested */
#include "fakes/script_link.h"	 /* struct script_link */

struct toy {
	uint8_t state, cause, moving;
	bool enable_off;
	uint32_t lease, leases, boot_id;
	gh_us beat_at; /* host time of the last beat or ARM */
	gh_us latency_us;
	unsigned count[256]; /* requests of each type */
	uint8_t stream_n, stream;

	/* Faults. */
	unsigned drop[256];  /* so many replies of that type are lost */
	uint8_t refuse[256]; /* that error code instead of a reply */
	gh_us delay[256];    /* more latency for that type */
	bool twice;	     /* every reply comes twice */
	bool mute;	     /* hears, does not answer */
	bool real;	     /* HELLO does not say simulated */
	bool no_watchdog;
	uint8_t watchdog_cause; /* latches with this one, 0: WATCHDOG */
	long reply_patch_at;	/* byte of the payload of ... */
	uint8_t reply_patch_type, reply_patch_value; /* ... that request */
	long reply_cut; /* its payload is cut to this, -1: not */
	/* Last, and for everything else: whatever it makes of a reply. */
	void (*spoil)(struct toy *t, const struct gh_lum_frame *request,
		      uint8_t *reply, size_t *n);

	struct script_link wire; /* last: it clears itself */
};

void toy_init(struct toy *t);
/* Controller time now. */
uint32_t toy_time(const struct toy *t);
/* Sends an unsolicited frame. */
void toy_send(struct toy *t, uint8_t type, const void *payload, size_t len);
void toy_event(struct toy *t, uint16_t number, uint8_t code, uint8_t arg,
	       int32_t value);
/* A SAMPLES frame of stream 0 with `ticks` ticks from number `first`. */
void toy_samples(struct toy *t, uint32_t first, uint8_t ticks);

#endif
