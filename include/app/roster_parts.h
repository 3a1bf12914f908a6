/* SPDX-License-Identifier: Apache-2.0 */
/* roster_parts.h - what a roster is made of; for roster*.c. */
#ifndef APP_ROSTER_PARTS_H
#define APP_ROSTER_PARTS_H

#include "app/roster.h"
#include "core/agenda.h"
#include "core/table.h"

struct slot {
    struct track track;
    struct utc saved;
    uint64_t unsaved;
    struct record record;
    struct unjudged unjudged;
    struct rate *rates; /* ROSTER_SENDERS a device */
    bool taken;         /* the track's pointers are set */
    uint32_t righted;   /* its track went through so many moves of our clock */
    uint32_t round;     /* the newest in which he was judged */
};

/* For one rulebook. */
struct slots {
    struct arena views; /* the tracks' pointers */
    struct agenda due;  /* by respondent */
    size_t n;
    struct slot each[];
};

struct roster {
    struct table devices, incidents; /* for ever */
    struct slots *slots;
    struct rightings rightings;
    uint32_t round;
    uint32_t birth, epoch;
    bool born;
};

#endif
