/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/image.h"

#include <sim_elf.h>
#include <sim_hex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum gh_status load_hex(avr_t *avr, const char *path,
			       unsigned *flash_bytes, struct gh_err *err)
{
	ihex_chunk_p chunks = NULL;
	const int n = read_ihex_chunks(path, &chunks);

	*flash_bytes = 0;
	for (int i = 0; i < n; i++) {
		if (chunks[i].baseaddr + chunks[i].size > avr->flashend + 1)
			return gh_fail(err, GH_ARG, "%s: too large for the %s",
				       path, avr->mmcu);
		avr_loadcode(avr, chunks[i].data, chunks[i].size,
			     chunks[i].baseaddr);
		*flash_bytes += chunks[i].size;
	}
	free_ihex_chunks(chunks);
	avr->codeend = avr->flashend;
	return n > 0 ? GH_OK : gh_fail(err, GH_ARG, "%s: no Intel hex", path);
}

static void forget(elf_firmware_t *f)
{
	free(f->flash);
	free(f->eeprom);
	for (uint32_t i = 0; i < f->symbolcount; i++)
		free(f->symbol[i]);
	free(f->symbol);
}

static enum gh_status load_elf(avr_t *avr, const char *path,
			       unsigned *flash_bytes, struct gh_err *err)
{
	elf_firmware_t f;

	memset(&f, 0, sizeof f);
	if (elf_read_firmware(path, &f) != 0 || f.flashsize == 0)
		return gh_fail(err, GH_ARG, "%s: no ELF of an AVR", path);
	if (f.flashsize > avr->flashend + 1)
		return gh_fail(err, GH_ARG, "%s: too large for the %s", path,
			       avr->mmcu);
	*flash_bytes = f.flashsize;
	avr_load_firmware(avr, &f);
	forget(&f);
	return GH_OK;
}

enum gh_status gh_image_load(avr_t *avr, const char *path,
			     unsigned *flash_bytes, struct gh_err *err)
{
	const size_t n = strlen(path);

	if (access(path, R_OK) != 0)
		return gh_fail(err, GH_ARG, "%s: no such firmware", path);
	if (n > 4 && strcmp(path + n - 4, ".hex") == 0)
		return load_hex(avr, path, flash_bytes, err);
	return load_elf(avr, path, flash_bytes, err);
}
