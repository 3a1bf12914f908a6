/* SPDX-License-Identifier: Apache-2.0 */
/* look.h - one zone at one instant, as one device's position shows it; for watch.c. */
#ifndef CORE_LOOK_H
#define CORE_LOOK_H

#include "core/watch.h"

struct look {
    const struct watch *watch;
    const struct respondent *who;
    const struct exclusion *exclusion;
    struct incident *incident;
    const char *device;
    struct position at; // the position looked at
    double distance;    // of it, metres from the edge, negative inside
    double closing;     // m/s towards the zone; NaN: unknown
    struct utc when;    // the instant judged
    struct utc now;     // our clock
    enum standing was;  // standing just before `when`
    struct situation situation;
};

/*
 * Decides what the look means for its incident, twice where one ends and another begins at once,
 * and adds the alerts to `out`. The caller has filled all but `was` and what of the situation time
 * alone tells.
 */
void look_settle(struct look *look, size_t nth, struct outcome *out);

#endif
