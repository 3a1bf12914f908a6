/* SPDX-License-Identifier: Apache-2.0 */
/* path.h - the way between two pings, neither known to be inside: did it lead through the zone? */
#ifndef CORE_PATH_H
#define CORE_PATH_H

#include "core/ping.h"
#include "core/zone.h"

enum way {
    WAY_CLEAR,   /* he would have had to hurry */
    WAY_CROSSES, /* the straight way goes through; 5 m deep, if one end seems inside */
    WAY_REACHES  /* at the speed that he goes he had the time to be inside */
};

/* One end: where, and metres from the edge; a little less than 0 may be the error's. */
struct way_end {
    struct position at;
    double distance;
};

/*
 * `pace` is the speed, m/s, that he was seen to go; `blur` the metres that both ends may be off
 * together: pings nearer to each other than twice that say nothing of a way. The straight way is
 * walked in steps of the distance to the zone, which is then never passed over (J. C. Hart, Sphere
 * tracing, 1996). The shortest way from one end to a straight edge and on to the other is sqrt(L^2
 * + 4 a b) for distances a and b from it.
 */
/*
 * False when path_between must be clear, by one end's `distance` alone: no zone is nearer to the
 * other end, `moved` metres off, than that allows. `can` is the metres that he had the time for.
 */
bool path_possible(double distance, double moved, double can, double blur);

enum way path_between(const struct zone *zone, const struct way_end *from, const struct way_end *to,
                      double pace, double blur);

#endif
