/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gps.h - what a receiver makes of a true place. Per axis the error is a first-order Gauss-Markov
 * process (time constant 10 s to 10 min) with four fifths of the variance, and white noise with the
 * rest; on top come outliers, and bursts of multipath where houses are high.
 */
#ifndef DETECT_GPS_H
#define DETECT_GPS_H

#include "core/plane.h"
#include "detect/rng.h"

#include <stdbool.h>

enum sky { SKY_OPEN, SKY_STREET, SKY_CANYON, SKIES };
enum claim { CLAIM_RIGHT, CLAIM_OPTIMISTIC, CLAIM_ABSENT, CLAIMS }; /* of the reported accuracy */

const char *sky_name(enum sky sky);
const char *claim_name(enum claim claim);

struct gps {
    enum sky sky;
    enum claim claim;
    double usual;        /* metres: the 68 % radius on an ordinary minute */
    double tau;          /* seconds: of the error */
    double swell;        /* logarithm of the radius now over the usual one */
    struct metres slow;  /* in units of one axis' standard deviation */
    struct metres burst; /* multipath, metres */
    double burst_until, burst_next;
    double last;          /* seconds; when it was asked before, */
    struct metres was;    /* and where */
    double moving;        /* errors are so many times as large while he goes */
    bool moving_reported; /* and so is the accuracy that it tells */
    bool wild;            /* also fixes that are nowhere near: see gps_fix */
    int wild_left, calm_left;
    struct metres wild_at;
    double wild_accuracy;
};

struct gps gps_of(enum sky sky, enum claim claim, struct rng *rng);

struct seen {
    struct metres at;
    double accuracy; /* as reported; NaN: absent */
    bool null;       /* it says 0,0 */
    bool lost;       /* it has no fix */
};

/*
 * At `t` seconds, later than before, from the true place `at`. A wild receiver begins a row of
 * fixes from elsewhere one time in 40, with at least five true ones before each row: half of them
 * one to three from a cell's mast at `target` (accuracy 0.5 to 15 km), the rest one or two at
 * `target` with a good accuracy; one in ten says 0,0. Without any accuracy there are never three in
 * a row, which nobody could tell from somebody who is there.
 */
struct seen gps_fix(struct gps *gps, double t, struct metres at, struct metres target,
                    struct rng *rng);

#endif
