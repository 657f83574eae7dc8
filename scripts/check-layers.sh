#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check-layers.sh - hold every #include in src/ and probes/ against layers.txt.
# It fails on a forbidden edge, a foreign header out of its place, a folder that
# is not listed, and a local include without its folder or its reason.
set -eu
cd "$(dirname "$0")/.."

# No file of ours has a blank in its name.
# shellcheck disable=SC2046
set -- $(find src probes -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)
[ $# -gt 0 ] || exit 0

LC_ALL=C awk '
function bad(text) { print FILENAME ":" FNR ": " text; errors++ }

# Does a file lie in a place, which is a folder or one file?
function within(file, place) {
	return file == place || index(file, place "/") == 1
}

function allowed(file, places,    p, i, n) {
	n = split(places, p, " ")
	for (i = 1; i <= n; i++)
		if (within(file, p[i]))
			return 1
	return 0
}

function folder_of(file,    p, n) {
	n = split(file, p, "/")
	return p[1] == "probes" ? "probes" : p[1] "/" p[2]
}

# scripts/layers.txt comes first
FILENAME == "scripts/layers.txt" {
	sub(/#.*/, "")
	if ($1 == "lib") {
		name = $2; $1 = $2 = ""; lib[name] = $0
	} else if ($1 ~ /:$/) {
		name = substr($1, 1, length($1) - 1); $1 = ""; may[name] = $0
	}
	next
}

FNR == 1 {
	folder = folder_of(FILENAME)
	known = folder in may
	if (!known)
		bad(folder " is not listed in scripts/layers.txt")
	own = FILENAME
	sub(/^src\//, "", own)
	sub(/\.c$/, ".h", own)
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, part, /[<>]/)
	for (name in lib)
		if ((part[2] == name || (name ~ /\/$/ && index(part[2], name) == 1)) &&
		    !allowed(FILENAME, lib[name]))
			bad("<" part[2] "> is not for this place (layers.txt)")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, part, "\"")
	if (part[2] !~ /\// || part[2] ~ /\.\.\//) {
		bad("\"" part[2] "\" is written without its folder")
		next
	}
	if (part[2] != own && part[3] !~ /\/\*[ \t]*[^ \t*]/)
		bad("\"" part[2] "\" has no comment naming what it is for")
	to = "src/" part[2]
	if (known && !allowed(to, folder " " may[folder]))
		bad(folder " may not include " to)
}

END { exit errors > 0 }
' scripts/layers.txt "$@"
