#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check-size.sh FILE... - no function over 60 lines, no file over 500. Long
# functions, not long files, are what makes code hard to follow.
set -eu
[ $# -gt 0 ] || exit 0

LC_ALL=C awk '
function close_file() {
	if (lines > 500) {
		print last ": " lines " lines, at most 500"
		errors++
	}
}

FNR == 1 { close_file(); last = FILENAME; start = 0 }
{ lines = FNR }

/^\{/ || /^[a-z].*\)[ ]*\{$/ { start = FNR }
/^\}/ {
	if (start && FNR - start > 60) {
		print FILENAME ":" start ": function of " FNR - start " lines, at most 60"
		errors++
	}
	start = 0
}

END { close_file(); exit errors > 0 }
' "$@"
