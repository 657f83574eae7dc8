/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_recording - recordings made by formula, with dials: what goes in is
 * known, so that a probe can be asked to get it out again. One arm of up to
 * three joints, a core with fibres, crystals under a spotlight, a chrome, a
 * remote, a supply, a link and a controller. The physics is written down here a
 * second time, not borrowed from src/measure or src/sim.
 */
#ifndef GH_TESTS_FAKES_FAKE_RECORDING_H
#define GH_TESTS_FAKES_FAKE_RECORDING_H

#include "engine/recording.h" /* struct gh_recording */

#define GH_FAKE_GRAVITY 9.80665 /* m/s2 */

enum {
	GH_FAKE_JOINTS = 3,
	GH_FAKE_LOOKS = 3,
	GH_FAKE_FIBRES = 3,
	GH_FAKE_CRYSTALS = 2
};

/* Part indexes: the joints come first. */
enum {
	GH_FAKE_CORE = GH_FAKE_JOINTS,
	GH_FAKE_SUPPLY,
	GH_FAKE_LINK,
	GH_FAKE_CONTROLLER,
	GH_FAKE_FIBRE,
	GH_FAKE_CRYSTAL = GH_FAKE_FIBRE + GH_FAKE_FIBRES,
	GH_FAKE_CHROME = GH_FAKE_CRYSTAL + GH_FAKE_CRYSTALS,
	GH_FAKE_SPOTLIGHT,
	GH_FAKE_REMOTE,
	GH_FAKE_PARTS
};

struct gh_fake_joint {
	double offset_a, coulomb_a, viscous; /* A, A, A s/rad */
	double load;	   /* share of the links' weight that is felt: 0 limp */
	double slip_rad;   /* the arm hangs so much further on */
	double bind_a;	   /* a rub at +0.3 rad, sigma 0.03 rad */
	double lag_s;	   /* the arm comes this much later */
	double travel;	   /* share of the commanded travel made */
	double play_rad;   /* lost motion at a turn */
	double jump_a;	   /* current in the first 60 ms after a turn */
	double overshoot;  /* share of a step */
	double hunt_rad;   /* amplitude of 3 Hz while holding */
	double lost_share; /* invalid samples, evenly spread */
	double supply_v;   /* own supply */
	double warm_k;	   /* rise over the run */
	bool is_current_stuck, is_position_stuck, has_no_position;
	bool is_commanded_only;
	bool has_dead_monitor; /* its current: readings, none valid */
	int obeys; /* joint whose command it follows; its own normally */
};

/* Parts that shine by others' light, and the breath. */
struct gh_fake_lights {
	double core_hz;	 /* samples of the core's photodiode */
	double breath;	 /* share of the commanded swing that is made */
	double late_s;	 /* the lamp comes this much later */
	double sputter_hz; /* dropouts of 20 ms to 30 % while it breathes */
	double flicker, flicker_hz; /* sine on all light of the core */
	struct {
		double red, blue; /* shares passed; the others lie between */
		double leak;	  /* room light through an open end */
		bool is_stuck;
		double stale_s; /* a fresh value so often; 0: always */
	} fibre[GH_FAKE_FIBRES];
	struct {
		double base, flash; /* light around the flash, and it on top */
		double at_rad;	    /* of joint 0; sigma 0.05 rad */
		double stale_s; /* as of a fibre */
	} crystal[GH_FAKE_CRYSTALS];
	double crystal_dark, spotlight;
	double angle_late_s; /* the angle is read later than the light */
	double chrome_red, chrome_blue, chrome_dark;
	double presses, battery_v, signal_db; /* presses counted of 4 asked */
};

struct gh_fake {
	struct gh_rig rig;
	double rate_hz;	  /* of joints and supply */
	double kt_nm_a;	  /* gravity in current */
	double noise_a;	  /* rms */
	double count_rad; /* of the encoder; 0: 1e-5 */
	unsigned seed;
	unsigned n_joints;
	struct gh_fake_joint joint[GH_FAKE_JOINTS];
	double emf_v, source_ohm, idle_a;
	double lamp[4]; /* light of each channel at full drive, 0..1 */
	double room;	/* dark level of all eyes */
	double colour_gain, light_gain; /* of the two sensors */
	bool is_colour_stuck, is_light_stuck;
	struct gh_fake_lights lights;
	bool has_gap;	/* half a second of silence in the first sweep */
	bool one_speed; /* quick: only the fast sweep */
	gh_us cut;	/* the recording ends here; 0: it is whole */
};

/* A healthy sculpture sampled at rate_hz. */
void gh_fake_init(struct gh_fake *fake, unsigned n_joints, double rate_hz);
/* Never NULL; free with gh_recording_destroy. */
struct gh_recording *gh_fake_record(const struct gh_fake *fake);
/* Every exercise the recording contains. */
uint32_t gh_fake_wanted(void);
/* Weight about joint j of the arm held straight out, as current, A. */
double gh_fake_gravity_a(const struct gh_fake *fake, unsigned j);
/* Length of the whole recording. */
gh_us gh_fake_length(const struct gh_fake *fake);

#endif
