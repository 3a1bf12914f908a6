/* SPDX-License-Identifier: Apache-2.0 */
/* motion.h - where a device is going, and how fast it has been: from what it says and its trail. */
#ifndef CORE_MOTION_H
#define CORE_MOTION_H

#include "core/detect.h"
#include "core/track.h"

#include <stddef.h>

/*
 * Places of the trail are at least STEP apart, longer when the accuracy is worse than 15 m. The
 * last says nothing of a velocity when older than AGE, nor do the others when older than RECENT.
 */
enum { TRAIL_STEP_MS = 10 * 1000, TRAIL_AGE_MS = 10 * 60 * 1000, TRAIL_RECENT_MS = 3 * 60 * 1000 };

/* m/s: the pace of who does not stand; m/s that a pressed car gains, or loses, in a second. */
#define MOTION_MOVER 0.7
#define MOTION_GAIN  3.0

struct motion {
    size_t places;               /* that it is made of; 0: not known, and the rest is 0 */
    bool moving;                 /* by more than the accuracies explain */
    double east, north;          /* m/s */
    const struct position *last; /* the newest place of the trail; NULL: none, or as reported */
};

/* The position's accuracy, or what an unknown one is taken for. */
double motion_accuracy(const struct detect *detect, double accuracy);

/* Metres that two accuracies explain together. */
double motion_blur(const struct detect *detect, const struct position *a, const struct position *b);

/*
 * Velocity at `now`, which is later than the trail: as reported, if the ping reports a speed and a
 * course; else the median, east and north, of the velocities between all pairs of places of the
 * trail and `now` (Theil, 1950; Sen, 1968), which one wrong place in four does not spoil.
 */
struct motion motion_of(const struct known_device *device, const struct ping *ping,
                        const struct position *now, const struct detect *detect);

/* Velocity between the trail's two newest places; not moving when the accuracies explain it. */
struct motion motion_newest(const struct known_device *device);

/*
 * Whether who was at one place could have been so many metres away, by PING_SPEED_MAX; within a
 * second anybody is given a second.
 */
bool motion_reaches(const struct position *known, double metres, struct utc when);

/*
 * Whether he cannot have got from `known` to `now`, `metres` away, even if the fixes err by twice
 * what their accuracies explain together; 99 % of round Gaussian errors are no worse. A phone tells
 * the satellites' place and the network's a second apart: between one of 8 m and one of 60 m, 190 m
 * are no leap, between two of 8 m 93 m are.
 */
bool motion_leaps(const struct position *known, const struct position *now, double metres,
                  const struct detect *detect);

/* Where he is `seconds` from `at`, before or after, at this velocity. */
struct lonlat motion_along(const struct motion *motion, struct lonlat at, double seconds);

/*
 * Whether getting from the newest trusted position to `now`, `moved` metres away, takes more than
 * somebody can do who went no faster than the pace lately: gains 3 m/s every second, up to 15 m/s
 * or a quarter over the pace.
 */
#define MOTION_USUAL_TOP 15.0 /* m/s: 34 mph on average, from one ping to the next */
bool motion_surprises(const struct known_device *device, const struct position *now, double moved,
                      const struct detect *detect);

/*
 * Puts a trusted position into the trail; it is not older than those there. Who stays within
 * MOTION_REST_M of a place, and twice of what the accuracies explain, rests there: `rested` is for
 * how long, which a trail of frequent pings is too short to say.
 */
#define MOTION_REST_M 30.0
void motion_remember(struct known_device *device, const struct position *now,
                     const struct detect *detect);

#endif
