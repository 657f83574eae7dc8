#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document is enough: the controller that was built from it alone
(tests/fakes/controller.py) answers the worked dialogue of schemas/protocol.md
frame by frame, and the driver's contract tests pass against it.
"""

import importlib.util
import os
import struct
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


def check_deserted(fake):
    """Section 6: a host set a rate and a stream and is not heard for 5 s."""
    controller = fake.Controller(fake.sculpture(), lambda frame: None, 0)
    controller.receive(b"\0")
    for kind, payload in ((0x06, b"\3"), (0x05, b""), (0x08, b"\0\x64\0\1\0")):
        controller.receive(fake.encode_frame(kind, kind, payload))
    controller.advance(4_999_000)
    kept = (controller.rate, len(controller.streams))
    controller.advance(5_000_000)
    given_up = (controller.rate, len(controller.streams))
    word = "ok" if (kept, given_up) == ((3, 1), (0, 0)) else "not ok"
    print(f"{word} 2 - after 5 s without its host it asks at the first rate")


def check_guard(fake):
    """Section 3.6: GUARD before the LAST of its program has been uploaded."""
    sent = []
    controller = fake.Controller(fake.sculpture(), sent.append, 0)
    controller.receive(b"\0" + fake.encode_frame(0x09, 1, b"\1\0\0\0"))
    lease = controller.lease

    def segments(first, *records):
        head = struct.pack("<IBBH", lease, 0, len(records), first)
        body = b"".join(struct.pack("<BBHIi", *record) for record in records)
        controller.receive(fake.encode_frame(0x0D, 2 + first, head + body))

    def live(until):
        while controller.now < until:
            controller.advance(controller.now + 40_000)
            controller.receive(fake.encode_frame(0x0B, 99, struct.pack("<I", lease)))

    segments(0, (1, 2, 30, 1_000_000, 500_000))
    start = struct.pack("<II", lease, 1000)
    controller.receive(fake.encode_frame(0x0E, 9, start))
    live(500_000)
    actuator = controller.actuators[0]
    waiting = (controller.state, actuator.draining, actuator.braking)
    segments(1, (0, 1, 0, 1000, 0), (0, 1, 0, 1000, 0))
    live(600_000)
    ended = (controller.state, actuator.draining, len(actuator.ring))
    good = (waiting, ended) == ((fake.RUNNING, True, None), (fake.ARMED, False, 1))
    print("ok" if good else f"# {waiting} {ended}\nnot ok",
          "3 - a guarded program waits for its LAST")


def contract_results():
    """The contract test's TAP lines, its numbers three higher."""
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
    fake = load_fake()
    for check in (check_dialogue, check_deserted, check_guard):
        check(fake)
    count = 3
    if not os.access(CONTRACT, os.X_OK):
        print(f"ok 4 - driver contract # SKIP {CONTRACT} is not built\n1..4")
        return
    for line in contract_results():
        words = line.split()
        if line.startswith(("ok ", "not ok ")):
            count += 1
            words[words.index("ok") + 1] = str(count)
            print(" ".join(words))
        elif not line.startswith("1.."):
            print(line if line.startswith("#") else "# " + line)
    if count == 3:
        count = 4
        print("not ok 4 - the contract test gave no result")
    print(f"1..{count}")


if __name__ == "__main__":
    main()
