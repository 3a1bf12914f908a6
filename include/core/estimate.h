/* SPDX-License-Identifier: Apache-2.0 */
/*
 * estimate.h - where a device is believed to be, see belief.h, as far as zones near it must know.
 * Far from every zone nothing is reckoned: the trail's places are heard on coming near.
 */
#ifndef CORE_ESTIMATE_H
#define CORE_ESTIMATE_H

#include "core/track.h"
#include "core/zone.h"

/*
 * Takes in a position of the present, and before it those of the trail that are newer than what
 * was heard: *out_step is then that of the last. Who has gone over 100 km since the belief's middle
 * is met anew.
 */
void estimate_hear(struct known_device *device, const struct position *at,
                   struct belief_step *out_step);

/* The same of a device that is met anew at that position: nothing before says how it came there. */
void estimate_meet(struct known_device *device, const struct position *at,
                   struct belief_step *out_step);

/* As belief_look and belief_inside have it. 0 of who was never heard; NaN: the map's answer. */
struct belief_view estimate_look(const struct known_device *device, const struct belief_step *step,
                                 const struct zone *zone);
double estimate_inside(const struct known_device *device, const struct zone *zone);

/* Whether it is about the device's newest position. */
bool estimate_is_newest(const struct known_device *device);

/* belief_was, belief_way and belief_way_before. */
double estimate_was(const struct known_device *device, const struct belief_step *step,
                    const struct zone *zone);
double estimate_way(const struct known_device *device, const struct belief_step *step,
                    const struct zone *zone);
double estimate_way_before(const struct known_device *device, const struct belief_step *step,
                           const struct zone *zone);

/* Whether it is one that can have come of pings; none is. */
bool estimate_settle(const struct estimate *estimate);

#endif
