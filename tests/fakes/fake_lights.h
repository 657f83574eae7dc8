/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_lights - the light of a fake recording, and its remote: channels, spans
 * and samples. Part of fake_recording; the dials are in struct gh_fake.
 */
#ifndef GH_TESTS_FAKES_FAKE_LIGHTS_H
#define GH_TESTS_FAKES_FAKE_LIGHTS_H

#include "fakes/fake_recording.h" /* struct gh_fake */

/* Appends to the n channels that are there; returns how many there are then. */
unsigned gh_fake_light_channels(const struct gh_fake *fake,
				struct gh_rec_channel *out, unsigned n);
/* The joints' spans must be there: crystals are lit while arms sweep. */
void gh_fake_light_spans(struct gh_recording *rec, const struct gh_fake *fake);
void gh_fake_light_samples(struct gh_recording *rec, const struct gh_fake *fake,
			   gh_us length);

#endif
