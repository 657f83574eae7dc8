#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: the baseline of a starved host is too noisy to judge by, here and in the tests after it
"""What a house builds around ghostlight: hooks, shell completion, the manual
page, the lamp test."""

import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import (BUILD, PROGRAM, RIG, SIMULATOR, Sculpture, Tap, checking,  # noqa: E402
                       folder, ghostlight, only_the_host_was_late, rehearsed)

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "house.db")
hooks = os.path.join(tmp, "config", "ghostlight", "hooks.d")
log = os.path.join(tmp, "log")
ENV = {"XDG_CONFIG_HOME": os.path.join(tmp, "config")}

VARIABLES = ("EVENT VERDICT EXIT WHY PARTS RUN RIG SERIAL PROFILE FIRST COUNT NEXT_DAYS "
             "SIMULATED REPORT").split()
RECORDER = "#!/bin/sh\nfor v in %s; do\n\teval \"printf '%%s=%%s\\\\0' $v \\\"\\$GHOSTLIGHT_$v\\\"\"\n" \
    "done >>%s\nprintf '\\036' >>%s\necho told\n" % (" ".join(VARIABLES), log, log)


def hook(name, text, mode=0o755):
    path = os.path.join(hooks, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path, mode)
    return path


def told():
    """What the recorder was told since the last question, one dict an event."""
    if not os.path.exists(log):
        return []
    with open(log, encoding="utf-8") as f:
        events = [dict(v.split("=", 1) for v in e.split("\0") if v)
                  for e in f.read().split("\036") if e]
    os.unlink(log)
    return events


def check(port, *more):
    return ghostlight(*checking(port, db, "--budget", "20s", "--quiet", *more), env=ENV)


def by_hand(path):
    """The one check whose verdict nobody doubts: no controller."""
    return ghostlight(*checking(path, db, "--quiet"), env=ENV)


# ---- Hooks ----

def test_hooks():
    got = ghostlight("doctor", "--hooks", env=ENV)
    tap.ok(got.code == 0 and "no hooks in" in got.err, "no hooks: said", got)
    os.makedirs(hooks)
    hook("10-record", RECORDER)
    hook("20-off", "#!/bin/sh\necho off >>%s\n" % log, 0o644)
    hook("30-backup~", "#!/bin/sh\necho backup >>%s\n" % log)
    got = ghostlight("doctor", "--hooks", env=ENV)
    events = told()
    tap.ok(got.code == 0 and [e["EVENT"] for e in events] == ["test"]
           and events[0]["VERDICT"] == "UNSURE", "doctor --hooks: the event test", (got, events))
    tap.ok("10-record ended well" in got.err and "off" not in got.err and got.out == "",
           "it says which, and what a hook prints goes to standard error", got)
    with Sculpture(session=1) as sim:
        got = check(sim.port)
        first = told()
        tap.ok(sorted(e["EVENT"] for e in first) == ["change", "verdict"],
               "the first UNSURE is a change and no heartbeat", first)
        e = first[0]
        tap.ok(e["VERDICT"] == "UNSURE" and e["EXIT"] == str(got.code) == "3" and e["RUN"] == "1"
               and e["SERIAL"] == "LUM-0001" and e["SIMULATED"] == "1" and e["COUNT"] == "1"
               and e["PROFILE"] == "20 s" and "hope.elbow" in e["PARTS"].split(),
               "its environment", e)
        tap.ok("? " in e["REPORT"] and "\n" in e["REPORT"] and e["WHY"] in e["REPORT"]
               and re.match(r"\d{4}-\d\d-\d\dT", e["FIRST"]), "the page, and since when", e["FIRST"])
        check(sim.port)
        again = told()
        tap.ok([e["EVENT"] for e in again] == ["verdict"] and again[0]["FIRST"] == e["FIRST"],
               "the same again is no change", again)
        hook("40-fails", "#!/bin/sh\nexit 3\n")
        open_one = hook("50-open", "#!/bin/sh\necho open >>%s\n" % log)
        os.chmod(open_one, 0o777)
        got = check(sim.port)
        tap.ok(got.code == 3 and "40-fails ended with 3" in got.err,
               "a hook that fails is a warning and no other verdict", got)
        tap.ok("50-open is refused: everybody may write" in got.err
               and len(told()) == 1, "a file that everybody may write to does not run", got.err)
    os.chmod(hooks, 0o777)
    got = ghostlight("doctor", "--hooks", env=ENV)
    tap.ok(got.code == 3 and "is refused" in got.err and told() == [],
           "neither do those of such a folder", got)
    os.chmod(hooks, 0o755)
    if os.geteuid() == 0:
        os.chmod(open_one, 0o755)
        os.chown(open_one, 65534, -1)
        got = ghostlight("doctor", "--hooks", env=ENV)
        tap.ok("somebody else" in got.err, "nor one that belongs to somebody else", got.err)
    else:
        tap.skip("a hook of somebody else", "only root can make one")
    told()
    by_hand(os.path.join(tmp, "no-such-port"))
    events = told()
    tap.ok([e["EVENT"] for e in events] == ["verdict", "change"] and events[0]["RUN"] == "0",
           "no controller: told, though nothing is stored", events)


