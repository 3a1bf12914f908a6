/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pressed.h - a struct at rest: only those of its words that are unlike a blank one's. Of an
 * incident that is over, or never was, those are some ten of a hundred.
 */
#ifndef CORE_PRESSED_H
#define CORE_PRESSED_H

#include <stdbool.h>
#include <stddef.h>

/* Of structs of whole words of 8 bytes, up to so many bytes. */
enum { PRESSED_WORD = 8, PRESSED_MAX = 4096 };

/* Zeroed: as the blank one is. */
struct pressed {
    unsigned char *bytes; /* which words, a bit each, and those */
    unsigned short size, room;
};

/*
 * *value as it differs from *blank. False when memory is out: then *pressed is as it was. What was
 * pressed before with as many words as now always fits.
 */
bool press(struct pressed *pressed, const void *value, const void *blank, size_t size);

/* Into *value; of the same blank one. */
void unpress(const struct pressed *pressed, void *value, const void *blank, size_t size);

void pressed_free(struct pressed *pressed); /* zeroed then */

#endif
