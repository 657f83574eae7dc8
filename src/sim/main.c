/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ghostlight-sim - a simulated sculpture on a pseudo-terminal, in real time
 * (or --time-scale times faster). SIGUSR1 makes its controller reboot; SIGUSR2
 * makes it print where its motion is now, as --tell does at every change.
 */
#include "base/clock.h"	 /* gh_us */
#include "base/status.h" /* struct gh_err */
#include "base/text.h"	 /* gh_parse_long */
#include "rig/rig.h"	 /* gh_rig_read */
#include "sim/device.h"	 /* struct gh_sim_device */
#include "sim/fault.h"	 /* gh_faults */
#include "sim/pty.h"	 /* struct gh_sim_pty */
#include "sim/tell.h"	 /* gh_sim_motion_print */

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#ifndef GH_DATADIR
#define GH_DATADIR "/usr/local/share/ghostlight"
#endif

enum { EXIT_USAGE = 64, EXIT_INTERNAL = 70, FAULTS_MAX = 32 };

/* The world may fall behind by this much before it lets time go. */
#define LAG_MAX_US 250000
/* Busy: two wakes a millisecond at most. Idle: ten a second. */
#define BUSY_LEAST_US 500
#define BUSY_MOST_US 1000
#define IDLE_MOST_US 100000
/* A host that is silent for so long may be gone. */
#define SILENT_US 1000000

struct options {
	const char *rig, *link_name, *board;
	long seed, session, time_scale;
	const char *faults[FAULTS_MAX];
	size_t n_faults;
	bool press, enable, tell, list_faults, help;
};

static volatile sig_atomic_t asked_to_end;
static volatile sig_atomic_t asked_to_reboot;
static volatile sig_atomic_t asked_to_tell;

static void on_signal(int sig)
{
	if (sig == SIGUSR1)
		asked_to_reboot = 1;
	else if (sig == SIGUSR2)
		asked_to_tell = 1;
	else
		asked_to_end = 1;
}

/* One of: text, number with its least value, flag, list of faults. */
struct option {
	const char *name, *what, *help;
	const char **text;
	long *number, least, most;
	bool *flag;
};

static void print_help(const struct option *opts)
{
	puts("usage: ghostlight-sim [OPTION]...\n"
	     "A simulated sculpture on a pseudo-terminal; ends on SIGTERM.");
	for (; opts->name != NULL; opts++)
		printf("  %-14s %-26s %s\n", opts->name, opts->what,
		       opts->help);
}

static void list_faults(void)
{
	printf("%-18s %-12s %-28s %8s %10s %8s\n", "fault", "part", "unit",
	       "barely", "noticeable", "gross");
	for (const struct gh_fault *f = gh_faults; f->name != NULL; f++)
		printf("%-18s %-12s %-28s %8g %10g %8g\n", f->name,
		       f->part_kind, f->unit, f->barely, f->noticeable,
		       f->gross);
}

static enum gh_status take_value(struct options *o, const struct option *opt,
				 const char *value, struct gh_err *err)
{
	long n;

	if (value == NULL)
		return gh_fail(err, GH_ARG, "%s: expected %s, found nothing",
			       opt->name, opt->what);
	if (opt->text != NULL) {
		*opt->text = value;
		return GH_OK;
	}
	if (opt->number == NULL) {
		if (o->n_faults == FAULTS_MAX)
			return gh_fail(err, GH_ARG,
				       "--fault: at most %d of them",
				       FAULTS_MAX);
		o->faults[o->n_faults++] = value;
		return GH_OK;
	}
	if (!gh_parse_long(value, &n) || n < opt->least || n > opt->most)
		return gh_fail(err, GH_ARG,
			       "%s: expected a whole number from %ld to %ld, "
			       "found \"%s\"",
			       opt->name, opt->least, opt->most, value);
	*opt->number = n;
	return GH_OK;
}

static const struct option *find_option(const struct option *opts,
					const char *arg)
{
	size_t n = strcspn(arg, "=");

	for (; opts->name != NULL; opts++)
		if (strlen(opts->name) == n && strncmp(opts->name, arg, n) == 0)
			return opts;
	return NULL;
}

