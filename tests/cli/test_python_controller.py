#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document is enough: the controller that was built from it alone
(tests/fakes/controller.py) answers the worked dialogue of schemas/protocol.md
frame by frame, and the driver's contract tests pass against it.
"""

import importlib.util
import os
import subprocess
import sys

# Nothing of ours may leave a cache in the source tree.
sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FAKE = os.path.join(ROOT, "tests/fakes/controller.py")
BUILD = os.environ.get("GH_BUILD", os.path.join(ROOT, "build"))
CONTRACT = os.path.join(BUILD, "tests/unit/test_driver_contract")


def load_fake():
    spec = importlib.util.spec_from_file_location("controller", FAKE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def dialogue():
    inside = False
    with open(os.path.join(ROOT, "schemas/protocol.md"), encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            if line.startswith("```"):
                inside = line.startswith("```dialogue")
            elif inside and line[:1] in "<>@":
                yield number, line[0], line[1:].strip()


def play(fake):
    """Returns how many frames were compared; raises ValueError."""
    sent = []
    controller = fake.Controller(fake.example(), sent.append, 1_000_000)
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
            controller.advance(int(rest))
        else:
            controller.receive(bytes.fromhex(rest))
    if sent:
        raise ValueError(f"after the end came {sent[0].hex(' ')}")
    return compared


def check_dialogue(fake):
    try:
        compared = play(fake)
    except ValueError as error:
        print(f"# {error}\nnot ok 1 - the worked dialogue, frame by frame")
        return
    skip = "" if compared else " # SKIP protocol.md section 7 has no frames"
    print(f"ok 1 - the worked dialogue, frame by frame{skip}")


def contract_results():
    """The contract test's TAP lines, its numbers one higher."""
    child = subprocess.Popen([sys.executable, FAKE], stdout=subprocess.PIPE, text=True)
    try:
        port = child.stdout.readline().removeprefix("port: ").strip()
        env = dict(os.environ, GH_TEST_PORT=port, CMOCKA_MESSAGE_OUTPUT="TAP")
        run = subprocess.run([CONTRACT], env=env, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, timeout=100, check=False)
    finally:
        child.terminate()
        child.wait()
    return run.stdout.splitlines()


def main():
    check_dialogue(load_fake())
    count = 1
    if not os.access(CONTRACT, os.X_OK):
        print(f"ok 2 - driver contract # SKIP {CONTRACT} is not built\n1..2")
        return
    for line in contract_results():
        words = line.split()
        if line.startswith(("ok ", "not ok ")):
            count += 1
            words[words.index("ok") + 1] = str(count)
            print(" ".join(words))
        elif not line.startswith("1.."):
            print(line if line.startswith("#") else "# " + line)
    if count == 1:
        count = 2
        print("not ok 2 - the contract test gave no result")
    print(f"1..{count}")


if __name__ == "__main__":
    main()
