#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 180
"""What the built programs and the files they make are like, seen from outside:
compiled hardening (what checksec asks), rights of files whatever the umask is,
links that are not followed, and rules of the source that a grep can hold."""

import os
import re
import shutil
import stat
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import (BUILD, PROGRAM, SIMULATOR, Sculpture, Tap, checking,  # noqa: E402
                       folder, ghostlight)

SANITIZED = "/san-" in BUILD or "/fuzz" in BUILD  # SAN= puts a run-time in place of these
INSTALLED = {"ghostlight": 0o755, "ghostlight-sim": 0o755}

tap = Tap()
tmp = folder()


def path(name):
    return os.path.join(tmp, name)


def out_of(*args):
    return subprocess.run(args, capture_output=True, text=True, check=False).stdout


# ---- The programs --------------------------------------------------------------

def lines(text, *words):
    return [line for line in text.splitlines() if all(word in line for word in words)]


def is_pie(elf):
    return bool(lines(elf["header"], "Type:", "DYN")) and bool(lines(elf["dynamic"], "FLAGS_1", "PIE"))


def is_relro(elf):
    return bool(lines(elf["segments"], "GNU_RELRO")) and bool(
        lines(elf["dynamic"], "BIND_NOW") or lines(elf["dynamic"], "FLAGS_1", "NOW"))


def has_no_exec_stack(elf):
    found = lines(elf["segments"], "GNU_STACK")
    return len(found) == 1 and "RWE" not in found[0].replace(" ", "")


def is_fortified(elf):
    return len(set(re.findall(r"__\w+_chk\b", elf["symbols"])) - {"__stack_chk_fail"}) >= 3


CET = re.compile(r"x86 feature:.*IBT.*SHSTK|x86 feature:.*SHSTK.*IBT")


def has_cet(elf):
    """The linker says so of a program only if every object does. Debian's start files do
    not: then every object of ours must, and the code have the landing pads."""
    if CET.search(elf["notes"]):
        return True
    start = out_of(os.environ.get("CC", "cc"), "-print-file-name=Scrt1.o").strip()
    if CET.search(out_of("readelf", "-nW", start)):
        return False
    ours = [os.path.join(at, name) for at, _, names in os.walk(os.path.join(BUILD, "obj/src"))
            for name in names if name.endswith(".o")]
    notes = out_of("readelf", "-nW", *ours).split("\nFile: ")[1:]
    return len(notes) == len(ours) > 100 and all(CET.search(note) for note in notes) and \
        len(lines(elf["code"], "endbr")) > 100


def probes_stack(elf):
    """A frame larger than a page touches each of its pages (stack clash): orq $0x0,(%rsp)."""
    return bool(lines(elf["code"], "orq", "$0x0,(%rsp)") or lines(elf["code"], "or ", "$0x0,(%rsp)"))


CHECKS = (
    ("position independent (PIE)", is_pie, None),
    ("full RELRO, bound at start", is_relro, None),
    ("stack canary", lambda e: bool(lines(e["symbols"], "__stack_chk_fail")), None),
    ("no executable stack (NX)", has_no_exec_stack, None),
    ("no segment is writable and executable",
     lambda e: not re.search(r"LOAD.*\n?.*\bRWE\b", e["segments"]), None),
    ("fortified calls", is_fortified, None),
    ("branch and return protection (IBT, SHSTK)", has_cet, "x86"),
    ("stack clash protection", probes_stack, "x86"),
    ("no RPATH, no RUNPATH",
     lambda e: not lines(e["dynamic"], "RPATH") and not lines(e["dynamic"], "RUNPATH"), None),
)


def elf_of(program):
    read = {"header": "-hW", "segments": "-lW", "dynamic": "-dW", "symbols": "-sW", "notes": "-nW"}
    elf = {key: out_of("readelf", how, program) for key, how in read.items()}
    elf["code"] = out_of("objdump", "-d", "--no-show-raw-insn", program)
    return elf


def is_x86(elf):
    return bool(lines(elf["header"], "Machine:", "X86-64") or lines(elf["header"], "Machine:", "80386"))


