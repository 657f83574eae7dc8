#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: a starved host trips the watchdog
"""An evening in one terminal: a check to HOLD, Ctrl-Z in a run, the shell's own stop and fg, a
storm of sizes, the cable pulled in mid-run and put back, and the terminal as it had been."""

import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
from sculpture import PROGRAM, RIG, Sculpture, Tap, folder, rehearsed  # noqa: E402
from terminal import Failed, Terminal, needs_tmux  # noqa: E402

FAULT = "dry_joint@resilience.elbow=2"
STORM = ((80, 24), (30, 6), (120, 40), (40, 12), (200, 60), (1, 1), (79, 23))


class Evening:
    def __init__(self, term, scratch):
        self.term = term
        self.port = os.path.join(scratch, "port")
        self.command = f"{PROGRAM} --rig {RIG} --db {scratch}/life.db --port {self.port}"
        self.sim = None
        self.before = ""

    def plug(self, *options, session=4):
        """The same name for each that comes, as udev would give it."""
        self.sim = Sculpture(*options, session=session).__enter__()
        if os.path.islink(self.port):
            os.unlink(self.port)
        os.symlink(self.sim.port, self.port)

    def pull(self):
        if self.sim:
            self.sim.process.kill()
            self.sim.__exit__()
        self.sim = None

    def pid(self):
        shell = self.term.tmux("list-panes", "-F", "#{pane_pid}").strip()
        return int(subprocess.run(["pgrep", "-P", shell, "ghostlight"], capture_output=True,
                                  text=True, check=True).stdout.split()[0])

    def modes(self):
        """Settings of the line, and what of the terminal a program can leave changed."""
        self.term.type("clear; stty -a | tr '\\n' ' '; echo; echo end-$((40 + 2))")
        text = self.term.wait(r"end-42")
        flags = "#{alternate_on} #{cursor_flag} #{keypad_flag} #{keypad_cursor_flag}"
        line = re.sub(r"rows \d+; columns \d+;", "", text.partition("end-42")[0])
        return " ".join(line.split()), self.term.tmux("display-message", "-p", flags).strip()

    # ---- What happens, in this order --------------------------------------------------------

    def opens(self):
        self.term.wait(r"shell>")
        self.before = self.modes()
        self.term.type(f"clear; {self.command}")
        self.term.wait(r"LAST VERDICT")

    def start(self):
        self.term.keys("1")
        self.term.wait(r"> Cancel")
        time.sleep(0.5)
        self.term.keys("y")
        self.term.wait(r"SPACE = STOP")

    def holds(self):
        self.start()
        self.term.wait(r"ago \(places\)", 90)
        self.term.keys("Escape")
        self.term.wait(r"LAST VERDICT +\[#\] HOLD")
        self.term.wait(r"> resilience elbow +\[#\] HOLD")

    def suspend_key_stops(self):
        self.start()
        self.term.wait(r"now +(who is who|easing|slow)", 30)
        self.term.keys("C-z")
        self.term.wait(r"Stopped; read back: arms hold", 20)
        if "shell>" in self.term.screen():
            raise Failed("Ctrl-Z left arms and screen alone:\n" + self.term.screen())

    def comes_back(self):
        """Stopped by another shell's kill, which nobody can refuse, and taken up again."""
        self.term.keys("Escape")
        self.term.wait(r"LAST VERDICT")
        os.kill(self.pid(), 19)
        self.term.wait(r"Stopped")
        # The line is still as the screens had it: Enter is no end of a line.
        self.term.keys("-l", "fg")
        self.term.keys("C-j")
        self.term.wait(r"shell>|Stopped", absent=True)
        self.term.wait(r"LAST VERDICT")
        self.term.keys("h")
        self.term.wait(r"run +verdict")
        self.term.keys("Escape")
        self.term.wait(r"LAST VERDICT")

    def storm(self):
        for size in STORM * 8:
            self.term.resize(*size)
        self.term.resize(80, 24)
        text = self.term.wait(r"LAST VERDICT")
        self.term.wait(r"SPACE stop +1 places")
        if len(text.splitlines()[0]) > 80:
            raise Failed("wider than the window:\n" + text)

    def pulled_and_back(self):
        self.start()
        self.term.wait(r"now +(who is who|easing|slow)", 30)
        self.pull()
        self.term.wait(r"SPACE = STOP", 20, absent=True)
        self.term.keys("Escape")
        self.term.wait(r"LAST VERDICT")
        self.plug(session=5)
        self.start()
        self.term.wait(r"ago \(places\)", 90)

    def quits(self):
        self.term.keys("q")
        self.term.wait(r"SPACE stop", absent=True)
        self.term.wait(r"shell>")
        after = self.modes()
        if after != self.before:
            raise Failed(f"before: {self.before}\nafter: {after}")


STEPS = (
    ("the screens open over a plain shell", Evening.opens),
    ("a stiff joint is HOLD on the screen", Evening.holds),
    ("Ctrl-Z in a run stops it and leaves the screen", Evening.suspend_key_stops),
    ("stopped by a signal and taken up with fg, the screen is whole", Evening.comes_back),
    ("after a storm of sizes the screen is whole", Evening.storm),
    ("pulled in mid-run and put back, the next check runs", Evening.pulled_and_back),
    ("afterwards the terminal is what it was", Evening.quits),
)


def main():
    needs_tmux()
    tap, scratch = Tap(), folder()
    rehearsed(os.path.join(scratch, "life.db"))
    with Terminal(scratch) as term:
        evening = Evening(term, scratch)
        evening.plug("--fault", FAULT)
        try:
            for name, step in STEPS:
                try:
                    step(evening)
                    tap.ok(True, name)
                except (Failed, subprocess.SubprocessError) as error:
                    tap.ok(False, name, error)
        finally:
            evening.pull()
    tap.done()


if __name__ == "__main__":
    main()
