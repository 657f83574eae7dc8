#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screens at 80x24: how soon the first is there with a ten-year database, how long after a key
the next one, also of the pages that ask the database, what a minute on each costs in bytes and
processor time beside htop, and how long after SPACE a stop is on the wire while a run is drawn and
recorded.

First screen and key to screen at most 30 ms, a frame at most 1.1 kB, an hour's stay at most 1 % of
a processor, SPACE to the stop frame at most 5 ms at p99.9 or beyond a process that only polls.

GH_BENCH_NIGHTS=100 GH_BENCH_STAY=10 GH_BENCH_PRESSES=20 is done in two minutes; the 10 000 presses
of the promise, GH_BENCH_PRESSES=10000, take an hour and more. GH_BENCH_DB keeps the database: the
second time it is there.
"""

import os
import random
import shutil
import statistics
import sys
import tempfile

from kit.figures import PROGRAM, Limits, Simulator, describe_machine, go_first, say
from kit.nights import SERIAL, database
from kit.pty import Pty, frames, read_all

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "cli"))
from test_stop_latency import Measured, at  # noqa: E402
from test_tui_pages import PAGES  # noqa: E402
from terminal import MISSING, Failed, Terminal  # noqa: E402

RIG = "schemas/lumina.rig"
STAY_S = float(os.environ.get("GH_BENCH_STAY", "60"))
PRESSES = int(os.environ.get("GH_BENCH_PRESSES", "1000"))
STOP_S = 2400  # the most for one condition
STARTS = 20
KEY_TIMES = 40
PAGE_TIMES = 8
BAR = b"SPACE stop"  # the last that is drawn
# Of those that are loved; once a second as ours is at rest.
HTOP = shutil.which("htop")
# Where the database of nights has other parts, profiles and remarks than that of the tests.
SIGNS = {"findings of a part": r"details: arm", "verdict": r"ago \(nightly\)",
         "history of a part": r"history of arm", "compare": r"compare previous with",
         "notes": r"greased"}
# How many of the presses, and so many screens at once as leave the processors time, because a
# press is a second of waiting for motion: with 16 on two processors a process that only polls was
# itself 16 ms late at p99.9. A screen with a thousand resizes a second has less time.
STORMS = (("drawing and recording", 0.4, {"sessions": 4}),
          ("terminal not read", 0.4, {"sessions": 4, "stalled": 1}),
          ("1 kHz of resizes", 0.1, {"sessions": 2, "storm": 1}),
          ("both", 0.1, {"sessions": 2, "stalled": 1, "storm": 1}))


def env_of(folder):
    names = ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")
    return dict({name: folder for name in names}, PATH=os.environ["PATH"], LC_ALL="C.UTF-8",
                TERM="xterm-256color")


class Bench:
    def __init__(self, folder, limits):
        self.folder = folder
        self.limits = limits
        self.dice = random.Random(6)
        self.env = env_of(folder)
        self.db = database(folder)
        self.rig = os.path.join(folder, "nights.rig")
        with open(RIG, encoding="utf-8") as f, open(self.rig, "w", encoding="utf-8") as out:
            out.write(f.read().replace("LUM-0001", SERIAL))

    def screens(self):
        return Pty([PROGRAM, "--rig", self.rig, "--db", self.db], self.env)

    def open(self, page):
        screens = self.screens()
        screens.read(20, BAR)
        if page.keys:
            screens.key(page.keys)
        screens.read(1)
        return screens

    def line(self, name, values, unit="ms"):
        say(f"  {name:28s}{statistics.median(values):8.1f}{max(values):8.1f} {unit}")

    def first_screen(self):
        took, cpu = [], []
        for _ in range(STARTS):
            with self.screens() as screens:
                there = screens.read(20, BAR)
                took.append(1000 * (there - screens.begun) if there else 20000)
                cpu.append(1000 * screens.cpu_s())
        self.line("start to first screen", took)
        self.line("of that, processor time", cpu)
        self.limits.at_most("first screen, median", statistics.median(took), 30, "ms")

    def answer_ms(self, screens, key):
        """At a moment of no meaning: the first byte that answers."""
        screens.read(0.12 + self.dice.random())
        before = len(screens.writes)
        pressed = screens.key(key)
        screens.read(0.5)
        answers = [t for t, _ in screens.writes[before:]]
        return 1000 * (answers[0] - pressed) if answers else 500

    def is_there(self, page):
        """Whether these keys lead to that page at all."""
        with Terminal(self.folder, 120, 40) as term:
            term.wait(r"shell>")
            term.type(f"{PROGRAM} --rig {self.rig} --db {self.db} --ascii")
            try:
                term.wait(r"LAST VERDICT")
                term.keys("-l", page.keys)
                term.wait(SIGNS.get(page.name, page.sign))
            except Failed as error:
                say(f"  {error}")
                return False
        return True

    def page_to_screen(self):
        """The last key on the way to each page; most of them ask the database."""
        if MISSING:
            say(f"  key to each page # SKIP {MISSING}")
            return
        for page in (page for page in PAGES if page.keys and not page.port):
            self.limits.check(self.is_there(page), f"{page.name}: these keys lead there")
            with self.screens() as screens:
                screens.read(20, BAR)
                if page.keys[:-1]:
                    screens.key(page.keys[:-1])
                took = []
                for _ in range(PAGE_TIMES):
                    took.append(self.answer_ms(screens, page.keys[-1]))
                    screens.key("\x1b")
            self.line(f"key to {page.name}", took)
            self.limits.at_most(f"key to {page.name}, median", statistics.median(took), 30, "ms")

    def key_to_screen(self):
        with self.screens() as screens:
            screens.read(20, BAR)
            took = [self.answer_ms(screens, "?" if i % 2 == 0 else "\x1b")
                    for i in range(KEY_TIMES)]
        self.line("key to screen", took)
        self.limits.at_most("key to screen, median", statistics.median(took), 30, "ms")
        self.limits.at_most("key to screen, worst", max(took), 30, "ms")

    def stay(self):
        """All of them at once, or it takes an hour."""
        rows = [(page.name, self.open(page)) for page in PAGES if not page.port]
        if HTOP:
            rows.append(("peer: htop -d 10", Pty([HTOP, "-d", "10"], self.env)))
            rows[-1][1].read(2)
        else:
            say("  peer: htop # SKIP it is not installed")
        begun = [(len(t.writes), t.cpu_s()) for _, t in rows]
        read_all([t for _, t in rows], STAY_S)
        say(f"  a stay of {STAY_S:.0f} s         bytes a frame, worst   frames      CPU")
        for (name, terminal), (first, cpu) in zip(rows, begun):
            self.stayed(name, frames(terminal.writes[first:]),
                        100 * (terminal.cpu_s() - cpu) / STAY_S)
            terminal.__exit__()

    def stayed(self, name, sizes, share):
        mean = statistics.mean(sizes) if sizes else 0
        say(f"  {name:28s}{mean:8.0f}{max(sizes, default=0):8d}{len(sizes):9d}{share:9.3f} %")
        if not name.startswith("peer"):
            self.limits.check(mean <= 1100 and share <= 1,
                              f"{name}: at most 1100 bytes a frame and 1 % CPU")

    def run(self):
        """Ten frames a second while a check is drawn."""
        command = [PROGRAM, "--rig", RIG, "--db", os.path.join(self.folder, "run.db"), "--port"]
        with Simulator(RIG) as sim, Pty([*command, sim.port], self.env) as screens:
            screens.read(20, BAR)
            screens.key("1")
            screens.read(1)
            screens.key("y")
            screens.read(4)
            first, cpu = len(screens.writes), screens.cpu_s()
            screens.read(min(STAY_S, 40))
            sizes = frames(screens.writes[first:])
            share = 100 * (screens.cpu_s() - cpu) / min(STAY_S, 40)
            mean = statistics.mean(sizes)
            say(f"  {'a check':28s}{mean:8.0f}{max(sizes):8d}{len(sizes):9d}{share:9.3f} %")
            self.limits.at_most("a check, bytes a frame", mean, 1100, "B")

    def stops(self):
        say("  SPACE to the stop frame, p50 p99 p99.9 max")
        took, control = [], []
        for name, share, options in STORMS:
            m = Measured("key", round(share * PRESSES), STOP_S, **options)
            say(f"  {name:28s}{m.say()}")
            self.limits.check(m.took and not m.wrong, f"{name}: every press stopped")
            for text in m.wrong:
                say(f"  {text}")
            took += m.took
            control += m.control
            self.stopped(name, m.took, m.control)
        self.stopped(f"{len(took)} presses in all", sorted(took), sorted(control))

    def stopped(self, name, took, control):
        if not took:
            return
        worst, other = at(took, 99.9) / 1000, at(control, 99.9) / 1000
        self.limits.check(worst <= other + 5, f"{name}: p99.9 {worst:.2f} ms, of the control "
                          f"{other:.2f} ms, at most 5 ms more")


def main():
    os.chdir(ROOT)
    limits = Limits()
    describe_machine()
    go_first()
    with tempfile.TemporaryDirectory(prefix="gh-bench-") as folder:
        bench = Bench(folder, limits)
        say("                                 median   worst")
        bench.first_screen()
        bench.key_to_screen()
        bench.page_to_screen()
        bench.stay()
        bench.run()
        bench.stops()
    limits.done()


if __name__ == "__main__":
    main()
