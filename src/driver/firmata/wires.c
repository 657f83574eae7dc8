/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/firmata/wires.h" /* fm_board */

#include "base/text.h" /* gh_parse_double */

#include <math.h>
#include <string.h>

enum { OPTIONS = 7, KEY_CAP = 24 };

#define RAD_PER_DEG (3.14159265358979323846 / 180.0)
/* Position travels as 1/10000 rad: 0.006 deg, 20 times finer than a pot. */
#define POSITION_DEN 10000

struct option {
	const char *key;
	double lo, hi;
	double preset; /* NAN: it must be given; INFINITY: it may be absent */
};

/* One wiring line while it is read. */
struct line {
	struct fm_board *board;
	const struct gh_wire *wire;
	const char *text; /* what is left of it */
	double value[OPTIONS];
	struct gh_err *err;
};

struct method {
	const char *name;
	uint32_t carries; /* bits 1u << enum gh_quantity */
	struct option options[OPTIONS];
	enum gh_status (*add)(struct line *l);
};

static enum gh_status wrong(const struct line *l, const char *what,
			    const char *found)
{
	return gh_fail(l->err, GH_ARG, "%s:%d: %s.%s: %s%s", l->board->file,
		       l->wire->line, l->wire->part,
		       gh_quantity_name(l->wire->what), what, found);
}

/* Next word into out, cut at `cap`; false at the end of the line. */
static bool next_word(const char **text, char *out, size_t cap)
{
	const size_t skip = strspn(*text, " \t");
	const size_t n = strcspn(*text + skip, " \t");
	const size_t keep = n < cap ? n : cap - 1;

	memcpy(out, *text + skip, keep);
	out[keep] = '\0';
	*text += skip + n;
	return n > 0;
}

static bool option_exists(const struct option *o, unsigned i)
{
	return i < OPTIONS && o[i].key;
}

/* Pins and addresses are counted, everything else is measured. */
static enum gh_status check_whole(const struct line *l, const char *key,
				  double value)
{
	static const char *const counted[] = { "pin",	"addr", "red",
					       "green", "blue", "white" };

	for (size_t i = 0; i < GH_ARRAY_SIZE(counted); i++)
		if (strcmp(key, counted[i]) == 0 &&
		    fabs(value - round(value)) > 0.0)
			return wrong(l, "expected a whole number for ", key);
	return GH_OK;
}

static enum gh_status read_option(struct line *l, const struct option *options,
				  char *word, uint32_t *seen)
{
	char *equals = strchr(word, '=');
	unsigned i = 0;

	if (!equals)
		return wrong(l, "expected KEY=VALUE, found ", word);
	*equals = '\0';
	while (option_exists(options, i) && strcmp(options[i].key, word) != 0)
		i++;
	if (!option_exists(options, i))
		return wrong(l, "no such option: ", word);
	if (*seen & 1u << i)
		return wrong(l, "given twice: ", word);
	*seen |= 1u << i;
	if (!gh_parse_double(equals + 1, &l->value[i])) {
		long whole;

		if (!gh_parse_long(equals + 1, &whole))
			return wrong(l, "not a number: ", equals + 1);
		l->value[i] = (double)whole;
	}
	if (l->value[i] < options[i].lo || l->value[i] > options[i].hi)
		return gh_fail(l->err, GH_ARG,
			       "%s:%d: %s.%s: %s must be %g to %g, found %s",
			       l->board->file, l->wire->line, l->wire->part,
			       gh_quantity_name(l->wire->what), word,
			       options[i].lo, options[i].hi, equals + 1);
	return check_whole(l, word, l->value[i]);
}

static enum gh_status read_options(struct line *l, const struct option *options)
{
	char word[GH_WIRE_HOW_CAP];
	uint32_t seen = 0;
	enum gh_status st;

	for (unsigned i = 0; option_exists(options, i); i++)
		l->value[i] = options[i].preset;
	while (next_word(&l->text, word, sizeof(word))) {
		st = read_option(l, options, word, &seen);
		if (st != GH_OK)
			return st;
	}
	for (unsigned i = 0; option_exists(options, i); i++)
		if (isnan(l->value[i]))
			return wrong(l, "missing: ", options[i].key);
	return GH_OK;
}

static struct gh_dev_channel *add_channel(struct line *l, enum gh_quantity what)
{
	struct fm_board *b = l->board;
	struct gh_dev_channel *ch;

	if (b->n_channels == GH_DEV_CHANNELS)
		return NULL;
	ch = &b->channels[b->n_channels++];
	gh_copy_text(ch->part, sizeof(ch->part), l->wire->part);
	ch->what = what;
	ch->measured = true;
	return ch;
}

static int16_t raw_of_rad(double rad)
{
	return (int16_t)lround(rad * POSITION_DEN);
}

