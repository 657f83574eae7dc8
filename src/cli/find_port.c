/* SPDX-License-Identifier: GPL-3.0-or-later */
/* realpath is POSIX; glibc shows it only with this switch of its own. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define _XOPEN_SOURCE 700

#include "cli/find_port.h"

#include "base/text.h"	   /* gh_copy_text */
#include "cli/asking.h"	   /* gh_asking_identify */
#include "driver/driver.h" /* gh_driver_find */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORTS = 64, LINE = 320, SAID = 96 };

/* The device behind a name, "" when there is none. */
static void real_name(const char *name, char *out, size_t cap)
{
	char *real = name[0] ? realpath(name, NULL) : NULL;

	gh_copy_text(out, cap, real ? real : "");
	free(real);
}

static enum gh_status all_ports(struct gh_port **out, size_t *n,
				struct gh_err *err)
{
	struct gh_port *ports = calloc(PORTS, sizeof *ports);
	enum gh_status st;

	if (!ports)
		return gh_fail(err, GH_NOMEM, "no memory for the ports");
	st = gh_ports(ports, PORTS, n, err);
	if (st != GH_OK) {
		free(ports);
		return st;
	}
	*n = *n < PORTS ? *n : PORTS;
	*out = ports;
	return GH_OK;
}

bool gh_port_find(const char *name, struct gh_port *out)
{
	char real[sizeof out->name];
	struct gh_port *ports = NULL;
	struct gh_err err;
	bool found = false;
	size_t n = 0;

	real_name(name, real, sizeof real);
	if (!real[0] || all_ports(&ports, &n, &err) != GH_OK)
		return false;
	for (size_t i = 0; i < n && !found; i++) {
		found = strcmp(ports[i].name, real) == 0;
		if (found)
			*out = ports[i];
	}
	free(ports);
	return found;
}

/* ---- What the rig file says ---------------------------------------------- */

static struct gh_port_want wanted(const struct gh_rig_link *link,
				  const char *device)
{
	return (struct gh_port_want){
		.usb_vid = link->usb_vid,
		.usb_pid = link->usb_pid,
		.usb_serial = link->usb_serial,
		.device = device,
	};
}

/* `port` alone: its device is the one, whatever is plugged in there. */
static size_t match_name(const struct gh_rig_link *link, const char *device,
			 struct gh_port_list *list)
{
	const struct gh_port_want nothing = wanted(link, device);
	struct gh_port_candidate *c = list->candidates, found;
	size_t at = 0;

	(void)gh_port_match(&nothing, list->ports, list->n, list->candidates);
	while (at < list->n &&
	       (!device[0] || strcmp(c[at].port->name, device) != 0))
		at++;
	if (at == list->n)
		return 0;
	found = c[at];
	c[at] = c[0];
	found.fit = GH_PORT_FITS;
	snprintf(found.why, sizeof found.why, "port = %s", link->port);
	c[0] = found;
	return 1;
}

enum gh_status gh_port_list(const struct gh_rig *rig, struct gh_port_list *out,
			    struct gh_err *err)
{
	const struct gh_rig_link *link = &rig->links[0];
	char device[sizeof out->ports->name] = "";
	struct gh_port_want want = wanted(link, device);
	enum gh_status st;

	*out = (struct gh_port_list){ 0 };
	st = all_ports(&out->ports, &out->n, err);
	if (st != GH_OK)
		return st;
	/* One more: calloc of nothing may answer NULL. */
	out->candidates = calloc(out->n + 1, sizeof *out->candidates);
	if (!out->candidates) {
		gh_port_list_free(out);
		return gh_fail(err, GH_NOMEM, "no memory for the ports");
	}
	real_name(link->port, device, sizeof device);
	if (!gh_port_want_any(&want)) {
		out->best = match_name(link, device, out);
		return GH_OK;
	}
	/* A counted name says nothing of which adapter it is. */
	if (gh_port_is_counted(link->port))
		device[0] = '\0';
	out->best = gh_port_match(&want, out->ports, out->n, out->candidates);
	return GH_OK;
}

void gh_port_list_free(struct gh_port_list *list)
{
	free(list->ports);
	free(list->candidates);
	*list = (struct gh_port_list){ 0 };
}

void gh_find_port_shown(const struct gh_rig *rig, char *out, size_t cap)
{
	const struct gh_port_want want = wanted(&rig->links[0], "");
	struct gh_port_list list;
	struct gh_err err;

	gh_copy_text(out, cap, rig->links[0].port);
	if (!gh_port_want_any(&want))
		return;
	gh_port_want_text(&want, out, cap);
	if (gh_port_list(rig, &list, &err) != GH_OK)
		return;
	if (list.best == 1)
		gh_copy_text(out, cap, list.candidates[0].port->name);
	gh_port_list_free(&list);
}

/* ---- Saying -------------------------------------------------------------- */

static void say(const struct gh_find_port *how, const char *line)
{
	if (how->say)
		how->say(how->self, line);
}

static void say_port(const struct gh_find_port *how, const char *name,
		     const char *what, const char *why)
{
	char line[LINE];

	snprintf(line, sizeof line, "%s: %s%s", name, what, why);
	say(how, line);
}

static void say_all(const struct gh_find_port *how,
		    const struct gh_port_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		say_port(how, list->candidates[i].port->name,
			 i < list->best ? "fits: " : "not this one: ",
			 list->candidates[i].why);
}

