#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 400
"""`make new-probe` and `make new-driver`: one new file, found, built, run and
covered by the contract tests, without touching another file."""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import Tap, folder  # noqa: E402

tap = Tap()
tree = os.path.join(folder(), "tree")
KEEP = ("Makefile", "src", "probes", "schemas", "scripts", "tests")


def make(*args):
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "BUILD")}
    # The folder is one of the flags: under its own name all would be built anew.
    return subprocess.run(["make", "-s", "CURDIR=" + os.getcwd(), *args], cwd=tree, env=env, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)


def files():
    found = set()
    for top in KEEP:
        path = os.path.join(tree, top)
        if os.path.isfile(path):
            found.add(top)
        for folder_, _, names in os.walk(path):
            found |= {os.path.relpath(os.path.join(folder_, n), tree) for n in names
                      if not n.endswith(".pyc")}
    return found


def copy_tree():
    os.mkdir(tree)
    for name in KEEP:
        source = os.path.join(os.getcwd(), name)
        (shutil.copytree if os.path.isdir(source) else shutil.copy2)(source, os.path.join(tree, name))
    # what is built already need not be built again: times and paths are kept
    for name in ("obj", "gen", "flags", "libghostlight.a", "libsim.a", "libfakes.a"):
        source = os.path.join(os.environ["GH_BUILD"], name)
        if os.path.isdir(source):
            shutil.copytree(source, os.path.join(tree, "build", name))
        elif os.path.exists(source):
            os.makedirs(os.path.join(tree, "build"), exist_ok=True)
            shutil.copy2(source, os.path.join(tree, "build", name))


def covered(test, kind):
    got = make(f"build/tests/unit/{test}")
    tap.ok(got.returncode == 0, f"{kind}: {test} builds", got.stderr[-400:])
    env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", GH_BUILD=os.path.join(tree, "build"))
    got = subprocess.run([f"build/tests/unit/{test}"], cwd=tree, env=env, text=True,
                         stdin=subprocess.DEVNULL, capture_output=True, check=False)
    tap.ok(got.returncode == 0 and "ok 1" in got.stdout, f"{kind}: {test} passes", got.stdout[-400:])


def main():
    copy_tree()
    before = files()
    got = make("new-probe", "NAME=wobble")
    tap.ok(got.returncode == 0, "make new-probe", got.stderr)
    got = make("new-driver", "NAME=strange")
    tap.ok(got.returncode == 0, "make new-driver", got.stderr)
    tap.ok(files() - before == {"probes/wobble.c", "src/driver/strange.c"}
           and before <= files(), "each is one file", files() ^ before)
    got = make("new-probe", "NAME=wobble")
    tap.ok(got.returncode != 0 and "already there" in got.stderr, "an existing probe is kept")
    got = make("new-probe", "NAME=No-Such")
    tap.ok(got.returncode != 0 and "NAME must be" in got.stderr, "a bad name is refused")
    got = make("DEV=1", "build/ghostlight")
    tap.ok(got.returncode == 0, "they build without a warning", got.stderr[-600:])
    covered("test_probe_contract", "probe")
    covered("test_driver_table", "driver")
    table = open(os.path.join(tree, "build/gen/probes.c"), encoding="utf-8").read()
    tap.ok("gh_probe_wobble" in table, "the probe is in the table")
    table = open(os.path.join(tree, "build/gen/drivers.c"), encoding="utf-8").read()
    tap.ok("gh_driver_strange" in table, "the driver is in the table")


main()
tap.done()
