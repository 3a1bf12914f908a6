/* SPDX-License-Identifier: Apache-2.0 */
/* rulebook_parts.h - what a rulebook is made of; for rulebook.c and rulebook_build.c alone. */
#ifndef CORE_RULEBOOK_PARTS_H
#define CORE_RULEBOOK_PARTS_H

#include "core/arena.h"
#include "core/lookup.h"
#include "core/rulebook.h"

enum { RULEBOOK_WORDS = 1024 };

/* A respondent's device: which of theirs. */
struct carried {
    const char *id;
    uint32_t respondent, nth;
};

/* While it is built, what belongs to an order hangs on it as lists. */
struct placed {
    struct exclusion exclusion;
    struct placed *next_of_order;
};

struct granted {
    struct permit permit;
    struct granted *next_of_order;
};

struct listed {
    struct order order; /* first, so that an exclusion's leads back here */
    size_t respondent;
    struct placed *zones;
    struct granted *permits;
};

struct rulebook {
    struct lonlat_box region;
    struct civil civil;
    struct arena arena;
    struct zone_maker *maker;
    struct rulebook_room room;
    struct rulebook_counts count;
    struct listed *orders;
    struct respondent *respondents;
    unsigned char *with_zones; /* of each of those: orders that have one */
    struct carried *devices;
    struct placed *exclusions;
    struct lookup order_of, respondent_of, device_of, exclusion_of;
    /* Words that orders share, such as `Basildon`: each is kept once, of the first so many. */
    struct lookup word_of;
    const char *words[RULEBOOK_WORDS];
};

#endif
