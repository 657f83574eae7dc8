/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * version - the release this program is, from the Makefile.
 */
#ifndef GH_CLI_VERSION_H
#define GH_CLI_VERSION_H

static inline const char *gh_version(void)
{
#ifdef GH_VERSION
	return GH_VERSION;
#else
	return "0";
#endif
}

#endif
