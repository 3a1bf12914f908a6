/* SPDX-License-Identifier: Apache-2.0 */
/* vicinity_parts.h - the choice while it is made; for vicinity*.c. */
#ifndef CORE_VICINITY_PARTS_H
#define CORE_VICINITY_PARTS_H

#include "core/vicinity.h"

#include "core/watch.h"

enum { VICINITY_WORDS = RESPONDENT_ZONES_MAX / 64 };

struct vicinity_choice {
    const struct watch *watch; /* the device's own, of a ping */
    const struct respondent *who;
    const struct track *track;
    const struct question *question;
    struct surroundings *surroundings;
    size_t n;
    uint64_t bits[VICINITY_WORDS];
};

bool vicinity_has(const struct vicinity_choice *choice, size_t nth);

/* Nothing where it is chosen already, or all the room is taken. */
void vicinity_add(struct vicinity_choice *choice, size_t nth);

/* Those of many that are nearest. */
struct vicinity_nearest {
    size_t room, n;
    uint16_t zones[QUESTION_ZONES_MAX];
    double metres[QUESTION_ZONES_MAX]; /* rising */
    double next;                       /* of the nearest that found no room */
};

void vicinity_nearest_add(struct vicinity_nearest *nearest, size_t nth, double metres);
void vicinity_add_nearest(struct vicinity_choice *choice, const struct vicinity_nearest *nearest);

/* Metres from the zone's ring, or fewer, and negative in it; NaN: the map gives no answer. */
double vicinity_ring(const struct exclusion *exclusion, struct lonlat at);

/* Chooses what a ping with a place can reach, as its device's own settings have it. */
void vicinity_add_ping(struct vicinity_choice *choice);

/*
 * Remembers the nearest to where each device was heard last; of who never was nobody knows where.
 */
void vicinity_find_heard(struct vicinity_choice *choice, struct utc at);

/* Chooses those, and where no ping says more, all that are near a newest position. */
void vicinity_add_heard(struct vicinity_choice *choice);

#endif
