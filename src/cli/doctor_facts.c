/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor.h" /* what is defined here */

#include "base/priority.h" /* gh_priority_raise */
#include "base/text.h"	   /* gh_copy_text */
#include "measure/stats.h" /* gh_quantile */
#include "store/store.h"   /* gh_store_commit_times */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* reliability.md section 2 judges the p99, so at least fifty. */
enum { PORTS = 64, COMMITS = 50 };
#define BYTES_PER_MB 1e6

/* ---- The port --------------------------------------------------------------*/

static bool is_this_port(const struct gh_port *port, const char *node)
{
	return strcmp(port->name, node) == 0;
}

static void find_usb(struct gh_doctor_facts *f, const struct gh_port *ports,
		     size_t n)
{
	for (size_t i = 0; i < n && f->at.exists; i++) {
		if (!is_this_port(&ports[i], f->at.node))
			continue;
		f->usb = ports[i];
		f->is_usb = ports[i].usb_vid >= 0;
	}
}

static void look_at_ports(struct gh_doctor_facts *f)
{
	struct gh_port *ports = calloc(PORTS, sizeof *ports);
	size_t n = 0;

	f->usb = (struct gh_port){ .usb_vid = -1, .latency_timer_ms = -1 };
	if (!ports) {
		(void)!gh_fail(&f->listing, GH_NOMEM,
			       "no memory to list the ports");
	} else if (gh_ports(ports, PORTS, &n, &f->listing) == GH_OK) {
		f->ports_seen = (unsigned)n;
		find_usb(f, ports, n < PORTS ? n : PORTS);
	}
	free(ports);
}

static bool may_be_the_rigs(const struct gh_doctor_facts *f)
{
	return f->rig_vid == 0 || (f->rig_vid == f->lonely.usb_vid &&
				   f->rig_pid == f->lonely.usb_pid);
}

static void look_at_port(struct gh_doctor_facts *f)
{
	const struct gh_port *whose = NULL;

	if (f->port[0])
		gh_port_facts("", f->port, NULL, &f->at);
	look_at_ports(f);
	if (f->is_usb) {
		/* Once more: the USB device may carry a mark of its own. */
		gh_port_facts("", f->port, &f->usb, &f->at);
		whose = &f->usb;
	}
	/* A pty is not on the machine's list, and yet one more port. */
	f->ports_seen += f->at.is_device && !f->at.listed;
	if (!f->at.exists) {
		f->has_lonely = gh_adapter_without_port("", &f->lonely) &&
				may_be_the_rigs(f);
		whose = f->has_lonely ? &f->lonely : NULL;
	}
	gh_host_facts("", whose, &f->host);
}

/* ---- The disk --------------------------------------------------------------*/

/* The folder of the database; while it is missing the next one above it. */
static void find_folder(const char *db, char *folder, size_t cap)
{
	struct stat s;
	char *slash;

	if (!gh_copy_text(folder, cap, db))
		return;
	for (;;) {
		slash = strrchr(folder, '/');
		if (!slash) {
			gh_copy_text(folder, cap, ".");
			return;
		}
		slash[slash == folder] = '\0';
		if (slash == folder ||
		    (stat(folder, &s) == 0 && S_ISDIR(s.st_mode)))
			return;
	}
}

static bool is_stopped(void *self)
{
	const struct gh_ears *ears = self;

	return ears->hear(ears->self) == GH_EAR_STOP;
}

static void look_at_disk(const struct gh_clock *clk, struct gh_ears ears,
			 const char *db, struct gh_doctor_facts *f)
{
	double ms[COMMITS];
	struct gh_err err = { 0 };
	struct statvfs s;

	if (!db[0])
		return;
	find_folder(db, f->folder, sizeof f->folder);
	f->space_known = statvfs(f->folder, &s) == 0;
	if (f->space_known)
		f->free_mb =
			(double)s.f_bavail * (double)s.f_frsize / BYTES_PER_MB;
	f->commit.done = true;
	f->commit.st = gh_store_commit_times(f->folder, clk, ms, COMMITS,
					     is_stopped, &ears, &err);
	f->stopped = f->commit.st == GH_CANCELLED;
	gh_copy_text(f->commit.msg, sizeof f->commit.msg, err.msg);
	if (f->commit.st != GH_OK)
		return;
	f->commits = COMMITS;
	f->commit_p50_ms = gh_quantile(ms, COMMITS, 0.5);
	f->commit_p99_ms = gh_quantile(ms, COMMITS, 0.99);
}

/* ---- Priority --------------------------------------------------------------*/

/* What a run does, for a moment. */
static void look_at_priority(struct gh_doctor_facts *f)
{
	struct gh_priority p = { .raised = false };

	gh_priority_raise(&p);
	f->real_time = gh_priority_is_first();
	gh_priority_restore(&p);
	f->is_root = geteuid() == 0;
}

void gh_doctor_machine(const struct gh_clock *clk, const struct gh_ears *ears,
		       const char *db, struct gh_doctor_facts *f)
{
	look_at_port(f);
	look_at_disk(clk, *ears, db, f);
	look_at_priority(f);
}
