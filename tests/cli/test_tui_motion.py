#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: a starved host trips the watchdog, and a held key comes in gaps
"""Motion from the screens, end to end: what is held moves, what is released stands, a tap and a
late burst move nothing, a dead host leaves an arm at rest; and the live page says what `watch`
says. The witness is the controller itself, in its own time."""

import json
import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
from screen import Screen  # noqa: E402
from sculpture import PROGRAM, RIG, Sculpture, Tap, folder  # noqa: E402
from terminal import Failed, Terminal, needs_tmux  # noqa: E402
from units import raw  # noqa: E402
from witness import LEASED, Stop, Witness, slowing_us  # noqa: E402

JOINT = "hope.shoulder"  # the first row of the live page
LEFT, RIGHT = "\x1bOD", "\x1bOC"
# As a usual keyboard: 300 ms, then 30 a second.
DELAY_S, GAP_S = 0.3, 0.033
DEAD_S = 0.4  # a dialog hears nothing for 300 ms
SCALE = 1


tap = Tap()
tmp = folder()


def until(true, seconds):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()


def watched(sim):
    """The last position of each joint, by `watch`."""
    watch = subprocess.Popen([PROGRAM, "watch", "--all", "--json", "--every", "200ms", "--port",
                              sim.port, "--rig", RIG], stdout=subprocess.PIPE, text=True)
    rows = {}
    try:
        for line in watch.stdout:
            row = json.loads(line)
            rows[row["part"], row["quantity"]] = row
            if row["t_s"] > 0.7 and row["part"] == "link":
                break
    finally:
        watch.send_signal(signal.SIGINT)
        watch.wait(10)
    return rows


def angle(sim, part=JOINT):
    return watched(sim)[part, "position"]["present"]


def hold(screen, key, done, seconds=8):
    """Keeps the key down until that; what it was then."""
    screen.key(key)
    time.sleep(DELAY_S)
    end = time.monotonic() + seconds
    got = None
    while not got and time.monotonic() < end and screen.process.poll() is None:
        screen.key(key)
        time.sleep(GAP_S)
        got = done()
    return got


def motion_since(witness, since, wanted):
    return next((m for m in witness.motions[since:] if wanted(m)), None)


def moves(motion):
    return motion.state == "running" and motion.moves


class Live:
    """The screens on their live page, with the cursor on JOINT."""

    def __init__(self, sim):
        self.sim = sim
        self.screen = Screen("--port", sim.port, "--rig", RIG, "--db", os.path.join(tmp, "m.db"))

    def __enter__(self):
        self.screen.__enter__()
        if not self.screen.shows("LAST VERDICT"):
            raise Failed("no screen came")
        self.screen.key("l")
        if not self.screen.shows(JOINT):
            raise Failed("no live values came")
        return self

    def __exit__(self, *more):
        self.screen.__exit__(*more)

    def allow(self):
        """Right asks; y allows, and moves nothing."""
        seen = len(self.screen.out)
        self.screen.key(RIGHT)
        if not until(lambda: b"Cancel" in self.screen.out[seen:], 20):
            raise Failed("an arrow asks nothing")
        time.sleep(DEAD_S)
        self.screen.key("y")
        if not until(lambda: b"Hold Left or Right" in self.screen.out[seen:], 20):
            raise Failed("y allows nothing")
        time.sleep(DEAD_S)

    def quit(self):
        self.screen.key("\x1b")
        time.sleep(DEAD_S)
        self.screen.key("q")
        return self.screen.process.wait(20)


def jog_for(live, key, seconds):
    """Holds the key until the arm has moved so long; False: it never did."""
    since = len(live.sim.motions)
    begun = []

    def long_enough():
        if not begun and motion_since(live.sim, since, moves):
            begun.append(time.monotonic())
        return begun and time.monotonic() - begun[0] > seconds

    return bool(hold(live.screen, key, long_enough))


def test_jog_and_release():
    with Witness(scale=SCALE) as sim:
        before = angle(sim)
        with Live(sim) as live:
            since = len(sim.motions)
            live.allow()
            live.screen.key(RIGHT)
            time.sleep(1.2)
            tap.ok(not any(m.state in LEASED for m in sim.motions[since:]),
                   "consent and a tap arm nothing", sim.motions[since:])
            since = len(sim.motions)
            tap.ok(jog_for(live, RIGHT, 0.5), "a held arrow moves the joint",
                   bytes(live.screen.out[-400:]))
            stop = Stop(sim, since)
            tap.ok(stop.latch and stop.latch.cause == "stop" and stop.was_moving,
                   "the release is a stop, latched", sim.motions[since:])
            tap.ok(stop.rest_us is not None and stop.rest_us <= slowing_us() + 1000,
                   "the arm stands within v/a of it", stop.rest_us)
            since = len(sim.motions)
            live.screen.key(RIGHT * 50)
            time.sleep(1.5)
            tap.ok(not any(m.state in LEASED for m in sim.motions[since:]),
                   "a burst of late repeats moves nothing", sim.motions[since:])
            tap.ok(live.quit() == 0, "Esc and q leave")
        after, still = angle(sim), angle(sim)
        tap.ok(3 < after - before < 60 and abs(still - after) < 0.5,
               "the joint went up, and stands there", (before, after, still))


