# SPDX-License-Identifier: GPL-3.0-or-later
# Checks that run to their verdict, on each of the three devices.

# ARGUMENTS...: a check against the baseline of the rehearsal.
check_with_baseline() {
	cp /usb/base.db /tmp/gh.db
	gh check --rig $RIG --db /tmp/gh.db --budget 15s --allow-motion "$@"
}

# The right one of three, by what the rig file says; no byte to the others. What
# a short look at two joints leaves open is where they hang; a rehearsal at eight
# times the pace also had a faster wire.
scene_check() {
	board other --place 0 --serial LUM-0002 --foreign hello
	board main --place 1 --session 4
	board gps --place 2 --vid 1546 --pid 01a8 --serial GPS-1 --manufacturer u-blox \
		--product receiver --foreign '$GPGGA,123519,4807.038,N'
	within 10 [ -c /dev/ttyACM2 ] || no "not all of them have a tty"
	gh devices --rig $RIG
	said 0
	golden devices
	gh devices --json --rig $RIG
	said 0
	golden devices_json
	check_with_baseline
	said 3 "the baseline is too noisy" "READY   core" "(5 runs, 3" SIMULATED
	! grep -q HOLD /tmp/out || no "a healthy piece is held"
	! grep -q interrupted /tmp/out || no "the run was not whole"
	# What the device saw: the rate, DTR and RTS while open, neither after.
	within 5 grep -q 'lines 0' /tmp/main.board || no "DTR is still on"
	grep -q 'lines 3' /tmp/main.board || no "DTR and RTS were not on"
	grep -q 'coding 500000 Bd, 8 bits' /tmp/main.board || no "not 500 kBd 8N1"
	board_end
	untouched other gps
}

# The kernel's own device side: a check that none of our descriptors made.
gadget_plug() {
	mount -t configfs none /sys/kernel/config 2>/dev/null
	gadget=/sys/kernel/config/usb_gadget/g
	mkdir -p $gadget/strings/0x409 $gadget/configs/c.1 $gadget/functions/acm.0
	echo 0x1209 >$gadget/idVendor
	echo 0x0001 >$gadget/idProduct
	echo LUM-0001 >$gadget/strings/0x409/serialnumber
	echo gadget >$gadget/strings/0x409/product
	[ -e $gadget/configs/c.1/acm.0 ] || ln -s $gadget/functions/acm.0 $gadget/configs/c.1
	echo dummy_udc.0 >$gadget/UDC
	within 10 plugged LUM-0001 || no "no tty"
	within 5 [ -c /dev/ttyGS0 ] || no "no far end"
}

gadget_unplug() { echo >/sys/kernel/config/usb_gadget/g/UDC; }

scene_gadget() {
	gadget_plug
	board main --on tty:/dev/ttyGS0 --session 4 --fault limp@resilience.elbow
	check_with_baseline --port "$(tty_of LUM-0001)"
	said 2 "HOLD    resilience elbow" "arm hangs limp" SIMULATED
	board_end
	gadget_unplug
}

scene_ftdi() {
	within 10 plugged FT-0001 || no "no tty"
	board main --on tty:/dev/ttyS1 --session 4 --fault blue_lost@core
	check_with_baseline --port "$(tty_of FT-0001)"
	said 2 "HOLD    core" "blue" SIMULATED
}
