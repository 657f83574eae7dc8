/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/doctor_say.h" /* what is defined here */

#include "base/text.h" /* gh_is_digit */

#include <stdarg.h>
#include <string.h>

#define ALONE (-1)

const struct gh_doctor_row gh_doctor_rows[GH_DOCTOR_STEPS] = {
	[GH_DOCTOR_ADAPTER] = { "adapter", "USB adapter seen", ALONE,
				gh_doctor_adapter },
	[GH_DOCTOR_PORT] = { "port", "port exists", GH_DOCTOR_ADAPTER,
			     gh_doctor_port },
	[GH_DOCTOR_PERMISSION] = { "permission", "you may open it",
				   GH_DOCTOR_PORT, gh_doctor_permission },
	[GH_DOCTOR_RULE] = { "rule", "udev rule installed", ALONE,
			     gh_doctor_rule },
	[GH_DOCTOR_HOLDER] = { "holder", "nobody else holds it",
			       GH_DOCTOR_PERMISSION, gh_doctor_holder },
	[GH_DOCTOR_THIEVES] = { "thieves", "others leave it alone", ALONE,
				gh_doctor_thieves },
	[GH_DOCTOR_LATENCY] = { "latency_timer", "adapter passes on at once",
				GH_DOCTOR_PORT, gh_doctor_latency },
	[GH_DOCTOR_ANSWER] = { "answer", "controller answers", GH_DOCTOR_HOLDER,
			       gh_doctor_answer },
	[GH_DOCTOR_PROTOCOL] = { "protocol", "it speaks our protocol",
				 GH_DOCTOR_ANSWER, gh_doctor_protocol },
	[GH_DOCTOR_FIRMWARE] = { "firmware", "it is the sculpture's",
				 GH_DOCTOR_PROTOCOL, gh_doctor_firmware },
	[GH_DOCTOR_WATCHDOG] = { "watchdog", "watchdog proved",
				 GH_DOCTOR_FIRMWARE, gh_doctor_watchdog },
	[GH_DOCTOR_REPLY] = { "reply", "it replies in time", GH_DOCTOR_PROTOCOL,
			      gh_doctor_reply },
	[GH_DOCTOR_LOSS] = { "loss", "nothing is lost", GH_DOCTOR_PROTOCOL,
			     gh_doctor_loss },
	[GH_DOCTOR_DISK] = { "disk", "disk commits in time", ALONE,
			     gh_doctor_disk },
	[GH_DOCTOR_SPACE] = { "space", "disk has room", ALONE,
			      gh_doctor_space },
	[GH_DOCTOR_REAL_TIME] = { "real_time", "real time while it moves",
				  ALONE, gh_doctor_real_time },
};

void gh_doctor_found(struct gh_step *step, enum gh_step_state state,
		     const char *fmt, ...)
{
	va_list ap;

	step->state = state;
	va_start(ap, fmt);
	vsnprintf(step->found, sizeof step->found, fmt, ap);
	va_end(ap);
}

void gh_doctor_mend(struct gh_step *step, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(step->mend, sizeof step->mend, fmt, ap);
	va_end(ap);
}

void gh_doctor_figure(struct gh_step *step, const char *name, double value)
{
	if (step->n_figures < GH_STEP_FIGURES)
		step->figures[step->n_figures++] =
			(struct gh_step_figure){ name, value };
}

static bool is_plain_char(char c)
{
	return gh_is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || strchr("._:/=+-", c);
}

bool gh_doctor_is_plain(const char *text)
{
	const char *c = text;

	while (*c && is_plain_char(*c))
		c++;
	return c != text && *c == '\0' && text[0] != '-';
}
