/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oscillation.h - a device whose pings go to and fro between two places that a car could come to,
 * again and again (in records of masts: oscillation, or the ping-pong effect). Nobody rides so, and
 * a receiver's errors do not part into two; some of its pings are made up, or it is deceived.
 *
 * From home, the mean of its pings at one of the places, it goes away by one step of 50 m at least
 * and of one and a half radii of 68 %, and comes back by one to within half of what it was off. It
 * turns when its velocity changed by more than MOTION_GAIN a second from one of these steps to the
 * next, which nobody can do: the mean velocities of two steps differ by no more than that times the
 * time between their middles. 150 m away and back, 7 s each, are 6 m/s2. Else it swings. Both are
 * counted, and fade: turns by one in 90 s; swings, turns among them, by one in 15 minutes and by a
 * tenth a ping, so that white errors never add up, of which one ping in twenty does that.
 *
 * A fix OSCILLATION_VAGUE times as wide as the one before, and within one and a half of its
 * own radii of it, is passed over: it is no place, and would make every step beside it too
 * short to count.
 *
 * Of 542,516 fixes of the recordings at hand, of phones, watches, receivers and loggers, at rest
 * and on their way, none had more than 3.5 turns or 2.7 swings; eight are enough.
 */
#ifndef CORE_OSCILLATION_H
#define CORE_OSCILLATION_H

#include "core/detect.h"
#include "core/track.h"

#define OSCILLATION_ENOUGH     8.0
#define OSCILLATION_LEAST_M    50.0
#define OSCILLATION_RADII      1.5
#define OSCILLATION_VAGUE      1.5
#define OSCILLATION_TURN_S     90.0  /* seconds in which one turn fades */
#define OSCILLATION_SWING_S    900.0 /* and one swing, */
#define OSCILLATION_SWING_PING 0.1   /* and what each ping takes of them */
enum { OSCILLATION_ASTRAY = 10 };    /* pings in a row that were never back begin another home */

/*
 * A position of the present, no coarse one, of a device that was near a zone of late; not older
 * than the one heard before. Enough turns, and it is at two places: places.h. Of what one instant
 * gives one turn counts.
 */
void oscillation_hear(struct known_device *device, const struct position *now,
                      const struct detect *detect);

/* Whether it turned or swung enough in the last PLACES_TORN_MS: either place may be its own. */
bool oscillation_lasts(const struct known_device *device, struct utc when);

/* Metres between its two places, as it turned in the last PLACES_TORN_MS; NaN: it did not. */
double oscillation_apart(const struct known_device *device, struct utc when);

#endif
