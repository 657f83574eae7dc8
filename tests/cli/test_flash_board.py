#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 120
"""scripts/flash-board and scripts/seal-eeprom, as far as no board is needed."""

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

BUILD = os.environ.get("GH_BUILD", "build")
FIRMWARE = os.path.join(BUILD, "firmware")
SETUP_AT = 68           # src/firmware/avr/nvm.h
ID_AT = 70
BOARDS = {"uno": (1, 2, "atmega328p"), "mega": (2, 6, "atmega2560")}

count = 0
failed = 0


def check(what, ok, seen=""):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {what}")
    if not ok and seen:
        print("# " + str(seen).strip().replace("\n", "\n# "))


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def run(*args, path=None):
    env = dict(os.environ, PATH=path or os.environ["PATH"])
    return subprocess.run(args, env=env, capture_output=True, text=True)


def flash(*args, path=None):
    return run("scripts/flash-board", *args, path=path)


def is_whole(image):
    crc = struct.unpack("<I", image[-4:])[0]
    return crc == crc32c(image[SETUP_AT:-4])


def test_seal():
    with tempfile.TemporaryDirectory() as tmp:
        raw, out = os.path.join(tmp, "raw"), os.path.join(tmp, "out")
        image = bytes((7 * i + 3) % 256 for i in range(301))
        with open(raw, "wb") as f:
            f.write(image)
        run("scripts/seal-eeprom", raw, out, "00112233aaBBccDD")
        with open(out, "rb") as f:
            sealed = f.read()
        same = sealed[:ID_AT] == image[:ID_AT] and \
            sealed[ID_AT + 8:-4] == image[ID_AT + 8:-4]
        check("sealing changes id and CRC only",
              same and len(sealed) == len(image))
        check("sealing puts the id in",
              sealed[ID_AT:ID_AT + 8].hex() == "00112233aabbccdd")
        check("sealing puts the CRC in", is_whole(sealed))
        for bad in ("0011", "0011223344556677x", "zz112233aabbccdd"):
            check(f"id {bad} is refused",
                  run("scripts/seal-eeprom", raw, out, bad).returncode == 64)


def test_dry_run(board):
    kind, joints, chip = BOARDS[board]
    ids = []
    for _ in range(2):
        r = flash(board, "/dev/no-such-port", "--dry-run")
        found = re.search(r"^device id: ([0-9a-f]{16})$", r.stdout, re.M)
        check(f"{board}: dry run", r.returncode == 0 and found, r.stderr)
        ids.append(found.group(1) if found else "")
    check(f"{board}: each time another id", ids[0] != ids[1])
    writes = re.findall(rf"^avrdude -p {chip} .* -P /dev/no-such-port .* "
                        r"flash:w:(\S+):i$", r.stdout, re.M)
    check(f"{board}: the writer first, then the firmware",
          [os.path.basename(w) for w in writes] ==
          [f"{board}.writer.hex", f"{board}.hex"], r.stdout)
    check(f"{board}: the images are left", all(map(os.path.exists, writes)))
    with open(os.path.join(FIRMWARE, f"{board}.eep.bin"), "rb") as f:
        image = f.read()
    check(f"{board}: the set-up is whole, of this board, with that id",
          is_whole(image) and image[SETUP_AT + 1] == kind and
          image[SETUP_AT + 11] == joints and
          image[ID_AT:ID_AT + 8].hex() == ids[1])


def test_refusals():
    with tempfile.TemporaryDirectory() as tmp:
        for tool in os.listdir("/usr/bin"):
            if tool != "avrdude":
                os.symlink(f"/usr/bin/{tool}", os.path.join(tmp, tool))
        r = flash("uno", "/dev/null", path=tmp)
    check("without avrdude: one line that names the package",
          r.returncode == 69 and r.stderr.count("\n") == 1 and
          "apt install avrdude" in r.stderr, r.stderr)
    for args in (["due", "x"], ["uno"], ["uno", "a", "b"], ["uno", "a", "-x"]):
        r = flash(*args)
        check(f"refused: {' '.join(args)}",
              r.returncode == 64 and "usage:" in r.stderr, r.stderr)
    if shutil.which("avrdude"):
        r = flash("uno", "/dev/no-such-port")
        check("a port that is not there", r.returncode == 66, r.stderr)


def main():
    if not shutil.which("avr-gcc"):
        print("1..0 # SKIP avr-gcc is not installed")
        return 0
    test_seal()
    for board in BOARDS:
        test_dry_run(board)
    test_refusals()
    print(f"1..{count}")
    return 1 if failed else 0


sys.exit(main())
