/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rig - what the rig file says of one sculpture: its parts, how the joints
 * hang in chains, how far and how fast they may move, the looks of the core,
 * and which controller carries what. Read once, validated whole, then const.
 */
#ifndef GH_RIG_RIG_H
#define GH_RIG_RIG_H

#include "base/part.h"	 /* enum gh_part_kind */
#include "base/status.h" /* enum gh_status */
#include "base/text.h"	 /* GH_NAME_CAP */
#include "base/wiring.h" /* struct gh_wire */

#include <stdbool.h>
#include <stdint.h>

enum {
	GH_RIG_PARTS = 64,
	GH_RIG_JOINTS = 24,
	GH_RIG_ARMS = 8,
	GH_RIG_CHAIN = 6, /* joints in one arm */
	GH_RIG_LOOKS = 8,
	GH_RIG_LINKS = 4,
	GH_RIG_WIRES = 160
};

#define GH_RIG_NONE (-1)

/* The compiled ceiling of a planned check (measurement.md section 2). */
#define GH_TIP_SPEED_MAX_M_S 1.0
/* Proximity moves, ISO 10218-1 reduced speed (reliability.md section 3). */
#define GH_PROXIMITY_SPEED_M_S 0.25

struct gh_rig_part {
	char name[GH_NAME_CAP];
	enum gh_part_kind kind;
	int joint;	  /* index into joints[] or GH_RIG_NONE */
	int link;	  /* index into links[] or GH_RIG_NONE */
	bool look_by_eye; /* the rig file says: no sensor, a person looks */
	/* A crystal flashes while this joint sweeps the window; NONE else. */
	int swept_by; /* index into joints[] */
	double window_lo_rad, window_hi_rad;
	double floor_db; /* least signal of a remote; 0: not said */
	int line;
};

struct gh_rig_joint {
	int part;	/* index into parts[] */
	int arm;	/* index into arms[] */
	unsigned order; /* 0 = nearest the body */
	double lo_rad, hi_rad;
	double speed_max_rad_s, accel_max_rad_s2;
	double current_max_a; /* host aborts above it; lowers the firmware's */
	double length_m, mass_kg; /* link behind this joint; 0: not known */
	bool may_drop;		  /* torque off is allowed in the safe state */
	double track_abort_rad;	  /* following error that ends the run */
};

struct gh_rig_arm {
	char name[GH_NAME_CAP];
	int joint[GH_RIG_CHAIN]; /* indexes into joints[], body outwards */
	unsigned n;
	/*
	 * Arms with the same non-negative group may meet and never move
	 * together; GH_RIG_NONE: reaches nothing else.
	 */
	int group;
};

struct gh_rig_look {
	char name[GH_NAME_CAP]; /* "twilight_blue" */
	double rgbw[4];		/* drive 0..1 */
};

struct gh_rig_link {
	char name[GH_NAME_CAP];
	char driver[GH_NAME_CAP];
	long baud;     /* best rate to ask for; 0: the driver's default */
	char id[40];   /* unique device id expected, "" when not fixed */
	char port[128]; /* default port or "" */
	/* By which its USB adapter is known; vid 0, "": not said. */
	int usb_vid, usb_pid;
	char usb_serial[65];
};

struct gh_rig {
	char name[GH_NAME_CAP];
	char serial[GH_NAME_CAP];
	char file[160];	 /* as given, for messages */
	char sha256[65]; /* of the file's bytes, lower-case hex */
	struct gh_rig_part parts[GH_RIG_PARTS];
	unsigned n_parts;
	struct gh_rig_joint joints[GH_RIG_JOINTS];
	unsigned n_joints;
	struct gh_rig_arm arms[GH_RIG_ARMS];
	unsigned n_arms;
	struct gh_rig_look looks[GH_RIG_LOOKS];
	unsigned n_looks;
	/* The breath: there and back between two looks, linear ramps. */
	int breath_from, breath_to; /* indexes into looks[] */
	double breath_period_s;	    /* 0: it does not breathe */
	struct gh_rig_link links[GH_RIG_LINKS];
	unsigned n_links;
	struct gh_wire wires[GH_RIG_WIRES];
	int wire_link[GH_RIG_WIRES]; /* index into links[] */
	unsigned n_wires;
	double tip_speed_max_m_s; /* at most GH_TIP_SPEED_MAX_M_S */
	bool unattended; /* may move while nobody is there */
	double supply_nominal_v;
};

/*
 * Reads and validates `path`. The first error ends it, with one line
 * "file:line: what, expected, found"; *out is then untouched. The struct is
 * large (about 60 kB): keep it on the heap (gh_rig_create) or static.
 * GH_ARG: the file is wrong; GH_IO: it cannot be read.
 */
enum gh_status gh_rig_read(struct gh_rig *out, const char *path,
			   struct gh_err *err) GH_MUST_CHECK;

/* As gh_rig_read from memory (n bytes, need not end in NUL); `name` stands
 * for the file in messages. */
enum gh_status gh_rig_parse(struct gh_rig *out, const char *name,
			    const char *text, size_t n,
			    struct gh_err *err) GH_MUST_CHECK;

/* Index into parts[] by name, or GH_RIG_NONE. */
int gh_rig_find_part(const struct gh_rig *rig, const char *name);

/* First part of that kind, or GH_RIG_NONE. */
int gh_rig_first_part(const struct gh_rig *rig, enum gh_part_kind kind);

/*
 * Largest distance of the arm's tip from the axis of its k-th joint, m: the
 * links from k outwards laid straight.
 */
double gh_rig_reach_m(const struct gh_rig *rig, int arm, unsigned k);

#endif
