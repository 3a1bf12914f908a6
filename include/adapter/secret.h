/* SPDX-License-Identifier: Apache-2.0 */
/* secret.h - secrets that are made here, and told from others without telling how far they are. */
#ifndef ADAPTER_SECRET_H
#define ADAPTER_SECRET_H

#include <stdbool.h>
#include <stddef.h>

enum { SECRET_BYTES = 32, SECRET_HEX = 2 * SECRET_BYTES + 1 };

/* 256 bits of chance as 64 lower-case hex digits. False when there is no randomness. */
bool secret_make(char text[SECRET_HEX]);

/* `n` bytes of chance. */
bool secret_fill(unsigned char *out, size_t n);

/* Takes as long wherever the two differ. */
bool secret_equal(const void *one, const void *other, size_t n);

/* The same of texts; that their lengths differ may be seen. */
bool secret_text_equal(const char *one, const char *other);

#endif