def test_weak():
    """The checks can fail: a program with none of it passes one alone, which takes more to lose."""
    weak, code = path("weak"), path("weak.c")
    with open(code, "w", encoding="ascii") as f:
        f.write('#include <stdio.h>\nint main(void) { char b[9000]; return scanf("%s", b); }\n')
    done = subprocess.run(["cc", "-O2", "-no-pie", "-fno-pie", "-fno-stack-protector", "-fcf-protection=none",
                           "-fno-stack-clash-protection", "-U_FORTIFY_SOURCE", "-Wl,-z,norelro,-z,lazy",
                           "-Wl,-z,execstack", "-Wl,-rpath,/tmp", "-w", "-o", weak, code],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        tap.skip("a program with none of it", "cannot be built here: " + done.stderr.splitlines()[0][:80])
        return
    elf = elf_of(weak)
    passed = [name for name, check, only in CHECKS if check(elf) and (only != "x86" or is_x86(elf))]
    tap.ok(passed == ["no segment is writable and executable"], "a program with none of it passes none of these", passed)


def test_programs():
    """How many of the checks held."""
    if SANITIZED:
        tap.skip("hardening", "a build with sanitizers has its own run-time")
        return 0
    if not shutil.which("readelf") or not shutil.which("objdump"):
        tap.skip("hardening", "no binutils")
        return 0
    held = 0
    test_weak()
    for program in (PROGRAM, SIMULATOR):
        elf = elf_of(program)
        for name, check, only in CHECKS:
            name = f"{os.path.basename(program)}: {name}"
            if only == "x86" and not is_x86(elf):
                tap.skip(name, "not on this processor")
            elif tap.ok(check(elf), name, elf["header"]):
                held += 1
    return held


def test_installed():
    """Nothing is set-uid, nothing can be written by others, and no more than is said."""
    root = path("root")
    done = subprocess.run(["make", f"DESTDIR={root}", "PREFIX=/usr", f"BUILD={BUILD}", "install"],
                          capture_output=True, text=True, check=False,
                          env={**os.environ, "MAKEFLAGS": ""})
    if not tap.ok(done.returncode == 0, "make install DESTDIR=", done.stderr):
        return
    modes = {}
    for at, _, names in os.walk(root):
        for name in names:
            modes[os.path.relpath(os.path.join(at, name), root)] = stat.S_IMODE(
                os.lstat(os.path.join(at, name)).st_mode)
    bad = {n: oct(m) for n, m in modes.items() if m & 0o7022}
    tap.ok(len(modes) > 5 and not bad, "no set-uid, set-gid, sticky; only the owner may write", bad)
    programs = {os.path.basename(n): m for n, m in modes.items() if m & 0o111}
    tap.ok(programs == INSTALLED, "two programs and nothing else can be run", programs)
    caps = shutil.which("getcap")
    if caps:
        tap.ok(out_of(caps, "-r", root) == "", "no capabilities")
    else:
        tap.skip("no capabilities", "no getcap")


# ---- The files they make -------------------------------------------------------

def modes_below(top):
    found = {}
    for at, folders, names in os.walk(top):
        for name in folders + names:
            found[os.path.relpath(os.path.join(at, name), top)] = stat.S_IMODE(
                os.lstat(os.path.join(at, name)).st_mode)
    return found


def env(name, **more):
    """A home of one's own."""
    os.makedirs(path(name), exist_ok=True)
    return {"HOME": path(name), "XDG_STATE_HOME": "", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "",
            "XDG_RUNTIME_DIR": "", **more}


def test_rights():
    """With umask 0: what is ours is for nobody else; what was asked for others is for them."""
    old = os.umask(0)
    home = env("home")
    hook = path("home/.config/ghostlight/hooks.d/10-made")
    os.makedirs(os.path.dirname(hook), 0o755)
    with open(hook, "w", encoding="ascii") as f:
        f.write("#!/bin/sh\n: >" + path("by-hook") + "\n")
    os.chmod(hook, 0o755)
    given = {"hooks": modes_below(path("home"))}
    with Sculpture() as sim:
        args = ("--port", sim.port, "--rig", "schemas/lumina.rig", "--budget", "20s", "--json")
        got = ghostlight("check", *args, "--record", path("wire"), "--junit", path("junit.xml"), env=home)
        tap.ok(got.json().get("run") == 1, "a run in a new database", got)
        os.makedirs(path("home/.local/share/x.db"))
        got = ghostlight("check", *args, "--db", path("home/.local/share/x.db"), env=home)
        tap.ok(got.code == 70 and got.json().get("verdict"), "and one that is refused", got)
    ghostlight("note", "good", "--run", "1", "--by", "a test", env=home)
    ghostlight("export", path("home/.local/share/bundle"), env=home)
    ghostlight("metrics", "--output", path("metrics.prom"), env=home)
    os.umask(old)
    found = {n: m for n, m in modes_below(path("home")).items()
             if n not in given["hooks"] and not n.endswith("x.db")}
    kinds = [k for k in (".db", ".lock", ".ghb", "bundle") if any(n.endswith(k) for n in found)]
    tap.ok(len(kinds) == 4, "a database, its lock, a refused run and a bundle are there", found)
    open_ = {n: oct(m) for n, m in found.items() if m & 0o077}
    tap.ok(not open_, "no file or folder of ours is for anybody else, umask 0", open_)
    wire = stat.S_IMODE(os.stat(path("wire")).st_mode)
    tap.ok(wire == 0o600, "nor is a recorded wire", oct(wire))
    junit = stat.S_IMODE(os.stat(path("junit.xml")).st_mode)
    tap.ok(junit == 0o666, "a report for other machines is as the umask says", oct(junit))
    if os.path.exists(path("by-hook")):
        made = stat.S_IMODE(os.stat(path("by-hook")).st_mode)
        tap.ok(made == 0o666, "so is what a hook makes", oct(made))
    else:
        tap.skip("what a hook makes is as the umask says", "no hook was due")


def test_links():
    """A report is never written through a link: not in its place, not beside it."""
    db, victim = path("links.db"), path("victim")
    with open(victim, "w", encoding="ascii") as f:
        f.write("precious")
    os.makedirs(path("spool"))
    os.symlink(victim, path("spool/report.xml"))
    os.symlink(path("nothing"), path("spool/dangling.xml"))
    os.symlink(path("spool"), path("way"))
    with Sculpture() as sim:
        ghostlight(*checking(sim.port, db, "--budget", "20s", "--quiet"))
    for name in ("report.xml", "dangling.xml"):
        got = ghostlight("report", "1", "--db", db, "--junit", path("spool/" + name))
        tap.ok(got.code == 70 and " is a link" in got.err, f"{name}: a link is refused", got)
    got = ghostlight("report", "1", "--db", db, "--junit", path("way/fine.xml"))
    tap.ok(os.path.isfile(path("spool/fine.xml")), "the folder may be reached by one", got)
    got = ghostlight("report", "1", "--db", db, "--junit", path("spool/fine.xml"))
    left = sorted(os.listdir(path("spool")))
    tap.ok(left == ["dangling.xml", "fine.xml", "report.xml"], "a second one takes its place", left)
    with open(victim, encoding="ascii") as f:
        tap.ok(f.read() == "precious" and not os.path.exists(path("nothing")), "nothing was written")
    for verb in (("export", path("spool/dangling.xml")), ("export", path("spool/report.xml"))):
        got = ghostlight(*verb, "--db", db)
        tap.ok(got.code != 0 and not os.path.exists(path("nothing")), "nor exported through one", got)


# ---- The source ----------------------------------------------------------------

def sources():
    for at, _, names in os.walk("src"):
        for name in sorted(names):
            if name.endswith((".c", ".h")):
                with open(os.path.join(at, name), encoding="utf-8") as f:
                    yield os.path.join(at, name), re.sub(r"/\*.*?\*/", " ", f.read(), flags=re.S)


def calls(text, name):
    """The arguments of each call of it."""
    for found in re.finditer(rf"\b{name}\s*\(", text):
        depth, at = 1, found.end()
        while depth and at < len(text):
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        yield text[found.end():at - 1]


def test_source():
    everything = dict(sources())
    tap.ok(len(everything) > 300, "the source is there", len(everything))
    sql = {name: text for name, text in everything.items() if "sqlite3" in text}
    tap.ok(sql and all(name.startswith("src/store/") for name in sql), "only the store knows SQLite",
           sorted(sql))
    made = [(n, a) for n, text in sql.items() for call in ("sqlite3_exec", "gh_sql_exec", "gh_sql_prepare",
                                                           "gh_sql_number")
            for a in calls(text, call) if re.search(r"%[sdlqwQ]|printf", a)]
    tap.ok(not made, "no SQL is formatted", made)
    words = ("load_extension(", "sqlite3_mprintf", "sqlite3_vmprintf", "sqlite3_snprintf", "system(", "popen(",
             "strcpy(", "strcat(", "sprintf(", "gets(", "tmpnam(", "mktemp(", "setuid(", "seteuid(")
    bad = [(n, w) for n, text in everything.items() for w in words
           if re.search(r"(?<![\w])" + re.escape(w), text)]
    tap.ok(not bad, "no extension is loaded, no shell is asked, no unbounded copy", bad)
    exec_ = re.findall(r"sqlite3_exec\(", "".join(sql.values()))
    with open("tests/unit/test_store_open.c", encoding="utf-8") as f:
        read_back = f.read()
    for setting in ("SQLITE_DBCONFIG_DEFENSIVE", "trusted_schema", "cell_size_check", "mmap_size"):
        tap.ok(setting in read_back and setting in everything["src/store/open.c"],
               f"{setting} is set, and read back by test_store_open")
    tap.ok(len(exec_) <= 4, "few places run SQL without a statement", len(exec_))
    link = "".join(text for name, text in everything.items() if name.startswith("src/link/"))
    tap.ok(0 < link.index("LOCK_EX | LOCK_NB") and "TIOCEXCL" in link, "a port is locked and made exclusive")


held = test_programs()
test_installed()
test_rights()
test_links()
test_source()
if not tap.failed:
    print(f"soak: hardening: {held} of {held} checks of the two programs, no set-uid, files for their owner "
          "alone with umask 0, 0 links followed")
tap.done()
