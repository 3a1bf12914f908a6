/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agenda.h - numbers and when each is due: who is next is known at once, and a change costs
 * log2(n) steps. A binary heap that knows the place of each number in it.
 */
#ifndef CORE_AGENDA_H
#define CORE_AGENDA_H

#include "core/instant.h"

#include <stddef.h>

/* Zeroed is empty. */
struct agenda {
    struct agenda_slot *slots; /* by number */
    size_t *heap;              /* the numbers that are due some time, the earliest first */
    size_t n, room;
};

/* Room for the numbers below `n`, those that are new never due. False when memory is out. */
bool agenda_reserve(struct agenda *agenda, size_t n);
void agenda_fini(struct agenda *agenda);

/* When number `nth` is due; UTC_NEVER: not. `nth` lies within the room, or is never due. */
struct utc agenda_due(const struct agenda *agenda, size_t nth);
void agenda_set(struct agenda *agenda, size_t nth, struct utc due);

/* The earliest, of several the lowest number; false when nothing is ever due. */
bool agenda_first(const struct agenda *agenda, size_t *out_nth, struct utc *out_due);

#endif
