/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doctor_port - the steps of this computer: adapter, port, rights, rules and
 * the programs that may want the port as well.
 */
#include "cli/doctor_say.h" /* what is defined here */

#include <string.h>

/* Written by the operator, read by 60-ghostlight.rules. */
#define LOCAL_RULES "/etc/udev/rules.d/59-ghostlight-local.rules"
/* FTDI's default holds back a short reply for 16 ms; 1 ms is its least. */
enum { LATENCY_MS = 1 };

/* ---- Adapter and port ------------------------------------------------------*/

static void name_adapter(struct gh_step *s, const struct gh_port *p)
{
	const char *what = gh_usb_what(p->usb_vid, p->usb_pid);
	const char *text = p->product[0] ? p->product : what;

	gh_doctor_found(s, GH_STEP_OK, "%04x:%04x%s%s%s%s",
			(unsigned)p->usb_vid & 0xffff,
			(unsigned)p->usb_pid & 0xffff, text[0] ? " " : "", text,
			p->usb_serial[0] ? ", serial " : ", no serial number",
			p->usb_serial);
}

void gh_doctor_adapter(const struct gh_doctor_facts *f, struct gh_step *s)
{
	if (f->is_usb) {
		name_adapter(s, &f->usb);
	} else if (f->at.exists) {
		gh_doctor_found(s, GH_STEP_OK,
				f->at.listed ? "not a USB port"
					     : "no USB: a pty");
	} else if (f->has_lonely) {
		name_adapter(s, &f->lonely);
	} else if (!f->port[0]) {
		gh_doctor_found(s, GH_STEP_BROKEN, "%s",
				f->why_no_port[0] ? f->why_no_port
						  : "no port was named");
		gh_doctor_mend(s, f->ports_seen > 0
					  ? "ghostlight devices   then doctor "
					    "--port P"
					  : "plug in the USB cable");
	} else {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"none for %s, %u other port%s", f->port,
				f->ports_seen, f->ports_seen == 1 ? "" : "s");
		gh_doctor_mend(s, f->ports_seen > 0
					  ? "ghostlight devices   then doctor "
					    "--port P"
					  : "replug the USB cable at both "
					    "ends");
	}
}

static void no_port(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const struct gh_port *p = &f->lonely;

	gh_doctor_found(s, GH_STEP_BROKEN,
			"NO: no driver made a port of the adapter");
	if (gh_adapter_boots(p->usb_vid, p->usb_pid)) {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NO: the board waits in its boot loader");
		gh_doctor_mend(s, "press its reset button or replug it");
	} else if (f->host.brltty_rules[0]) {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NO: brltty takes adapters with this id (%s)",
				f->host.brltty_rules);
		gh_doctor_mend(s,
			       "sudo ln -s /dev/null /etc/udev/rules.d/%s   "
			       "then replug",
			       strrchr(f->host.brltty_rules, '/') + 1);
	} else {
		gh_doctor_mend(s, "sudo modprobe %s",
			       gh_adapter_module(p->usb_vid, p->usb_pid));
	}
}

void gh_doctor_port(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const struct gh_port_facts *at = &f->at;

	if (!at->exists) {
		no_port(f, s);
	} else if (!at->is_device) {
		gh_doctor_found(s, GH_STEP_BROKEN, "NO: %s is not a device",
				f->port);
		gh_doctor_mend(s, "ghostlight devices   then doctor --port P");
	} else {
		gh_doctor_found(s, GH_STEP_OK, "%s%s%s%s%s", at->node,
				at->link[0] ? ", also " : "", at->link,
				f->usb.kernel_driver[0] ? ", driver " : "",
				f->usb.kernel_driver);
	}
}

/* ---- Rights ----------------------------------------------------------------*/

void gh_doctor_permission(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const struct gh_port_facts *at = &f->at;

	if (at->may_open) {
		gh_doctor_found(s, GH_STEP_OK, "yes");
	} else if (!at->group_may || strcmp(at->group, "root") == 0) {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NO: its group \"%s\" may not, or is none for "
				"people",
				at->group);
		if (gh_doctor_is_plain(at->node))
			gh_doctor_mend(s,
				       "sudo chgrp dialout %s && sudo chmod "
				       "660 %s",
				       at->node, at->node);
	} else if (at->in_login && !at->in_session) {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NO: you are in group \"%s\", but this session "
				"is older than that",
				at->group);
		gh_doctor_mend(s, "log out and log in again");
	} else {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NO: you are not in group \"%s\"", at->group);
		gh_doctor_mend(s, "sudo adduser $USER %s   then log in again",
			       at->group);
	}
}

/* ---- udev's rule -----------------------------------------------------------*/

/* One line that tells our rule which cable is meant. */
static void opt_in(const struct gh_port *p, struct gh_step *s)
{
	char by[100];

	if (gh_doctor_is_plain(p->usb_serial))
		snprintf(by, sizeof by, "ATTRS{serial}==\"%s\"", p->usb_serial);
	else
		snprintf(
			by, sizeof by,
			"ATTRS{idVendor}==\"%04x\", ATTRS{idProduct}==\"%04x\"",
			(unsigned)p->usb_vid & 0xffff,
			(unsigned)p->usb_pid & 0xffff);
	gh_doctor_mend(
		s,
		"echo '%s, ENV{ID_GHOSTLIGHT}=\"1\"' | sudo tee -a " LOCAL_RULES
		"   then replug",
		by);
}

