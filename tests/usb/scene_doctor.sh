# SPDX-License-Identifier: GPL-3.0-or-later
# The chain from cable to answer, as it stands on this kernel with our udev rules.

scene_doctor() {
	board main
	within 10 plugged LUM-0001 || no "no tty"
	[ "$(readlink -f /dev/ghostlight)" = "$(tty_of LUM-0001)" ] || no "no /dev/ghostlight"
	[ "$(readlink -f /dev/ghostlight-LUM-0001)" = "$(tty_of LUM-0001)" ] || no "no link by serial number"
	[ "$(stat -c '%G %a' "$(tty_of LUM-0001)")" = "dialout 660" ] || no "not dialout's"

	gh doctor --rig $RIG --db /tmp/doc.db --allow-motion
	said 0
	golden doctor

	su crew -c "ghostlight doctor --rig $RIG --db /tmp/crew.db" >/tmp/out 2>/tmp/err </dev/null
	code=$?
	cat /tmp/out /tmp/err
	said 3 "sudo adduser" dialout
	golden doctor_permission

	# What README says of limits.d: by this alone, without root.
	(ulimit -r 1 && su crew -c "ghostlight doctor --plain --db /tmp/crew.db") >/tmp/out 2>/tmp/err </dev/null
	grep -q '^ok real_time' /tmp/out || no "no real time with rtprio 1: $(grep real_time /tmp/out /tmp/err)"

	sleep 30 <"$(tty_of LUM-0001)" &
	holder=$!
	sleep 0.5
	gh doctor --rig $RIG --db /tmp/doc.db
	kill "$holder"
	said 3 "held by"
	golden doctor_held
}
