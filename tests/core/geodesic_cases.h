/* SPDX-License-Identifier: Apache-2.0 */
/*
 * geodesic_cases.h - places to try core's distances at, and how far they are off those of Karney's
 * algorithm in PROJ.
 */
#ifndef CORE_TEST_GEODESIC_CASES_H
#define CORE_TEST_GEODESIC_CASES_H

#include "core/geodesic_shape.h"
#include "support/dice.h"

#define CASES_FAR 5000.0 /* metres from an edge, at the most */

extern struct geod_geodesic cases_earth; /* WGS84, once cases_open was called */
void cases_open(void);

/* What is measured in one test, and the worst of it. */
struct cases {
    struct dice dice;
    unsigned long seed;
    int n;
    double worst;
    struct lonlat where;
    double there; /* the true distance at the worst */
};

struct cases cases_begin(void);
void cases_count(struct cases *cases, double got, double truth, struct lonlat at);
void cases_settle(const struct cases *cases); /* asserts that none was off by more than 0.1 m */

double cases_distance(struct dice *dice); /* 0.1 m to 5 km, each decade as often */
struct lonlat cases_in_essex(struct dice *dice);

/* GeographicLib's test set: lines of any length, all over the earth. */
enum { CASES_SET_MAX = 100 };
struct geodesic {
    struct lonlat a, b;
    double azimuth, metres;
};

/* Its rows, how many; skips the test when it is not there. */
size_t cases_set(struct geodesic rows[CASES_SET_MAX]);

#endif
