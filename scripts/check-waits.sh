#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check-waits.sh OBJROOT OBJECT... - time is read and waited for in one place,
# so that a test can swap in a virtual clock: no other object may refer to the
# functions below. Exceptions stand in the table with their reason.
set -eu

root=$1
shift
[ $# -gt 0 ] || exit 0

"${NM:-nm}" -u -A "$@" | LC_ALL=C awk -v root="$root/" '
BEGIN {
	n = split("sleep usleep nanosleep clock_nanosleep clock_gettime " \
		"gettimeofday time poll ppoll select pselect epoll_wait", w, " ")
	for (i = 1; i <= n; i++)
		waits[w[i]] = 1
	# object, why it may
	may["src/base/clock_real.o"] = "it is the place"
	may["src/sim/main.o"] = "a world in real time, not part of a check"
	may["src/sim/pty.o"] = "the same: it paces bytes at the announced baud"
}
{
	object = $1
	sub(/:$/, "", object)
	if (index(object, root) == 1)
		object = substr(object, length(root) + 1)
	name = $NF
	sub(/@.*/, "", name)
	sub(/^__/, "", name)
	sub(/_chk$/, "", name)
	if ((name in waits) && !(object in may)) {
		print object ": refers to " name "(); only src/base/clock_real.c may"
		errors++
	}
}
END { exit errors > 0 }'
