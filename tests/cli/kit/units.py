# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as people are shown them, in the unit of JSON again (src/base/number.c)."""

import math

FACTORS = {("mA", "A"): 1e-3, ("mV", "V"): 1e-3, ("ms", "s"): 1e-3, ("%", "rel"): 1e-2,
           ("deg", "rad"): math.pi / 180, ("deg/s", "rad/s"): math.pi / 180,
           ("mA s/rad", "A s/rad"): 1e-3, ("mA..", "A s/rad"): 1e-3}


def raw(number, shown, unit):
    return float(number) * FACTORS.get((shown, unit), 1)
