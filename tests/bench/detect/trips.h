/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trips.h - real trips of MobilityNet: several phones carried by one person, who pressed START and
 * STOP in places whose polygons are known. At such a mark the person was there.
 */
#ifndef DETECT_TRIPS_H
#define DETECT_TRIPS_H

#include "detect/judge.h"

struct trip_score {
    size_t possible, breach; /* marks told as at least that, by an incident open within 5 min */
    size_t alerts;           /* of any type, at the polygons with marks */
    size_t elsewhere;        /* possible, breach and retrospective at all other polygons */
};

struct trips {
    size_t recordings, marks; /* 0 recordings: no data here */
    size_t polygons;
    struct trip_score of[JUDGES];
    /*
     * Fixes whose side GEOS told the makers of the data, and of how many the
     * bench's own geometry says the same.
     */
    size_t oracle, agreed;
};

void trips_run(const char *shared_data, const struct detect *detect, bool rivals,
               struct trips *out);

#endif