def test_any_key_stops():
    with Witness(scale=SCALE) as sim, Live(sim) as live:
        live.allow()
        since = len(sim.motions)
        hold(live.screen, LEFT, lambda: motion_since(sim, since, moves))
        live.screen.key("x")
        stopped = sim.wait(lambda m: m.cause == "stop", since, 10)
        tap.ok(stopped, "any other key stops it", sim.motions[since:])
        since = len(sim.motions)
        hold(live.screen, LEFT, lambda: motion_since(sim, since, moves))
        live.screen.key(" ")
        stopped = sim.wait(lambda m: m.cause == "stop", since, 10)
        tap.ok(stopped, "and so does SPACE, after a second jog",
               sim.motions[since:])


def test_wiggle():
    with Witness(scale=SCALE) as sim:
        before = angle(sim)
        with Live(sim) as live:
            seen, since = len(live.screen.out), len(sim.motions)
            live.screen.key("i")
            asked = until(lambda: b"Cancel" in live.screen.out[seen:], 20)
            time.sleep(DEAD_S)
            got = hold(live.screen, "y", lambda: b"answers" in live.screen.out[seen:], 20)
            tap.ok(asked and got and motion_since(sim, since, moves),
                   "i asks, y held wiggles, and who answered is said",
                   bytes(live.screen.out[-600:]))
            tap.ok(sim.now().state in ("idle", "latched"), "then nothing is armed")
        tap.ok(abs(angle(sim) - before) < 1.0, "the joint is where it was")


def test_kill_in_a_jog():
    slowing = slowing_us()
    for n in range(3):
        with Witness(scale=SCALE) as sim, Live(sim) as live:
            live.allow()
            since = len(sim.motions)
            moved = hold(live.screen, RIGHT, lambda: motion_since(sim, since, moves))
            time.sleep(0.02 * n)
            live.screen.process.kill()
            stop = Stop(sim, since)
            tap.ok(moved and stop.was_moving and stop.wrong(slowing) == "",
                   f"kill -9 in a jog, {n + 1} of 3: the watchdog stops the arm",
                   stop.wrong(slowing) or sim.motions[since:])


def numbers(text):
    """part, quantity -> number and unit; a part that is cut is known by its beginning."""
    rows = re.findall(r"(?m)^[ >]*(\S+) +(\w+) +(-?[\d.]+|-)(?: ([a-zA-Z%]\S*))? +", text)
    return {(part, what): (value, unit) for part, what, value, unit in rows}


def same_value(part, value, unit, row):
    """As still as it stands, it is measured anew each time; counts of the link are of one talk."""
    if part == "link":
        return True
    if row["present"] is None or value == "-":
        return row["present"] is None and value == "-"
    return abs(raw(value, unit, row["unit"]) - row["present"]) <= max(0.5, 0.1 * abs(row["present"]))


def live_rows(term):
    """All of them, a window at a time."""
    term.wait(r"hope.shoulder +position +-?\d")
    time.sleep(0.7)  # what is sampled twice a second
    shown = numbers(term.screen())
    for _ in range(3):
        term.keys(*["Down"] * 30)
        time.sleep(0.5)
        shown.update(numbers(term.screen()))
    return shown


def test_live_equals_watch(term):
    with Sculpture(scale=SCALE) as sim:
        term.wait(r"shell>")
        term.type(f"{PROGRAM} --rig {RIG} --port {sim.port} --db {tmp}/l.db")
        term.wait(r"LAST VERDICT")
        term.keys("l")
        shown = live_rows(term)
        term.keys("Escape")
        term.wait(r"LAST VERDICT")
        rows = watched(sim)
        wrong = []
        for key, row in rows.items():
            value, unit = shown.get(key, ("nan", ""))
            if not same_value(key[0], value, unit, row):
                wrong.append((key, value, unit, row))
        tap.ok(len(rows) > 48 and len(shown) > 48 and not wrong,
               "the live page has the values of `watch --all --json`", wrong)
        tap.ok(set(rows) == set(shown), "all of them and no other", set(rows) ^ set(shown))
        term.keys("q")


def test_no_port(term):
    term.type("clear")
    term.wait(r"shell>")
    term.type(f"{PROGRAM} --rig {RIG} --port {tmp}/none --db {tmp}/l.db")
    term.wait(r"LAST VERDICT")
    term.keys("l")
    text = term.wait(r"no such port")
    tap.ok("LAST VERDICT" in text, "a port that is not there: one line at home", text)


needs_tmux()
try:
    test_jog_and_release()
    test_any_key_stops()
    test_wiggle()
    test_kill_in_a_jog()
    with Terminal(tmp, 120, 80) as terminal:
        test_live_equals_watch(terminal)
        test_no_port(terminal)
except (Failed, subprocess.SubprocessError) as error:
    tap.ok(False, "the screens answer", error)
tap.done()