void gh_doctor_rule(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const struct gh_host_facts *h = &f->host;

	if (!h->udev_runs) {
		gh_doctor_found(s, GH_STEP_OK, "%s, and udev does not run here",
				h->rules[0] ? "yes" : "no");
	} else if (!h->rules[0]) {
		gh_doctor_found(s, GH_STEP_ADVICE,
				"no: it names the port /dev/ghostlight and "
				"keeps ModemManager away");
		gh_doctor_mend(s, "sudo make install && sudo udevadm control "
				  "--reload && sudo udevadm trigger");
	} else if (!f->is_usb || f->at.our_rule == GH_KNOWN_YES) {
		gh_doctor_found(s, GH_STEP_OK, "in %s%s", h->rules,
				f->is_usb ? ", and it knows this port" : "");
	} else if (gh_is_board(f->usb.usb_vid, f->usb.usb_pid)) {
		gh_doctor_found(s, GH_STEP_ADVICE,
				"in %s, but udev has not used it on this "
				"port",
				h->rules);
		gh_doctor_mend(s, "sudo udevadm control --reload && sudo "
				  "udevadm trigger");
	} else {
		gh_doctor_found(s, GH_STEP_ADVICE,
				"in %s, but this cable could be anybody's",
				h->rules);
		opt_in(&f->usb, s);
	}
}

/* ---- Others ----------------------------------------------------------------*/

/* The last one: a program may call itself "(process 1". */
static const char *find_process(const char *holder)
{
	const char *found = NULL;

	for (const char *at = holder; (at = strstr(at, "(process ")); at++)
		found = at;
	return found;
}

/* "held by minicom (process 1234)": the way to send it away. */
static void mend_holder(const struct gh_doctor_facts *f, const char *holder,
			struct gh_step *s)
{
	const char *process = find_process(holder);
	const int digits = process ? (int)strspn(process + 9, "0123456789") : 0;

	if (strstr(holder, "held by ModemManager ("))
		gh_doctor_mend(s, "sudo systemctl disable --now ModemManager");
	else if (strstr(holder, "held by ghostlight (") &&
		 gh_doctor_is_plain(f->port))
		gh_doctor_mend(s, "ghostlight stop --port %s", f->port);
	else if (digits > 0)
		gh_doctor_mend(s, "close that program, or: kill %.*s", digits,
			       process + 9);
	else
		gh_doctor_mend(s, "close the other program");
}

void gh_doctor_holder(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const struct gh_port_facts *at = &f->at;
	const char *base = strrchr(at->node, '/');

	if (f->open.done && f->open.st == GH_BUSY) {
		gh_doctor_found(s, GH_STEP_BROKEN, "NO: %s", f->open.msg);
		mend_holder(f, f->open.msg, s);
	} else if (at->is_held) {
		gh_doctor_found(s, GH_STEP_BROKEN, "NO: %s", at->holder);
		mend_holder(f, at->holder, s);
	} else if (at->is_console) {
		gh_doctor_found(s, GH_STEP_BROKEN,
				"NO: the kernel prints its messages there");
		gh_doctor_mend(s,
			       "remove console=%s from "
			       "GRUB_CMDLINE_LINUX, sudo update-grub, "
			       "restart",
			       base ? base + 1 : at->node);
	} else {
		gh_doctor_found(s, GH_STEP_OK, "yes");
	}
}

/*
 * Both only advice: Debian's ModemManager leaves most adapters alone by itself,
 * and when one of them did take the port, the holder says so.
 */
void gh_doctor_thieves(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const struct gh_host_facts *h = &f->host;
	const bool left = f->at.mm_ignores == GH_KNOWN_YES;

	if (h->brltty_rules[0]) {
		gh_doctor_found(s, GH_STEP_ADVICE,
				"no: brltty%s takes adapters with this id (%s)",
				h->brltty ? " runs and" : "", h->brltty_rules);
		gh_doctor_mend(s,
			       "sudo ln -s /dev/null /etc/udev/rules.d/%s   "
			       "then replug",
			       strrchr(h->brltty_rules, '/') + 1);
	} else if (h->modem_manager && !left && f->is_usb) {
		gh_doctor_found(s, GH_STEP_ADVICE,
				"no: ModemManager runs and was not told to "
				"ignore this port");
		gh_doctor_mend(s, "sudo systemctl disable --now ModemManager");
	} else {
		gh_doctor_found(s, GH_STEP_OK, "ModemManager %s, brltty %s",
				!h->modem_manager ? "does not run"
				: left		  ? "ignores it"
						  : "has nothing to do with it",
				h->brltty ? "does not know its id"
					  : "does not run");
	}
}

void gh_doctor_latency(const struct gh_doctor_facts *f, struct gh_step *s)
{
	const int ms = f->usb.latency_timer_ms;
	const char *base = strrchr(f->at.node, '/');

	if (ms < 0) {
		gh_doctor_found(s, GH_STEP_OK, "yes: it has no latency timer");
		return;
	}
	gh_doctor_figure(s, "latency_timer_ms", ms);
	if (ms <= LATENCY_MS) {
		gh_doctor_found(s, GH_STEP_OK, "yes: latency timer %d ms", ms);
		return;
	}
	gh_doctor_found(s, GH_STEP_ADVICE,
			"no: it holds short replies back for %d ms", ms);
	gh_doctor_mend(s,
		       "echo %d | sudo tee "
		       "/sys/bus/usb-serial/devices/%s/latency_timer",
		       LATENCY_MS, base ? base + 1 : f->at.node);
}
