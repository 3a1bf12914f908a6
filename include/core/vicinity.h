/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vicinity.h - which of a respondent's zones one question can be about. Who has VICINITY_ALL or
 * fewer is asked about all of them. Of more these are chosen: in which something goes on; the first
 * of each order; of a ping, all that it can reach by what core/observation makes of it; else, and
 * while a device of his is silent, the nearest, those that bind and those that do not. All others
 * are too far away for the question to change anything in them, or for anything to come of it.
 *
 * A ping that reaches no farther than a device's region is free asks no zone where it is, whether
 * there are fifty or four thousand.
 */
#ifndef CORE_VICINITY_H
#define CORE_VICINITY_H

#include "core/question.h"

/*
 * All of a respondent with no more. So many of the nearest to all his devices together are chosen
 * where no ping says where he is, of those that bind, that bind since a silence was told, and that
 * do not; and each zone so near to a newest position, in metres, or its accuracy so many times.
 */
enum {
    VICINITY_ALL = ZONES_ALWAYS_ASKED,
    VICINITY_NEAREST = 32,
    VICINITY_METRES = 2000,
    VICINITY_ACCURACIES = 4
};
enum { REGION_ZONES = 32 };

/* Milliseconds for which an incident that is over still counts as going on: see journal.h. */
enum { VICINITY_AFTER_MS = 10 * 60 * 1000 };

/*
 * A device's: around `centre` the nearest zones, each counted from its ring; none begins within
 * `free` metres, and none but those of the list within `clear`. Zeroed: nobody has looked.
 */
struct region {
    struct lonlat centre;
    double free, clear;
    size_t n;
    uint16_t zones[REGION_ZONES];
};

/* What is remembered of one respondent's zones from one question to the next. Zeroed is nothing. */
struct surroundings {
    bool complete; /* `live` is whole */
    size_t n_live;
    uint16_t live[QUESTION_ZONES_MAX]; /* zones in which something went on, rising */
    size_t n_heads;
    uint16_t heads[RESPONDENT_ORDERS_MAX]; /* the first of each order */
    struct region regions[RESPONDENT_DEVICES_MAX];
    /* As of the last question that was about no ping: the nearest, for who is silent; and below. */
    size_t n_nearest;
    uint16_t nearest[3 * VICINITY_NEAREST];
    uint32_t silences;
};

/* The choice for one question; and that respondent, track and numbers of zones are of it alone. */
struct vicinity {
    size_t n;
    uint16_t zones[QUESTION_ZONES_MAX]; /* rising; unless `all` */
    bool all;
    uint64_t mark;     /* one choice from another; 0: `all` */
    uint32_t silences; /* bit n: device n's silence was told of zones in reach */
    struct respondent who;
    struct track track;
    const struct exclusion *exclusions[QUESTION_ZONES_MAX];
    struct incident *incidents[QUESTION_ZONES_MAX];
};

/*
 * Chooses. The track may show NULL for an incident of which nothing was ever known; where `all` is
 * not chosen, those of out->zones must be shown before vicinity_show(), which fills out->who and
 * out->track. `surroundings` may be NULL for who has no more than VICINITY_ALL. A silence that was
 * told of some zones was told of all that bind since then, chosen at the time or not.
 */
void vicinity_choose(const struct watch *watch, const struct respondent *who,
                     const struct track *track, const struct question *question,
                     struct surroundings *surroundings, struct vicinity *out);
void vicinity_show(const struct watch *watch, const struct respondent *who,
                   const struct track *track, const struct question *question,
                   struct vicinity *out);

/* Nothing is chosen yet: who and track show the devices; and all zones, of who has few. */
void vicinity_begin(const struct respondent *who, const struct track *track, struct vicinity *out);

/* The question was answered: remembers in which of the zones something goes on. */
void vicinity_note(const struct vicinity *vicinity, struct utc now,
                   struct surroundings *surroundings);

#endif
