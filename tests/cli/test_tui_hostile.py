#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: a starved host trips the watchdog of the check
"""Names that would take a terminal over: in every text of a stored run, on every page, and from a
controller that is asked for a check. No byte of theirs reaches the terminal but as a character to
read, and the screens go on.
"""

import os
import re
import sqlite3
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "kit"))
sys.dont_write_bytecode = True
from protocol import controller as fake  # noqa: E402
from screen import Screen  # noqa: E402
from sculpture import RIG, OnPty, Tap, folder, ghostlight, rehearsed  # noqa: E402
from test_tui_pages import PAGES  # noqa: E402

HOSTILE = (
    b"\x1b[2J\x1b]0;owned\x07", b"\x1bP1$r\x1b\\", b"\x1b[6n\x1bc\x1b[?1049l", b"\x0e\x0f\x05\x18",
    b"a\b\b\bb\rc\nd\te\x7f", "‮evil‬ ⁦x⁩".encode(), b"\xc2\x9b2J\xc2\x9d",
    b"\x9b2J\xff\xfe\xc3(", b"\xc0\x9b[2J\xe0\x80\xa1", "漢字 e\u0301\u0302 \u200b".encode(),
    b"W" * 10240,
)
# What is told of a run; those that begin a line of another table by name have it there as well.
TEXTS = {
    "run": ("rig", "profile", "only_part", "port", "driver", "model", "firmware", "device"),
    "run_end": ("error", "advice", "baseline_name"), "part": ("part",),
    "part_result": ("part",), "finding": ("part", "note"), "measure": ("part", "note"),
    "verdict": ("why",), "diagnosis": ("part",), "evidence": ("text",),
    "not_checked": ("part", "reason"), "why_not": ("text",), "baseline": ("name",),
    "remark": ("part", "by", "text"),
}
# Of ours, and of what ncurses moves with.
ALLOWED = re.compile(
    rb"\x1b\[[?>]?[0-9;]*[ABCDGHJKLMPSTXbdhlmrt@]|\x1b[()][0AB]|\x1b[=>78M]|[\r\n\b]")
LEAVE = b"\x1b[?1049l"  # ours only at the end
TURNING = re.compile("[\u0080-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\u0300-\u036f"
                     "\ufeff\u3000-\uffee]")


def strange(out):
    """"" or the bytes of somebody else."""
    rest = ALLOWED.sub(b"", out)
    try:
        text = rest.decode()
    except UnicodeDecodeError as error:
        return f"damaged UTF-8: {rest[max(0, error.start - 20):error.start + 20]}"
    found = re.search(r"[\x00-\x1f\x7f]", text) or TURNING.search(text)
    if found:
        return repr(text[max(0, found.start() - 40):found.start() + 20])
    return "the screen was given back" if LEAVE in out else ""


def spoil(db, hostile):
    """Each text of a run with that at its end, past all that guards the store."""
    done = 0
    with sqlite3.connect(db) as books:
        books.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in books.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            books.execute(f"DROP TRIGGER {name}")
        for table, columns in TEXTS.items():
            known = {row[1] for row in books.execute(f"PRAGMA table_info({table})")}
            for column in known.intersection(columns):
                done += books.execute(
                    f"UPDATE {table} SET {column} = CAST(CAST({column} AS BLOB) || ? AS TEXT)",
                    (hostile,)).rowcount
    return done


def see(screen, keys):
    """What is written after those keys."""
    for key in keys:
        screen.key(key)
        screen.settle()
        time.sleep(0.15)
    return bytes(screen.out)


def stored_names(tap, scratch):
    for number, hostile in enumerate(HOSTILE):
        db = os.path.join(scratch, f"{number}.db")
        rehearsed(db)
        ghostlight("note", "it ticks", "--part", "core", "--by", "Ada", "--db", db)
        changed = spoil(db, hostile)
        wrong = "" if changed > 100 else f"only {changed} texts were changed"
        with Screen("--db", db) as screen:
            there = screen.shows("SPACE stop")
            for page in (page for page in PAGES if not page.port):
                wrong = wrong or strange(see(screen, [page.keys]))
                screen.key("\x1b\x1b")
                screen.settle()
            ends = screen.process.poll()
            see(screen, "q")
        if not there or ends is not None:
            wrong = f"the screens ended: {ends}, {bytes(screen.out[-300:])}"
        tap.ok(not wrong, f"{hostile[:24]!r} in {changed} stored texts", wrong)


class Names(OnPty):
    """The controller of the tests, all of whose names are this."""

    def __init__(self, number):
        super().__init__([sys.executable, os.path.abspath(__file__), "--serve", str(number)])


def serve(number):
    hostile = HOSTILE[number][:31]
    fake.name = lambda text: bytes((len(hostile),)) + hostile
    sys.argv[1:] = []
    fake.main()


def names_of_a_controller(tap, scratch):
    for number, hostile in enumerate(HOSTILE):
        db = os.path.join(scratch, f"controller-{number}.db")
        with Names(number) as sim, Screen("--rig", RIG, "--port", sim.port, "--db",
                                          db) as screen:
            screen.shows("SPACE stop")
            see(screen, "1")
            time.sleep(0.4)
            see(screen, "y")
            # Of letters that may be in a name, or of those that never are.
            answered = screen.shows("disagree", 5) or screen.shows("Try:", 5)
            wrong = strange(see(screen, ["x", "\x1b"])) or (
                "" if answered else f"no word about it: {bytes(screen.out[-400:])}")
        tap.ok(not wrong, f"{hostile[:24]!r} as a controller's names", wrong)


def main():
    if sys.argv[1:2] == ["--serve"]:
        serve(int(sys.argv[2]))
        return
    tap = Tap()
    scratch = folder()
    assert strange(HOSTILE[0]) and strange(HOSTILE[5]) and not strange(b"\x1b[1;2HREADY\x1b[m")
    stored_names(tap, scratch)
    names_of_a_controller(tap, scratch)
    tap.done()


if __name__ == "__main__":
    main()
