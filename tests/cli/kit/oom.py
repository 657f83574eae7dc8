# SPDX-License-Identifier: GPL-3.0-or-later
"""A program whose Nth allocation fails (tests/oom/failing_malloc.c): it is linked once and then
forked for every N, so that thousands of lives cost seconds."""

import mmap
import os
import re
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
import tty

from sculpture import BUILD, PROGRAM, Sculpture, ghostlight

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../fakes"))
import controller  # noqa: E402

LIBRARY = os.path.join(BUILD, "tests/oom/failing_malloc.so")
HEAD = struct.Struct("3q")
ORDER = struct.Struct("4q")
STACKS = 1 << 20
WHOLE_STACK = 40
# What libc keeps of stdout and of the time zone.
AT_EASE = 4


class Life:
    """How one run of the program went."""

    def __init__(self, status, out, err, told):
        self.signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        self.code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        self.out, self.err = out, err
        self.asked, self.failed, self.held = told

    def __str__(self):
        how = f"signal {self.signal}" if self.signal else f"exit {self.code}"
        return f"{how}, holds {self.held}\n{self.err[-600:]}\n{self.out[-300:]}"


class Server:
    """One command line, as often as it is asked for; for a `with` block."""

    def __init__(self, args, tmp, env=None, stdio=None, limit_s=60):
        self.limit_s = limit_s
        self.files = [open(os.path.join(tmp, name), "w+b", buffering=0)
                      for name in ("told", "out", "err")]
        self.files[0].truncate(HEAD.size + 8 * STACKS)
        self.told = mmap.mmap(self.files[0].fileno(), 0)
        orders, self.orders = os.pipe()
        self.ends, ends = os.pipe()
        outputs = [os.open(f.name, os.O_WRONLY | os.O_APPEND) for f in self.files[1:]]
        self.process = subprocess.Popen(
            [PROGRAM, *args], pass_fds=(orders, ends), start_new_session=True,
            stdin=stdio if stdio is not None else subprocess.DEVNULL,
            stdout=stdio if stdio is not None else outputs[0], stderr=outputs[1],
            env=dict(os.environ, LD_PRELOAD=LIBRARY, GH_OOM_TOLD=self.files[0].name,
                     GH_OOM_ORDERS=str(orders), GH_OOM_ENDS=str(ends), **(env or {})))
        for fd in (orders, ends, *outputs):
            os.close(fd)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.orders)
        self.process.wait(timeout=10)
        os.close(self.ends)
        self.told.close()
        for f in self.files:
            f.close()

    def _read(self, what, limit_s):
        if not select.select([self.ends], [], [], limit_s)[0]:
            raise TimeoutError(what)
        return struct.unpack("q", os.read(self.ends, 8))[0]

    def begin(self, at=0, on=False, depth=0, trace=False):
        """Starts one; returns its pid."""
        self.told[:HEAD.size] = bytes(HEAD.size)
        for f in self.files[1:]:
            f.truncate(0)
        os.write(self.orders, ORDER.pack(at, on, depth, trace))
        return self._read("the server does not fork", 10)

    def end(self, pid):
        """Waits for it; who hangs is killed, which is told as the signal."""
        try:
            status = self._read("", self.limit_s)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            status = self._read("the server lost its child", 10)
        texts = []
        for f in self.files[1:]:
            f.seek(0)
            texts.append(f.read().decode(errors="replace"))
        return Life(status, *texts, HEAD.unpack(self.told[:HEAD.size]))

    def live(self, **order):
        return self.end(self.begin(**order))

    def stacks(self, depth):
        """The numbers of the allocations by the way the program came to them."""
        asked = min(self.live(depth=depth).asked, STACKS)
        hashes = struct.unpack(f"{asked}Q", self.told[HEAD.size:HEAD.size + 8 * asked])
        ways = {}
        for number, way in enumerate(hashes, 1):
            ways.setdefault(way, []).append(number)
        return list(ways.values())


# ---- What must hold -------------------------------------------------------------------------

SOAK = os.environ.get("GH_SOAK", "")
HOLD, UNSURE, INTERNAL = 2, 3, 70
# Times, ages, durations and what is made of them differ from run to run.
VARIES = re.compile(r"\d{4}-\d\d-\d\d(T[\d:]+Z?)?|\b[0-9a-f]{12,64}\b|\b\d{10,16}\b"
                    r"|(?<=_s\": )[\d.]+|\b[\d.]+ (s|ms|min|h)\b( ago)?|ghostlight-\w{6}\b")
