/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/chips/chip.h" /* struct gh_chip */

static const struct gh_chip *const chips[] = { &gh_chip_ina219,
					       &gh_chip_tcs34725 };

const struct gh_chip *gh_chip_at(size_t i)
{
	return i < sizeof(chips) / sizeof(chips[0]) ? chips[i] : NULL;
}
