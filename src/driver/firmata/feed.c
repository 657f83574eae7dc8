/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * feed - reports into samples. The board has no clock: a report's time is when
 * it came, less the jitter of the way. It samples on an even beat, and a
 * report is never early, so the beat is followed from below: each report is
 * taken to be one interval after the last, pulled to its arrival at once when
 * it came earlier and slowly when it came later.
 */
#include "driver/firmata/dev.h" /* struct gh_dev */

#include <math.h>
#include <string.h>

/* StandardFirmata 2.3 and 2.4 go no faster (MINIMUM_SAMPLING_INTERVAL). */
#define LEAST_INTERVAL_MS 10
#define MOST_INTERVAL_MS 1000
/* Half the line for analog reports; chips and answers have the rest. */
#define LINE_BYTES_PER_S (FM_BAUD / 20.0)
enum { REPORT_BYTES = 3 };
/*
 * Share by which a late beat follows (guess). A board whose ceramic resonator
 * is 0.5 % slow is then stamped 1 ms early at 100 Hz.
 */
#define BEAT_PULL 0.05
/* Still standing: two counts of a 10 bit pot over 180 deg of its travel. */
#define SETTLED_RAD 0.008

void gh_firmata_emit(struct gh_dev *dev, uint16_t channel, gh_us at,
		     int16_t raw)
{
	struct gh_sample *s;

	if (!dev->streamed[channel])
		return;
	if (dev->sample_n == FM_SAMPLES) {
		dev->sample_head = (dev->sample_head + 1) % FM_SAMPLES;
		dev->sample_n--;
		dev->stats.samples_lost++;
	}
	/* A gap's mark must not come after the older value that ends it. */
	if (at < dev->emitted_at[channel])
		at = dev->emitted_at[channel];
	dev->emitted_at[channel] = at;
	s = &dev->samples[(dev->sample_head + dev->sample_n++) % FM_SAMPLES];
	*s = (struct gh_sample){ .at = at, .channel = channel, .raw = raw };
	dev->stats.samples++;
}

static gh_us beat(struct gh_dev *dev, struct fm_tick *t)
{
	const gh_us step = (gh_us)dev->interval_ms * GH_US_PER_MS;
	const gh_us now = gh_firmata_now(dev);
	const gh_us late = now - (t->at + step);

	if (!t->running || late > 4 * step)
		t->at = now; /* begins, or reports were lost */
	else if (late < 0)
		t->at = now > t->at ? now : t->at + 1;
	else
		t->at += step + (gh_us)((double)late * BEAT_PULL);
	t->running = true;
	return t->at;
}

/*
 * A pot gives lo_v..hi_v; the bands beyond are there to show a broken wire.
 * Half of each band is left to tolerance.
 */
static bool is_live(const struct fm_analog *a, double volts)
{
	return volts >= a->lo_v / 2.0 &&
	       volts <= a->hi_v + (a->vref_v - a->hi_v) / 2.0;
}

static void note_pot(struct fm_reading *r, double rad, gh_us at)
{
	if (!r->known || fabs(rad - r->settled_rad) > SETTLED_RAD) {
		r->settled_rad = rad;
		r->settled_since = at;
	}
	r->value = rad;
}

static int16_t raw_of(double rad, int32_t den)
{
	return (int16_t)lround(fmax(-INT16_MAX, fmin(INT16_MAX, rad * den)));
}

/* Tells once when a pot leaves its band and once when it is back. */
static void tell(struct gh_dev *dev, const struct fm_analog *a,
		 const struct fm_reading *r, bool valid, double volts)
{
	if (valid == (!r->known || r->valid))
		return;
	gh_firmata_event(dev, GH_DEV_EV_SENSOR, a->channel, valid,
			 "%s: A%u reads %.2f V%s", a->wire->part, a->input,
			 volts, valid ? " again" : ", wire open or shorted");
}

static unsigned analog_bits(const struct gh_dev *dev, unsigned input)
{
	for (unsigned i = 0; i < dev->n_pins; i++)
		if (dev->pins[i].analog == (int)input)
			return dev->pins[i].bits[FM_MODE_ANALOG];
	return 10;
}

static void take_report(struct gh_dev *dev, unsigned i, unsigned counts)
{
	const struct fm_analog *a = &dev->board.analogs[i];
	struct fm_reading *r = &dev->readings[i];
	const struct gh_dev_channel *ch = &dev->board.channels[a->channel];
	const unsigned full = 1u << analog_bits(dev, a->input);
	const double volts = counts * a->vref_v / full;
	const gh_us at = beat(dev, &dev->ticks[i]);
	const bool valid = !a->is_pot || is_live(a, volts);
	int16_t raw = (int16_t)counts;

	if (counts >= full) {
		dev->in.bad++; /* no such reading on this board */
		return;
	}
	tell(dev, a, r, valid, volts);
	r->valid = valid;
	if (a->is_pot && r->valid) {
		const double share = (volts - a->lo_v) / (a->hi_v - a->lo_v);
		const double rad =
			a->at_lo_rad + share * (a->at_hi_rad - a->at_lo_rad);

		note_pot(r, rad, at);
		raw = raw_of(rad, ch->den);
	}
	if (!r->valid)
		raw = GH_RAW_INVALID;
	r->known = true;
	r->at = at;
	gh_firmata_emit(dev, a->channel, at, raw);
}

