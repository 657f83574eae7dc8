/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usb_board - the simulated controller behind a USB plug, in real time: the
 * firmware's core on the plant, as in ghostlight-sim. Its faults come as lines
 * through a FIFO (--control):
 *
 *   unplug, plug     the cable, into the hub's port --place
 *   stall, flow      reads nothing more; reads on
 *   reboot           the controller starts anew after a brown-out
 *   end              unplugs and ends
 *
 * With --foreign TEXT it is something else: it says TEXT five times a second
 * and tells of every byte that it is sent.
 */
#include "base/status.h" /* struct gh_err */
#include "base/text.h"	 /* gh_parse_long */
#include "usb/acm.h"	 /* acm_create */
#include "usb/world.h"	 /* struct usb_world */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FOREIGN_US 200000

struct options {
	const char *on, *rig, *fault, *control, *foreign;
	const char *vid, *pid, *manufacturer, *product, *serial;
	long place, seed, session, claimed_length;
};

struct board {
	const struct options *options;
	struct usb_port *port;
	struct usb_world *world; /* NULL: foreign */
	int control;
	gh_us foreign_us; /* when it speaks next */
	unsigned long received;
	bool end;
};

void usb_say(const char *format, ...)
{
	const gh_us now = usb_now_us();
	va_list args;

	printf("%lld.%03lld ", (long long)(now / GH_US_PER_S),
	       (long long)(now % GH_US_PER_S / 1000));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

gh_us usb_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (gh_us)t.tv_sec * GH_US_PER_S + t.tv_nsec / 1000;
}

/* ---- Commands ---- */

static void do_plug(struct board *b)
{
	if (!b->port->ops->plug(b->port, (unsigned)b->options->place)) {
		usb_say("cannot be plugged in: %s", strerror(errno));
		exit(EXIT_FAILURE);
	}
	usb_say("plugged");
}

static void do_unplug(struct board *b)
{
	b->port->ops->unplug(b->port);
	usb_say("unplugged");
}

static void do_stall(struct board *b)
{
	b->port->ops->read_on(b->port, false);
	usb_say("stalled");
}

static void do_flow(struct board *b)
{
	b->port->ops->read_on(b->port, true);
	usb_say("flows");
}

static void do_reboot(struct board *b)
{
	usb_world_reboot(b->world);
	usb_say("rebooted");
}

static void do_end(struct board *b)
{
	b->end = true;
}

static const struct {
	const char *name;
	void (*run)(struct board *b);
} commands[] = {
	{ "unplug", do_unplug }, { "plug", do_plug },	  { "stall", do_stall },
	{ "flow", do_flow },	 { "reboot", do_reboot }, { "end", do_end },
};

static void obey_line(struct board *b, const char *line)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, line) == 0)
			commands[i].run(b);
}

static void obey(struct board *b)
{
	char text[256], *end, *line = text;
	const ssize_t n = read(b->control, text, sizeof text - 1);

	text[n > 0 ? n : 0] = '\0';
	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		obey_line(b, line);
	}
}

/* ---- The loop ---- */

static void be_foreign(struct board *b)
{
	const char *text = b->options->foreign;
	unsigned char heard[256];
	const size_t n = b->port->ops->take(b->port, heard, sizeof heard);

	b->received += n;
	if (n > 0)
		usb_say("was sent %zu bytes, the first is %02x", n, heard[0]);
	if (usb_now_us() < b->foreign_us)
		return;
	b->foreign_us = usb_now_us() + FOREIGN_US;
	b->port->ops->give(b->port, text, strlen(text));
	b->port->ops->give(b->port, "\r\n", 2);
}

static void exchange(struct board *b)
{
	if (b->port->fd >= 0 && !b->port->ops->serve(b->port))
		do_unplug(b);
	if (b->world)
		usb_world_step(b->world, b->port);
	else if (b->port->fd >= 0)
		be_foreign(b);
}

