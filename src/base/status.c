/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

#include "base/text.h" /* gh_make_human */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct row {
	const char *name, *advice;
};

#define X(id, text) [GH_##id] = { #id, text },
static const struct row table[GH_STATUS_COUNT] = { GH_STATUS_TABLE(X) };
#undef X

static void fill(struct gh_err *err, enum gh_status code, int sys,
		 const char *fmt, va_list args)
{
	err->code = code;
	err->sys = sys;
	vsnprintf(err->msg, sizeof err->msg, fmt, args);
	/* File names and what a controller said may hold anything. */
	gh_make_human(err->msg);
}

enum gh_status gh_fail(struct gh_err *err, enum gh_status code, const char *fmt,
		       ...)
{
	va_list args;

	if (!err)
		return code;
	va_start(args, fmt);
	fill(err, code, 0, fmt, args);
	va_end(args);
	return code;
}

enum gh_status gh_fail_sys(struct gh_err *err, enum gh_status code, int sys,
			   const char *fmt, ...)
{
	va_list args;
	size_t used;

	if (!err)
		return code;
	va_start(args, fmt);
	fill(err, code, sys, fmt, args);
	va_end(args);
	used = strlen(err->msg);
	snprintf(err->msg + used, sizeof err->msg - used, ": %s",
		 strerror(sys));
	return code;
}

enum gh_status gh_fail_prefix(struct gh_err *err, const char *prefix)
{
	char old[sizeof err->msg];

	if (!err)
		return GH_IO;
	memcpy(old, err->msg, sizeof old);
	old[sizeof old - 1] = '\0';
	if (snprintf(err->msg, sizeof err->msg, "%s: %s", prefix, old) < 0)
		err->msg[0] = '\0';
	gh_make_human(err->msg);
	return err->code;
}

const char *gh_status_advice(enum gh_status code)
{
	return code < GH_STATUS_COUNT ? table[code].advice : "report a bug";
}

const char *gh_status_name(enum gh_status code)
{
	return code < GH_STATUS_COUNT ? table[code].name : "?";
}
