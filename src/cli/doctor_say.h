/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doctor_say - what the step functions share: the words of a step, and texts of
 * devices inside commands that a person will paste into a shell.
 */
#ifndef GH_CLI_DOCTOR_SAY_H
#define GH_CLI_DOCTOR_SAY_H

#include "base/status.h" /* GH_PRINTF */
#include "cli/doctor.h"	 /* struct gh_doctor_facts */

/* Sets state and what was found. */
void gh_doctor_found(struct gh_step *step, enum gh_step_state state,
		     const char *fmt, ...) GH_PRINTF(3, 4);
/* Sets the command. */
void gh_doctor_mend(struct gh_step *step, const char *fmt, ...) GH_PRINTF(2, 3);
void gh_doctor_figure(struct gh_step *step, const char *name, double value);

/*
 * True when a shell takes the text for one plain word: letters, digits and
 * "._:/=+-". A serial number comes from the device, and whoever made it may
 * have put a command in it.
 */
bool gh_doctor_is_plain(const char *text);

/* The steps, by where they look. */
void gh_doctor_adapter(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_port(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_permission(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_rule(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_holder(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_thieves(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_latency(const struct gh_doctor_facts *f, struct gh_step *s);

void gh_doctor_answer(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_protocol(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_firmware(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_watchdog(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_reply(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_loss(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_disk(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_space(const struct gh_doctor_facts *f, struct gh_step *s);
void gh_doctor_real_time(const struct gh_doctor_facts *f, struct gh_step *s);

#endif
