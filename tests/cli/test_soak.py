#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/soak/soak.py: what a program says becomes a line, what it does not say fails, and a whole
soak that was broken off goes on where it was."""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import Tap, folder  # noqa: E402

tap = Tap()
tree = os.path.join(folder(), "tree")

# soak.py with a table of its own.
RUN = """
import sys
sys.path.insert(0, "tests/soak")
import soak
soak.TABLE = tuple((f"unit/{name}", (f"figure of {name}",)) for name in sys.argv.pop().split())
soak.WHOLE_TABLE = ()
sys.exit(soak.main())
"""
GOOD = "echo 1..1\necho 'ok 1 - it'\necho 'soak: figure of NAME: 7 of 7'\n"
MUTE = "echo 1..1\necho 'ok 1 - it'\n"
# Ended by somebody in the middle, twice.
STEPS = ("f=$GH_SOAK_KEPT/unit-NAME.steps\nread -r n 2>/dev/null <\"$f\" || n=0\n"
         "n=$((n + 1))\necho $n >\"$f\"\ntest $n -lt 3 && kill -9 $$\n"
         "echo 1..1\necho 'ok 1 - it'\necho \"soak: figure of NAME: $n of 3\"\n")
BAD = "echo 1..1\necho 'not ok 1 - it breaks'\n"
SKIPPED = "echo 1..1\necho 'ok 1 - NAME # SKIP no tool for it'\n"
STRANGE = GOOD + "echo 'soak: another figure: 1'\n"


def program(name, text):
    """One that counts its runs."""
    path = os.path.join(tree, "build", "tests", "unit", name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"#!/bin/sh\necho run >>'{path}.runs'\n{text.replace('NAME', name)}")
    os.chmod(path, 0o755)


def runs(name):
    try:
        with open(os.path.join(tree, "build", "tests", "unit", name + ".runs"), encoding="utf-8") as f:
            return len(f.readlines())
    except OSError:
        return 0


def soak(length, table, **env):
    return subprocess.run([sys.executable, "-c", RUN, length, table], cwd=tree, text=True,
                          env={**os.environ, "GH_BUILD": "build", **env}, capture_output=True,
                          check=False)


def has(done, code, *lines):
    return done.returncode == code and all(line in done.stdout.splitlines() for line in lines)


def elsewhere():
    """Only what is committed is there."""
    shutil.rmtree(os.path.join(tree, "build", "soak"))


def lay_out():
    os.makedirs(os.path.join(tree, "build", "tests", "unit"))
    os.makedirs(os.path.join(tree, "scripts"))
    os.makedirs(os.path.join(tree, "schemas"))
    shutil.copy("scripts/run-tests", os.path.join(tree, "scripts"))
    shutil.copytree("tests/soak", os.path.join(tree, "tests", "soak"),
                    ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in (("good", GOOD), ("mute", MUTE), ("bad", BAD), ("skipped", SKIPPED),
                       ("strange", STRANGE), ("steps", STEPS), ("steady", GOOD)):
        program(name, text)


def test_lines():
    done = soak("short", "good skipped")
    tap.ok(has(done, 0, "1..2") and "- figure of good: 7 of 7" in done.stdout
           and "- figure of skipped # SKIP no tool for it" in done.stdout,
           "what is said is a line, what is skipped says why", done.stdout + done.stderr)
    done = soak("short", "mute")
    tap.ok(has(done, 1, "not ok 1 - figure of mute: unit/mute did not say it"),
           "a figure that nobody says fails", done.stdout)
    done = soak("short", "bad")
    tap.ok(has(done, 1, "not ok 1 - unit/bad: it breaks"), "what fails in a program fails",
           done.stdout)
    done = soak("short", "strange")
    tap.ok(has(done, 1, "not ok 2 - another figure: unit/strange says it, the table of soak.py "
                        "does not know it"), "a figure that is not in the table fails", done.stdout)
    done = soak("short", "gone")
    tap.ok(done.returncode == 1 and "not ok" in done.stdout, "a program that is not there fails",
           done.stdout)


def test_goes_on():
    before = runs("good"), runs("bad")
    first, second = soak("whole", "good bad"), soak("whole", "good bad")
    tap.ok((runs("good"), runs("bad")) == (before[0] + 1, before[1] + 2),
           "started again, what held does not run again, what failed does", second.stdout)
    tap.ok(all("- figure of good: 7 of 7" in done.stdout and done.returncode == 1
               for done in (first, second)) and "s, held before" in second.stdout,
           "what held is said again, as such", second.stdout)
    soak("whole", "good", FRESH="1")
    tap.ok(runs("good") == before[0] + 2, "FRESH=1 forgets it")
    program("good", GOOD + "# another\n")
    soak("whole", "good")
    tap.ok(runs("good") == before[0] + 3, "another program has to hold again")
    with open(os.path.join(tree, "schemas", "some.rig"), "w", encoding="utf-8") as f:
        f.write("[rig]\n")
    soak("whole", "good")
    tap.ok(runs("good") == before[0] + 4, "and one that reads other files")
    with open(os.path.join(tree, "schemas", "notes.md"), "w", encoding="utf-8") as f:
        f.write("# Notes\n")
    soak("whole", "good")
    tap.ok(runs("good") == before[0] + 4, "what is written about it changes nothing")
    soak("short", "good")
    soak("short", "good")
    tap.ok(runs("good") == before[0] + 6, "a short one keeps nothing")


def page():
    with open(os.path.join(tree, "tests", "soak-results.md"), encoding="utf-8") as f:
        return f.read()


def test_earlier():
    """What held of an earlier program does not count, and is not forgotten."""
    soak("whole", "good steady", FRESH="1")
    program("good", BAD)
    soak("whole", "good steady")
    held, _, earlier = page().partition("\n## Of earlier programs")
    tap.ok("figure of good" in earlier and "figure of steady" in held and "1 of 2" in held
           and "figure of good" not in held, "what held of an earlier program stands apart", page())
    soak("whole", "steady")
    tap.ok("figure of good" in page().partition("\n## ")[2], "and stays there", page())
    program("good", GOOD + "# mended\n")
    soak("whole", "good steady")
    tap.ok("2 of 2" in page() and "\n## " not in page(), "until the program holds again", page())


def test_steps():
    said = [soak("whole", "steps").stdout for _ in range(3)]
    tap.ok("not ok" in said[1] and "- figure of steps: 3 of 3" in said[2],
           "one that keeps its steps goes on with them", said)
    program("steps", STEPS + "# another\n")
    said = soak("whole", "steps").stdout
    tap.ok("died of SIGKILL" in said, "another program begins with the first", said)
    soak("whole", "steps")
    elsewhere()
    said = soak("whole", "steps").stdout
    tap.ok("- figure of steps: 3 of 3" in said, "on another machine, too", said)
    elsewhere()
    before = runs("steps")
    said = soak("whole", "steps").stdout
    tap.ok("3 of 3" in said and runs("steps") == before, "and what held there holds here", said)


ASK_KIT = """
import sys
sys.path.insert(0, "tests/soak")
import kept
print(*kept.kit_of("tests/cli/test_it.py"))
"""


def test_imports():
    """A module of the kit is a part of who uses it."""
    kit = os.path.join("tests", "cli", "kit")
    os.makedirs(os.path.join(tree, kit))
    for name, text in (("test_it.py", "import os, near\n"), ("kit/near.py", "from far import x\n"),
                       ("kit/far.py", "import near\n"), ("kit/other.py", "import near\n")):
        with open(os.path.join(tree, "tests", "cli", name), "w", encoding="utf-8") as f:
            f.write(text)
    said = subprocess.run([sys.executable, "-c", ASK_KIT], cwd=tree, text=True, check=True,
                          capture_output=True).stdout.split()
    tap.ok(said == [os.path.join(kit, "far.py"), os.path.join(kit, "near.py")],
           "what a program imports it is made of", said)


# scripts/run-tests on a host that is as late as is said.
TRY = """
import sys
sys.path.insert(0, "tests/soak")
import soak
tests = soak.run_tests()
tests.LATE_S = float(sys.argv.pop(1))
sys.exit(tests.main())
"""


def test_second_try():
    """Only a host that stood still is a reason for one."""
    program("flaky", "# alone: it is late\ntest -e \"$0.was\" && exec echo 'ok 1 - it'\n"
            "touch \"$0.was\"\necho 'not ok 1 - it'\n")
    path = os.path.join(tree, "build", "tests", "unit", "flaky")
    os.rename(path, path + ".sh")
    for late, code, tries in (("1000", 1, 1), ("0", 0, 2)):
        done = subprocess.run([sys.executable, "-c", TRY, late, path + ".sh"], cwd=tree, text=True,
                              capture_output=True, check=False)
        told = "AGAIN (the host was" in done.stdout
        tap.ok(done.returncode == code and told == (tries == 2) and runs("flaky") == tries,
               f"{tries} of 2 tries", done.stdout + done.stderr)
        for name in (path + ".sh.was", path + ".runs"):
            os.remove(name)


lay_out()
test_second_try()
test_lines()
test_goes_on()
test_earlier()
test_steps()
test_imports()
tap.done()
