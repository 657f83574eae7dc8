# SPDX-License-Identifier: GPL-3.0-or-later
"""What has held of a soak that takes a night, so that one which was broken off goes on where it
was, also on another machine: it is kept in tests/soak-results.md, which is committed.

A row has the hash of what its program is made of; after any change of that it has to hold again,
and until then stands among those of earlier programs, which count no more. That is its own bytes
(the same sources make the same bytes anywhere), those of the programs that it runs and the files
that it reads; for what builds anew, all sources. A program that takes hours may keep
how far it got, in one line of PROGRAM.steps below $(BUILD)/soak (GH_SOAK_KEPT): such a line is good
for the same program only.
"""

import contextlib
import functools
import hashlib
import os
import re
import shutil
import time

SOURCES = ("Makefile", "src", "probes", "tests", "schemas", "scripts")
# What the programs of the kind below that folder are made of beside themselves.
BESIDE = {"fuzz": ("tests/fuzz/corpus/{name}",),
          "unit": ("schemas", "tests/fixtures"),
          "cli": ("ghostlight", "ghostlight-sim", "tests/fakes", "tests/oom", "schemas",
                  "tests/fixtures", "scripts")}
KIT = os.path.join("tests", "cli", "kit")
IMPORTS = re.compile(r"^\s*(?:import|from) (.+)$", re.MULTILINE)
RESULTS = os.path.join("tests", "soak-results.md")
HASH_SHOWN = 16
# Of a table: program, made of, and what there is to say.
ROW = re.compile(r"^\| (?!program )([^|]+?) \| ([0-9a-f]{%d}) \| ([^|]+?) \| (.+?) \|$" % HASH_SHOWN,
                 re.MULTILINE)
PAGE = """# What holds of `make soak`

Written by it, a row for each figure that has held in full: take it out, and it is measured anew.
A row is of the program with these bytes and of what that reads ("made of", tests/soak/kept.py):
after a change it counts no more, and the next `make soak` runs that program again. What each
figure is about stands at the top of its program below `tests/`.

| program | made of | when, how long | figure |
|---|---|---|---|
{held}

{counts}
"""
EARLIER = """
## Of earlier programs

Held in full; something that the program is made of has changed since.

| program | made of | when, how long | figure |
|---|---|---|---|
{earlier}
"""
UNDER_WAY = """
## Under way

Broken off in the middle: goes on there.

| program | made of | when | as the program keeps it |
|---|---|---|---|
{steps}
"""


def files_below(top):
    """What is written about the tests is none of them."""
    if os.path.isfile(top):
        return [top]
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(top)
                  for name in names if not name.endswith((".md", ".pyc")))


@functools.lru_cache(maxsize=None)
def hash_of(tops, build):
    """Of names and bytes, as they are now: a change that is not committed is one, too."""
    total = hashlib.sha256()
    for name in (name for top in tops for name in files_below(top)):
        with open(name, "rb") as f:
            inner = os.path.relpath(name, build) if name.startswith(build) else name
            total.update(f"{inner} {hashlib.sha256(f.read()).hexdigest()}\n".encode())
    return total.hexdigest()[:HASH_SHOWN]


def kit_of(path):
    """The modules of the kit that a program imports, and what those do."""
    found, left = set(), [path]
    while left:
        names = " ".join(IMPORTS.findall(text_of(left.pop())))
        new = {os.path.join(KIT, f"{name}.py") for name in re.findall(r"\w+", names)} - found
        left += filter(os.path.exists, new)
        found |= new
    return sorted(filter(os.path.exists, found))


def made_of(path, build):
    """Those of BESIDE that are built are in the build folder."""
    kind, name = path.split(os.sep)[-2:]
    if kind not in BESIDE:
        return SOURCES
    beside = [top.format(name=name) for top in BESIDE[kind]]
    return (path, *(kit_of(path) if kind == "cli" else ()),
            *(os.path.join(build, top) if top.startswith("ghostlight") else top for top in beside))


class Kept:
    def __init__(self, build, figures, fresh=False):
        """figures: how many there are in all."""
        self.build, self.figures = build, figures
        self.folder = os.path.join(build, "soak")
        self.hashes, self.held, self.earlier, self.steps = {}, {}, {}, {}
        if fresh:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            self.load()
        os.makedirs(self.folder, exist_ok=True)
        os.environ["GH_SOAK_KEPT"] = os.path.abspath(self.folder)

    def load(self):
        held, *sections = text_of(RESULTS).split("\n## ")
        self.held = rows_of(held)
        for text in sections:
            if text.startswith("Under way"):
                self.steps = {program: rows[0] for program, rows in rows_of(text).items()}
            else:
                self.earlier = rows_of(text)

    def save(self):
        """Whole or not at all, whatever ends the soak."""
        for program, made in self.hashes.items():
            said = text_of(self.steps_file(program))
            if said:
                self.steps[program] = (made, time.strftime("%F"), said)
        held, earlier = flat(self.held), flat(self.earlier)
        steps = flat({program: [row] for program, row in self.steps.items()
                      if program not in self.held})
        text = PAGE.format(held=table(held), counts=f"{len(held)} of {self.figures} figures.")
        text += EARLIER.format(earlier=table(earlier)) if earlier else ""
        text += UNDER_WAY.format(steps=table(steps)) if steps else ""
        write(RESULTS + ".new", text)
        os.replace(RESULTS + ".new", RESULTS)

    def steps_file(self, program):
        return os.path.join(self.folder, f"{program.replace(os.sep, '-')}.steps")

    def keep(self, program, outcome, said):
        """said: the figures by name. What failed or was skipped is not kept: it runs again."""
        if not outcome.troubled() and not outcome.skipped:
            when = f"{time.strftime('%F')}, {outcome.took_s:.0f} s"
            self.held[program] = [(self.hashes[program], when, f"{name}: {figure}")
                                  for name, figure in said.items()]
            self.earlier.pop(program, None)
        self.save()

    def recall(self, program, outcome):
        """Fills the outcome in; False: there is none of what the program is made of now."""
        now = self.hashes[program] = hash_of(made_of(outcome.program, self.build), self.build)
        rows = self.held.pop(program, []) or self.earlier.pop(program, [])
        if not rows or any(made != now for made, _, _ in rows):
            self.earlier.update({program: rows} if rows else {})
            self.go_on(program)
            return False
        self.held[program] = rows
        outcome.passed = len(rows)
        outcome.took_s = float(rows[0][1].split()[-2])
        outcome.output = "".join(f"soak: {figure}\n" for _, _, figure in rows)
        return True

    def go_on(self, program):
        """With its steps, where they are of the same program: those that lie here, which may be
        newer, or those of the page."""
        now, steps = self.hashes[program], self.steps_file(program)
        made, _, said = self.steps.pop(program, ("", "", ""))
        begun = text_of(steps + ".of")
        if begun != now:
            with contextlib.suppress(FileNotFoundError):
                os.remove(steps)
        if begun != now and made == now:
            write(steps, said + "\n")
        write(steps + ".of", now)


def text_of(path):
    """"" when there is none."""
    try:
        with open(path, encoding="utf-8") as f:
            return f.read().strip()
    except FileNotFoundError:
        return ""


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def rows_of(text):
    """{program: its rows} of a table."""
    found = {}
    for program, *row in ROW.findall(text):
        found.setdefault(program, []).append(tuple(row))
    return found


def flat(tables):
    return [(program, *row) for program, rows in sorted(tables.items()) for row in rows]


def table(rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
