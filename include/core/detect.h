/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detect.h - the thresholds of the engine, [detect] of breachd.conf(5); each has its reason there.
 */
#ifndef CORE_DETECT_H
#define CORE_DETECT_H

#include <stdint.h>

/*
 * How far the times of a device are taken: [devices N] clock. As it goes on talking, see lag.h; as
 * of satellites, also when it sends what it kept at its own pace; not at all.
 */
enum device_clock { CLOCK_JUDGED, CLOCK_TRUSTED, CLOCK_UNTRUSTED };

struct detect {
    int64_t update_ms;       /* an incident that goes on is told again after so long */
    int64_t last_known_ms;   /* an older position opens nothing by itself */
    double unknown_accuracy; /* metres: what an unknown accuracy is taken for */
    double closing_speed;    /* m/s towards a zone that make an approach */

    /* 0..1: the probability of being inside that makes one, or ends it; cleared < possible. */
    double possible, breach, cleared;
    double breach_outside;  /* 0..1: the same of one by a ping that lies outside itself */
    double way, way_before; /* 0..1: that of a way through since the ping before, or before that */
    double coarse;          /* metres: a fix of worse accuracy proves no breach */
    int64_t path_ms;        /* the way between pings farther apart is not guessed */
    int64_t late_ms;        /* a ping older on arrival belongs to the past */
    int64_t lag_most_ms;    /* one older than that is of a clock that is wrong */
    int64_t approach_ms;    /* an approach outside the ring is told when he is so near in time */

    /* What a device says of itself is told again after so long; is over when well for as long. */
    int64_t device_every_ms;
    double device_day; /* what is told again of one device a day; 0: any number */

    int64_t silent_least_ms; /* no device is silent sooner, */
    int64_t silent_ms;       /* and each is after so long: [alerts] silent-after */
    int64_t no_fix_ms;       /* and one that talks without a believable position; 0: as any */
    /* Metres: a fix of worse accuracy is no position to believe; 0: any is (ledgers before it). */
    double mast;
    double reach_speed; /* m/s that somebody unheard of may have gone */
    double rest_reach;  /* metres that somebody who rested may have, if only the fix is missed */

    enum device_clock clock; /* of one device, see device_watch.h; else judged */
};

#endif
