/* SPDX-License-Identifier: Apache-2.0 */
/*
 * estimate.h - where a device is believed to be, see belief.h, as far as zones near it must know.
 * Far from every zone nothing is reckoned: the trail's places are heard on coming near. So an
 * estimate that has heard nothing for ten minutes of the trail is let go, and its room with it.
 */
#ifndef CORE_ESTIMATE_H
#define CORE_ESTIMATE_H

#include "core/track.h"
#include "core/zone.h"

/*
 * Takes in a position of the present, and before it those of the trail that are newer than what
 * was heard: *out_step is then that of the last. Who has gone over 100 km since the belief's middle
 * is met anew. The device must show an estimate, and so for estimate_meet.
 */
void estimate_hear(struct known_device *device, const struct position *at,
                   struct belief_step *out_step);

/* The same of a device that is met anew at that position: nothing before says how it came there. */
void estimate_meet(struct known_device *device, const struct position *at,
                   struct belief_step *out_step);

/*
 * Empties the estimate of a device of which a place of the trail is more than TRAIL_AGE_MS newer
 * than what was heard: it was far for as long. What is known of its errors stays. To hear does the
 * same first, so it makes no difference whether, or when, this is asked.
 */
void estimate_let_go(struct known_device *device);

/* The time of the newest position that it went by; 0: it believes nothing. */
struct utc estimate_time(const struct known_device *device);

/* As belief_evaluate and belief_inside have it. 0 of who was never heard; NaN: the map's answer. */
struct belief_view estimate_evaluate(const struct known_device *device,
                                     const struct belief_step *step, const struct zone *zone);
double estimate_inside(const struct known_device *device, const struct zone *zone);

/* Whether it is about the device's newest position. */
bool estimate_is_newest(const struct known_device *device);

/* Whether the ping that it heard before this step's told that he was outside, doubted or not. */
bool estimate_was_outside(const struct known_device *device, const struct belief_step *step,
                          const struct zone *zone);

/*
 * Whether the ping before this step's said little of the zone: it errs ESTIMATE_VAGUE times as much
 * as this one, and was not by itself inside to `sure`, 0..1. In a zone of 50 m that is one of 80 m
 * told in its centre, before one of 8 m; one of 15 m is not.
 */
#define ESTIMATE_VAGUE 2.0
bool estimate_was_vague(const struct known_device *device, const struct belief_step *step,
                        const struct zone *zone, double sure);

/* belief_was, belief_way and belief_way_before. */
double estimate_was(const struct known_device *device, const struct belief_step *step,
                    const struct zone *zone);
double estimate_way(const struct known_device *device, const struct belief_step *step,
                    const struct zone *zone);
double estimate_way_before(const struct known_device *device, const struct belief_step *step,
                           const struct zone *zone);

/* belief_soon. */
double estimate_soon(const struct known_device *device, const struct zone *zone, double seconds,
                     double within);

/* Whether it is one that can have come of pings; none is. */
bool estimate_settle(const struct estimate *estimate);

#endif