static enum gh_status take_arg(struct options *o, const struct option *opts,
			       char **argv, int *i, struct gh_err *err)
{
	const struct option *opt = find_option(opts, argv[*i]);
	const char *equals = strchr(argv[*i], '=');

	if (opt == NULL)
		return gh_fail(err, GH_ARG, "%s: no such option (try --help)",
			       argv[*i]);
	if (opt->flag != NULL && equals == NULL) {
		*opt->flag = true;
		return GH_OK;
	}
	if (opt->flag != NULL)
		return gh_fail(err, GH_ARG, "%s takes no value", opt->name);
	if (equals != NULL)
		return take_value(o, opt, equals + 1, err);
	return take_value(o, opt, argv[++*i], err);
}

static enum gh_status parse(struct options *o, int argc, char **argv,
			    struct gh_err *err)
{
	const struct option opts[] = {
		{ "--rig", "FILE", "the sculpture (schemas/lumina.rig)",
		  &o->rig, NULL, 0, 0, NULL },
		{ "--seed", "N", "the individual", NULL, &o->seed, 0, INT32_MAX,
		  NULL },
		{ "--session", "N", "the power-up", NULL, &o->session, 0,
		  INT32_MAX, NULL },
		{ "--board", "KIND", "lumina, or as on an uno or a mega",
		  &o->board, NULL, 0, 0, NULL },
		{ "--fault", "NAME@PART[=SEVERITY]",
		  "barely, noticeable, gross or a number", NULL, NULL, 0, 0,
		  NULL },
		{ "--time-scale", "X", "times faster than the wall", NULL,
		  &o->time_scale, 1, GH_SIM_TIME_SCALE_MAX, NULL },
		{ "--link-name", "PATH", "symbolic link to the port",
		  &o->link_name, NULL, 0, 0, NULL },
		{ "--press", "", "somebody presses the remote every 1.6 s",
		  NULL, NULL, 0, 0, &o->press },
		{ "--enable", "", "the controller has an enable input, on",
		  NULL, NULL, 0, 0, &o->enable },
		{ "--tell", "", "print when motion begins, ends and is stopped",
		  NULL, NULL, 0, 0, &o->tell },
		{ "--list-faults", "", "what --fault knows", NULL, NULL, 0, 0,
		  &o->list_faults },
		{ "--help", "", "this text", NULL, NULL, 0, 0, &o->help },
		{ NULL, NULL, NULL, NULL, NULL, 0, 0, NULL },
	};
	enum gh_status st = GH_OK;

	for (int i = 1; i < argc && st == GH_OK; i++)
		st = take_arg(o, opts, argv, &i, err);
	if (st == GH_OK && o->help)
		print_help(opts);
	return st;
}

static gh_us now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (gh_us)t.tv_sec * GH_US_PER_S + t.tv_nsec / 1000;
}

/* What passes between the wire and the terminal at this moment. */
static void exchange(struct gh_sim_device *d, struct gh_sim_pty *pty, gh_us now,
		     gh_us *heard)
{
	unsigned char buf[1024];
	size_t n = gh_sim_pty_read(pty, buf, sizeof(buf));

	if (n > 0)
		*heard = now;
	(void)gh_sim_device_write(d, buf, n);
	while ((n = gh_sim_device_read(d, buf, sizeof(buf))) > 0)
		gh_sim_pty_write(pty, buf, n);
}

static void print_motion(void *self, const struct gh_sim_motion *now)
{
	(void)self;
	gh_sim_motion_print(now, stdout);
}

/* For who asks after the last change: that time has gone on since. */
static void tell_now(const struct gh_sim_device *d)
{
	struct gh_sim_motion now;

	if (!asked_to_tell)
		return;
	asked_to_tell = 0;
	gh_sim_device_motion(d, &now);
	print_motion(NULL, &now);
}

static gh_us nap_us(const struct gh_sim_device *d, gh_us now)
{
	bool busy = gh_sim_device_is_busy(d);
	gh_us most = busy ? BUSY_MOST_US : IDLE_MOST_US;
	gh_us nap = gh_sim_device_next(d) - now;

	if (nap < BUSY_LEAST_US)
		return BUSY_LEAST_US;
	return nap < most ? nap : most;
}

static void wait_for(int fd, gh_us nap, const sigset_t *mask)
{
	struct timespec t = { nap / GH_US_PER_S, nap % GH_US_PER_S * 1000 };
	fd_set in;

	FD_ZERO(&in);
	FD_SET(fd, &in);
	(void)pselect(fd + 1, &in, NULL, NULL, &t, mask);
}

