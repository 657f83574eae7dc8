# SPDX-License-Identifier: GPL-3.0-or-later
# One port and several who want it; ports that are none of our business.

# Motion is under way, by what the program says of its phase.
sweeps() { grep -q 'sweeps' /tmp/err; }

# The second is told who has it, the first goes on, and whoever may not have the
# port can still stop it.
scene_two_copies() {
	board main
	within 10 plugged LUM-0001 || no "no tty"
	gh_start check --rig $RIG --db /tmp/new.db --budget 15s --allow-motion
	first=$pid
	within 20 sweeps || no "the first does not sweep"
	ghostlight check --rig $RIG --db /tmp/new2.db --budget 15s --allow-motion >/tmp/second 2>&1
	second=$?
	echo "the second ends with $second"
	cat /tmp/second
	grep -q "busy, held by ghostlight (process [0-9]*)" /tmp/second || no "no holder is named"
	[ "$second" = 3 ] || no "the second ended with $second"
	sleep 0.5
	kill -0 "$first" || no "the first was disturbed"
	ghostlight stop --port "$(tty_of LUM-0001)" --rig $RIG >/tmp/second 2>&1 || no "no stop from elsewhere: $?"
	cat /tmp/second
	pid=$first
	gh_end
	said 130
}

# A port that the rig does not name is not asked, whoever asks for a check.
scene_foreign() {
	board gps --foreign '$GPGGA,123519,4807.038,N' --vid 1546 --pid 01a8 --serial GPS-1 \
		--manufacturer u-blox --product receiver
	within 10 plugged GPS-1 || no "no tty"
	gh check --rig $RIG --db /tmp/gh.db --budget 15s --allow-motion
	said 3 1209:0001 LUM-0001
	gh doctor --rig $RIG --db /tmp/gh.db
	said 3 "can't reach the sculpture"
	board_end
	untouched gps
}

# Nothing but printable ASCII and line ends.
clean() {
	[ "$(tr -d '\12\40-\176' </tmp/out | wc -c)" = 0 ] || no "$1: control bytes come through"
	[ "$(awk 'length > 500' /tmp/out | wc -l)" = 0 ] || no "$1: a line without end"
}

scene_hostile() {
	esc=$(printf '\033')
	bell=$(printf '\007')
	back=$(printf '\010')
	long=$(printf '%0200d' 7)
	board escape --place 0 --manufacturer "${esc}]0;owned$bell${esc}[2J" --product "a$back${back}b${esc}[31m" \
		--serial "../..${esc}[H" --foreign hello
	board endless --place 1 --manufacturer "$long" --product "$long" --serial "$long" --foreign hello
	board liar --place 2 --claimed-length 255 --serial SHORT --foreign hello
	board mute --place 3 --claimed-length 1 --serial NONE --foreign hello
	board percent --place 4 --product '%s%n%s%n' --manufacturer '","x":"' --serial '%n' --foreign hello
	within 10 [ -c /dev/ttyACM4 ] || no "not all of them have a tty"
	for how in devices 'devices --json' 'devices --plain' doctor 'doctor --json'; do
		gh $how
		[ "$code" -lt 70 ] || no "$how ends with $code"
		clean "$how"
		[ "$how" != devices ] || golden hostile
	done
	board_end
	untouched escape endless liar mute percent
}

# A controller that never answers: waiting for it is nearly free.
scene_dead() {
	board main --foreign ''
	within 10 plugged LUM-0001 || no "no tty"
	gh_start check --rig $RIG --db /tmp/gh.db --budget 15s --allow-motion
	sleep 0.5
	before=$(cut -d' ' -f1 "/proc/$(pidof ghostlight)/schedstat")
	sleep 1
	after=$(cut -d' ' -f1 "/proc/$(pidof ghostlight)/schedstat")
	gh_end
	said 3 UNSURE
	echo "FIGURE dead controller: $(((after - before) / 1000)) us of CPU in a second of waiting"
	[ $(((after - before) / 1000000)) -le 10 ] || no "waiting costs $((after - before)) ns a second"
}

# Comings and goings: by udev's events, and by looking where there is no udev.
watch_once() {
	ghostlight devices --watch </dev/null >/tmp/out 2>/tmp/err &
	pid=$!
	sleep 2
	board main
	within 5 grep -q "arrived .*LUM-0001" /tmp/out || no "$1: nothing arrived"
	tell main unplug
	within 5 grep -q 'left .*LUM-0001' /tmp/out || no "$1: nothing left"
	kill -TERM $pid
	wait $pid
	code=$?
	cat /tmp/out /tmp/err
	board_end
}

scene_watch() {
	watch_once udev
	said 0 "hot-plug events"
	killall systemd-udevd
	rm -f /run/udev/control
	watch_once 'no udev'
	said 0 "no udev here"
}
