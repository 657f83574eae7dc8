#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 240
# alone: a starved host trips the watchdog
"""The screens end to end: `ghostlight` alone in tmux against the simulator.

Waits for text, never sleeps for luck.
"""

import collections
import datetime
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
from sculpture import PROGRAM, RIG, Sculpture, Tap, folder, ghostlight  # noqa: E402
from terminal import Failed, Terminal, needs_tmux  # noqa: E402

Stage = collections.namedtuple("Stage", "command db day")
ANY_VERDICT = r"(READY|WATCH|UNSURE|HOLD)"


def home_shows(term, stage):
    term.wait(r"shell>")
    term.type(f"{stage.command}; echo code-$?")
    text = term.wait(r"LAST VERDICT")
    if not re.search(r"no check is stored", text):
        raise Failed(f"an empty store shows something else:\n{text}")
    term.wait(r"SPACE stop +1 places")


def answer(term, key):
    term.wait(r"> Cancel")
    term.answer(key, r"> Cancel")


def enter_cancels(term, _):
    term.keys("1")
    answer(term, "Enter")
    if "SPACE = STOP" in term.screen():
        raise Failed("something moves after Cancel:\n" + term.screen())
    term.keys("Escape")
    term.wait(r"LAST VERDICT")


def start(term):
    term.keys("1")
    answer(term, "y")


def run_ends_in_a_verdict(term, _):
    start(term)
    term.wait(r"PLACES CHECK")
    term.wait(r"SPACE = STOP")
    term.wait(r"ago \(places\)", 90)
    text = term.wait(r"SIMULATED")
    if "SPACE = STOP" in text:
        raise Failed("the STOP bar outlives the run:\n" + text)
    term.keys("Escape")
    term.wait(r"LAST VERDICT +\S* ?\S* +" + ANY_VERDICT)


def space_stops(term, _):
    start(term)
    term.wait(r"of the plan")
    term.wait(r"now +(who is who|easing|slow)", 30)
    term.keys("Space")
    term.wait(r"SPACE = STOP", 15, absent=True)
    term.wait(r"Stopped; read back: arms hold")
    term.keys("Escape")
    term.wait(r"LAST VERDICT.*UNSURE.*stopped")


def latch_is_cleared(term, stage):
    term.keys("1")
    text = term.wait(r"A stop is latched \(STOP\); y clears it")
    told = re.search(r"checks moved it (\d+) s today", text)
    metrics = ghostlight("metrics", "--db", stage.db).out
    moved = float(re.search(r"(?m)^ghostlight_motion_seconds_total\S* (\S+)", metrics)[1])
    # All of them were today, unless it is tomorrow by now.
    if datetime.date.today() == stage.day and (not told or abs(int(told[1]) - moved) > 1):
        raise Failed(f"moved {moved} s, says `metrics`:\n{text}")
    start(term)
    term.wait(r"now +(who is who|easing|slow)", 30)


def resize_keeps_stop(term, _):
    for size, sign in (((30, 6), r"needs 40x12"), ((40, 12), r"seconds left"),
                       ((120, 40), r"of the plan"), ((80, 24), r"of the plan")):
        term.resize(*size)
        term.wait(sign)
        term.wait(r"SPACE = STOP", 2)


def interrupt_ends(term, _):
    term.keys("C-c")
    term.wait(r"code-130")
    term.wait(r"LAST VERDICT", absent=True)


def no_port_is_told(term, stage):
    term.type(f"clear; {stage.command}-missing")
    term.wait(r"LAST VERDICT.*stopped")
    start(term)
    term.wait(r"no such port")
    term.wait(r"LAST VERDICT.*stopped")


def quit_restores(term, _):
    term.keys("q")
    term.wait(r"shell>")
    term.wait(r"LAST VERDICT", absent=True)
    term.type("stty -a | grep -o -e '-*icanon'; echo end-of-$((40 + 2))")
    text = term.wait(r"end-of-42")
    if re.search(r"(?m)^-icanon", text):
        raise Failed("the terminal stays raw:\n" + text)


STEPS = (
    ("home shows an empty store", home_shows),
    ("Enter cancels the dialog", enter_cancels),
    ("a run ends in a verdict", run_ends_in_a_verdict),
    ("SPACE stops a run", space_stops),
    ("the next dialog clears the latch", latch_is_cleared),
    ("every size of a run has the STOP bar", resize_keeps_stop),
    ("Ctrl-C stops the run and ends", interrupt_ends),
    ("a missing port is told", no_port_is_told),
    ("q restores the terminal", quit_restores),
)


def main():
    needs_tmux()
    tap, scratch = Tap(), folder()
    with Sculpture() as sim, Terminal(scratch) as term:
        db = os.path.join(scratch, "tui.db")
        stage = Stage(f"{PROGRAM} --rig {RIG} --db {db} --port {sim.port}", db,
                      datetime.date.today())
        for name, step in STEPS:
            try:
                step(term, stage)
                tap.ok(True, name)
            except (Failed, subprocess.SubprocessError) as error:
                tap.ok(False, name, error)
    tap.done()


if __name__ == "__main__":
    main()
