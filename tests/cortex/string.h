/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * string - the part of <string.h> that the core uses: there is no C library
 * on this machine.
 */
#ifndef CORTEX_STRING_H
#define CORTEX_STRING_H

#include <stddef.h>

void *memset(void *to, int byte, size_t n);
void *memcpy(void *to, const void *from, size_t n);
int strcmp(const char *a, const char *b);
size_t strlen(const char *s);

#endif
