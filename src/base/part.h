/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * part - the words that every layer shares: the kinds of parts a sculpture
 * has, the quantities that can be measured on them, and the closed list of
 * units (schemas/units.txt holds the same list for people; a test compares).
 */
#ifndef GH_BASE_PART_H
#define GH_BASE_PART_H

enum gh_part_kind {
	GH_PART_JOINT,
	GH_PART_CORE,
	GH_PART_FIBRE,
	GH_PART_CRYSTAL,
	GH_PART_CHROME,
	GH_PART_SPOTLIGHT,
	GH_PART_SUPPLY,
	GH_PART_LINK,
	GH_PART_CONTROLLER,
	GH_PART_REMOTE,
	GH_PART_KIND_COUNT
};

/*
 * What a channel carries. COLOUR_* are the raw channels of one colour sensor;
 * LIGHT is a fast or slow photodiode. The numbers are those of the lumina
 * protocol (schemas/protocol.md, table "quantities") and stay for ever.
 */
enum gh_quantity {
	GH_Q_COMMAND = 0,     /* rad */
	GH_Q_POSITION = 1,    /* rad */
	GH_Q_CURRENT = 2,     /* A */
	GH_Q_VOLTAGE = 3,     /* V */
	GH_Q_TEMPERATURE = 4, /* degC */
	GH_Q_LIGHT = 5,	      /* share of the sensor's full scale */
	GH_Q_COLOUR_RED = 6,  /* share of the sensor's full scale */
	GH_Q_COLOUR_GREEN = 7,
	GH_Q_COLOUR_BLUE = 8,
	GH_Q_COLOUR_CLEAR = 9,
	GH_Q_FLAGS = 10,   /* bit mask, unit 1 */
	GH_Q_SIGNAL = 11,  /* dB, received strength */
	GH_Q_PRESSES = 12, /* count of button presses since boot, wraps */
	GH_Q_COUNT
};

/* unit id; text as written in rig files, reports and schemas/units.txt */
#define GH_UNIT_TABLE(X)                                                       \
	X(ONE, "1")                                                            \
	X(RAD, "rad")                                                          \
	X(DEG, "deg")                                                          \
	X(RAD_S, "rad/s")                                                      \
	X(AMPERE, "A")                                                         \
	X(VOLT, "V")                                                           \
	X(DEG_C, "degC")                                                       \
	X(SHARE, "rel")                                                        \
	X(SECOND, "s")                                                         \
	X(MILLISECOND, "ms")                                                   \
	X(MICROSECOND, "us")                                                   \
	X(PPM, "ppm")                                                          \
	X(TALLY, "count")                                                      \
	X(OHM, "ohm")                                                          \
	X(VISCOUS, "A s/rad")                                                  \
	X(DELTA_E, "dE00")                                                     \
	X(KELVIN, "K")                                                         \
	X(METRE, "m")                                                          \
	X(KILOGRAM, "kg")                                                      \
	X(HERTZ, "Hz")                                                         \
	X(PERCENT, "%")                                                        \
	X(DEG_S, "deg/s")                                                      \
	X(DEG_S2, "deg/s2")                                                    \
	X(METRE_S, "m/s")                                                      \
	X(DECIBEL, "dB")                                                       \
	X(NANOMETRE, "nm")                                                     \
	X(PER_SECOND, "1/s")                                                   \
	X(KELVIN_A2, "K/A2")

#define X(id, text) GH_UNIT_##id,
enum gh_unit { GH_UNIT_TABLE(X) GH_UNIT_COUNT };
#undef X

/* "joint", "core", ...; never NULL ("?" outside the enum). */
const char *gh_part_kind_name(enum gh_part_kind kind);
/* "position", "colour_red", ...; never NULL. */
const char *gh_quantity_name(enum gh_quantity what);
/* The unit's text; never NULL. */
const char *gh_unit_text(enum gh_unit unit);
/* The SI or natural unit that GH_Q_* values carry inside the program. */
enum gh_unit gh_quantity_unit(enum gh_quantity what);
/* Inverse look-ups; -1 when the text is none of ours. */
int gh_part_kind_find(const char *name);
int gh_quantity_find(const char *name);

#endif
