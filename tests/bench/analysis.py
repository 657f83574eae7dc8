#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processor time of turning 60 s of 36 channels at 1 kHz into metrics: every probe, the whole run
and both halves. Peer: GSL's QR on the raw rows of the sweeps, the fit alone."""

import os

from kit.figures import BUILD, Cost, Limits, describe_machine, say

ANALYSIS = os.path.join(BUILD, "bench", "analysis")
AT_MOST_MS = 50


def main():
    limits = Limits()
    say("  analysis of a recording: 12 joints, 36 channels, 1 kHz, 60 s; best of 7")
    describe_machine()
    cost = Cost(ANALYSIS)
    figures = dict(line.split() for line in cost.out.splitlines())
    ours, peer = float(figures["analysis_ms"]), float(figures["peer_ms"])
    say(f"  {figures['values']} metrics in {ours:.1f} ms, peak {cost.peak_mb:.1f} MB")
    say(f"  peer: GSL QR, one fit a joint on raw rows, {peer:.1f} ms: we need {ours / peer:.2f} "
        "times that for everything")
    limits.at_most("processor time of the analysis", ours, AT_MOST_MS, "ms")
    limits.done()


if __name__ == "__main__":
    main()
