/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doctor_world - the steps of the controller, of the disk and of priority.
 */
#include "cli/doctor_say.h" /* what is defined here */

#include <math.h>
#include <string.h>

/* Beyond use: the hard limits of probes/link.c. */
#define LOSS_BROKEN_PPM 20000.0
#define REPLY_BROKEN_MS 80.0
/* reliability.md section 2. */
#define COMMIT_ADVICE_MS 50.0
/*
 * A check of twelve joints for one minute took 0.54 MB (measured): room for a
 * year of nights, and for one night with its log.
 */
#define SPACE_ADVICE_MB 200.0
#define SPACE_BROKEN_MB 10.0

/* ---- The controller --------------------------------------------------------*/

void gh_doctor_answer(const struct gh_doctor_facts *f, struct gh_step *s)
{
	if (f->open.done && f->open.st != GH_OK) {
		gh_doctor_found(s, GH_STEP_BROKEN, "NO: %s", f->open.msg);
		gh_doctor_mend(s, "%s", gh_status_advice(f->open.st));
	} else if (!f->answer.done) {
		return;
	} else if (f->answer.st == GH_OK) {
		gh_doctor_found(s, GH_STEP_OK, "%s %s%s", f->info.model,
				f->info.firmware,
				f->simulated ? ", SIMULATED" : "");
	} else if (f->other[0]) {
		gh_doctor_found(s, GH_STEP_OK, "%s %s", f->info.model,
				f->info.firmware);
	} else if (f->answer.st == GH_UNSUP || f->answer.st == GH_PROTO) {
		gh_doctor_found(s, GH_STEP_OK, "something does");
	} else {
		gh_doctor_found(s, GH_STEP_BROKEN, "NO: %s", f->answer.msg);
		gh_doctor_mend(s, "%s", gh_status_advice(f->answer.st));
	}
}

void gh_doctor_protocol(const struct gh_doctor_facts *f, struct gh_step *s)
{
	if (!f->answer.done)
		return;
	if (f->answer.st == GH_OK) {
		gh_doctor_found(s, GH_STEP_OK, "%s", f->driver);
	} else if (f->other[0]) {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NO: it speaks %s; %s says %s", f->other,
				f->rig_file, f->rig_driver);
		gh_doctor_mend(s,
			       "take the rig file of this controller, or "
			       "flash it with %s firmware",
			       f->rig_driver);
	} else {
		gh_doctor_found(s, GH_STEP_BROKEN, "NO: %s", f->answer.msg);
		gh_doctor_mend(s, "%s", gh_status_advice(f->answer.st));
	}
}

void gh_doctor_firmware(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const char *id = f->info.id[0] ? f->info.id : "none";

	if (f->rig_id[0] && strcmp(f->rig_id, f->info.id) != 0) {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NO: expected id %s, found %s", f->rig_id, id);
		gh_doctor_mend(s,
			       "plug in the controller of %s, or correct "
			       "its id there",
			       f->rig_file);
	} else if (f->missing_joint[0]) {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NO: it has no joint %s, which %s names",
				f->missing_joint, f->rig_file);
		gh_doctor_mend(s, "ghostlight doctor --rig with the file of "
				  "this sculpture");
	} else if (!f->rig_file[0]) {
		gh_doctor_found(s, GH_STEP_ADVICE,
				"id %s, firmware %s; no rig file to compare "
				"with",
				id, f->info.firmware);
		gh_doctor_mend(s, "give --rig FILE");
	} else {
		gh_doctor_found(s, GH_STEP_OK,
				"id %s%s, firmware %s, %u joints", id,
				f->rig_id[0] ? "" : " (the rig asks for none)",
				f->info.firmware, f->info.n_actuators);
	}
}

