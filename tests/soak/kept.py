# SPDX-License-Identifier: GPL-3.0-or-later
"""What has held of a soak that takes a night, so that one which was broken off goes on where it was.

A file for each program below $(BUILD)/soak, with what it said and the hash of what it is made of:
after any change of that it has to hold again: its own bytes, those of the programs that it runs and the
files that it reads; for what builds anew, all sources. A program that takes hours may
keep how far it got itself, in PROGRAM.steps there (GH_SOAK_KEPT): such a file is good for the same
program only.
"""

import contextlib
import functools
import hashlib
import json
import os
import shutil

SOURCES = ("Makefile", "src", "probes", "tests", "schemas", "scripts")
# What the programs of the kind below that folder are made of beside themselves.
BESIDE = {"fuzz": ("tests/fuzz/corpus",),
          "unit": ("schemas", "tests/fixtures"),
          "cli": ("ghostlight", "ghostlight-sim", "tests/cli/kit", "tests/fakes", "tests/oom",
                  "schemas", "tests/fixtures", "scripts")}
FIELDS = ("passed", "failed", "skipped", "troubles", "output", "took_s")


def files_below(top):
    """What is written about the tests is none of them."""
    if os.path.isfile(top):
        return [top]
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(top)
                  for name in names if not name.endswith((".md", ".pyc")))


@functools.lru_cache(maxsize=None)
def hash_of(tops):
    """Of names and bytes, as they are now: a change that is not committed is one, too."""
    total = hashlib.sha256()
    for name in (name for top in tops for name in files_below(top)):
        with open(name, "rb") as f:
            total.update(f"{name} {hashlib.sha256(f.read()).hexdigest()}\n".encode())
    return total.hexdigest()


def made_of(path, build):
    """Those of BESIDE that are built are in the build folder."""
    kind = os.path.basename(os.path.dirname(path))
    if kind not in BESIDE:
        return SOURCES
    return (path, *(os.path.join(build, name) if name.startswith("ghostlight") else name
                    for name in BESIDE[kind]))


class Kept:
    def __init__(self, build, fresh=False):
        self.build, self.folder = build, os.path.join(build, "soak")
        self.hashes = {}
        if fresh:
            shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, exist_ok=True)
        os.environ["GH_SOAK_KEPT"] = os.path.abspath(self.folder)

    def file(self, program, kind="json"):
        return os.path.join(self.folder, f"{program.replace(os.sep, '-')}.{kind}")

    def keep(self, program, outcome):
        """Whole or not at all, whatever ends the soak. What failed is not kept: it runs again."""
        if outcome.failed or outcome.troubles:
            return
        said = {"made of": self.hashes[program], **{name: getattr(outcome, name) for name in FIELDS}}
        with open(self.file(program) + ".new", "w", encoding="utf-8") as f:
            json.dump(said, f, indent=1)
        os.replace(self.file(program) + ".new", self.file(program))

    def read(self, program, kind):
        """What is in that file, if it is of what the program is made of now."""
        try:
            with open(self.file(program, kind), encoding="utf-8") as f:
                said = json.load(f)
        except (OSError, ValueError):
            return None
        return said if said.get("made of") == self.hashes[program] else None

    def begin(self, program):
        if self.read(program, "begun"):
            return
        with contextlib.suppress(FileNotFoundError):
            os.remove(self.file(program, "steps"))
        with open(self.file(program, "begun"), "w", encoding="utf-8") as f:
            json.dump({"made of": self.hashes[program]}, f)

    def recall(self, program, outcome):
        """Fills the outcome in; False: there is none of what the program is made of now."""
        self.hashes[program] = hash_of(made_of(outcome.program, self.build))
        said = self.read(program, "json")
        if not said:
            self.begin(program)
            return False
        for name in FIELDS:
            setattr(outcome, name, said[name])
        return True
