#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: a starved host hears a signal after the watchdog has tripped
"""The screens die at any moment, of any signal but SIGKILL or because the terminal hangs up: the
terminal is what it was, the exit code says what happened, the arms stand, the database is whole."""

import collections
import os
import pty
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
import soak  # noqa: E402
from books import Books, Tally  # noqa: E402
from screen import Screen  # noqa: E402
from sculpture import PROGRAM, RIG, SIMULATOR, Tap, folder, hurry  # noqa: E402
from witness import Stop, slowing_us  # noqa: E402

SCALE = 8
SEED = 1017
WORKERS = soak.count(2, 4, 4)
DEATHS = soak.count(12, 200, 1000)
DEATHS_A_LIFE = min(25, -(-DEATHS // WORKERS))
# A start takes some 20 ms, a check 8 s.
START_S, HOME_S, CHECK_S = 0.06, 0.3, 3
STOPPED, HOLD, UNSURE = 130, 2, 3
# What it says instead of "stopped" when the controller was too slow to answer.
UNSEEN = b"the safe state was not seen"
# Or when the host let it starve just before the signal; of a hundred so many may.
TRIPPED = b"stopped by the controller: WATCHDOG"
TRIPPED_MOST = 3
# The terminal's own size, signals a program may ask for, and what a stranger may send.
TERMS = ("xterm-256color", "screen-256color", "tmux-256color", "linux")
WHERE = ("check", "home", "check", "start")

# What the program makes of them: the run and the program end, or the program dies of it with the
# terminal restored, or nothing.
ENDED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGTSTP")
FATAL = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS", "SIGXCPU",
         "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGPROF", "SIGPOLL", "SIGVTALRM")
NOTHING = ("SIGPIPE", "SIGXFSZ", "SIGCONT", "SIGWINCH")
KEYS = {"Ctrl-C": "\x03", "Ctrl-\\": "\x1c", "Ctrl-C twice": "\x03\x03"}
HANG_UP = "hang-up"
WAYS = ENDED * 3 + tuple(KEYS) * 2 + (HANG_UP,) * 4 + FATAL + NOTHING


class Deaths(Tally):
    def __init__(self):
        super().__init__(SEED, DEATHS)
        self.ways = collections.Counter()
        self.where = collections.Counter()
        self.moving = self.unseen = self.tripped = 0
        self.slowing = slowing_us()
        self.terminal, self.codes = [], []
        self.order = list(WAYS)
        self.rng.shuffle(self.order)

    def next(self):
        with self.lock:
            self.deaths += 1
            return self.order[self.deaths % len(self.order)], WHERE[self.deaths % len(WHERE)]


def take_over(screen):
    """The terminal has its session: before, a key or a hang-up of it is nobody's signal."""
    end = time.monotonic() + 30
    while os.tcgetpgrp(screen.master) != screen.process.pid and time.monotonic() < end:
        time.sleep(0.0002)


def hung_up_unsignalled():
    """The exit code of a screen whose terminal goes without a word: it is not the controlling one,
    as for a moment it is not known yet that the controlling one hung up."""
    master, slave = pty.openpty()
    with subprocess.Popen([PROGRAM, "--rig", RIG, "--db", f"{folder()}/gone.db"], stdin=slave,
                          stdout=slave, stderr=slave, start_new_session=True,
                          env=dict(os.environ, TERM=TERMS[0])) as process:
        os.close(slave)
        out = b""
        while b"\x1b[?1049h" not in out:
            out += os.read(master, 4096)
        os.close(master)
        return process.wait(60)


def send(screen, way):
    """One death; a signal that must do nothing is followed by one that ends it."""
    if way == HANG_UP:
        screen.hang_up()
    elif way in KEYS:
        screen.key(KEYS[way])
    else:
        os.kill(screen.process.pid, getattr(signal, way))
    if way in NOTHING:
        time.sleep(0.05)
        if screen.process.poll() is None:
            screen.process.terminate()


def right_codes(way, untouched):
    """A signal that came before the program had said what it does with it ends it by itself."""
    number = -getattr(signal, way, signal.SIGINT)
    if way in FATAL:
        return (number,)
    early = {"Ctrl-\\": -signal.SIGQUIT, HANG_UP: -signal.SIGHUP}.get(way, number)
    return (STOPPED, early, -signal.SIGTERM) if untouched else (STOPPED,)


class Life:
    def __init__(self, witness, db, tally):
        self.witness, self.tally, self.db = witness, tally, db
        self.args = ("--port", witness.port, "--rig", RIG, "--db", db)
        self.books = Books(db, tally)

    def go_to(self, screen, where):
        """Where it is then: a check may fail to begin on a host that starves the controller."""
        rng = self.tally.rng
        if where == "start":
            time.sleep(rng.uniform(0, START_S))
        elif not screen.shows("LAST VERDICT"):
            self.tally.broken.append(f"no first screen, {bytes(screen.out[-300:])}")
        elif where == "check" and screen.start_check(self.witness):
            time.sleep(rng.uniform(0, CHECK_S))
        else:
            where = "home"
            for key in rng.sample("1?tudvkj\x1b", 4):
                screen.key(key)
                time.sleep(rng.uniform(0, HOME_S / 4))
        return where

    def judge(self, screen, what, way):
        code = screen.process.wait(60)
        restored = "" if way == HANG_UP else screen.left()
        if restored:
            self.tally.terminal.append(f"{what}: {restored}")
        if code == HOLD and UNSEEN in screen.out:
            self.tally.unseen += 1
        elif code == UNSURE and TRIPPED in screen.out:
            self.tally.tripped += 1
        elif code not in right_codes(way, screen.untouched()):
            self.tally.codes.append(f"{what}: exit {code}, {bytes(screen.out[-300:])}")

    def look_at_arms(self, since, what):
        stop = Stop(self.witness, since)
        if wrong := stop.wrong(self.tally.slowing):
            self.tally.late.append(f"{what}: {wrong}")
        with self.tally.lock:
            self.tally.moving += stop.was_moving
        self.witness.reboot()  # a screen that starts knows of no latch

    def die(self, way, where):
        since = len(self.witness.motions)
        term = self.tally.rng.choice(TERMS)
        if way == "SIGTSTP" and where == "start":
            way = "SIGTERM"  # it would sleep until a shell wakes it, as is right
        with Screen(*self.args, term=term) as screen:
            take_over(screen)
            got_to = self.go_to(screen, where)
            what = f"{way} in {got_to} on {term}"
            send(screen, way)
            self.judge(screen, what, way)
        if where == "check":
            self.look_at_arms(since, what)
        before = self.books.open_now
        if os.path.exists(self.db):
            self.books.look(None)
        if way not in FATAL and self.books.open_now - before:
            self.tally.unmarked.append(f"{what}: run {self.books.open_now} has no end")
        with self.tally.lock:
            self.tally.ways[way] += 1
            self.tally.where[got_to] += 1

    def live(self, deaths):
        for _ in range(deaths):
            self.die(*self.tally.next())


def main():
    tap, tally = Tap(), Deaths()
    hurry()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    code = hung_up_unsignalled()
    good = [tap.ok(code == STOPPED, "a terminal gone is no end of one's own", f"exit {code}")]
    tally.share(WORKERS, DEATHS_A_LIFE, SCALE, Life)
    good += [tap.ok(not found, name, "\n".join(found)) for found, name in (
        (tally.terminal, "the terminal is what it was"),
        (tally.codes, "the exit code says what happened"),
        (tally.late, "the arms stand, by stop or by watchdog"),
        (tally.lost + tally.torn, "the database is whole"),
        (tally.unmarked, "a run that a signal ends has its end"),
        (tally.broken, "every screen comes up"))]
    good.append(tap.ok(tally.tripped <= 1 + DEATHS * TRIPPED_MOST // 100,
                       "the signal comes before the watchdog", f"{tally.tripped} did not"))
    good.append(tap.ok(sum(tally.where.values()) == DEATHS and tally.moving > 0,
                       "as many deaths as asked for", f"{tally.where}, {tally.moving} moving"))
    if all(good):
        soak.say("terminal restored", f"{DEATHS} of {DEATHS} random deaths of {len(tally.ways)} "
                 f"kinds, {tally.where['check']} in a check, {tally.moving} of them in motion; "
                 f"every exit code right ({tally.unseen} said that the controller was too slow, "
                 f"{tally.tripped} that the watchdog had been before), "
                 "every arm at rest, 0 lost, 0 torn")
    tap.done()


if __name__ == "__main__":
    if not all(os.access(p, os.X_OK) for p in (PROGRAM, SIMULATOR)):
        print("1..0 # SKIP the programs are not built")
        sys.exit(0)
    main()
