/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_state - private to the engine: one run while it is on. run.c has the
 * order of things, run_setup.c the plan, run_streams.c the channels,
 * run_motion.c the joints' programs, run_ends.c the ends of travel, run_jog.c a
 * joint moved by hand, run_lights.c the lamps, run_safety.c the joints'
 * envelope, run_alarm.c what else ends a run, run_arm.c who may move,
 * run_ears.c the operator's stop.
 */
#ifndef GH_ENGINE_RUN_STATE_H
#define GH_ENGINE_RUN_STATE_H

#include "engine/run.h" /* struct gh_run_config */

/* Where one joint's program stands. */
struct run_cursor {
	size_t next, end;  /* spans of the plan still to be sent */
	gh_us at;	   /* plan time up to which it is sent */
	double offset_rad; /* identity wiggles about where the arm hangs */
};

/* Where the lamp of a part stands, or what it is shown. */
struct run_torch {
	size_t next, end; /* spans of the plan still to come */
	int lamp;	  /* -1: the controller has none for it */
};

/* The safety envelope's memory of one joint. */
struct run_watch {
	int position, current; /* recording channels, -1: none */
	double limit_a;	       /* more ends the run */
	gh_us guard_at; /* controller time its guard stopped it, 0: it did not */
	unsigned over_current; /* consecutive samples */
	gh_us astray_since;    /* following error since, 0: none */
	gh_us blind_since;     /* no valid position since, 0: none */
	double still_rad;      /* where it stands uncommanded, NAN: not yet */
	gh_us seen_at; /* host time of the last position, valid or not */
	size_t span;   /* where the command was looked up last */
};

/* A program of one segment that no span of the plan describes. */
struct run_move {
	struct gh_segment seg;
	double from_rad;
	gh_us start; /* controller time */
};

/* What else ends a run: run_alarm.c. */
struct run_alarm {
	gh_us look_at; /* host time of the next look at the link's counters */
	uint64_t good, bad;    /* as they stood then */
	bool fed[GH_RIG_PARTS]; /* the supply was seen with its volts */
	gh_us sags_since[GH_RIG_PARTS];
	unsigned hot[GH_RIG_PARTS]; /* consecutive samples */
};

struct run {
	const struct gh_run_config *cfg;
	struct gh_run_outcome *out;
	struct gh_dev *dev;
	const struct gh_dev_info *info;
	struct gh_recording *rec;
	struct gh_plan *plan;
	struct gh_err err;

	int channel_map[GH_DEV_CHANNELS]; /* device -> recording, -1 */
	int actuator[GH_RIG_JOINTS];	  /* of the joint, -1 */
	struct run_torch torch[GH_RIG_PARTS];
	struct run_cursor cursor[GH_RIG_JOINTS];
	struct run_watch watch[GH_RIG_JOINTS];

	uint32_t joints;		  /* that may still move */
	gh_us shift;			  /* controller time of plan time 0 */
	gh_us program_end; /* plan time at which the program is over */
	gh_us started_at;  /* controller time at which it began or begins */
	bool watched;	   /* the watchman was woken */
	gh_us over_at;	   /* controller time at which it stopped, 0: not yet */
	bool program_on;   /* a program runs */
	bool on_guard; /* armed, and nothing hangs free: the envelope watches */
	struct run_move move[GH_RIG_JOINTS];
	/* Whose program is in move[], all others are told nothing; or
	 * RUN_BY_PLAN. */
	uint32_t moves;
	struct run_alarm alarm;
	gh_us lights_until; /* plan time: no lamp is sent what begins later */
	bool time_line_on;  /* shift is known: phases can be told */

	gh_us deadline;	       /* host time at which motion ends */
	gh_us verdict_at;      /* host time the verdict is due */
	gh_us progress_at;     /* host time of the next progress event */
	gh_us hear_at;	       /* host time by which the ears are asked */
	gh_us back_at;	       /* host time when the last wait ended */
	gh_us away_us, away_at; /* it did not run or look so long, lately */
	struct gh_clock clock; /* the driver's: it hears while it waits */
	bool stopped;	       /* the operator said so */
	gh_us heard_at;	       /* host time when */
	gh_us stop_sent_at;    /* and when the stop was on the wire, 0: not */
	bool deaf;    /* on the way to the safe state: nothing to stop */
	bool overdue; /* the deadline ended it, not a lost reply */
	unsigned phase;
	gh_us moved_us;
};