static void angle_channel(struct gh_dev_channel *ch, double a, double b)
{
	ch->num = 1;
	ch->den = POSITION_DEN;
	ch->lo = raw_of_rad(fmin(a, b));
	ch->hi = raw_of_rad(fmax(a, b));
}

static enum gh_status add_servo(struct line *l)
{
	enum { PIN, MIN_US, MAX_US, LO_DEG, HI_DEG, PARK_DEG };
	struct fm_board *b = l->board;
	const double *v = l->value;
	struct gh_dev_channel *ch;

	if (v[MIN_US] >= v[MAX_US])
		return wrong(l, "min_us must be less than max_us", "");
	if (fabs(v[LO_DEG] - v[HI_DEG]) < 1.0)
		return wrong(l, "lo_deg and hi_deg are the same angle", "");
	if (b->n_servos == GH_DEV_ACTUATORS)
		return wrong(l, "too many servos", "");
	ch = add_channel(l, GH_Q_COMMAND);
	if (!ch)
		return wrong(l, "too many channels", "");
	ch->measured = false;
	angle_channel(ch, v[LO_DEG] * RAD_PER_DEG, v[HI_DEG] * RAD_PER_DEG);
	b->servos[b->n_servos++] = (struct fm_servo){
		.pin = (unsigned)v[PIN],
		.min_us = (int)v[MIN_US],
		.max_us = (int)v[MAX_US],
		.at_min_rad = v[LO_DEG] * RAD_PER_DEG,
		.at_max_rad = v[HI_DEG] * RAD_PER_DEG,
		.has_park = isfinite(v[PARK_DEG]),
		.park_rad = v[PARK_DEG] * RAD_PER_DEG,
		.pot = -1,
		.shunt = -1,
		.channel = (uint16_t)(ch - b->channels),
		.wire = l->wire,
	};
	return GH_OK;
}

static enum gh_status add_analog(struct line *l, bool is_pot)
{
	enum { INPUT, VREF, LO_V, HI_V, LO_DEG, HI_DEG };
	struct fm_board *b = l->board;
	const double *v = l->value;
	struct gh_dev_channel *ch;

	if (b->n_analogs == FM_ANALOGS)
		return wrong(l, "too many analog inputs", "");
	ch = add_channel(l, l->wire->what);
	if (!ch)
		return wrong(l, "too many channels", "");
	b->analogs[b->n_analogs++] = (struct fm_analog){
		.input = (unsigned)v[INPUT],
		.is_pot = is_pot,
		.vref_v = v[VREF],
		.lo_v = v[LO_V],
		.hi_v = v[HI_V],
		.at_lo_rad = v[LO_DEG] * RAD_PER_DEG,
		.at_hi_rad = v[HI_DEG] * RAD_PER_DEG,
		.channel = (uint16_t)(ch - b->channels),
		.wire = l->wire,
	};
	if (is_pot)
		angle_channel(ch, v[LO_DEG] * RAD_PER_DEG,
			      v[HI_DEG] * RAD_PER_DEG);
	return GH_OK;
}

static enum gh_status add_pot(struct line *l)
{
	if (l->value[2] >= l->value[3] || l->value[3] > l->value[1])
		return wrong(l, "expected lo_v < hi_v <= vref", "");
	if (fabs(l->value[4] - l->value[5]) < 1.0)
		return wrong(l, "lo_deg and hi_deg are the same angle", "");
	return add_analog(l, true);
}

static enum gh_status add_light(struct line *l)
{
	memset(l->value + 2, 0, sizeof(l->value) - 2 * sizeof(l->value[0]));
	return add_analog(l, false);
}

static enum gh_status add_lamp(struct line *l)
{
	struct fm_board *b = l->board;
	struct fm_lamp lamp = { .wire = l->wire };

	while (lamp.n < 4 && isfinite(l->value[lamp.n])) {
		lamp.pin[lamp.n] = (unsigned)l->value[lamp.n];
		lamp.n++;
	}
	for (unsigned i = lamp.n; i < 4; i++)
		if (isfinite(l->value[i]))
			return wrong(l, "a colour is left out", "");
	if (b->n_lamps == GH_DEV_LAMPS)
		return wrong(l, "too many lamps", "");
	b->lamps[b->n_lamps++] = lamp;
	return GH_OK;
}

static const struct method methods[] = {
	{ "servo",
	  1u << GH_Q_COMMAND,
	  { { "pin", 0, FM_PINS - 1, NAN },
	    { "min_us", 544, 2900, NAN },
	    { "max_us", 544, 2900, NAN },
	    { "lo_deg", -180, 180, NAN },
	    { "hi_deg", -180, 180, NAN },
	    { "park_deg", -180, 180, INFINITY } },
	  add_servo },
	{ "analog",
	  1u << GH_Q_POSITION,
	  { { "pin", 0, 15, NAN },
	    { "vref", 0.5, 5.5, NAN },
	    { "lo_v", 0, 5.5, NAN },
	    { "hi_v", 0, 5.5, NAN },
	    { "lo_deg", -180, 180, NAN },
	    { "hi_deg", -180, 180, NAN } },
	  add_pot },
	{ "analog",
	  1u << GH_Q_LIGHT,
	  { { "pin", 0, 15, NAN }, { "vref", 0.5, 5.5, NAN } },
	  add_light },
	{ "pwm",
	  1u << GH_Q_COMMAND,
	  { { "red", 0, FM_PINS - 1, NAN },
	    { "green", 0, FM_PINS - 1, INFINITY },
	    { "blue", 0, FM_PINS - 1, INFINITY },
	    { "white", 0, FM_PINS - 1, INFINITY } },
	  add_lamp },
};