void gh_doctor_watchdog(const struct gh_doctor_facts *f, struct gh_step *s)
{
	if (f->info.watchdog_ms == 0) {
		gh_doctor_found(s, GH_STEP_ADVICE,
				"this controller has none: it is moved in "
				"small steps at half speed, never unattended");
	} else if (!f->watchdog.done) {
		gh_doctor_found(s, GH_STEP_UNCHECKED,
				"not proved: it says %u ms; the proof switches "
				"the torque on",
				f->info.watchdog_ms);
		gh_doctor_mend(s, "ghostlight doctor --allow-motion   nobody "
				  "near the arms");
	} else if (f->watchdog.st == GH_OK) {
		gh_doctor_figure(s, "proved_ms", f->proved_ms);
		gh_doctor_found(s, GH_STEP_OK,
				"tripped after %.1f ms without a beat, %u ms "
				"announced",
				f->proved_ms, f->info.watchdog_ms);
	} else if (f->unsafe) {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NOT SAFE: the torque was switched on, and the "
				"safe state was not read back: %s",
				f->watchdog.msg);
		gh_doctor_mend(s, "switch the sculpture off at its own switch");
	} else {
		gh_doctor_found(s, GH_STEP_BROKEN, "NO: %s", f->watchdog.msg);
		gh_doctor_mend(s, "%s", gh_status_advice(f->watchdog.st));
	}
}

void gh_doctor_reply(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const double p99 = f->reply_p99_ms;
	const bool slow_timer = f->usb.latency_timer_ms > 1;
	enum gh_step_state state = GH_STEP_OK;

	if (!f->reply.done)
		return;
	if (f->reply.st != GH_OK) {
		gh_doctor_found(s, GH_STEP_BROKEN, "NO: after %u replies: %s",
				f->replies, f->reply.msg);
		gh_doctor_mend(s, "%s", gh_status_advice(f->reply.st));
		return;
	}
	if (p99 > GH_DOCTOR_REPLY_MS)
		state = p99 > REPLY_BROKEN_MS ? GH_STEP_BROKEN : GH_STEP_ADVICE;
	gh_doctor_found(s, state,
			"%u replies: half in %.1f ms, 99 %% in %.1f ms",
			f->replies, f->reply_p50_ms, p99);
	gh_doctor_figure(s, "replies", f->replies);
	gh_doctor_figure(s, "p50_ms", f->reply_p50_ms);
	gh_doctor_figure(s, "p99_ms", p99);
	if (state != GH_STEP_OK)
		gh_doctor_mend(s, slow_timer ? "set the latency timer, above"
					     : "plug it into the computer "
					       "itself, without a hub");
}

static double share_ppm(double bad, double good)
{
	return bad + good > 0.0 ? bad / (bad + good) * 1e6 : 0.0;
}

double gh_doctor_loss_ppm(const struct gh_dev_stats *n)
{
	const double lost = n->counts_loss ? (double)n->samples_lost : 0.0;

	return fmax(share_ppm((double)(n->frames_bad + n->device_bad),
			      (double)n->frames_good),
		    share_ppm(lost, (double)n->samples));
}

static void no_stream(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const bool failed = f->stream.st != GH_OK;

	gh_doctor_found(s, GH_STEP_BROKEN, "NO: %s",
			failed ? f->stream.msg : "no samples came");
	gh_doctor_mend(s, "%s",
		       gh_status_advice(failed ? f->stream.st : GH_STALE));
}

static enum gh_step_state judge_loss(const struct gh_doctor_facts *f)
{
	const double ppm = gh_doctor_loss_ppm(&f->stats);

	if (ppm > LOSS_BROKEN_PPM)
		return GH_STEP_BROKEN;
	return ppm > GH_DOCTOR_LOSS_PPM || f->stream_bad > 0 ? GH_STEP_ADVICE
							     : GH_STEP_OK;
}

