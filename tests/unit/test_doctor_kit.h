/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A healthy chain from the cable to the answer, and every single trouble it can
 * have, with the step and the command that must come of it.
 */
#ifndef GH_TEST_DOCTOR_KIT_H
#define GH_TEST_DOCTOR_KIT_H

#include "cli/doctor.h" /* struct gh_doctor_facts */

#include <stdio.h>
#include <string.h>

#define SET(text, value) snprintf(text, sizeof text, "%s", value)

/* A healthy FTDI cable to the sculpture that the rig file names. */
static void healthy(struct gh_doctor_facts *f)
{
	memset(f, 0, sizeof *f);
	SET(f->port, "/dev/ttyUSB0");
	SET(f->rig_file, "lumina.rig");
	SET(f->rig_driver, "lumina");
	SET(f->rig_id, "0011223344556677");
	f->allow_motion = true;
	f->ports_seen = 1;
	f->is_usb = true;
	f->usb = (struct gh_port){ .usb_vid = 0x0403,
				   .usb_pid = 0x6015,
				   .usb_serial = "DN04ABCD",
				   .product = "FT230X",
				   .kernel_driver = "ftdi_sio",
				   .latency_timer_ms = 1 };
	f->at = (struct gh_port_facts){ .exists = true,
					.is_device = true,
					.listed = true,
					.node = "/dev/ttyUSB0",
					.link = "/dev/ghostlight",
					.may_open = true,
					.group = "dialout",
					.group_may = true,
					.our_rule = GH_KNOWN_YES,
					.mm_ignores = GH_KNOWN_YES };
	f->host =
		(struct gh_host_facts){ .udev_runs = true,
					.rules = "/usr/local/lib/udev/rules.d",
					.modem_manager = true };
	f->open.done = f->answer.done = f->watchdog.done = true;
	f->reply.done = f->stream.done = f->commit.done = true;
	SET(f->driver, "lumina");
	SET(f->info.model, "ghostlight");
	SET(f->info.firmware, "1.0.0");
	SET(f->info.id, "0011223344556677");
	f->info.watchdog_ms = 100;
	f->proved_ms = 101.2;
	f->replies = 50;
	f->reply_p50_ms = 1.0;
	f->reply_p99_ms = 2.0;
	f->stream_s = 2.0;
	f->stats.frames_good = 1000;
	f->stats.samples = 20000;
	f->stats.counts_loss = true;
	SET(f->folder, "/home/crew");
	f->commits = 50;
	f->commit_p50_ms = 1.0;
	f->commit_p99_ms = 3.0;
	f->space_known = true;
	f->free_mb = 20000.0;
	f->real_time = true;
}

static void fail_try(struct gh_doctor_try *try, enum gh_status st,
		     const char *msg)
{
	try->done = true;
	try->st = st;
	SET(try->msg, msg);
}

/* ---- One trouble each ------------------------------------------------------*/

