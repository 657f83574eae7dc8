#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that must hold, far more often than `make test` tries it.

    soak.py short|whole [NAME...]

Runs the programs of the table below (or those that are named) with GH_SOAK
set, see tests/fakes/soak.h, and prints a TAP line for each figure they say:
`ok N - name: figure`. A figure that the table knows and nobody says is
`not ok`, and so is whatever else fails in them. GH_BUILD is the build folder.
"""

import importlib.machinery
import importlib.util
import os
import re
import sys
import time

sys.dont_write_bytecode = True  # of scripts/run-tests

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FIGURE = re.compile(r"^(?:# )?soak: ([^:]+): (.+)$")
SHOWN_LINES = 30

# GH_SOAK, and what no program may need longer for: all of the short form, and
# a night of the whole one.
LENGTHS = {"short": ("short", 600), "whole": ("1", 12 * 3600)}

# Each is asked of the screen, of a signal and of another shell.
STOPS = (
    "stop by SPACE",
    "stop by SPACE, terminal not read",
    "stop by SPACE, 1 kHz of resizes",
    "stop by SPACE, not read and resizes",
    "stop by SIGINT, terminal not read",
    "stop by SIGTERM, terminal not read",
    "stop by stop socket, terminal not read",
    "stop by `ghostlight stop` from its exec",
    "stop by SPACE, not read and resizes, SCHED_FIFO beside 2 burners",
    "stop by SIGINT, SCHED_FIFO beside 2 burners",
    "stop by SPACE, not read and resizes, beside 2 burners",
    "stop by SIGINT, beside 2 burners",
    "a host that is away for 200 ms ends its run and says so",
)

# The programs, the longest first, and the figures that each must say. Those
# that ask for it in a comment (scripts/run-tests) come after the others, alone.
TABLE = (
    ("cli/test_kill.py", ("kill -9", "kill -9 and the arm")),
    ("cli/test_oom.py", ("malloc failures",)),
    ("cli/test_death.py", ("terminal restored",)),
    ("cli/test_hour.py", ("one hour of checks",)),
    ("cli/test_fallback.py", ("fallback",)),
    ("cli/test_hardening.py", ("hardening",)),
    ("cli/test_stop_latency.py", STOPS),
    ("unit/test_escapes", ("escapes",)),
    ("fuzz/lumina", ("fuzz lumina",)),
    ("fuzz/firmata_board", ("fuzz firmata_board",)),
    ("fuzz/bundle", ("fuzz bundle",)),
    ("fuzz/firmware", ("fuzz firmware",)),
    ("unit/test_store_carrier", ("disk calls of export and import",)),
    ("unit/test_store_faults", ("disk calls of a night", "disk calls of the first start")),
    ("fuzz/replay", ("fuzz replay",)),
    ("unit/test_link_faults", ("clean frames to the driver", "clean frames to the firmware",
                               "frames through faults to the driver",
                               "frames through faults to the firmware")),
    ("fuzz/text", ("fuzz text",)),
    ("fuzz/rig", ("fuzz rig",)),
    ("unit/test_store_killed", ("kill -9 of a writer",)),
    ("unit/test_store_power", ("power cuts",)),
    ("fuzz/wirelog", ("fuzz wirelog",)),
    ("fuzz/firmata", ("fuzz firmata",)),
)

# Ten minutes of every board: only a whole soak is more than `make test`.
WHOLE_TABLE = (
    ("avr/test_board_stream", ("samples of the uno", "samples of the mega")),
)


def run_tests():
    """scripts/run-tests: how a test program is run and read is known there."""
    loader = importlib.machinery.SourceFileLoader(
        "run_tests", os.path.join(ROOT, "scripts", "run-tests"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def path_of(program):
    if program.endswith((".py", ".sh")):
        return os.path.join("tests", program)
    return os.path.join(os.environ.get("GH_BUILD", "build"), "tests", program)


class Report:
    """The TAP lines, numbered as they come."""

    def __init__(self):
        self.lines = 0
        self.failed = 0

    def line(self, good, text):
        self.lines += 1
        self.failed += not good
        print(f"{'' if good else 'not '}ok {self.lines} - {text}", flush=True)

    def missing(self, program, name, skipped):
        """A figure that nobody said: only a part that says why it was skipped may lack it."""
        for text in skipped:
            part, _, why = text.partition(": ")
            if why and name.endswith(part):
                self.line(True, f"{name} # SKIP {why}")
                return False
        self.line(False, f"{name}: {program} did not say it")
        return True

    def outcome(self, program, expected, outcome):
        said = dict(found.groups() for found in
                    map(FIGURE.match, outcome.output.splitlines()) if found)
        for name, figure in said.items():
            self.line(name in expected, f"{name}: {figure}" if name in expected else
                      f"{name}: {program} says it, the table of soak.py does not know it")
        troubles = outcome.failed + outcome.troubles
        for trouble in troubles:
            self.line(False, f"{program}: {trouble}")
        lacking = [name for name in expected if name not in said
                   and self.missing(program, name, outcome.skipped)]
        for skipped in outcome.skipped:
            print(f"# skipped in {program}: {skipped}")
        if troubles or lacking:
            for text in outcome.output.splitlines()[-SHOWN_LINES:]:
                print(f"#     {text}")
        print(f"# {program}: {outcome.took_s:.0f} s", flush=True)


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in LENGTHS:
        sys.exit(__doc__)
    os.environ["GH_SOAK"], limit_s = LENGTHS[sys.argv[1]]
    os.chdir(ROOT)
    begun, report = time.monotonic(), Report()
    programs = TABLE + (WHOLE_TABLE if sys.argv[1] == "whole" else ())
    table = {path_of(program): (program, expected) for program, expected in programs
             if not sys.argv[2:] or os.path.basename(program) in sys.argv[2:]}
    unknown = set(sys.argv[2:]) - {os.path.basename(program) for program, _ in table.values()}
    if unknown:
        sys.exit(f"soak.py: no program {', '.join(sorted(unknown))} in the table: try "
                 + " ".join(os.path.basename(program) for program, _ in programs))
    for outcome in run_tests().run_all(list(table), limit_s):
        report.outcome(*table[outcome.program], outcome)
    print(f"1..{report.lines}")
    print(f"# {report.lines - report.failed} hold, {report.failed} do not, "
          f"{time.monotonic() - begun:.0f} s in all")
    return 1 if report.failed or not report.lines else 0


if __name__ == "__main__":
    sys.exit(main())
