#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# alone: a starved host trips the watchdog
"""The document is enough: the controller that was built from it alone
(tests/fakes/controller.py) answers the worked dialogue of schemas/protocol.md
frame by frame, and the driver's contract tests pass against it.
"""

import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from protocol import CONTRACT, contract_lines, controller as fake, play  # noqa: E402


def check_dialogue():
    sent = []
    player = fake.Controller(fake.example(), sent.append, 1_000_000)
    try:
        compared = play(player, sent)
    except ValueError as error:
        print(f"# {error}\nnot ok 1 - the worked dialogue, frame by frame")
        return
    skip = "" if compared else " # SKIP protocol.md section 7 has no frames"
    print(f"ok 1 - the worked dialogue, frame by frame{skip}")


def check_deserted():
    """Section 6: a host set a rate, a stream and a lamp and is not heard for 5 s."""
    controller = fake.Controller(fake.sculpture(), lambda frame: None, 0)
    controller.receive(b"\0")
    for kind, payload in ((0x06, b"\3"), (0x05, b""), (0x08, b"\0\x64\0\1\0"),
                          (0x13, b"\0\0\0\xE8\3\0\0\0\0\0\0")):
        controller.receive(fake.encode_frame(kind, kind, payload))
    controller.advance(4_999_000)
    kept = (controller.rate, len(controller.streams), controller.lamps[0].goal[0])
    controller.advance(5_000_000)
    given_up = (controller.rate, len(controller.streams), controller.lamps[0].goal[0])
    word = "ok" if (kept, given_up) == ((3, 1, 1000), (0, 0, 0)) else "not ok"
    print(f"{word} 2 - after 5 s without its host it asks at the first rate")


def check_guard():
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
    child = subprocess.Popen([sys.executable, fake.__file__], stdout=subprocess.PIPE, text=True)
    try:
        port = child.stdout.readline().removeprefix("port: ").strip()
        return contract_lines(port)
    finally:
        child.terminate()
        child.wait()


def main():
    for check in (check_dialogue, check_deserted, check_guard):
        check()
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