static void run(struct gh_sim_device *d, struct gh_sim_pty *pty,
		const sigset_t *mask)
{
	gh_us start = now_us(), world = 0, heard = 0;

	while (!asked_to_end) {
		gh_us now = now_us() - start;

		if (now - world > LAG_MAX_US) {
			start += now - world - LAG_MAX_US;
			now = world + LAG_MAX_US;
		}
		if (asked_to_reboot) {
			asked_to_reboot = 0;
			gh_sim_device_reboot(d, GH_SIM_BROWN_OUT);
		}
		gh_sim_device_advance(d, now);
		world = now;
		exchange(d, pty, now, &heard);
		tell_now(d);
		if (now - heard > SILENT_US) {
			gh_sim_pty_release(pty);
			heard = now;
		}
		wait_for(pty->master, nap_us(d, now), mask);
	}
}

/* Signals arrive only while waiting: none is missed between test and nap. */
static void catch_signals(sigset_t *while_waiting)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGUSR1, SIGUSR2 };
	struct sigaction act;
	sigset_t blocked;

	memset(&act, 0, sizeof(act));
	act.sa_handler = on_signal;
	sigemptyset(&blocked);
	for (size_t i = 0; i < GH_ARRAY_SIZE(signals); i++) {
		sigaddset(&blocked, signals[i]);
		sigaction(signals[i], &act, NULL);
	}
	sigprocmask(SIG_BLOCK, &blocked, while_waiting);
	for (size_t i = 0; i < GH_ARRAY_SIZE(signals); i++)
		sigdelset(while_waiting, signals[i]);
}

static enum gh_status read_rig(struct gh_rig **out, const char *path,
			       struct gh_err *err)
{
	static const char here[] = "schemas/lumina.rig";
	enum gh_status st;

	if (path == NULL)
		path = access(here, R_OK) == 0 ? here
					       : GH_DATADIR "/lumina.rig";
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return gh_fail(err, GH_NOMEM, "no memory for the rig");
	st = gh_rig_read(*out, path, err);
	/* Whoever named a file that is not there used it wrongly. */
	return st == GH_IO ? GH_ARG : st;
}

static enum gh_status build(struct gh_sim_device **out, const struct options *o,
			    struct gh_err *err)
{
	struct gh_rig *rig = NULL;
	enum gh_status st = read_rig(&rig, o->rig, err);
	struct gh_sim_setup setup = {
		.rig = rig,
		.seed = (uint64_t)o->seed,
		.session = (unsigned)o->session,
		.time_scale = (unsigned)o->time_scale,
		.faults = o->faults,
		.n_faults = o->n_faults,
		.board = o->board,
		.stagehand = o->press,
		.has_enable = o->enable,
	};

	if (st == GH_OK)
		st = gh_sim_device_create(out, &setup, err);
	free(rig);
	return st;
}

static enum gh_status serve(const struct options *o, struct gh_err *err)
{
	struct gh_sim_device *d = NULL;
	struct gh_sim_pty pty;
	sigset_t mask;
	enum gh_status st = build(&d, o, err);

	if (st != GH_OK)
		return st;
	catch_signals(&mask);
	st = gh_sim_pty_open(&pty, o->link_name, err);
	if (st == GH_OK) {
		printf("port: %s\n", pty.name);
		fflush(stdout);
		if (o->tell)
			gh_sim_device_tell(d, print_motion, NULL);
		run(d, &pty, &mask);
		gh_sim_pty_close(&pty);
	}
	if (st == GH_OK && pty.dropped > 0)
		fprintf(stderr,
			"ghostlight-sim: %lu bytes were read by nobody\n",
			pty.dropped);
	gh_sim_device_destroy(d);
	return st;
}

int main(int argc, char **argv)
{
	struct options o = { .time_scale = 1, .seed = 1, .session = 1 };
	struct gh_err err = { GH_OK, 0, "" };
	enum gh_status st = parse(&o, argc, argv, &err);

	if (st == GH_OK && o.help)
		return EXIT_SUCCESS;
	if (st == GH_OK && o.list_faults)
		list_faults();
	else if (st == GH_OK)
		st = serve(&o, &err);
	if (st == GH_OK)
		return EXIT_SUCCESS;
	fprintf(stderr, "ghostlight-sim: %s\n", err.msg);
	return st == GH_ARG ? EXIT_USAGE : EXIT_INTERNAL;
}
