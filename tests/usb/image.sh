#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# image.sh DIR FILE... - Debian's kernel and an initramfs in DIR: vmlinux and
# guest.cpio. Each FILE goes into the guest's /usb, a program with the libraries
# that it needs. Kernel and udev are downloaded once and never installed. When
# something is missing it says so in one line and ends with 77.
set -eu
# depmod is there even for who does not look there.
PATH=$PATH:/usr/sbin:/sbin

tools='apt-get apt-cache dpkg-deb depmod modprobe cpio xz busybox ldd'
modules='vhci-hcd cdc-acm dummy_hcd libcomposite usb_f_acm xhci-pci ftdi_sio'
rules='50-udev-default 60-serial 80-drivers'
# Below lib/modules/VERSION/kernel.
parts='drivers/usb drivers/hid drivers/input lib fs/configfs crypto arch'

out=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
deb=$out/deb
base=$out/base
top=$out/top

missing() {
	echo "$*" >&2
	exit 77
}

for tool in $tools; do
	command -v "$tool" >/dev/null || missing "$tool is not installed"
done
if ldd "$(command -v busybox)" >/dev/null 2>&1; then
	missing "busybox needs libraries: apt install busybox-static"
fi

download() {
	rm -rf "$deb"
	mkdir -p "$deb"
	kernel=$(apt-cache depends linux-image-amd64 2>/dev/null |
		awk '/Depends: linux-image-/ { print $2; exit }')
	[ -n "$kernel" ] || missing "apt knows no linux-image-amd64: apt-get update"
	(cd "$deb" && apt-get -qq download "$kernel" udev) >"$out/download.log" 2>&1 ||
		missing "no $kernel: $(grep -m1 '^E:' "$out/download.log" || echo offline)"
}

unpack() {
	set -f
	wanted='./boot/vmlinuz-* ./lib/modules/*/modules.*'
	for part in $parts; do
		wanted="$wanted ./lib/modules/*/kernel/$part/*"
	done
	find "$deb" -name 'linux-image-*.deb' -exec dpkg-deb --fsys-tarfile {} \; |
		tar -x -C "$deb" --wildcards $wanted
	set +f
	dpkg-deb -x "$deb"/udev_* "$deb"
}

# The header says where the xz stream is (Documentation/x86/boot.rst): the
# number of setup sectors, then offset and length of the payload behind them.
uncompress() {
	from=$(ls "$deb"/boot/vmlinuz-*)
	sectors=$(od -An -tu1 -j497 -N1 "$from")
	# shellcheck disable=SC2046
	set -- $(od -An -tu4 -j584 -N8 "$from")
	tail -c +$(((sectors + 1) * 512 + $1 + 1)) "$from" | head -c "$2" |
		xz -dc --single-stream >"$out/vmlinux"
}

choose_modules() {
	version=$(basename "$deb"/lib/modules/*)
	tree=lib/modules/$version
	mkdir -p "$base/$tree"
	depmod -b "$deb" "$version"
	cp "$deb/$tree"/modules.builtin* "$deb/$tree/modules.order" "$base/$tree"
	for module in $modules; do
		modprobe -d "$deb" -S "$version" --show-depends "$module"
	done | awk '$1 == "insmod" { print $2 }' | sort -u | while read -r file; do
		install -D -m 644 "$file" "$base/$tree/${file#*"$tree/"}"
	done
	depmod -b "$base" "$version"
}

# ROOT FILE...: the shared libraries they need, at the place they have here.
libraries() {
	root=$1
	shift
	lost=$(ldd "$@" 2>/dev/null | awk '/not found/ { print $1 }' | sort -u)
	[ -z "$lost" ] || missing "udev needs $(echo "$lost" | tr '\n' ' ')"
	ldd "$@" 2>/dev/null | awk '$2 == "=>" { print $3 } $1 ~ /^\// && NF == 2 { print $1 }' |
		sort -u | while read -r lib; do
		[ -e "$root$lib" ] || install -D "$lib" "$root$lib"
	done
}

fill_base() {
	rm -rf "$base"
	mkdir -p "$base/bin" "$base/sbin" "$base/dev" "$base/proc" "$base/sys" "$base/run" \
		"$base/tmp" "$base/etc/udev/rules.d" "$base/usr/bin" "$base/usr/sbin"
	choose_modules
	install "$(command -v busybox)" "$base/bin/busybox"
	for applet in $(busybox --list); do
		[ "$applet" = busybox ] || ln -s /bin/busybox "$base/bin/$applet"
	done
	ln -s /bin/busybox "$base/sbin/modprobe"
	install "$deb/bin/udevadm" "$base/bin/udevadm"
	install -d "$base/lib/systemd" "$base/lib/udev/rules.d"
	ln -s /bin/udevadm "$base/lib/systemd/systemd-udevd"
	for rule in $rules; do
		cp "$deb/lib/udev/rules.d/$rule.rules" "$base/lib/udev/rules.d"
	done
	libraries "$base" "$base/bin/udevadm"
	printf '%s\n' root:x:0:0::/:/bin/sh crew:x:1000:1000::/tmp:/bin/sh >"$base/etc/passwd"
	printf '%s\n' root:x:0: tty:x:5: dialout:x:20: plugdev:x:46: crew:x:1000: >"$base/etc/group"
}

archive() {
	(cd "$1" && find . -print0 | sort -z |
		cpio --quiet --null -o -H newc -R 0:0) >"$2"
}

# Kernel and udev: again when this file changes.
stamp=$(sha256sum "$0" | cut -c1-16)
if [ ! -f "$out/base.$stamp" ]; then
	rm -f "$out"/base.*
	mkdir -p "$out"
	download
	unpack
	uncompress
	fill_base
	archive "$base" "$out/base.cpio"
	rm -rf "$deb"
	touch "$out/base.$stamp"
fi

# What is ours, each time: a second archive, unpacked over the first.
rm -rf "$top"
mkdir -p "$top/usb"
install -m 755 "$here/init" "$top/init"
for file in "$@"; do
	cp "$file" "$top/usb"
done
# shellcheck disable=SC2046  # a program a word
libraries "$top" $(find "$top/usb" -type f -perm -100 ! -name '*.sh')
archive "$top" "$out/top.cpio"
cat "$out/base.cpio" "$out/top.cpio" >"$out/guest.cpio.new"
mv "$out/guest.cpio.new" "$out/guest.cpio"