void gh_firmata_on_analog(struct gh_dev *dev, const struct fm_message *m)
{
	for (unsigned i = 0; dev->ready && i < dev->board.n_analogs; i++)
		if (dev->board.analogs[i].input == m->id)
			take_report(dev, i, m->value);
}

void gh_firmata_report(struct gh_dev *dev, unsigned input, bool on)
{
	const uint8_t bytes[] = { (uint8_t)(FM_REPORT_ANALOG | input), on };

	gh_firmata_send(dev, bytes, sizeof(bytes));
}

unsigned gh_firmata_interval_ms(const struct gh_dev *dev, double rate_hz)
{
	const double line_ms =
		dev->board.n_analogs * REPORT_BYTES * 1000.0 / LINE_BYTES_PER_S;
	const double least = fmax(LEAST_INTERVAL_MS, ceil(line_ms));

	return (unsigned)fmin(MOST_INTERVAL_MS,
			      fmax(least, floor(1000.0 / rate_hz + 0.001)));
}

static bool is_streamed(const struct gh_dev *dev, uint16_t channel)
{
	for (unsigned s = 0; s < GH_STREAMS; s++)
		for (unsigned i = 0; i < dev->streams[s].n; i++)
			if (dev->streams[s].channels[i] == channel)
				return true;
	return false;
}

/* Brings the board's reporting to what all streams together ask for. */
static void apply(struct gh_dev *dev)
{
	struct fm_frame f;

	dev->streaming = false;
	dev->rate_hz = 0.0;
	for (unsigned s = 0; s < GH_STREAMS; s++)
		if (dev->streams[s].n)
			dev->rate_hz =
				fmax(dev->rate_hz, dev->streams[s].rate_hz);
	for (unsigned i = 0; i < dev->board.n_channels; i++) {
		dev->streamed[i] = is_streamed(dev, (uint16_t)i);
		dev->streaming |= dev->streamed[i];
	}
	if (dev->streaming) {
		dev->interval_ms = gh_firmata_interval_ms(dev, dev->rate_hz);
		gh_firmata_begin(&f, FM_SAMPLING_INTERVAL);
		gh_firmata_pair(&f, dev->interval_ms);
		gh_firmata_end(&f);
		gh_firmata_send_frame(dev, &f);
	}
	for (unsigned i = 0; i < dev->board.n_analogs; i++) {
		const struct fm_analog *a = &dev->board.analogs[i];

		dev->ticks[i].running = false;
		gh_firmata_report(dev, a->input, dev->streamed[a->channel]);
	}
	gh_firmata_bus_start(dev);
	dev->heard_at = gh_firmata_host_now(dev);
	dev->silence_us = 0;
}

/* The slowest of them: what a probe may count on. */
static double actual_rate(const struct gh_dev *dev, const struct fm_stream *s)
{
	double hz = s->n ? 1000.0 / dev->interval_ms : 0.0;

	for (unsigned i = 0; i < s->n; i++)
		hz = fmin(hz, dev->board.channels[s->channels[i]].max_rate_hz);
	return hz;
}

enum gh_status gh_firmata_stream(struct gh_dev *dev, unsigned stream,
				 const uint16_t *channels, unsigned n,
				 double rate_hz, double *actual_hz,
				 struct gh_err *err)
{
	struct fm_stream *s;

	if (stream >= GH_STREAMS || n > GH_STREAM_CHANNELS)
		return gh_fail(err, GH_ARG, "no stream %u of %u channels",
			       stream, n);
	for (unsigned i = 0; i < n; i++)
		if (channels[i] >= dev->board.n_channels)
			return gh_fail(err, GH_ARG, "no channel %u",
				       channels[i]);
	if (n && !(rate_hz > 0.0))
		return gh_fail(err, GH_ARG, "a stream of %g Hz", rate_hz);
	s = &dev->streams[stream];
	s->n = n;
	s->rate_hz = rate_hz;
	if (n)
		memcpy(s->channels, channels, n * sizeof(*channels));
	apply(dev);
	if (actual_hz)
		*actual_hz = actual_rate(dev, s);
	return gh_firmata_exchange(dev, err);
}

/*
 * Commanded angles come from here, not from the board: it echoes nothing. A
 * servo that is not driven has no command and gives no sample.
 */
void gh_firmata_feed_step(struct gh_dev *dev)
{
	const gh_us step = (gh_us)dev->interval_ms * GH_US_PER_MS;
	const gh_us now = gh_firmata_now(dev);

	if (!dev->streaming || now < dev->command_due)
		return;
	dev->command_due += step;
	if (dev->command_due <= now)
		dev->command_due = now + step;
	for (unsigned i = 0; i < dev->board.n_servos; i++) {
		const struct fm_servo *s = &dev->board.servos[i];
		const struct fm_joint *j = &dev->motion.joints[i];

		if (j->attached)
			gh_firmata_emit(
				dev, s->channel, now,
				raw_of(gh_firmata_angle_rad(s, j->sent_us),
				       dev->board.channels[s->channel].den));
	}
}
