# SPDX-License-Identifier: GPL-3.0-or-later
# What the scenes share. A scene is a function scene_NAME in scene_*.sh; it
# calls `no WHY` for each thing that is not as it must be.
: "${RIG:=/usb/guest.rig}"

for file in /usb/scene_*.sh; do
	. "$file"
done

# Everything a scene says is on the console, its verdict on one line.
run_scene() {
	wrong=0
	echo "SCENE $1 begins $(uptime_s)"
	"scene_$1" >/tmp/scene.log 2>&1
	board_end
	while IFS= read -r line; do
		echo "  $line"
	done </tmp/scene.log
	[ "$wrong" = 0 ] || failures=$((failures + 1))
	echo "SCENE $1 rc=$wrong uptime=$(uptime_s)"
}

no() {
	echo "NO: $*"
	wrong=1
}

# SECONDS COMMAND...: until it is true.
within() {
	tries=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

# ---- Boards ----

# NAME OPTIONS...: a board of that name; its log is /tmp/NAME.board.
board() {
	name=$1
	shift
	rm -f "/tmp/$name.ctl" "/tmp/$name.board"
	mkfifo "/tmp/$name.ctl"
	usb_board --control "/tmp/$name.ctl" "$@" >"/tmp/$name.board" 2>&1 &
	boards="$boards $name"
	within 5 grep -q plugged "/tmp/$name.board" || no "board $name: $(cat "/tmp/$name.board")"
}

# NAME COMMAND: nobody reads the pipe of a board that has died.
tell() { timeout 2 sh -c "echo $2 >/tmp/$1.ctl" || no "board $1 is gone"; }

board_end() {
	for name in $boards; do
		tell "$name" end
		within 5 grep -q ' ends' "/tmp/$name.board"
		sed "s/^/[$name] /" "/tmp/$name.board"
	done
	boards=
	within 5 no_ttys
}

# Of the virtual hub; other adapters stay.
no_ttys() { ! ls /sys/devices/platform/vhci_hcd.0/usb*/*/*/tty; }

# SERIAL: the tty that the device with this serial number has now.
tty_of() {
	for tty in /sys/class/tty/ttyACM* /sys/class/tty/ttyUSB*; do
		at=$(readlink -f "$tty/device")
		while [ -n "$at" ] && [ ! -f "$at/serial" ]; do
			at=${at%/*}
		done
		[ "$(cat "$at/serial" 2>/dev/null)" = "$1" ] && echo "/dev/${tty##*/}"
	done
}

plugged() { [ -c "$(tty_of "$1")" ]; }

# ---- The program ----

# ARGUMENTS...: starts it; what it says on stderr is in the kernel's log too,
# with the kernel's own time.
gh_start() {
	echo "\$ ghostlight $*"
	rm -f /tmp/said
	mkfifo /tmp/said
	while IFS= read -r line; do
		echo "$line"
		echo "ghostlight says $line" >/dev/kmsg
	done </tmp/said >/tmp/err &
	timeout -s KILL 60 ghostlight "$@" </dev/null >/tmp/out 2>/tmp/said &
	pid=$!
	started=$(now_ms)
}

# Leaves $code, /tmp/out, /tmp/err, and in $took_ms the time since $started.
gh_end() {
	wait "$pid"
	code=$?
	took_ms=$(($(now_ms) - started))
	echo "ends with $code after $took_ms ms"
	cat /tmp/out /tmp/err
}

gh() {
	gh_start "$@"
	gh_end
}

now_ms() { echo "$(($(sed 's/\.\([0-9]*\) .*/\1/' /proc/uptime) * 10))"; }

# TEXT: the time in ms of the first such line in the kernel's log.
kernel_ms() { dmesg | sed -n "s/^\[ *\([0-9]*\)\.\([0-9]*\)[0-9]\{3\}\] .*$1.*/\1\2/p" | head -1; }

# CODE TEXT...: of the last run; each text is in what it said.
said() {
	[ "$code" = "$1" ] || no "exit code $code, not $1"
	shift
	for text in "$@"; do
		grep -qF -- "$text" /tmp/out /tmp/err || no "it did not say: $text"
	done
}

# NAME: what was said becomes a golden file; what is not the same in each run
# becomes N.
golden() {
	sed -E 's/[0-9.]+ ms/N ms/g; s/[0-9]+ MB/N MB/g; s/process [0-9]+/process N/g; s/kill [0-9]+/kill N/g' /tmp/out |
		sed "s/^/GOLDEN $1|/"
}

# NAME...: boards that have ended and were sent nothing.
untouched() {
	for name in "$@"; do
		grep -q 'ends, was sent 0 bytes' "/tmp/$name.board" || no "$name was written to"
	done
}

# MS: from $started the program had no more than this.
in_time() { [ "$took_ms" -le "$1" ] || no "it took $took_ms ms, not $1"; }