static void no_port_named(struct gh_doctor_facts *f)
{
	f->port[0] = '\0';
	f->is_usb = false;
	f->at = (struct gh_port_facts){ 0 };
}
static void no_adapter(struct gh_doctor_facts *f)
{
	f->is_usb = false;
	f->at = (struct gh_port_facts){ 0 };
	f->ports_seen = 0;
}
static void no_module(struct gh_doctor_facts *f)
{
	no_adapter(f);
	f->has_lonely = true;
	f->lonely = (struct gh_port){ .usb_vid = 0x1a86, .usb_pid = 0x7523 };
}
static void boot_loader(struct gh_doctor_facts *f)
{
	no_module(f);
	f->lonely = (struct gh_port){ .usb_vid = 0x2341, .usb_pid = 0x0036 };
}
static void plain_file(struct gh_doctor_facts *f)
{
	f->is_usb = false;
	f->at.is_device = false;
}
static void not_in_group(struct gh_doctor_facts *f)
{
	f->at.may_open = false;
}
static void old_session(struct gh_doctor_facts *f)
{
	f->at.may_open = false;
	f->at.in_login = true;
}
static void nobodys_group(struct gh_doctor_facts *f)
{
	f->at.may_open = false;
	SET(f->at.group, "root");
}
static void held(struct gh_doctor_facts *f)
{
	f->at.is_held = true;
	SET(f->at.holder, "held by minicom (process 1234)");
}
static void held_by_a_liar(struct gh_doctor_facts *f)
{
	f->at.is_held = true;
	SET(f->at.holder, "held by (process 1 (process 1234)");
}
static void held_by_us(struct gh_doctor_facts *f)
{
	fail_try(&f->open, GH_BUSY,
		 "/dev/ttyUSB0: busy, held by ghostlight (process 77): "
		 "close that first");
}
static void console(struct gh_doctor_facts *f)
{
	f->at.is_console = true;
}
static void rule_missing(struct gh_doctor_facts *f)
{
	f->host.rules[0] = '\0';
}
static void rule_generic(struct gh_doctor_facts *f)
{
	f->at.our_rule = GH_KNOWN_NO;
}
static void rule_unused(struct gh_doctor_facts *f)
{
	f->at.our_rule = GH_KNOWN_NO;
	f->usb.usb_vid = 0x2341;
	f->usb.usb_pid = 0x0043;
}
static void hostile_serial(struct gh_doctor_facts *f)
{
	f->at.our_rule = GH_KNOWN_NO;
	SET(f->usb.usb_serial, "x'; rm -rf ~; '");
}
static void mm_unaware(struct gh_doctor_facts *f)
{
	f->at.mm_ignores = GH_KNOWN_NO;
}
static void brltty_claims(struct gh_doctor_facts *f)
{
	f->host.brltty = true;
	SET(f->host.brltty_rules, "/usr/lib/udev/rules.d/85-brltty.rules");
}
static void slow_timer(struct gh_doctor_facts *f)
{
	f->usb.latency_timer_ms = 16;
}
static void open_fails(struct gh_doctor_facts *f)
{
	fail_try(&f->open, GH_IO, "/dev/ttyUSB0: cannot be opened");
}
static void silent(struct gh_doctor_facts *f)
{
	fail_try(&f->answer, GH_TIMEOUT, "/dev/ttyUSB0: no answer");
}
static void wrong_version(struct gh_doctor_facts *f)
{
	fail_try(&f->answer, GH_UNSUP, "the controller speaks lumina 2.0");
}
static void wrong_protocol(struct gh_doctor_facts *f)
{
	fail_try(&f->answer, GH_TIMEOUT, "/dev/ttyUSB0: no answer");
	SET(f->other, "firmata");
}
static void wrong_id(struct gh_doctor_facts *f)
{
	SET(f->info.id, "ffffffffffffffff");
}
static void wrong_joints(struct gh_doctor_facts *f)
{
	SET(f->missing_joint, "hope.elbow");
}
static void no_rig(struct gh_doctor_facts *f)
{
	f->rig_file[0] = f->rig_id[0] = '\0';
}
static void no_watchdog(struct gh_doctor_facts *f)
{
	f->info.watchdog_ms = 0;
	f->watchdog.done = false;
}
static void no_consent(struct gh_doctor_facts *f)
{
	f->watchdog.done = false;
}
static void dead_watchdog(struct gh_doctor_facts *f)
{
	fail_try(&f->watchdog, GH_UNSAFE, "the watchdog did not trip");
}
static void left_armed(struct gh_doctor_facts *f)
{
	fail_try(&f->watchdog, GH_UNSAFE, "/dev/ttyUSB0: hung up");
	f->unsafe = true;
}
static void slow_replies(struct gh_doctor_facts *f)
{
	f->reply_p99_ms = 30.0;
}
static void late_replies(struct gh_doctor_facts *f)
{
	f->reply_p99_ms = 90.0;
}
static void some_loss(struct gh_doctor_facts *f)
{
	f->stats.samples_lost = 10;
}
static void much_loss(struct gh_doctor_facts *f)
{
	f->stats.frames_bad = 100;
}
static void no_samples(struct gh_doctor_facts *f)
{
	f->stats.frames_good = f->stats.samples = 0;
}
static void lossy_once(struct gh_doctor_facts *f)
{
	f->stream_bad = 1;
}
static void no_channels(struct gh_doctor_facts *f)
{
	f->stream.done = false;
}
static void slow_disk(struct gh_doctor_facts *f)
{
	f->commit_p99_ms = 51.0;
}
static void no_disk(struct gh_doctor_facts *f)
{
	fail_try(&f->commit, GH_STORE, "/home/crew: its folder is read-only");
}
static void little_space(struct gh_doctor_facts *f)
{
	f->free_mb = 100.0;
}
static void no_space(struct gh_doctor_facts *f)
{
	f->free_mb = 1.0;
}
static void no_real_time(struct gh_doctor_facts *f)
{
	f->real_time = false;
}
static void contained_root(struct gh_doctor_facts *f)
{
	f->real_time = false;
	f->is_root = true;
}

#define OK GH_STEP_OK
#define ADVICE GH_STEP_ADVICE
#define BROKEN GH_STEP_BROKEN
#define UNCHECKED GH_STEP_UNCHECKED

