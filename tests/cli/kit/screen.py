# SPDX-License-Identifier: GPL-3.0-or-later
"""The screens on a pseudo-terminal of their own: keys in, bytes out, and whether the terminal was
given back as it had been."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import threading
import time

from sculpture import PROGRAM

# What changes a terminal and what changes it back, as all types spell it that have them: the
# other screen, the hidden cursor, the keypad.
PAIRS = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1h", b"\x1b[?1l"))
LAST = b"<the test wrote this last>"


class Screen:
    """`ghostlight` with a controlling terminal, which no shell shares."""

    def __init__(self, *args, term="xterm-256color"):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.out, self.closing = bytearray(), False
        self.process = subprocess.Popen(["setsid", "--ctty", PROGRAM, *args], stdin=self.slave,
                                        stdout=self.slave, stderr=self.slave,
                                        env=dict(os.environ, TERM=term))
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()
        os.close(self.slave)

    def _read(self):
        """Looks up now and then: who sleeps in a read keeps the line from being closed."""
        while not self.closing:
            if select.select([self.master], [], [], 0.02)[0]:
                self.out += os.read(self.master, 4096)

    def hang_up(self):
        if not self.closing:
            self.closing = True
            self.reader.join()
            os.close(self.master)

    def key(self, text):
        os.write(self.master, text.encode())

    def settle(self, timeout=30):
        """Until the program has read all keys."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            waiting = fcntl.ioctl(self.slave, termios.FIONREAD, struct.pack("i", 0))
            if not struct.unpack("i", waiting)[0]:
                return
            time.sleep(0.001)

    def rest(self, timeout=30):
        """Until it has done what the keys asked for: it sleeps, and a while later it has not used
        the processor."""
        end, before = time.monotonic() + timeout, None
        while time.monotonic() < end:
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as f:
                now = f.read().rpartition(")")[2].split()
            used = now[11:13]
            if now[0] == "S" and used == before:
                return
            before = used
            time.sleep(0.2)

    def shows(self, text, timeout=30):
        """Whether that was written in one piece; of what is drawn only the first picture is."""
        end = time.monotonic() + timeout
        while text.encode() not in self.out and time.monotonic() < end:
            time.sleep(0.005)
        return text.encode() in self.out

    def start_check(self, witness, tries=8):
        """Key and consent, until the controller is armed; whether it was."""
        since = len(witness.motions)
        for _ in range(tries):
            self.key("1")
            time.sleep(0.35)  # a dialog hears no y before
            self.key("y")
            if witness.wait(lambda m: m.state == "armed", since, 1):
                return True
            if self.process.poll() is not None:
                break
        return False

    def untouched(self):
        """The program ended before it had drawn anything."""
        return not any(enter in self.out for enter, _ in PAIRS)

    def left(self):
        """After the end: "" or how the terminal differs from what it was."""
        os.write(self.slave, LAST)
        if not self.shows(LAST.decode()):
            return "nothing comes through any more"
        if termios.tcgetattr(self.slave) != self.before:
            return f"attributes {termios.tcgetattr(self.slave)}, before {self.before}"
        for enter, leave in PAIRS:
            if self.out.rfind(enter) > self.out.rfind(leave):
                return f"{enter} without {leave}, the end is {bytes(self.out[-60:])}"
        return ""
