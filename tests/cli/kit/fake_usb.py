# SPDX-License-Identifier: GPL-3.0-or-later
"""A USB bus that is not there: umockdev's /sys and /dev for the program under test, adapters that
are plugged and unplugged while it runs, and a cable from such a port to a simulated sculpture.

What libserialport asks of a real port and a pty does not know (TIOCMGET) is answered by a few
lines of C that are compiled here and preloaded."""

import os
import pty
import select
import shutil
import subprocess
import threading
import tty

USB = "devices/pci0000:00/0000:00:14.0/usb1"

PRELOAD = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* $GH_CABLES/ttyACM0 is a link to the pty that stands for that port. */
static int open_port(const char *path, int flags, mode_t mode)
{
	char link[PATH_MAX], target[PATH_MAX];
	const char *cables = getenv("GH_CABLES");
	ssize_t n;
	int (*next)(const char *, int, ...);

	if (cables && strncmp(path, "/dev/tty", 8) == 0) {
		snprintf(link, sizeof link, "%s/%s", cables, path + 5);
		n = syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target - 1);
		if (n > 0) {
			target[n] = 0;
			return (int)syscall(SYS_openat, AT_FDCWD, target, flags, mode);
		}
	}
	*(void **)&next = dlsym(RTLD_NEXT, "open");
	return next(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list a;
	va_start(a, flags);
	const mode_t mode = va_arg(a, mode_t);
	va_end(a);
	return open_port(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list a;
	va_start(a, flags);
	const mode_t mode = va_arg(a, mode_t);
	va_end(a);
	return open_port(path, flags, mode);
}

/* As a fortified library calls it. */
int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
	return open_port(path, flags, 0);
}

int __open64_2(const char *path, int flags);
int __open64_2(const char *path, int flags)
{
	return open_port(path, flags, 0);
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list a;
	va_start(a, request);
	void *arg = va_arg(a, void *);
	va_end(a);
	if (request == TIOCMGET) {
		*(int *)arg = TIOCM_CTS | TIOCM_DSR;
		return 0;
	}
	if (request == TIOCMSET || request == TIOCMBIS || request == TIOCMBIC)
		return 0;
	return (int)syscall(SYS_ioctl, fd, request, arg);
}
"""


def missing():
    """Why this cannot be had here, "" when it can."""
    for tool in ("umockdev-run", "cc"):
        if not shutil.which(tool):
            return f"no {tool} here (apt install umockdev gcc)"
    return ""


def run_inside(script):
    """The script again, in a world whose USB bus is empty."""
    return subprocess.run(["umockdev-run", "--", "python3", script, "inside"], check=False).returncode


class Bus:
    """Adapters in the testbed of umockdev; only inside run_inside()."""

    def __init__(self, folder):
        self.root = os.environ["UMOCKDEV_DIR"]
        self.cables = os.path.join(folder, "cables")
        os.makedirs(self.cables)
        source, library = os.path.join(folder, "port.c"), os.path.join(folder, "port.so")
        with open(source, "w", encoding="ascii") as f:
            f.write(PRELOAD)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        self.env = {"LD_PRELOAD": library + " " + os.environ.get("LD_PRELOAD", ""),
                    "GH_CABLES": self.cables}
        self.address = 4
        self.make("sys/class/tty")

    def make(self, path, **files):
        full = os.path.join(self.root, path)
        os.makedirs(full, exist_ok=True)
        for name, text in files.items():
            with open(os.path.join(full, name), "wb") as f:
                f.write(text if isinstance(text, bytes) else str(text).encode())
        return full

    def link(self, target, name):
        name = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        os.symlink(os.path.relpath(os.path.join(self.root, target), os.path.dirname(name)), name)

    def plug(self, tty_name, usb="2341:0043", serial="557", product=b"Board", path="1-1",
             interface=0, latency=None):
        """The adapter's node in /sys; returns the name of its port."""
        vid, pid = usb.split(":")
        self.address += 1
        about = dict(idVendor=vid + "\n", idProduct=pid + "\n", busnum="1\n",
                     devnum=f"{self.address}\n", product=product + b"\n", manufacturer="Maker\n")
        if serial:
            about["serial"] = serial + "\n"
        device = f"sys/{USB}/{path}"
        where = f"{device}/{path}:1.{interface}"
        self.make(device, **about)
        driver = "cdc_acm"
        if latency is not None:
            driver, where = "ftdi_sio", where + "/" + tty_name
        self.make(where)
        if latency is not None:
            self.make(where, latency_timer=f"{latency}\n", port_number="0\n")
            self.link(where, f"sys/bus/usb-serial/devices/{tty_name}")
        self.make(f"sys/bus/usb/drivers/{driver}")
        if not os.path.islink(os.path.join(self.root, where, "driver")):
            self.link(f"sys/bus/usb/drivers/{driver}", where + "/driver")
        self.make(f"{where}/tty/{tty_name}")
        self.link(where, f"{where}/tty/{tty_name}/device")
        self.make("dev", **{tty_name: ""})
        self.link(f"{where}/tty/{tty_name}", f"sys/class/tty/{tty_name}")
        return "/dev/" + tty_name

    def unplug(self, tty_name):
        node = os.path.join(self.root, "sys/class/tty", tty_name)
        shutil.rmtree(os.path.realpath(node))
        os.unlink(node)
        os.unlink(os.path.join(self.root, "dev", tty_name))


class Cable:
    """From the simulator's pty to a pty of its own, which can be pulled and put in again."""

    def __init__(self, bus, port):
        self.bus, self.far = bus, os.open(port, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.far)
        self.near = None
        self.heard = bytearray()
        self.lock = threading.Lock()
        self.alive = True
        self.thread = threading.Thread(target=self._carry, daemon=True)
        self.thread.start()

    def into(self, tty_name):
        master, slave = pty.openpty()
        tty.setraw(slave)
        node = os.path.join(self.bus.cables, tty_name)
        os.symlink(os.ttyname(slave), node)
        os.close(slave)
        with self.lock:
            self.near = master

    def pull(self, tty_name):
        os.unlink(os.path.join(self.bus.cables, tty_name))
        with self.lock:
            os.close(self.near)
            self.near = None

    def _pass(self, source, sink):
        try:
            data = os.read(source, 4096)
            if sink is not None:
                os.write(sink, data)
            return data
        except OSError:  # nobody has the other end open yet
            return b""

    def _carry(self):
        while self.alive:
            with self.lock:
                ends = [self.far] + ([self.near] if self.near is not None else [])
                ready = select.select(ends, [], [], 0.002)[0]
                if self.far in ready:
                    self._pass(self.far, self.near)
                if self.near is not None and self.near in ready:
                    self.heard += self._pass(self.near, self.far)
            if not ready:
                select.select([], [], [], 0.0005)

    def end(self):
        self.alive = False
        self.thread.join()
        os.close(self.far)
