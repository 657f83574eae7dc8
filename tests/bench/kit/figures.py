# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks share: the machine, what a program cost, limits."""

import contextlib
import os
import platform
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("GH_BUILD", os.path.abspath("build"))
PROGRAM = os.path.join(BUILD, "ghostlight")
SIMULATOR = os.path.join(BUILD, "ghostlight-sim")
MEASURE = os.path.join(BUILD, "bench", "measure")
# The simulator stands for a board with a processor of its own, and the machine of a show runs
# nothing else: where permitted, other load is kept out of the figures. Any such values would do.
SIMULATOR_PRIORITY, PROGRAM_NICE = 10, -10


def say(line):
    print(line, flush=True)


def may_go_first():
    return os.geteuid() == 0


def go_first():
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, PROGRAM_NICE)


def describe_machine():
    """Figures mean little without it; a loaded machine makes every wake dearer."""
    model = "unknown processor"
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as f:
        names = [line.partition(":")[2].strip() for line in f if line.startswith("model name")]
        model = names[0] if names else model
    load = os.getloadavg()[0]
    say(f"  machine: {os.cpu_count()} x {model}, {platform.system()} {platform.release()}, "
        f"load {load:.1f}; simulator and program {'go' if may_go_first() else 'do not go'} first")


def stolen_s():
    """Processor seconds the hypervisor kept for others: a stall nobody here can help."""
    with contextlib.suppress(OSError, IndexError), open("/proc/stat", encoding="utf-8") as f:
        return int(f.readline().split()[8]) / os.sysconf("SC_CLK_TCK")
    return 0.0


class Cost:
    """One run of a program: wall and processor seconds, peak memory, output."""

    def __init__(self, *command, env=None):
        stolen = stolen_s()
        with tempfile.NamedTemporaryFile("r") as file:
            done = subprocess.run([MEASURE, file.name, *command], capture_output=True, text=True,
                                  stdin=subprocess.DEVNULL, check=False,
                                  preexec_fn=go_first,
                                  env=dict(os.environ, **(env or {})))
            numbers = file.read().split()
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        if len(numbers) != 3:
            raise RuntimeError(f"{MEASURE}: exit {self.code}: {self.err.strip()}")
        self.wall_s, self.cpu_s = float(numbers[0]), float(numbers[1])
        self.peak_mb = int(numbers[2]) * 1024 / 1e6
        self.stolen = 100 * (stolen_s() - stolen) / self.wall_s / os.cpu_count()

    @property
    def share(self):
        return 100 * self.cpu_s / self.wall_s


class Simulator:
    """ghostlight-sim in real time."""

    def __init__(self, rig, session=1):
        self.command = [SIMULATOR, "--rig", rig, "--seed", "1", "--session", str(session),
                        "--time-scale", "1"]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("port: "):
            self.process.kill()
            raise RuntimeError("the simulator names no port")
        self.port = line.partition(": ")[2].strip()
        with contextlib.suppress(OSError):
            os.sched_setscheduler(self.process.pid, os.SCHED_RR,
                                  os.sched_param(SIMULATOR_PRIORITY))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=10)


class Limits:
    """Prints PASS or FAIL for each; done() ends the program."""

    def __init__(self, begun=None):
        self.begun = begun if begun is not None else time.monotonic()
        self.failed = 0

    def at_most(self, name, value, limit, unit):
        self.check(value <= limit, f"{name}: {value:.4g} {unit}, at most {limit:g} {unit}")

    def check(self, good, text):
        self.failed += not good
        say(f"  {'PASS' if good else 'FAIL'}  {text}")

    def done(self):
        say(f"  took {time.monotonic() - self.begun:.0f} s")
        sys.exit(1 if self.failed else 0)