/* measurement.md section 2: joints and light at 100 Hz (50 works). */
#define RUN_FAST_HZ 100.0

/* A few milliseconds: a beat is due every 25 ms, a host step every 20 ms. */
#define RUN_TICK_US 4000

/* run.moves: the program is the plan's. */
#define RUN_BY_PLAN UINT32_MAX

/* --- run_setup.c --- */
/* Finds the rig's parts on the controller; says what is expected and found. */
enum gh_status run_map(struct run *r);
enum gh_status run_make_plan(struct run *r);
/* Copies what the driver counted into the recording's facts. */
void run_copy_facts(struct run *r, double proved_ms);

/* --- run_streams.c --- */
enum gh_status run_start_streams(struct run *r);

/* --- run_arm.c --- */
/*
 * Lowers the controller's limits to the rig's and arms, if the permission for
 * it is still fresh. From here on the envelope watches every joint.
 */
enum gh_status run_arm(struct run *r, double *proved_ms);

/* --- run_motion.c --- */
/* Runs the joints' spans of [begin, end) of the plan to their end. */
enum gh_status run_program(struct run *r, gh_us begin, gh_us end);
/* Drops joints that did not answer their own wiggle. */
enum gh_status run_identity(struct run *r);
/* Eases all joints to 0, slowly, where they do not hang there already. */
enum gh_status run_home(struct run *r);

/*
 * Starts what r->moves and r->move say and follows it for `longest`, the
 * longest of them.
 */
enum gh_status run_follow_moves(struct run *r, gh_us longest);

/* Starts the uploaded programs; from here a stop is sent at once. */
enum gh_status run_start_motion(struct run *r, gh_us start);
/* Counts motion from start that was to last `planned`. */
void run_count_motion(struct run *r, gh_us start, gh_us planned);

/* --- run_ends.c --- */
/* One joint after the other to its ends, then all without torque. */
enum gh_status run_ends(struct run *r);

/* --- run_jog.c --- */
/* The joint of a jog from where it hangs to the end of its way. */
enum gh_status run_jog(struct run *r);

/* --- run_lights.c --- */
/* Finds each part's spans in the plan. */
void run_aim_lights(struct run *r);
/* Sends the lamp levels that are due. */
enum gh_status run_lights(struct run *r, gh_us device_now);

/* --- run_safety.c --- */
/*
 * How much current of each joint ends the run: the least of what the rig file
 * says, what the controller says of itself, and what the sensor can show.
 */
void run_limit_currents(struct run *r);
/* Checks one sample against the envelope; anything but GH_OK ends the run. */
enum gh_status run_envelope(struct run *r, unsigned channel, gh_us at,
			    int16_t raw);
/* A joint whose samples stopped coming while it moves ends the run. */
enum gh_status run_unseen(struct run *r);
/* So much of a place is forgotten: each joint's is where it stands next. */
void run_forget_places(struct run *r);
/* What a probe is to know of it later: whose envelope ended the run, and how. */
void run_note_stop(struct run *r, const char *part, const char *by);

/* --- run_alarm.c --- */
enum gh_status run_dev_event(struct run *r, const struct gh_dev_event *ev);
/* A sample of a supply's volts or a joint's warmth; others are none of it. */
enum gh_status run_alarm_sample(struct run *r, unsigned channel, gh_us at,
				int16_t raw);
/* A burst of damaged frames ends the run while the envelope watches. */
enum gh_status run_alarm_link(struct run *r);

/* --- run_ears.c --- */
/* Every wait of a run: counts how long nobody looked. */
int run_wait(struct run *r, struct pollfd *fds, size_t n, gh_us until);
/* Makes the clock the driver waits on. */
void run_ears_open(struct run *r);
/* ready: an ear has something to say; else asked every 20 ms. */
enum gh_status run_hear(struct run *r, bool ready);

/* --- run.c --- */
/* One turn of the loop: wait, hear, read, record, watch, tell. */
enum gh_status run_turn(struct run *r);
/* Plan time `begin` is now, for a time line without joints. */
void run_time_line(struct run *r, gh_us begin);
void run_tell(struct run *r, enum gh_event_kind kind, const char *text);

#endif
