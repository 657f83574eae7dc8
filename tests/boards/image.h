/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image - a firmware file into an emulated chip's flash and EEPROM. */
#ifndef GH_TESTS_BOARDS_IMAGE_H
#define GH_TESTS_BOARDS_IMAGE_H

#include "base/status.h" /* enum gh_status */

#include <sim_avr.h>

/* Intel hex when it ends in .hex, else ELF. GH_ARG: it cannot be loaded. */
enum gh_status gh_image_load(avr_t *avr, const char *path,
			     unsigned *flash_bytes,
			     struct gh_err *err) GH_MUST_CHECK;

#endif
