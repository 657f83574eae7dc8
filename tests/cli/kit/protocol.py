# SPDX-License-Identifier: GPL-3.0-or-later
"""schemas/protocol.md as a test: its worked dialogue played against any
controller, the codec of the Python controller, and the driver's contract test
against any port."""

import os
import subprocess
import sys

# Nothing of ours may leave a cache in the source tree.
sys.dont_write_bytecode = True
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
BUILD = os.environ.get("GH_BUILD", os.path.join(ROOT, "build"))
CONTRACT = os.path.join(BUILD, "tests/unit/test_driver_contract")

sys.path.insert(0, os.path.join(ROOT, "tests/fakes"))
import controller  # noqa: E402

# The controller too: who asks it for one need not know where it lies.
__all__ = ["BUILD", "CONTRACT", "contract_lines", "controller", "dialogue", "play"]


def dialogue():
    inside = False
    with open(os.path.join(ROOT, "schemas/protocol.md"), encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            if line.startswith("```"):
                inside = line.startswith("```dialogue")
            elif inside and line[:1] in "<>@":
                yield number, line[0], line[1:].strip()


def play(player, sent):
    """`player` has advance(us) and receive(bytes), which put what the controller
    says into the list `sent`, frame by frame. Returns how many frames were
    compared; raises ValueError."""
    compared = 0
    for number, what, rest in dialogue():
        if what == "<":
            got = sent.pop(0).hex(" ").upper() if sent else "nothing"
            if got != rest.upper():
                raise ValueError(f"line {number}: expected {rest}, got {got}")
            compared += 1
            continue
        if sent:
            raise ValueError(f"line {number}: before it came {sent[0].hex(' ')}")
        if what == "@":
            player.advance(int(rest))
        else:
            player.receive(bytes.fromhex(rest))
    if sent:
        raise ValueError(f"after the end came {sent[0].hex(' ')}")
    return compared


def contract_lines(port):
    """What the contract test of the driver says of the controller there."""
    env = dict(os.environ, GH_TEST_PORT=port, CMOCKA_MESSAGE_OUTPUT="TAP")
    run = subprocess.run([CONTRACT], env=env, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, timeout=100, check=False)
    return run.stdout.splitlines()