# Up to so many allocations every single one fails; beyond, each call chain's first and last.
EVERY = 14000
WIRE = "tests/fixtures/wire/two.wire"
RIG = "tests/fixtures/wire/two.rig"
BROKEN = "broken_wire@one.b"
# As fast as a busy computer follows without a watchdog.
SCALE = 8
MADE = (("replay", WIRE), ("replay", WIRE), ("replay", WIRE),
        ("baseline", "add", "--name", "studio", "--run", "1"),
        ("baseline", "seal", "--name", "studio", "--by", "a test", "--why", "it"),
        ("baseline", "add", "--name", "next", "--run", "2"),
        ("note", "a line", "--run", "1"), ("attach", RIG))


def picked():
    return {"": "a taste", "short": "by call chain"}.get(SOAK, "every one, or every call chain")


def choose(server, slow=False):
    """The numbers of the allocations to fail, and whether once or from there on. slow: a life
    takes as long as arms take to move."""
    if SOAK not in ("", "short") and not slow:
        ways = server.stacks(WHOLE_STACK)
        asked = sum(map(len, ways))
        some = range(1, asked + 1) if asked <= EVERY else sorted({n for w in ways
                                                                  for n in (w[0], w[-1])})
        return [(n, n % 2 == 0) for n in some]
    depth, most = {"": (6, 2 if slow else 12), "short": (10, 3 if slow else 14)}.get(
        SOAK, (10, 150))
    first = sorted(w[0] for w in server.stacks(depth))
    step = max(1, len(first) / most)
    some = [first[int(i * step)] for i in range(min(most, len(first)))]
    return [(n, i % 2 == 1) for i, n in enumerate(some)]


