/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * checking - a check as the command line runs it: its options, signals that
 * stop it, progress on stderr and what must be said about its end. `check` and
 * `baseline add --check` share it.
 */
#ifndef GH_CLI_CHECKING_H
#define GH_CLI_CHECKING_H

#include "cli/flow.h"  /* struct gh_flow */
#include "cli/paths.h" /* struct gh_path */
#include "cli/verb.h"  /* struct gh_option */

/* Rows of an options table that every verb that checks has. */
#define GH_CHECK_OPTIONS                                                       \
	{ "allow-motion", NULL, "the stage is clear: let joints move",         \
	  GH_OPT_FLAG },                                                       \
		{ "near", NULL,                                                \
		  "somebody stays near: joint by joint, 250 mm/s",             \
		  GH_OPT_FLAG },                                               \
		{ "no-motion", NULL, "nothing moves, whatever else is said",   \
		  GH_OPT_FLAG },                                               \
		{ "house-open", NULL,                                          \
		  "an audience: no looks, no breath, no spotlight",            \
		  GH_OPT_FLAG },                                               \
		{ "guided", NULL, "a person is there to press the remote",     \
		  GH_OPT_FLAG },                                               \
		{ "clear", NULL, "clear a latched stop that you have seen",    \
		  GH_OPT_FLAG },                                               \
		{ "profile", "NAME",                                           \
		  "places, five, fifteen, half, nightly, transport",           \
		  GH_OPT_TEXT },                                               \
		{ "record", "FILE", "keep the raw wire for `replay`",          \
		  GH_OPT_TEXT },                                               \
	{                                                                      \
		"budget", "TIME", "another length: 45s, 2min", GH_OPT_SECONDS  \
	}

/* Keeps the texts the request borrows. */
struct gh_checking {
	struct gh_path rig, db;
	struct gh_flow_request request;
};

/* Fills the request from the options. */
void gh_checking_request(const struct gh_cli *cli, struct gh_checking *c);

/*
 * Hears the signals that were caught since gh_signals_start as a stop, and the
 * keys of the screen that asked, where one did.
 */
struct gh_ears gh_checking_ears(const struct gh_cli *cli);

/* gh_flow_check with signals and progress; says what failed of it. */
enum gh_status gh_checking_run(const struct gh_cli *cli, struct gh_checking *c,
			       struct gh_flow **out,
			       struct gh_err *err) GH_MUST_CHECK;

/* Where a run is that the store did not take; nothing when it did. */
void gh_checking_say_unstored(const struct gh_cli *cli,
			      const struct gh_flow *f);

#endif
