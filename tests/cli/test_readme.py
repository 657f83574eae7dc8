#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""README.md is true of this checkout: the screens it shows are those of the golden pictures, with
lines left out, and the files and make targets it names are there."""

import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import Tap  # noqa: E402

# In the order in which the README has them.
SCREENS = ("ui-home-80x24-ascii", "ui-part-80x24-utf8", "ui-running-80x24-ascii")

tap = Tap()


def text_of(name):
    with open(name, encoding="utf-8") as f:
        return f.read()


def left_over(shown, golden):
    """The first line that is not in the picture after the ones before it; None: all are."""
    rest = iter(golden)
    return next((line for line in shown if line.strip() and line not in rest), None)


def test_screens(readme):
    shown = [block for block in re.findall(r"(?ms)^```\n(.*?)^```$", readme)
             if block.startswith(" ghostlight  ")]
    tap.ok(len(shown) == len(SCREENS), "three screens as text", len(shown))
    for block, name in zip(shown, SCREENS):
        golden = [line.rstrip() for line in text_of(f"tests/golden/{name}.screen").splitlines()]
        lines = [line.rstrip() for line in block.splitlines()]
        tap.ok(left_over(lines, golden) is None, name, left_over(lines, golden))


def test_files(readme):
    names = re.findall(r"`((?:schemas|scripts|src|tests|probes)/[\w./*-]+)`", readme)
    missing = [name for name in names if not glob.glob(name)]
    tap.ok(len(names) > 10 and not missing, "the files it names are there", missing or names)


def test_targets(readme):
    called = re.findall(r"(?m)(?:^|`)make (?:[A-Z]+=\S+ )*([a-z-]+)", readme)
    missing = [name for name in called
               if not re.search(rf"(?m)^{name}:", text_of("Makefile"))]
    tap.ok(len(called) > 8 and not missing, "the targets it names are in the Makefile",
           missing or called)


README = text_of("README.md")
test_screens(README)
test_files(README)
test_targets(README)
tap.done()
