# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a test runs, and the line that says how far it got: tests/fakes/soak.h for Python."""

import os


def count(taste, shorter, whole):
    """The one of the three that GH_SOAK asks for."""
    asked = os.environ.get("GH_SOAK", "")
    if not asked:
        return taste
    return shorter if asked == "short" else whole


def say(name, figure):
    """To be said after the assertions: the figure of what held."""
    print(f"soak: {name}: {figure}", flush=True)