def test_heartbeat():
    """Only a complete READY or WATCH sends one."""
    shutil.rmtree(hooks)
    os.makedirs(hooks)
    hook("10-record", RECORDER)
    rehearsed(db)
    for session in (4, 5, 6):
        with Sculpture(session=session) as sim:
            got = ghostlight(*checking(sim.port, db, "--allow-motion", "--json"), env=ENV)
        events = [e["EVENT"] for e in told()]
        if got.code in (0, 1) or not only_the_host_was_late(got.json()):
            break
        print(f"# session {session}: {got.json().get('why')}; once more")
    tap.ok(got.code in (0, 1) and "heartbeat" in events, "well, and a heartbeat", f"{got}\n{events}")
    with Sculpture("--fault", "limp@resilience.elbow", session=7) as sim:
        got = ghostlight(*checking(sim.port, db, "--allow-motion", "--quiet"), env=ENV)
    events = told()
    tap.ok(got.code == 2 and [e["EVENT"] for e in events] == ["verdict", "change"],
           "a HOLD is a change and withholds it", f"{got}\n{events}")
    tap.ok(events[0]["PARTS"].split()[0] == "resilience.elbow", "the worst part first",
           events[0]["PARTS"])


# ---- Completion ----

def options_of(verb):
    return set(re.findall(r"^  --([a-z-]+)", ghostlight("help", verb).out, re.M))


def verbs():
    return re.findall(r"^  ([a-z-]+) +\S", ghostlight("help").out, re.M)


def shell(name, script):
    if not shutil.which(name):
        return None
    text = ghostlight("completion", name)
    path = os.path.join(tmp, "completion." + name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.out)
    command = {"bash": ["bash", "--norc", "-c"], "zsh": ["zsh", "-f", "-c"],
               "fish": ["fish", "--no-config", "-c"]}[name]
    done = subprocess.run([*command, script % path], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, HOME=tmp), stdin=subprocess.DEVNULL)
    if done.stderr.strip():
        return ["stderr: " + done.stderr]
    return done.stdout.split()


BASH = "source %%s; COMP_WORDS=(ghostlight %s ''); COMP_CWORD=%d; _ghostlight; " \
    "printf '%%%%s\\n' \"${COMPREPLY[@]}\""
FISH = "source %%s; complete -C 'ghostlight %s' | string split -f1 \\t"


def test_completion():
    all_verbs = set(verbs())
    for name, ask_verbs, ask_options, ask_words in (
            ("bash", BASH % ("", 1), BASH % ("check", 2), BASH % ("check --fail-on", 3)),
            ("fish", FISH % "", FISH % "check --", FISH % "check --fail-on ")):
        got = shell(name, ask_verbs)
        if got is None:
            tap.skip(name, f"apt install {name}")
            continue
        tap.ok(set(got) == all_verbs, f"{name} offers every verb", (got, all_verbs))
        got = set(shell(name, ask_options))
        tap.ok(got == {"--" + o for o in options_of("check")}, f"{name} offers check's options",
               got)
        got = shell(name, ask_words)
        tap.ok(sorted(got) == ["hold", "new", "watch"], f"{name} offers an option's words", got)
        for verb, words in (("completion", {"bash", "zsh", "fish"}), ("help", all_verbs),
                            ("baseline", {"list", "show", "diff", "add", "seal"})):
            got = shell(name, BASH % (verb, 2) if name == "bash" else FISH % (verb + " "))
            tap.ok({w for w in got if w[0] != "-"} == words, f"{name}: first words of {verb}", got)
    # zsh completes only in its line editor: that it can be read, and defines it.
    got = shell("zsh", "autoload -U compinit; compinit -D -u; source %s; print $_comps[ghostlight]; "
                "whence -w _ghostlight")
    if got is None:
        tap.skip("zsh", "apt install zsh")
    else:
        tap.ok(got == ["_ghostlight", "_ghostlight:", "function"], "zsh takes it", got)
        text = ghostlight("completion", "zsh").out
        missing = [v for v in all_verbs if f"'{v}:" not in text or f"\t{v})" not in text]
        tap.ok(not missing, "zsh has every verb", missing)
        tap.ok("'1:word:(list show diff add seal)'" in text, "zsh: first words of baseline")
    got = ghostlight("completion", "tcsh")
    tap.ok(got.code == 64 and "bash, zsh or fish" in got.err, "no other shell", got)


