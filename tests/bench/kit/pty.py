# SPDX-License-Identifier: GPL-3.0-or-later
"""A program on a terminal of its own, and when it wrote how much."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

GAP_S = 0.02  # between two frames of a program that paints at most ten a second


class Pty:
    """For a `with` block. writes: (time, bytes) as they came; frames() puts together what came
    in one go."""

    def __init__(self, command, env, width=80, height=24):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", height, width, 0, 0))
        name = os.ttyname(slave)
        os.set_blocking(self.master, False)
        self.writes = []
        self.begun = time.monotonic()
        # A session's leader that opens a terminal has it.
        self.pid = os.posix_spawn(command[0], command, env, setsid=True, file_actions=(
            (os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0),
            (os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)))
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.master)

    def take(self):
        """What there is, without waiting."""
        try:
            data = os.read(self.master, 65536)
        except (BlockingIOError, OSError):
            return b""
        self.writes.append((time.monotonic(), data))
        return data

    def read(self, seconds, until=None):
        """For so long, or until that was written; when it was, None: never."""
        end, seen = time.monotonic() + seconds, b""
        while (left := end - time.monotonic()) > 0:
            if select.select([self.master], [], [], left)[0]:
                seen = seen[-200:] + self.take()
                if until is not None and until in seen:
                    return self.writes[-1][0]
        return None

    def key(self, text):
        """When it was pressed."""
        at = time.monotonic()
        os.write(self.master, text.encode())
        return at

    def cpu_s(self):
        with open(f"/proc/{self.pid}/schedstat", encoding="ascii") as f:
            return int(f.read().split()[0]) / 1e9


def read_all(terminals, seconds):
    """Of all of them for so long: nobody waits on a terminal that nobody reads."""
    end, by_fd = time.monotonic() + seconds, {t.master: t for t in terminals}
    while (left := end - time.monotonic()) > 0:
        for fd in select.select(list(by_fd), [], [], left)[0]:
            by_fd[fd].take()


def frames(writes):
    """Bytes of each."""
    sizes, last = [], None
    for at, data in writes:
        if last is None or at - last > GAP_S:
            sizes.append(0)
        sizes[-1] += len(data)
        last = at
    return sizes
