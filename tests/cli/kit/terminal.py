# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal as a person has it: tmux with one window and a plain shell. Waits for text, never
sleeps for luck."""

import os
import re
import shutil
import subprocess
import sys
import time

# Why there can be none, "" where there can.
MISSING = "" if shutil.which("tmux") else "tmux is missing"


class Failed(Exception):
    pass


def needs_tmux():
    """Ends the whole test where there is none."""
    if MISSING:
        print(f"1..0 # SKIP {MISSING}")
        sys.exit(0)


class Terminal:
    """One tmux server of its own, for a `with` block or until close(); folder is home, and where
    everything that the program keeps lands."""

    def __init__(self, folder, width=80, height=24):
        self.base = ["tmux", "-L", f"ghostlight-{os.getpid()}", "-f", "/dev/null"]
        self.env = {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "xterm-256color",
                    "LC_ALL": "C.UTF-8", "TZ": "UTC", "TMUX_TMPDIR": folder,
                    "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder,
                    "XDG_STATE_HOME": folder, "XDG_RUNTIME_DIR": folder}
        # No daemon (-D), which would outlive a test that is killed; and none is started by -N.
        self.server = subprocess.Popen(self.base + ["-D"], env=self.env, stdin=subprocess.DEVNULL)
        self.base.append("-N")
        # By env, because the shell that tmux may put in between drops PS1.
        self._insist("new-session", "-d", "-x", str(width), "-y", str(height), "env",
                     "PS1=shell> ", "/bin/sh")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _insist(self, *args):
        """Until the server listens."""
        for _ in range(200):
            try:
                return self.tmux(*args)
            except subprocess.CalledProcessError as error:
                refusal = error.stderr
                time.sleep(0.05)
        raise Failed(f"no tmux: {refusal}")

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

    def resize(self, width, height):
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

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

    def answer(self, key, gone):
        """To a question, which hears nothing for a while: until that is gone, and not once more."""
        for _ in range(5):
            time.sleep(0.4)
            self.keys(key)
            try:
                return self.wait(gone, 2, absent=True)
            except Failed:
                continue
        raise Failed(f"{key} does nothing:\n" + self.screen())

    def close(self):
        subprocess.run(self.base + ["kill-server"], env=self.env, check=False,
                       capture_output=True)
        self.server.wait(20)
