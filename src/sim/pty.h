/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pty - the simulator's end of a pseudo-terminal that stands for a USB-serial
 * port. The slave stays open here too, so that hosts may come and go.
 */
#ifndef GH_SIM_PTY_H
#define GH_SIM_PTY_H

#include "base/status.h" /* enum gh_status */

#include <stddef.h>

struct gh_sim_pty {
	int master, slave;
	char name[64];	       /* "/dev/pts/3" */
	char link[256];	       /* symbolic link to it, or "" */
	unsigned long dropped; /* bytes nobody read in time */
};

/* link may be NULL; an old symbolic link of that name is replaced. */
enum gh_status gh_sim_pty_open(struct gh_sim_pty *pty, const char *link,
			       struct gh_err *err) GH_MUST_CHECK;
void gh_sim_pty_close(struct gh_sim_pty *pty);

/* Neither waits; writing drops what does not fit, as a UART would. */
size_t gh_sim_pty_read(struct gh_sim_pty *pty, void *buf, size_t cap);
void gh_sim_pty_write(struct gh_sim_pty *pty, const void *buf, size_t n);

/* A host that was killed cannot give back its exclusive use: do it here. */
void gh_sim_pty_release(const struct gh_sim_pty *pty);

#endif
