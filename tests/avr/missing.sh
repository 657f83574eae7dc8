#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs in place of the tests in this folder where they could not be built.
lost=
command -v avr-gcc >/dev/null 2>&1 || lost='gcc-avr avr-libc'
pkg-config --exists simavr 2>/dev/null || lost="$lost libsimavr-dev libelf-dev"
echo "1..0 # SKIP no emulated boards: ${lost:-src/firmware/avr} missing (apt install $lost)"
