# SPDX-License-Identifier: GPL-3.0-or-later
# What goes wrong in mid sweep.

# WORDS...: a check that has begun to move the board.
sweep() {
	rm -f /tmp/new.db*
	dmesg -c >/dev/null
	gh_start check --rig $RIG --db /tmp/new.db --budget 15s --allow-motion "$@"
	within 20 sweeps || no "it does not sweep"
	sleep 1
	started=$(now_ms)
}

sweeping() {
	board main
	within 10 plugged LUM-0001 || no "no tty"
	sweep
}

# CODE: the recording up to there is in the database and can be judged anew.
kept() {
	gh history --db /tmp/new.db
	said 0 "15 s     failed"
	gh check --from 1 --db /tmp/new.db
	said "$1" "red light alone 1" "the run was interrupted" "judged anew"
}

# From the kernel's word to the program's: at most 50 ms on a real processor.
noticed() {
	gone=$(kernel_ms 'USB disconnect')
	told=$(kernel_ms 'ghostlight says check:.*unplugged')
	echo "FIGURE unplug: told $((told - gone)) ms after the kernel, ended after $took_ms ms"
	[ $((told - gone)) -le 500 ] || no "noticed after $((told - gone)) ms"
}

scene_unplug() {
	sweeping
	tell main unplug
	gh_end
	said 3 UNSURE unplugged "not back within"
	in_time 6000
	noticed
	kept 3
}

# Something else has taken its name when it comes back.
scene_replug() {
	sweeping
	tell main unplug
	board decoy --place 1 --serial DECOY --foreign hello
	within 10 plugged DECOY || no "the decoy has no tty"
	tell main plug
	gh_end
	said 3 UNSURE "back as $(tty_of LUM-0001)"
	[ "$(tty_of DECOY)" = /dev/ttyACM0 ] || no "the decoy has another name"
	in_time 6000
	kept 3
	board_end
	untouched decoy
}

# Its watchdog has tripped, but nobody can see that.
stalls() {
	tell main stall
	gh_end
	said 2 "the safe state was not seen" "does not answer"
	! grep -q "stored limit" /tmp/out || no "blames a joint"
	in_time 5000
	kept 2
}

scene_stall() {
	sweeping
	stalls
}

scene_gadget_stall() {
	gadget_plug
	board main --on tty:/dev/ttyGS0
	sweep --port "$(tty_of LUM-0001)"
	stalls
	board_end
	gadget_unplug
}

scene_ftdi_stall() {
	within 10 plugged FT-0001 || no "no tty"
	board main --on tty:/dev/ttyS1
	sweep --port "$(tty_of FT-0001)"
	stalls
}

scene_gadget_unplug() {
	gadget_plug
	board main --on tty:/dev/ttyGS0
	sweep --port "$(tty_of LUM-0001)"
	gadget_unplug
	gh_end
	said 3 UNSURE unplugged "not back within"
	in_time 6000
	kept 3
	board_end
}

scene_reboot() {
	sweeping
	tell main reboot
	gh_end
	said 2 "controller rebooted" "brown-out"
	in_time 5000
	kept 2
}

# A board with USB of its own goes from the bus while it starts anew.
scene_reset() {
	sweeping
	tell main unplug
	tell main reboot
	tell main plug
	gh_end
	said 3 UNSURE
	in_time 6000
	kept 3
}

# QEMU pulls a real device_del; the adapter comes back under the old name once
# nobody holds it.
scene_ftdi_unplug() {
	within 10 plugged FT-0001 || no "no tty"
	board main --on tty:/dev/ttyS1
	sweep --port "$(tty_of FT-0001)"
	echo "HOST unplug" >/dev/console
	gh_end
	said 3 UNSURE unplugged
	in_time 6000
	kept 3
	echo "HOST plug" >/dev/console
	within 10 plugged FT-0001 || no "it did not come back"
}