static void run(struct board *b)
{
	while (!b->end) {
		struct pollfd fds[] = { { b->control, POLLIN, 0 },
					{ b->port->fd, b->port->events, 0 } };
		struct timespec nap;

		exchange(b);
		nap = b->world ? usb_world_nap(b->world)
			       : (struct timespec){ 0, FOREIGN_US * 1000L };
		(void)usb_wait(fds, GH_ARRAY_SIZE(fds), &nap);
		if (fds[0].revents & POLLIN)
			obey(b);
	}
	do_unplug(b);
}

/* ---- Setting up ---- */

static bool take_option(struct options *o, const char *name, const char *value)
{
	const struct {
		const char *name;
		const char **text;
		long *number;
	} table[] = {
		{ "--on", &o->on, NULL },
		{ "--rig", &o->rig, NULL },
		{ "--fault", &o->fault, NULL },
		{ "--control", &o->control, NULL },
		{ "--foreign", &o->foreign, NULL },
		{ "--vid", &o->vid, NULL },
		{ "--pid", &o->pid, NULL },
		{ "--manufacturer", &o->manufacturer, NULL },
		{ "--product", &o->product, NULL },
		{ "--serial", &o->serial, NULL },
		{ "--place", NULL, &o->place },
		{ "--seed", NULL, &o->seed },
		{ "--session", NULL, &o->session },
		{ "--claimed-length", NULL, &o->claimed_length },
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(table); i++) {
		if (strcmp(table[i].name, name) != 0)
			continue;
		if (table[i].number)
			return gh_parse_long(value, table[i].number);
		*table[i].text = value;
		return true;
	}
	return false;
}

static struct usb_port *make_port(const struct options *o)
{
	const struct acm_identity identity = {
		.vid = (unsigned)strtoul(o->vid, NULL, 16),
		.pid = (unsigned)strtoul(o->pid, NULL, 16),
		.manufacturer = o->manufacturer,
		.product = o->product,
		.serial = o->serial,
		.claimed_length = (unsigned)o->claimed_length,
	};

	if (strncmp(o->on, "tty:", 4) == 0)
		return usb_tty_create(o->on + 4);
	return acm_create(&identity);
}

/* A controller waits for no host: it runs before all else, where permitted. */
static void hurry(void)
{
	const struct sched_param p = { .sched_priority = 50 };

	if (sched_setscheduler(0, SCHED_FIFO, &p) != 0)
		usb_say("runs among the others: %s", strerror(errno));
}

/* Opened for writing too, or it would end with its first writer. */
static int open_control(const char *path)
{
	return path ? open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC) : -1;
}

int main(int argc, char **argv)
{
	struct options o = { .on = "vhci",
			     .rig = "/usb/guest.rig",
			     .vid = "1209",
			     .pid = "0001",
			     .manufacturer = "ghostlight",
			     .product = "probe board",
			     .serial = "LUM-0001",
			     .seed = 1,
			     .session = 1 };
	struct gh_err err = { GH_OK, 0, "" };
	struct board b = { .options = &o };

	for (int i = 1; i + 1 < argc; i += 2)
		if (!take_option(&o, argv[i], argv[i + 1])) {
			fprintf(stderr, "usb_board: %s %s?\n", argv[i],
				argv[i + 1]);
			return 64;
		}
	hurry();
	signal(SIGPIPE, SIG_IGN);
	b.control = open_control(o.control);
	b.port = make_port(&o);
	if (!b.port)
		return EXIT_FAILURE;
	if (!o.foreign && usb_world_create(&b.world, o.rig, o.seed, o.session,
					   o.fault, &err) != GH_OK) {
		fprintf(stderr, "usb_board: %s\n", err.msg);
		return EXIT_FAILURE;
	}
	do_plug(&b);
	run(&b);
	b.port->ops->destroy(b.port);
	usb_world_destroy(b.world);
	usb_say("ends, was sent %lu bytes", b.received);
	return EXIT_SUCCESS;
}
