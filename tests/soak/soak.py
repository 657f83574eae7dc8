#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that must hold, far more often than `make test` tries it.

    soak.py short|whole [NAME...]

Runs the programs of the table below (or those that are named) with GH_SOAK
set, see tests/fakes/soak.h, and prints a TAP line for each figure they say:
`ok N - name: figure`. A figure that the table knows and nobody says is
`not ok`, and so is whatever else fails in them. GH_BUILD is the build folder.

The whole one keeps what has held in tests/soak-results.md: started again after
it was broken off, it says that again and goes on with the others and with what
has changed since (kept.py). FRESH=1 forgets it.
"""

import importlib.machinery
import importlib.util
import os
import re
import sys
import time

sys.dont_write_bytecode = True  # of scripts/run-tests
from kept import Kept  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FIGURE = re.compile(r"^(?:# )?soak: ([^:]+): (.+)$")
SHOWN_LINES = 30

# GH_SOAK, and what no program may need longer for, also on a host that has
# other work: the short form is ten minutes of two processors, the whole one a
# night of them.
LENGTHS = {"short": ("short", 1800), "whole": ("1", 24 * 3600)}
# More at a time than there are processors: some wait more than they work.
WAITING = 1

# What crashes leaves its input, as without (fakes/fuzz_main.c); the rest makes an
# execution a fifth shorter: a small quarantine, no mapping for the samples' ring.
ASAN_OPTIONS = ("abort_on_error=1:print_legend=0:quarantine_size_mb=4:"
                "thread_local_quarantine_size_kb=64:malloc_context_size=4:"
                "clear_shadow_mmap_threshold=4194304")
UBSAN_OPTIONS = "abort_on_error=1:print_stacktrace=1"

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

# Of a build with sanitizers.
WATCHED = "watched/"

# As they are, and with sanitizers a twentieth as often (fakes/fuzz.h).
PARSERS = ("lumina", "firmata_board", "bundle", "firmware", "replay", "text", "rig", "wirelog",
           "firmata")
FUZZ = tuple((f"fuzz/{name}", (f"fuzz {name}",)) for name in PARSERS)
FUZZ_WATCHED = tuple((f"{WATCHED}fuzz/{name}", (f"fuzz {name} with ASan and UBSan",))
                     for name in PARSERS)

# The programs and the figures that each must say: one that waits more than it works beside two that
# work, the longest first. Those that ask for it in a comment (scripts/run-tests) come after the
# others, alone.
TABLE = (
    ("cli/test_kill.py", ("kill -9", "kill -9 and the arm")),
    *FUZZ[:2],
    ("cli/test_oom.py", ("malloc failures",)),
    ("watched/unit/test_ui_random", ("random keys",)),
    FUZZ_WATCHED[0],
    ("cli/test_hour.py", ("one hour of checks",)),
    *FUZZ[2:4],
    ("cli/test_fallback.py", ("fallback",)),
    ("unit/test_store_faults", ("disk calls of a night", "disk calls of the first start")),
    ("unit/test_link_faults", ("clean frames to the driver", "clean frames to the firmware",
                               "frames through faults to the driver",
                               "frames through faults to the firmware")),
    ("unit/test_store_carrier", ("disk calls of export and import",)),
    *FUZZ_WATCHED[1:4],
    *FUZZ[4:6],
    ("unit/test_store_killed", ("kill -9 of a writer",)),
    ("unit/test_store_power", ("power cuts",)),
    ("unit/test_escapes", ("escapes",)),
    *FUZZ[6:],
    *FUZZ_WATCHED[4:],
    ("cli/test_hardening.py", ("hardening",)),
    ("cli/test_death.py", ("terminal restored",)),
    ("cli/test_tui_pages.py", ("pages opened",)),
    ("cli/test_stop_latency.py", STOPS),
)

# No part of ten minutes: every board for ten, and what `make coverage` and
# `make mutants` say with builds of their own.
WHOLE_TABLE = (
    ("unit/test_store_statements", ("statements",)),
    ("avr/test_board_stream", ("samples of the uno", "samples of the mega")),
    ("soak/coverage.sh", ("coverage of safety envelope", "coverage of watchdog",
                          "coverage of firmware core", "coverage of drivers' parsers",
                          "coverage of store")),
    ("soak/mutants.sh", ("mutants of safety envelope", "mutants of watchdog")),
)


def run_tests():
    """scripts/run-tests: how a test program is run and read is known there."""
    loader = importlib.machinery.SourceFileLoader(
        "run_tests", os.path.join(ROOT, "scripts", "run-tests"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def build_folder():
    return os.environ.get("GH_BUILD", "build")


def path_of(program):
    if program.endswith((".py", ".sh")):
        return os.path.join("tests", program)
    if program.startswith(WATCHED):
        return os.path.join(build_folder(), WATCHED, "tests", program.removeprefix(WATCHED))
    return os.path.join(build_folder(), "tests", program)


def figures_of(outcome):
    return dict(found.groups() for found in
                map(FIGURE.match, outcome.output.splitlines()) if found)


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

    def outcome(self, program, expected, outcome, is_kept):
        said = figures_of(outcome)
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
            for text in outcome.telling()[-SHOWN_LINES:]:
                print(f"#     {text}")
        print(f"# {program}: {outcome.took_s:.0f} s{', held before' if is_kept else ''}", flush=True)


def chosen(length, names):
    """{path: (program, figures)} of the table, or of those rows that are named."""
    programs = TABLE + (WHOLE_TABLE if length == "whole" else ())
    known = {os.path.basename(program) for program, _ in programs}
    if set(names) - known:
        sys.exit(f"soak.py: no program {', '.join(sorted(set(names) - known))} in the table: try "
                 + " ".join(sorted(known)))
    return {path_of(program): (program, figures) for program, figures in programs
            if not names or os.path.basename(program) in names}


def outcomes(paths, limit_s, kept):
    """What is kept first, then the others as they end; each with whether it is."""
    tests = run_tests()
    left = []
    for path in paths:
        outcome = tests.Outcome(path)
        if kept and kept.recall(paths[path][0], outcome):
            yield outcome, True
        else:
            left.append(path)
    for outcome in tests.run_all(left, limit_s, WAITING):
        if kept:
            kept.keep(paths[outcome.program][0], outcome, figures_of(outcome))
        yield outcome, False


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in LENGTHS:
        sys.exit(__doc__)
    length, names = sys.argv[1], sys.argv[2:]
    os.environ["GH_SOAK"], limit_s = LENGTHS[length]
    os.environ.setdefault("ASAN_OPTIONS", ASAN_OPTIONS)
    os.environ.setdefault("UBSAN_OPTIONS", UBSAN_OPTIONS)
    os.chdir(ROOT)
    begun, report = time.monotonic(), Report()
    kept = None
    if length == "whole":
        kept = Kept(build_folder(), sum(len(figures) for _, figures in TABLE + WHOLE_TABLE),
                    os.environ.get("FRESH", "") not in ("", "0"))
    paths = chosen(length, names)
    try:
        for outcome, is_kept in outcomes(paths, limit_s, kept):
            report.outcome(*paths[outcome.program], outcome, is_kept)
    finally:
        if kept:
            kept.save()
    print(f"1..{report.lines}")
    print(f"# {report.lines - report.failed} hold, {report.failed} do not, "
          f"{time.monotonic() - begun:.0f} s in all")
    return 1 if report.failed or not report.lines else 0


if __name__ == "__main__":
    sys.exit(main())
