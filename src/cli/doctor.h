/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doctor - the chain from the cable to the answer. Three parts that do not mix:
 * facts are gathered from the machine (doctor_facts.c) and by talking to the
 * controller (doctor_talk.c), a pure table turns facts into steps
 * (doctor_steps.c), report/steps.h prints them.
 */
#ifndef GH_CLI_DOCTOR_H
#define GH_CLI_DOCTOR_H

#include "cli/paths.h"	   /* GH_PATH_CAP */
#include "driver/driver.h" /* struct gh_dev_info */
#include "engine/run.h"	   /* struct gh_ears */
#include "link/facts.h"	   /* struct gh_port_facts */
#include "report/steps.h"  /* struct gh_steps */
#include "rig/rig.h"	   /* struct gh_rig */

/* In the order in which they are told. */
enum gh_doctor_step {
	GH_DOCTOR_ADAPTER,
	GH_DOCTOR_PORT,
	GH_DOCTOR_PERMISSION,
	GH_DOCTOR_RULE,
	GH_DOCTOR_HOLDER,
	GH_DOCTOR_THIEVES,
	GH_DOCTOR_LATENCY,
	GH_DOCTOR_ANSWER,
	GH_DOCTOR_PROTOCOL,
	GH_DOCTOR_FIRMWARE,
	GH_DOCTOR_WATCHDOG,
	GH_DOCTOR_REPLY,
	GH_DOCTOR_LOSS,
	GH_DOCTOR_DISK,
	GH_DOCTOR_SPACE,
	GH_DOCTOR_REAL_TIME,
	GH_DOCTOR_STEPS
};

/* One question to the controller: was it asked, and how did that end? */
struct gh_doctor_try {
	bool done;
	enum gh_status st;
	char msg[224]; /* of a failure */
};

struct gh_doctor_facts {
	/* What was asked for. */
	char port[128]; /* "" : none was named, none can be chosen */
	char rig_file[160], rig_driver[GH_NAME_CAP], rig_id[40];
	bool allow_motion;
	int rig_vid,
		rig_pid; /* of the adapter the rig file names, vid 0: any */
	char why_no_port[224]; /* when there is none */
	bool stopped;	       /* by the operator: the facts are not whole */

	/* The machine. */
	unsigned ports_seen; /* ports the machine has */
	struct gh_err listing; /* why it may be too few; GH_OK: it is not */
	bool is_usb;	     /* `usb` is the row of our port */
	struct gh_port usb;
	bool has_lonely; /* a known adapter without a port: */
	struct gh_port lonely;
	struct gh_port_facts at;
	struct gh_host_facts host;

	/* The controller. */
	struct gh_doctor_try open;   /* the port itself */
	struct gh_doctor_try answer; /* by the driver of the rig */
	char other[GH_NAME_CAP];     /* the driver that was answered instead */
	char driver[GH_NAME_CAP];    /* that talks to it */
	bool simulated;
	struct gh_dev_info info;	 /* valid when answer.st is GH_OK */
	char missing_joint[GH_NAME_CAP]; /* of the rig, not in the info */
	struct gh_doctor_try watchdog;
	double proved_ms;
	bool unsafe; /* armed for that, and the safe state was not read back */
	struct gh_doctor_try reply;
	unsigned replies;
	double reply_p50_ms, reply_p99_ms;
	struct gh_doctor_try stream;
	double stream_s;
	struct gh_dev_stats stats; /* of the stream's time only */
	unsigned stream_bad;	   /* tries before that one that went wrong */

	/* The disk. */
	char folder[GH_PATH_CAP]; /* of the database, or where it will be */
	struct gh_doctor_try commit;
	unsigned commits;
	double commit_p50_ms, commit_p99_ms;
	bool space_known;
	double free_mb;

	/* This computer, as a run would have it while joints move. */
	bool real_time, is_root;
};

/*
 * Pure: all steps from the facts. A step that needs one which is broken, or was
 * not done, is "not checked yet". Fills step[], n, answers and exit_code.
 */
void gh_doctor_judge(const struct gh_doctor_facts *f, struct gh_steps *out);

/* Rows of the table: one per step, in doctor_rows.c. */
struct gh_doctor_row {
	const char *id, *title;
	int needs; /* the step before it, -1: stands alone */
	void (*judge)(const struct gh_doctor_facts *f, struct gh_step *step);
};
extern const struct gh_doctor_row gh_doctor_rows[GH_DOCTOR_STEPS];

/*
 * What is too slow and too lossy to be healthy. probes/link.c has the 200 ppm;
 * 20 ms: a heartbeat every 25 ms must fit in between.
 */
#define GH_DOCTOR_REPLY_MS 20.0
#define GH_DOCTOR_LOSS_PPM 200.0
/* The worse share of frames and samples, 1e-6. */
double gh_doctor_loss_ppm(const struct gh_dev_stats *n);

/*
 * Port, host, disk and priority; opens nothing but a scratch database. A slow
 * disk takes seconds: a stop that the ears heard is f->stopped.
 */
void gh_doctor_machine(const struct gh_clock *clk, const struct gh_ears *ears,
		       const char *db, struct gh_doctor_facts *f);

/*
 * Opens the port and asks. Call it only when the steps up to the holder are
 * not broken. Motion is allowed by f->allow_motion and then only to prove the
 * watchdog of the controller that the rig names. A stop that the ears heard is
 * f->stopped.
 */
void gh_doctor_talk(const struct gh_clock *clk, const struct gh_ears *ears,
		    const struct gh_rig *rig, struct gh_doctor_facts *f);

#endif