static enum gh_status chip_channels(struct line *l, const struct fm_chip *chip)
{
	const struct gh_chip *kind = chip->kind;

	for (unsigned i = 0; i < kind->n_values; i++) {
		struct gh_dev_channel *ch = add_channel(l, kind->values[i]);

		if (!ch)
			return wrong(l, "too many channels", "");
		ch->num = chip->plan.num;
		ch->den = chip->plan.den;
		ch->hi = chip->plan.hi;
		ch->lo = (int16_t)(chip->plan.is_signed ? -chip->plan.hi : 0);
		ch->max_rate_hz = 1e6 / (double)chip->plan.period_us;
	}
	return GH_OK;
}

static enum gh_status add_chip(struct line *l, const struct gh_chip *kind)
{
	struct option options[OPTIONS] = { { "addr", 0x08, 0x77, NAN } };
	struct fm_board *b = l->board;
	struct fm_chip chip = { .kind = kind,
				.wire = l->wire,
				.channel = (uint16_t)b->n_channels };
	enum gh_status st;

	if (l->wire->what != kind->wired)
		return wrong(l, kind->title, " does not measure that");
	for (unsigned i = 0; i < GH_CHIP_OPTIONS && kind->options[i].key; i++)
		options[1 + i] = (struct option){ kind->options[i].key,
						  kind->options[i].lo,
						  kind->options[i].hi,
						  kind->options[i].preset };
	st = read_options(l, options);
	if (st != GH_OK)
		return st;
	if (b->n_chips == FM_CHIPS)
		return wrong(l, "too many chips", "");
	chip.addr = (uint8_t)l->value[0];
	for (unsigned i = 0; i < b->n_chips; i++)
		if (b->chips[i].addr == chip.addr)
			return wrong(l, "another chip has that address: ",
				     b->chips[i].wire->part);
	kind->plan(&chip.plan, chip.addr, l->value + 1);
	b->chips[b->n_chips++] = chip;
	return chip_channels(l, &chip);
}

static enum gh_status read_line(struct line *l)
{
	char name[KEY_CAP];
	const struct gh_chip *kind;
	bool known = false;
	enum gh_status st;

	next_word(&l->text, name, sizeof(name));
	for (size_t i = 0; i < GH_ARRAY_SIZE(methods); i++) {
		const struct method *m = &methods[i];

		if (strcmp(m->name, name) != 0)
			continue;
		known = true;
		if (!(m->carries & 1u << l->wire->what))
			continue;
		st = read_options(l, m->options);
		return st == GH_OK ? m->add(l) : st;
	}
	for (size_t i = 0; (kind = gh_chip_at(i)); i++)
		if (strcmp(kind->name, name) == 0)
			return add_chip(l, kind);
	if (known)
		return wrong(l, "that quantity cannot be wired as ", name);
	return wrong(l,
		     "expected servo, analog, pwm, ina219 or tcs34725, "
		     "found ",
		     name);
}

/* Joins each servo with what measures it: the same part name. */
static void join_parts(struct fm_board *b)
{
	for (unsigned s = 0; s < b->n_servos; s++) {
		const char *part = b->servos[s].wire->part;

		for (unsigned i = 0; i < b->n_analogs; i++)
			if (b->analogs[i].is_pot &&
			    strcmp(b->analogs[i].wire->part, part) == 0)
				b->servos[s].pot = (int)i;
		for (unsigned i = 0; i < b->n_chips; i++)
			if (b->chips[i].wire->what == GH_Q_CURRENT &&
			    strcmp(b->chips[i].wire->part, part) == 0)
				b->servos[s].shunt = (int)i;
	}
}

enum gh_status gh_firmata_wires(struct fm_board *out,
				const struct gh_wiring *wiring,
				struct gh_err *err)
{
	memset(out, 0, sizeof(*out));
	out->file = wiring && wiring->file ? wiring->file : "rig file";
	for (size_t i = 0; wiring && i < wiring->n; i++) {
		struct line l = { .board = out,
				  .wire = &wiring->wires[i],
				  .text = wiring->wires[i].how,
				  .err = err };
		enum gh_status st = read_line(&l);

		if (st != GH_OK)
			return st;
	}
	join_parts(out);
	return GH_OK;
}
