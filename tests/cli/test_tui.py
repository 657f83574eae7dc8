#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# alone: a starved host trips the watchdog
"""The screens end to end: `ghostlight` alone in tmux against the simulator.

Waits for text, never sleeps for luck.
"""

import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

# timeout: 240
BUILD = os.environ.get("GH_BUILD", "build")
PROGRAM = os.path.join(BUILD, "ghostlight")
SIM = os.path.join(BUILD, "ghostlight-sim")
RIG = "schemas/lumina.rig"
ANY_VERDICT = r"(READY|WATCH|UNSURE|HOLD)"


class Failed(Exception):
    pass


class Terminal:
    """One tmux server of its own with one 80x24 window and a plain shell."""

    def __init__(self, folder):
        self.base = ["tmux", "-L", f"ghostlight-{os.getpid()}", "-f", "/dev/null"]
        self.env = {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "xterm-256color",
                    "LC_ALL": "C.UTF-8", "TZ": "UTC", "TMUX_TMPDIR": folder,
                    "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder,
                    "XDG_STATE_HOME": folder, "XDG_RUNTIME_DIR": folder}
        # By env, because the shell that tmux may put in between drops PS1.
        self.tmux("new-session", "-d", "-x", "80", "-y", "24", "env", "PS1=shell> ", "/bin/sh")

    def tmux(self, *args):
        return subprocess.run(self.base + list(args), env=self.env, check=True, timeout=20,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout

    def keys(self, *names):
        self.tmux("send-keys", *names)

    def type(self, text):
        self.tmux("send-keys", "-l", text)
        self.keys("Enter")

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def wait(self, pattern, seconds=20, absent=False):
        end = time.monotonic() + seconds
        while True:
            text = self.screen()
            if bool(re.search(pattern, text)) != absent:
                return text
            if time.monotonic() > end:
                word = "still there" if absent else "never came"
                raise Failed(f"{pattern!r} {word}; the screen was:\n{text}")
            time.sleep(0.05)

    def close(self):
        subprocess.run(self.base + ["kill-server"], env=self.env, check=False,
                       capture_output=True)


def start_sim():
    sim = subprocess.Popen([SIM, "--rig", RIG, "--time-scale", "8"], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True)
    if not select.select([sim.stdout], [], [], 20)[0]:
        sim.kill()
        raise Failed("the simulator named no port")
    line = sim.stdout.readline()
    return sim, line.split("port:")[1].strip()


def home_shows(term, command):
    term.wait(r"shell>")
    term.type(command)
    text = term.wait(r"LAST VERDICT")
    if not re.search(r"no check is stored", text):
        raise Failed(f"an empty store shows something else:\n{text}")
    term.wait(r"SPACE stop +1 places")


def enter_cancels(term):
    term.keys("1")
    term.wait(r"> Cancel")
    # The dialog hears nothing for 300 ms, so repeat until it does.
    end = time.monotonic() + 10
    while re.search(r"> Cancel", term.screen()):
        if time.monotonic() > end:
            raise Failed("Enter does not cancel:\n" + term.screen())
        time.sleep(0.4)
        term.keys("Enter")
    if "SPACE = STOP" in term.screen():
        raise Failed("something moves after Cancel:\n" + term.screen())
    term.keys("Escape")
    term.wait(r"LAST VERDICT")


def start(term):
    term.keys("1")
    term.wait(r"> Cancel")
    end = time.monotonic() + 10
    while re.search(r"> Cancel", term.screen()):
        if time.monotonic() > end:
            raise Failed("y does not start:\n" + term.screen())
        time.sleep(0.4)
        term.keys("y")


def run_ends_in_a_verdict(term):
    start(term)
    term.wait(r"PLACES CHECK")
    term.wait(r"SPACE = STOP")
    term.wait(r"1 check again", 90)
    text = term.wait(r"SIMULATED")
    if "SPACE = STOP" in text:
        raise Failed("the STOP bar outlives the run:\n" + text)
    term.keys("Escape")
    term.wait(r"LAST VERDICT +\S* ?\S* +" + ANY_VERDICT)


def space_stops(term):
    start(term)
    term.wait(r"of the plan")
    term.wait(r"now +(who is who|easing|slow)", 30)
    term.keys("Space")
    term.wait(r"SPACE = STOP", 15, absent=True)
    term.wait(r"Stopped; read back: arms hold")
    term.keys("Escape")
    term.wait(r"LAST VERDICT.*UNSURE.*stopped")


def latch_is_cleared(term):
    term.keys("1")
    term.wait(r"A stop is latched \(STOP\); y clears it")
    start(term)
    term.wait(r"now +(who is who|easing|slow)", 30)


def resize_keeps_stop(term):
    for size, sign in (((30, 6), r"needs 40x12"), ((40, 12), r"seconds left"),
                       ((120, 40), r"of the plan"), ((80, 24), r"of the plan")):
        term.tmux("resize-window", "-x", str(size[0]), "-y", str(size[1]))
        term.wait(sign)
        term.wait(r"SPACE = STOP", 2)


def interrupt_ends(term):
    term.keys("C-c")
    term.wait(r"code-130")
    term.wait(r"LAST VERDICT", absent=True)


def no_port_is_told(term, command):
    term.type(f"clear; {command}-missing")
    term.wait(r"LAST VERDICT.*stopped")
    start(term)
    term.wait(r"no such port")
    term.wait(r"LAST VERDICT.*stopped")


def quit_restores(term):
    term.keys("q")
    term.wait(r"shell>")
    term.wait(r"LAST VERDICT", absent=True)
    term.type("stty -a | grep -o -e '-*icanon'; echo end-of-$((40 + 2))")
    text = term.wait(r"end-of-42")
    if re.search(r"(?m)^-icanon", text):
        raise Failed("the terminal stays raw:\n" + text)


def main():
    names = ["home shows an empty store", "Enter cancels the dialog",
             "a run ends in a verdict", "SPACE stops a run", "the next dialog clears the latch",
             "every size of a run has the STOP bar", "Ctrl-C stops the run and ends",
             "a missing port is told", "q restores the terminal"]
    missing = [p for p in (PROGRAM, SIM) if not os.access(p, os.X_OK)]
    if not shutil.which("tmux"):
        missing.append("tmux")
    if missing:
        print(f"1..0 # SKIP {missing[0]} is missing")
        return 0
    print(f"1..{len(names)}")
    folder = tempfile.mkdtemp(prefix="gh-tui.", dir=os.environ.get("TMPDIR"))
    term = sim = None
    failed = 0
    try:
        sim, port = start_sim()
        term = Terminal(folder)
        command = (f"{PROGRAM} --rig {RIG} --db {folder}/tui.db --port {port}")
        steps = [lambda: home_shows(term, f"{command}; echo code-$?"), lambda: enter_cancels(term),
                 lambda: run_ends_in_a_verdict(term), lambda: space_stops(term),
                 lambda: latch_is_cleared(term), lambda: resize_keeps_stop(term),
                 lambda: interrupt_ends(term), lambda: no_port_is_told(term, command),
                 lambda: quit_restores(term)]
        for number, (name, step) in enumerate(zip(names, steps), 1):
            try:
                step()
                print(f"ok {number} - {name}", flush=True)
            except (Failed, subprocess.SubprocessError) as error:
                failed += 1
                for line in str(error).splitlines():
                    print(f"# {line}")
                print(f"not ok {number} - {name}", flush=True)
    finally:
        if term:
            term.close()
        if sim:
            sim.terminate()
            sim.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
