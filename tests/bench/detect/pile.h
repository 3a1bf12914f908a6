/* SPDX-License-Identifier: Apache-2.0 */
/* pile.h - real recordings of ../shared/data in memory, a recording at a time. */
#ifndef DETECT_PILE_H
#define DETECT_PILE_H

#include "support/recording.h"

#include <stddef.h>

/* Rows with a time, in the file's order: those of a recording lie together. */
struct pile {
    struct recorded *rows;
    size_t n, room;
    size_t next; /* where the next recording begins */
};

/* Of SHARED_DATA/tracks-SOURCE; empty when there is no such file. */
struct pile pile_read(const char *shared_data, const char *source);
void pile_fini(struct pile *pile);

/* The next recording and how many rows it has; NULL: no more. */
const struct recorded *pile_next(struct pile *pile, size_t *out_n);

#endif
