/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps.h - numbers of an alert in steps, for whoever reads where the pings were: eight exact
 * distances with their places give the middle of a protected circle within 1.5 m. A step never
 * changes the side that is told.
 */
#ifndef CORE_STEPS_H
#define CORE_STEPS_H

enum { STEPS_METRES = 10, STEPS_SECONDS = 15 };

/*
 * Metres inside, negative outside: the nearest ten; but outside stays outside, by ten at least. So
 * 4 m inside is 0, the edge, which belongs to the zone; 4 m outside is -10. NaN stays NaN.
 */
double steps_depth(double depth);

/* Metres from something, never negative: 0 only for 0. */
double steps_distance(double distance);

/* Seconds until something: the nearest fifteen, and not 0 before it is there. NaN stays NaN. */
double steps_seconds(double seconds);

/*
 * 0, 0.01, 0.05, 0.1, 0.2 … 0.9, 0.95, 0.99, 1: the nearest of them on the
 * same side of a half. NaN stays NaN.
 */
double steps_probability(double probability);

#endif
