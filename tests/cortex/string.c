/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Byte by byte: small, and none of the callers is in a hurry. */
#include "string.h"

void *memset(void *to, int byte, size_t n)
{
	for (char *p = to; n--; p++)
		*p = (char)byte;
	return to;
}

void *memcpy(void *to, const void *from, size_t n)
{
	const char *q = from;

	for (char *p = to; n--; p++)
		*p = *q++;
	return to;
}

int strcmp(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return (unsigned char)*a - (unsigned char)*b;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}
