/* SPDX-License-Identifier: Apache-2.0 */
/* world.h - what people do near an area: each behaviour draws a path. */
#ifndef DETECT_WORLD_H
#define DETECT_WORLD_H

#include "detect/path.h"
#include "detect/rng.h"

enum behaviour {
    STAY_LONG,    /* comes, stays 1 to 20 min at least 11 m deep, goes */
    STAY_SHORT,   /* the same for 30 to 60 s, 11 to 20 m deep: shorter than a slow tag's interval */
    WALK_THROUGH, /* straight through, at 1.0 to 1.8 m/s */
    CYCLE_THROUGH, /* at 3 to 7 m/s */
    DRIVE_THROUGH, /* at 8 to 30 m/s, on any chord at least 10 m deep */
    DRIVE_30MPH,   /* at 30 mph through the middle, as the figure is for */
    PASS_BY,       /* on foot, cycle or wheels along a line 15 to 150 m outside the edge */
    STAND_BESIDE,  /* an hour on one spot 10, 20, 30, 50 or 100 m outside */
    LIVE_BESIDE,   /* a day in a home 15 to 60 m outside, with errands that lead away */
    STAY_BUFFERED, /* as STAY_LONG, but all of it while the tag is out of coverage */
    FAR_AWAY,      /* an hour 2 to 8 km off, for fixes that are nowhere near the truth */
    REAL_MOVEMENT, /* along a recorded track: travel.h draws it */
    BEHAVIOURS
};

const char *behaviour_name(enum behaviour behaviour);

/* Whether the people of this behaviour ever go in. */
bool behaviour_enters(enum behaviour behaviour);

/* Draws the path; a stay on one spot takes the `nth` of the distances. */
void world_walk(enum behaviour behaviour, const struct area *area, struct rng *rng, size_t nth,
                struct path *path);

enum { BESIDE = 5 };
extern const double world_beside[BESIDE]; /* metres outside the edge */

#endif