/* "/dev/ttyACM0 (1-1:1.0), /dev/ttyACM1 (1-2:1.0)", as many as there is room. */
static void name_first(const struct gh_port_list *list, size_t n, char *out,
		       size_t cap)
{
	size_t used = 0;

	gh_copy_text(out, cap, n == 0 ? "no port" : "");
	for (size_t i = 0; i < n && used + 1 < cap; i++) {
		const struct gh_port *p = list->candidates[i].port;
		const int m = snprintf(out + used, cap - used, "%s%s%s%s%s",
				       used ? ", " : "", p->name,
				       p->usb_path[0] ? " (" : "", p->usb_path,
				       p->usb_path[0] ? ")" : "");

		used += m > 0 ? (size_t)m : 0;
	}
}

/* ---- Several ------------------------------------------------------------- */

/* Whether that candidate has the id; what it answered is said. */
static enum gh_status has_id(const struct gh_find_port *how, const char *name,
			     bool *has, struct gh_err *err)
{
	const struct gh_rig_link *link = &how->rig->links[0];
	const struct gh_driver *driver = gh_driver_find(link->driver);
	struct gh_dev_info *info = calloc(1, sizeof *info);
	struct gh_link *port;
	struct gh_err why = { 0 };
	enum gh_status st;

	*has = false;
	if (!info || !driver) {
		free(info);
		return gh_fail(err, GH_NOMEM, "no memory to ask %s", name);
	}
	say_port(how, name, "asked for its id", "; some boards restart now");
	st = gh_link_open(&port, name, driver->default_baud, &why);
	if (st == GH_OK) {
		st = gh_asking_identify(driver, port, how->clock, &how->ears,
					GH_US_NEVER, info, &why);
		gh_link_close(port);
	}
	*has = st == GH_OK && strcmp(info->id, link->id) == 0;
	if (st == GH_OK)
		say_port(how, name, "id ", info->id[0] ? info->id : "none");
	else
		say(how, why.msg);
	free(info);
	if (st == GH_CANCELLED && err)
		*err = why;
	return st == GH_CANCELLED ? st : GH_OK;
}

static enum gh_status ask_each(const struct gh_find_port *how,
			       const struct gh_port_list *list, char *out,
			       size_t cap, struct gh_err *err)
{
	const char *id = how->rig->links[0].id;
	size_t n = 0;

	for (size_t i = 0; i < list->best; i++) {
		const char *name = list->candidates[i].port->name;
		bool has;
		const enum gh_status st = has_id(how, name, &has, err);

		if (st != GH_OK)
			return st;
		if (has && n++ == 0)
			gh_copy_text(out, cap, name);
	}
	if (n == 0)
		return gh_fail(err, GH_TIMEOUT,
			       "none of %zu ports that fit answers with id %s",
			       list->best, id);
	if (n > 1)
		return gh_fail(err, GH_ARG,
			       "%zu ports answer with id %s: give --port P", n,
			       id);
	say_port(how, out, "taken: id ", id);
	return GH_OK;
}

/* ---- The order of things ------------------------------------------------- */

static enum gh_status several(const struct gh_find_port *how,
			      const struct gh_port_list *list, char *out,
			      size_t cap, struct gh_err *err)
{
	char names[SAID];

	if (how->rig->links[0].id[0])
		return ask_each(how, list, out, cap, err);
	say_all(how, list);
	name_first(list, list->best, names, sizeof names);
	return gh_fail(err, GH_ARG,
		       "%zu ports fit: %s; none was opened: give --port P, or "
		       "id or a by-path port in [link %s]",
		       list->best, names, how->rig->links[0].name);
}

static enum gh_status by_identity(const struct gh_find_port *how, char *out,
				  size_t cap, struct gh_err *err)
{
	const struct gh_rig_link *link = &how->rig->links[0];
	const struct gh_port_want want = wanted(link, "");
	char said[SAID], names[SAID];
	struct gh_port_list list;
	enum gh_status st = gh_port_list(how->rig, &list, err);

	if (st != GH_OK)
		return st;
	if (list.best == 1) {
		gh_copy_text(out, cap, list.candidates[0].port->name);
		say_port(how, out, list.candidates[0].why,
			 ", as the rig file says");
	} else if (list.best > 1) {
		st = several(how, &list, out, cap, err);
	} else {
		say_all(how, &list);
		gh_port_want_text(&want, said, sizeof said);
		name_first(&list, list.n, names, sizeof names);
		st = gh_fail(err, GH_IO, "%s of [link %s] is not there: %s is",
			     said, link->name, names);
	}
	gh_port_list_free(&list);
	return st;
}

/* What would name this adapter wherever it is plugged in. */
static void advise(const struct gh_find_port *how, const char *name)
{
	struct gh_port p;
	char line[LINE];

	if (!how->say || !gh_port_is_counted(name) || !gh_port_find(name, &p) ||
	    p.usb_vid < 0)
		return;
	snprintf(line, sizeof line,
		 "port = %s is whatever was plugged in first: better "
		 "usb = %04x:%04x%s%s in the rig file",
		 name, (unsigned)p.usb_vid, (unsigned)p.usb_pid,
		 p.usb_serial[0] ? " and usb_serial = " : "", p.usb_serial);
	say(how, line);
}

enum gh_status gh_find_port(const struct gh_find_port *how, char *out,
			    size_t cap, struct gh_err *err)
{
	const struct gh_rig_link *link = &how->rig->links[0];
	const struct gh_port_want want = wanted(link, "");

	out[0] = '\0';
	if (gh_port_want_any(&want))
		return by_identity(how, out, cap, err);
	if (!link->port[0])
		return gh_fail(err, GH_ARG,
			       "no port: give --port P, or usb and usb_serial "
			       "in [link %s]; `ghostlight devices` lists what "
			       "is there",
			       link->name);
	gh_copy_text(out, cap, link->port);
	advise(how, link->port);
	return GH_OK;
}