void gh_doctor_loss(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const struct gh_dev_stats *n = &f->stats;
	const double bad = (double)(n->frames_bad + n->device_bad);
	const bool lost = n->counts_loss && n->samples_lost > 0;

	if (!f->stream.done && f->answer.done) {
		gh_doctor_found(s, GH_STEP_UNCHECKED,
				"no channel is known that it could send");
		gh_doctor_mend(s, "give --rig FILE with its wiring");
	}
	if (!f->stream.done)
		return;
	if (f->stream.st != GH_OK || n->frames_good == 0) {
		no_stream(f, s);
		return;
	}
	gh_doctor_found(s, judge_loss(f), "%.0f bad frames%s in %.0f s%s%s",
			bad,
			!n->counts_loss ? ""
			: lost		? ", samples lost"
					: ", no sample lost",
			round(f->stream_s),
			n->counts_loss ? ""
				       : "; this protocol cannot see lost "
					 "samples",
			f->stream_bad ? "; it was worse before that" : "");
	gh_doctor_figure(s, "frames_bad", bad);
	gh_doctor_figure(s, "samples", (double)n->samples);
	gh_doctor_figure(s, "samples_lost",
			 n->counts_loss ? (double)n->samples_lost : NAN);
	gh_doctor_figure(s, "seconds", f->stream_s);
	if (s->state != GH_STEP_OK)
		gh_doctor_mend(s, "change the USB cable, then the hub");
}

/* ---- The disk --------------------------------------------------------------*/

void gh_doctor_disk(const struct gh_doctor_facts *f, struct gh_step *s)
{
	if (!f->commit.done) {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NO: no folder for the database");
		gh_doctor_mend(s, "give --db FILE");
	} else if (f->commit.st != GH_OK) {
		gh_doctor_found(s, GH_STEP_BROKEN, "NO: %s", f->commit.msg);
		gh_doctor_mend(s, "give --db FILE in a folder that is yours "
				  "and not full");
	} else {
		const bool slow = f->commit_p99_ms > COMMIT_ADVICE_MS;

		gh_doctor_found(s, slow ? GH_STEP_ADVICE : GH_STEP_OK,
				"%u commits: half in %.1f ms, 99 %% in %.1f "
				"ms",
				f->commits, f->commit_p50_ms, f->commit_p99_ms);
		gh_doctor_figure(s, "commits", f->commits);
		gh_doctor_figure(s, "p50_ms", f->commit_p50_ms);
		gh_doctor_figure(s, "p99_ms", f->commit_p99_ms);
		if (slow)
			gh_doctor_mend(s,
				       "give --db FILE on a faster disk "
				       "than %s",
				       f->folder);
	}
}

void gh_doctor_space(const struct gh_doctor_facts *f, struct gh_step *s)
{
	enum gh_step_state state = GH_STEP_OK;

	if (!f->space_known)
		return;
	if (f->free_mb < SPACE_ADVICE_MB)
		state = f->free_mb < SPACE_BROKEN_MB ? GH_STEP_BROKEN
						     : GH_STEP_ADVICE;
	gh_doctor_found(s, state,
			state == GH_STEP_OK ? "yes: more than %.0f MB in %s"
					    : "%.0f MB are left in %s",
			state == GH_STEP_OK ? SPACE_ADVICE_MB
					    : floor(f->free_mb),
			f->folder);
	gh_doctor_figure(s, "free_mb", f->free_mb);
	if (state != GH_STEP_OK)
		gh_doctor_mend(s, "free some space, or give --db FILE on "
				  "another disk");
}

/* ---- Priority --------------------------------------------------------------*/

/* A login that is in group dialout anyway, for the port. */
#define LIMITS "/etc/security/limits.d/ghostlight.conf"

void gh_doctor_real_time(const struct gh_doctor_facts *f, struct gh_step *s)
{
	if (f->real_time) {
		gh_doctor_found(s, GH_STEP_OK, "yes: SCHED_FIFO");
		return;
	}
	gh_doctor_found(s, GH_STEP_ADVICE,
			"no: SCHED_FIFO is refused%s; a busy computer may be "
			"late, and the arms stop then",
			f->is_root ? " even to root, as in a container" : "");
	if (!f->is_root)
		gh_doctor_mend(s,
			       "echo '@dialout - rtprio 1' | sudo tee " LIMITS
			       "   then log in again");
}