# ---- The manual page ----

def test_manual():
    page = os.path.join(tmp, "ghostlight.1")
    done = subprocess.run(["scripts/gen-man", PROGRAM, page], capture_output=True, text=True,
                          env=dict(os.environ, SOURCE_DATE_EPOCH="1700000000"))
    tap.ok(done.returncode == 0, "the page is written", done.stderr)
    with open(page, encoding="utf-8") as f:
        text = f.read()
    tap.ok("@" not in text.replace("@PART", "") and ".Dd November 14, 2023" in text,
           "nothing is left to fill in; its date is SOURCE_DATE_EPOCH",
           re.findall(r".*@.*", text)[:3])
    synopsis = text[text.index(".Sh SYNOPSIS"):text.index(".Sh DESCRIPTION")]
    tap.ok(re.findall(r"^\.Cm (\S+)", synopsis, re.M) == verbs(),
           "its synopsis has the verbs of `help`", synopsis)
    said = set(re.findall(r"^\.It Fl \\&-(\S+)", text, re.M))
    missing = {o for v in verbs() for o in options_of(v)} - said
    tap.ok(not missing, "it has every option of every verb", missing)
    for v in VARIABLES:
        if f"GHOSTLIGHT_{v}" not in text:
            tap.ok(False, "it has what a hook is told", v)
    if not shutil.which("mandoc"):
        tap.skip("mandoc -T lint", "apt install mandoc")
        return
    done = subprocess.run(["mandoc", "-T", "lint", page], capture_output=True, text=True)
    tap.ok(done.returncode == 0 and not done.stdout.strip(), "mandoc has nothing to say",
           done.stdout[:600])


# ---- The lamp test ----

def test_lamps():
    got = ghostlight("lamp-test")
    words = "READY WATCH KNOWN HOLD UNSURE STOP".split()
    tap.ok(got.code == 0 and all(w in got.out for w in (*words, "NOT RUN", "[#]", "/!\\", "(k)"))
           and "\033" not in got.out, "lamp-test: every sign and word, no colour into a pipe", got)
    tap.ok(got.out.count("#####") >= 8 and max(map(len, got.out.splitlines())) <= 80,
           "big letters, in 80 columns", got.out)
    got = ghostlight("lamp-test", "--color", "always")
    themes = re.findall(r"^theme (\w+)$", got.out, re.M)
    tap.ok(themes == ["dark", "light", "blackout", "mono"] and "\033[" in got.out,
           "in colour: every theme", themes)
    got = ghostlight("lamp-test", "--theme", "blackout", "--color", "always")
    colours = set(re.findall(r"38;5;(\d+)", got.out))
    tap.ok(re.findall(r"^theme (\w+)$", got.out, re.M) == ["blackout"]
           and colours <= {"160", "172"}, "blackout is one red and one amber", colours)
    got = ghostlight("lamp-test", "--theme", "pink")
    tap.ok(got.code == 64, "a theme that is none", got)


def main():
    if not (os.path.exists(PROGRAM) and os.path.exists(SIMULATOR) and os.path.exists(RIG)):
        print(f"1..0 # SKIP no programs in {BUILD}")
        return
    test_completion()
    test_manual()
    test_lamps()
    test_hooks()
    test_heartbeat()
    tap.done()


main()
