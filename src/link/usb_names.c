/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usb_names - what a USB id is sold as. An id names a cable or a board, never
 * the protocol spoken over it, so nothing is decided by this table.
 */
#include "link/link.h" /* gh_usb_what */

/* Makers' lists and the udev hardware database; the first row that fits. */
static const struct {
	int vid, pid_first, pid_last;
	const char *what;
} names[] = {
	{ 0x0403, 0x6001, 0x6001, "FTDI FT232R adapter" },
	{ 0x0403, 0x6010, 0x6010, "FTDI FT2232 adapter" },
	{ 0x0403, 0x6011, 0x6011, "FTDI FT4232H adapter" },
	{ 0x0403, 0x6014, 0x6014, "FTDI FT232H adapter (U2D2 too)" },
	{ 0x0403, 0x6015, 0x6015, "FTDI FT-X adapter" },
	{ 0x0483, 0x5740, 0x5740, "STM32 board (OpenCM, OpenCR too)" },
	{ 0x067b, 0x2303, 0x2303, "PL2303 adapter" },
	{ 0x10c4, 0xea60, 0xea60, "CP210x adapter" },
	{ 0x10c4, 0xea70, 0xea70, "CP2105 adapter" },
	{ 0x16c0, 0x0478, 0x0478, "Teensy in its boot loader" },
	{ 0x16c0, 0x0483, 0x0483, "Teensy" },
	{ 0x16c0, 0x048b, 0x048b, "Teensy, two ports" },
	{ 0x16c0, 0x048c, 0x048c, "Teensy, three ports" },
	{ 0x1a86, 0x5523, 0x5523, "CH341 adapter" },
	{ 0x1a86, 0x55d3, 0x55d3, "CH343 adapter" },
	{ 0x1a86, 0x7523, 0x7523, "CH340 adapter" },
	{ 0x1ffb, 0x0089, 0x0089, "Pololu Maestro 6" },
	{ 0x1ffb, 0x008a, 0x008a, "Pololu Maestro 12" },
	{ 0x1ffb, 0x008b, 0x008b, "Pololu Maestro 18" },
	{ 0x1ffb, 0x008c, 0x008c, "Pololu Maestro 24" },
	{ 0x2341, 0x0001, 0x0001, "Arduino Uno" },
	{ 0x2341, 0x0010, 0x0010, "Arduino Mega 2560" },
	{ 0x2341, 0x0036, 0x0036, "Arduino Leonardo in its boot loader" },
	{ 0x2341, 0x0037, 0x0037, "Arduino Micro in its boot loader" },
	{ 0x2341, 0x0042, 0x0042, "Arduino Mega 2560" },
	{ 0x2341, 0x0043, 0x0043, "Arduino Uno" },
	{ 0x2341, 0x006a, 0x006a, "Arduino Uno" },
	{ 0x2341, 0x0210, 0x0210, "Arduino Mega 2560" },
	{ 0x2341, 0x0242, 0x0242, "Arduino Mega 2560" },
	{ 0x2341, 0x0243, 0x0243, "Arduino Uno" },
	{ 0x2341, 0x8036, 0x8036, "Arduino Leonardo" },
	{ 0x2a03, 0x0010, 0x0010, "Arduino Mega 2560" },
	{ 0x2a03, 0x0042, 0x0042, "Arduino Mega 2560" },
	{ 0x2a03, 0x0043, 0x0043, "Arduino Uno" },
	{ 0x2e8a, 0x0003, 0x0003, "Raspberry Pi RP2040 in its boot loader" },
	{ 0x2e8a, 0x0005, 0x0005, "Raspberry Pi Pico with MicroPython" },
	{ 0x2e8a, 0x0009, 0x0009, "Raspberry Pi RP2350 board" },
	{ 0x2e8a, 0x000a, 0x000a, "Raspberry Pi Pico" },
	{ 0x2e8a, 0x000c, 0x000c, "Raspberry Pi debug probe" },
	{ 0x2e8a, 0x000f, 0x000f, "Raspberry Pi RP2350 in its boot loader" },
	/* The Arduino core adds a bit for each further interface. */
	{ 0x2e8a, 0x010a, 0x010a, "Raspberry Pi Pico" },
	{ 0x2e8a, 0x400a, 0x400a, "Raspberry Pi Pico" },
	{ 0x2e8a, 0x410a, 0x410a, "Raspberry Pi Pico" },
	{ 0x2e8a, 0x800a, 0x800a, "Raspberry Pi Pico" },
	{ 0x2e8a, 0x810a, 0x810a, "Raspberry Pi Pico" },
	{ 0x2e8a, 0xc00a, 0xc00a, "Raspberry Pi Pico" },
	{ 0x2e8a, 0xc10a, 0xc10a, "Raspberry Pi Pico" },
	{ 0x2e8a, 0xf00a, 0xf00f, "Raspberry Pi Pico W" },
	{ 0x2f5d, 0x2202, 0x2202, "ROBOTIS OpenRB-150" },
	{ 0xfff1, 0xff48, 0xff48, "ROBOTIS OpenCM, OpenCR" },
};

const char *gh_usb_what(int vid, int pid)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(names); i++)
		if (names[i].vid == vid && pid >= names[i].pid_first &&
		    pid <= names[i].pid_last)
			return names[i].what;
	return "";
}
