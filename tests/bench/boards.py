#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our firmware on the emulated boards: how fast they run here, and what the firmware costs them
(a minute of every channel at 100 Hz, every joint moving). The limits are those of the tests."""

import os
import re
import sys

from kit.figures import BUILD, Cost, Limits, describe_machine, say

TEST = os.path.join(BUILD, "tests", "avr", "test_board_stream")
# A minute on each of two boards, two seconds more, and arming.
SIMULATED_S = 60 + 60 + 4


def main():
    if not os.access(TEST, os.X_OK):
        say(f"  SKIP {TEST} was not built (gcc-avr, avr-libc, libsimavr-dev)")
        sys.exit(0)
    limits = Limits()
    describe_machine()
    run = Cost(TEST, env={"GH_BUILD": BUILD, "CMOCKA_MESSAGE_OUTPUT": "TAP"})
    for line in re.findall(r"^# (.*)$", run.out + run.err, re.MULTILINE):
        say(f"  {line}")
    say(f"  {SIMULATED_S / run.cpu_s:.1f} simulated seconds per second of processor")
    limits.check(run.code == 0, "no sample lost, every time exact, RAM and flash within limits")
    limits.done()


if __name__ == "__main__":
    main()