static const struct trouble {
	void (*make)(struct gh_doctor_facts *f);
	enum gh_doctor_step step;
	enum gh_step_state state;
	const char *mend; /* is in the command */
} troubles[] = {
	{ no_port_named, GH_DOCTOR_ADAPTER, BROKEN, "ghostlight devices" },
	{ no_adapter, GH_DOCTOR_ADAPTER, BROKEN, "replug" },
	{ no_module, GH_DOCTOR_PORT, BROKEN, "sudo modprobe ch341" },
	{ boot_loader, GH_DOCTOR_PORT, BROKEN, "reset button" },
	{ plain_file, GH_DOCTOR_PORT, BROKEN, "ghostlight devices" },
	{ not_in_group, GH_DOCTOR_PERMISSION, BROKEN,
	  "sudo adduser $USER dialout" },
	{ old_session, GH_DOCTOR_PERMISSION, BROKEN, "log in again" },
	{ nobodys_group, GH_DOCTOR_PERMISSION, BROKEN,
	  "sudo chgrp dialout /dev/ttyUSB0" },
	{ rule_missing, GH_DOCTOR_RULE, ADVICE, "sudo make install" },
	{ rule_generic, GH_DOCTOR_RULE, ADVICE,
	  "echo 'ATTRS{serial}==\"DN04ABCD\", ENV{ID_GHOSTLIGHT}=\"1\"'" },
	{ rule_unused, GH_DOCTOR_RULE, ADVICE, "sudo udevadm control" },
	{ hostile_serial, GH_DOCTOR_RULE, ADVICE,
	  "echo 'ATTRS{idVendor}==\"0403\", ATTRS{idProduct}==\"6015\"" },
	{ held, GH_DOCTOR_HOLDER, BROKEN, "kill 1234" },
	{ held_by_a_liar, GH_DOCTOR_HOLDER, BROKEN, "kill 1234" },
	{ held_by_us, GH_DOCTOR_HOLDER, BROKEN,
	  "ghostlight stop --port /dev/ttyUSB0" },
	{ console, GH_DOCTOR_HOLDER, BROKEN, "console=ttyUSB0" },
	{ mm_unaware, GH_DOCTOR_THIEVES, ADVICE,
	  "sudo systemctl disable --now ModemManager" },
	{ brltty_claims, GH_DOCTOR_THIEVES, ADVICE,
	  "sudo ln -s /dev/null /etc/udev/rules.d/85-brltty.rules" },
	{ slow_timer, GH_DOCTOR_LATENCY, ADVICE,
	  "echo 1 | sudo tee "
	  "/sys/bus/usb-serial/devices/ttyUSB0/latency_timer" },
	{ open_fails, GH_DOCTOR_ANSWER, BROKEN, "replug" },
	{ silent, GH_DOCTOR_ANSWER, BROKEN, "power and cable" },
	{ wrong_version, GH_DOCTOR_PROTOCOL, BROKEN, "cannot do that" },
	{ wrong_protocol, GH_DOCTOR_PROTOCOL, BROKEN, "lumina firmware" },
	{ wrong_id, GH_DOCTOR_FIRMWARE, BROKEN, "lumina.rig" },
	{ wrong_joints, GH_DOCTOR_FIRMWARE, BROKEN, "--rig" },
	{ no_rig, GH_DOCTOR_FIRMWARE, ADVICE, "--rig" },
	{ no_watchdog, GH_DOCTOR_WATCHDOG, ADVICE, "" },
	{ no_consent, GH_DOCTOR_WATCHDOG, UNCHECKED, "--allow-motion" },
	{ dead_watchdog, GH_DOCTOR_WATCHDOG, BROKEN, "look at the sculpture" },
	{ left_armed, GH_DOCTOR_WATCHDOG, BROKEN, "at its own switch" },
	{ slow_replies, GH_DOCTOR_REPLY, ADVICE, "without a hub" },
	{ late_replies, GH_DOCTOR_REPLY, BROKEN, "without a hub" },
	{ some_loss, GH_DOCTOR_LOSS, ADVICE, "USB cable" },
	{ much_loss, GH_DOCTOR_LOSS, BROKEN, "USB cable" },
	{ no_samples, GH_DOCTOR_LOSS, BROKEN, "fell silent" },
	{ lossy_once, GH_DOCTOR_LOSS, ADVICE, "USB cable" },
	{ no_channels, GH_DOCTOR_LOSS, UNCHECKED, "--rig FILE" },
	{ slow_disk, GH_DOCTOR_DISK, ADVICE, "faster disk" },
	{ no_disk, GH_DOCTOR_DISK, BROKEN, "--db FILE" },
	{ little_space, GH_DOCTOR_SPACE, ADVICE, "free some space" },
	{ no_space, GH_DOCTOR_SPACE, BROKEN, "free some space" },
	{ no_real_time, GH_DOCTOR_REAL_TIME, ADVICE, "'@dialout - rtprio 1'" },
	{ contained_root, GH_DOCTOR_REAL_TIME, ADVICE, "" },
};

#endif