def rows(db):
    """How many of everything there is, after sqlite and verify said that it is whole."""
    with sqlite3.connect(db) as con:
        if con.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise ValueError("the database is damaged")
        if con.execute("PRAGMA foreign_key_check").fetchall():
            raise ValueError("rows without the row that they belong to")
        names = [r[0] for r in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {n: con.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in names}
    con.close()
    if ghostlight("verify", "--db", db).code not in (0, 1):
        raise ValueError("verify finds it changed")
    return found


def plain(text):
    return VARIES.sub("VARIES", text)


class Stage:
    """A small database, and the verbs on it."""

    def __init__(self, tmp):
        self.tmp, self.lives = tmp, 0
        self.kept, self.db = os.path.join(tmp, "kept"), os.path.join(tmp, "db")
        self.env = {n: tmp for n in ("HOME", "TMPDIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
                                     "XDG_STATE_HOME", "XDG_RUNTIME_DIR")}
        for args in MADE:
            got = ghostlight(*args, "--db", self.kept, env=self.env)
            if got.code not in (0, UNSURE):
                raise RuntimeError(f"{args}: {got}")
        with Sculpture("--fault", BROKEN, rig=RIG, scale=SCALE) as sim:
            got = ghostlight("check", "--port", sim.port, "--rig", RIG, "--db", self.kept,
                             "--budget", "20s", "--allow-motion", env=self.env)
        if got.code != HOLD:
            raise RuntimeError(f"{BROKEN}: {got}")
        ghostlight("export", os.path.join(tmp, "in.bundle"), "--db", self.kept, env=self.env)
        self.before, self.stamp = rows(self.kept), None
        self.put_back()

    def _stamp(self):
        """Who only reads leaves a log without a byte in it."""
        about, log = os.stat(self.db), self.db + "-wal"
        return (about.st_size, about.st_mtime_ns, os.path.exists(log) and os.path.getsize(log))

    def put_back(self):
        if self.stamp and self._stamp() == self.stamp:
            return
        for name in os.listdir(self.tmp):
            if name.startswith("db"):
                os.unlink(os.path.join(self.tmp, name))
        shutil.copy(self.kept, self.db)
        self.stamp = self._stamp()

    def stored(self):
        """None: the database was not touched."""
        return None if self._stamp() == self.stamp else rows(self.db)

    def clear(self, leaves):
        self.put_back()
        for name in os.listdir(self.tmp) if leaves else ():
            if name.startswith(leaves):
                os.unlink(os.path.join(self.tmp, name))

    def torture(self, args, leaves):
        """One verb; returns a line of figures and what was wrong."""
        args = [a.format(db=self.db, tmp=self.tmp) for a in args]
        troubles, self.lives = [], 0
        with Server(args, self.tmp, self.env) as server:
            usual = self._usual(server, leaves)
            for at, on in choose(server):
                self.clear(leaves)
                life = server.live(at=at, on=on)
                self.lives += life.failed > 0
                wrong = self.judge(life, usual, leaves)
                if wrong:
                    troubles.append(f"{at}{' and on' if on else ''}: {wrong}: {life}")
            self.clear(leaves)
        return f"{self.lives} of {usual.asked} allocations failed", troubles

    def torture_moving(self, args, port):
        """The same of a verb that has a sculpture at its port."""
        args = [a.format(db=self.db, tmp=self.tmp, port=port) for a in args]
        troubles, self.lives = [], 0
        with Server(args, self.tmp, self.env) as server:
            usual = self._usual(server, None)
            for at, on in choose(server, slow=True):
                self.clear(None)
                for _ in LATE:  # a host that was late is told so, and asked again
                    life = server.live(at=at, on=on)
                    wrong = judge_moving(self, life, usual, port)
                    if "WATCHDOG" not in wrong + life.err or not wrong:
                        break
                    self.clear(None)
                self.lives += life.failed > 0
                if wrong:
                    troubles.append(f"{at}{' and on' if on else ''}: {wrong}: {life}")
            self.clear(None)
        return f"{self.lives} of {usual.asked} allocations failed", troubles

    def _usual(self, server, leaves):
        self.clear(leaves)
        usual = server.live()
        usual.stored, usual.left = self.stored(), self.left(leaves)
        if usual.signal or usual.code in (64, INTERNAL):
            raise RuntimeError(f"without any failure: {usual}")
        return usual

    def left(self, name):
        return bool(name) and os.path.exists(os.path.join(self.tmp, name))

    def judge(self, life, usual, leaves):
        """What is wrong with it, "" for nothing."""
        if life.signal:
            return "crashed"
        if life.held > max(usual.held, AT_EASE):
            return f"leaks {life.held - usual.held} blocks"
        try:
            stored = self.stored()
        except (ValueError, sqlite3.Error) as e:
            return str(e)
        same = life.code == usual.code and plain(life.out) == plain(usual.out)
        if same:
            whole = stored == usual.stored and self.left(leaves) == usual.left
            return "" if whole else f"said the usual and did not do it: {stored}"
        if stored not in (None, self.before, usual.stored) and not self.is_told(
                stored, usual.stored):
            return f"half of it is stored: {stored}"
        if life.code not in (UNSURE, INTERNAL):
            return "another exit code, or the usual one with another text"
        if "memory" not in life.err + life.out:
            return "does not say that memory ran out"
        return ""

    def is_told(self, stored, usual):
        """One run more, as it should be: begun and not ended (the next start says so), or
        ended without what there was no memory for, which its result then says."""
        more = {t for t in stored if stored[t] != self.before.get(t)}
        begun = stored["run"] == self.before["run"] + 1 == usual["run"]
        return begun and (more <= {"run", "stage", "sqlite_sequence"} or "run_end" in more)


# ---- What moves -----------------------------------------------------------------------------

LATE = "123"
STATUS, IDLE, LATCHED = 0x03, 0, 3
REPLY = 0x80


class Seen:
    """What the controller says of itself, asked over its port by nobody of ours."""

    def __init__(self, port):
        self.port = port

    def ask(self, limit_s=1.0):
        fd = os.open(self.port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            tty.setraw(fd)
            receiver, end = controller.Receiver(), time.monotonic() + limit_s
            while time.monotonic() < end:
                # The first answer is noise to a receiver that comes in between.
                os.write(fd, b"\0" + controller.encode_frame(STATUS, 1, b""))
                if not select.select([fd], [], [], 0.1)[0]:
                    continue
                for kind, _, payload in receiver.feed(os.read(fd, 4096), 0):
                    if kind == STATUS | REPLY:
                        return payload
        finally:
            os.close(fd)
        raise ValueError("the controller does not answer")

    def moving(self):
        """"" when it is safe: disarmed or latched at once, and soon at rest."""
        status = self.ask()
        if status[0] not in (IDLE, LATCHED):
            return f"left in state {status[0]}"
        end = time.monotonic() + 2
        while any(status[12 + 6 * a + 3] for a in range(status[3])):
            if time.monotonic() > end:
                return "an arm goes on moving"
            status = self.ask()
        return ""


def judge_moving(stage, life, usual, port):
    moves = Seen(port).moving()
    if life.signal or moves:
        return moves or "crashed"
    if life.held > max(usual.held, AT_EASE):
        return f"leaks {life.held - usual.held} blocks"
    try:
        stored = stage.stored()
    except (ValueError, sqlite3.Error) as e:
        return str(e)
    if "memory" in life.err + life.out:
        return "" if life.code in (HOLD, UNSURE, INTERNAL) else "another exit code"
    if (life.code, stored) != (usual.code, usual.stored):
        return "does not say that memory ran out"
    return ""
