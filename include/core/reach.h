/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach.h - which zones somebody may have come to of whom no position is
 * believed any more; for silence.c.
 *
 * Of a device that is quiet nothing is known but its last position: in reach is what lies no
 * farther than the plausible speed, or his own pace when faster, can have taken him; the time to
 * turn round is added for what lies elsewhere than he was heading. A device that talks and only has
 * no fix has mostly gone indoors, so he is taken to go on as he was last seen to go: at the pace of
 * the trail who was moving; who rested on foot, and no farther than [detect] rest-reach.
 *
 * Of a device that was last heard at two places (places.h) in reach is what is so from either:
 * nobody knows which of them was true.
 *
 * (By an upper quantile of the model's motion who rests 5 km away would be in reach after some 18
 * minutes, as most who rest go on resting; at the plausible speed he is after 6. Who switches his
 * tag off to set out is whom a silence is told for, and he is not like most.)
 */
#ifndef CORE_REACH_H
#define CORE_REACH_H

#include "core/watch.h"

/*
 * m/s: a fast walk. Who can be at the zone within another minute counts
 * as there: no help is at her door sooner.
 */
#define REACH_WALK 2.0
enum { REACH_AHEAD_MS = 60 * 1000 };

/* How he is taken to have gone since. */
enum reach_gait { REACH_ANYHOW, REACH_AS_SEEN };

/* Whether he was last seen to rest: no step of the trail was faster than MOTION_MOVER. */
bool reach_rests(const struct known_device *device);

/* Whether it was last heard at two places: at the newest one, and at `elsewhere`. */
bool reach_has_two(const struct known_device *device);

/*
 * The instant at which he can first be at the zone; UTC_NEVER: he
 * can't, or nobody knows from where.
 */
struct utc reach_from(const struct watch *watch, const struct exclusion *exclusion,
                      const struct known_device *device, enum reach_gait gait);

/* Whether he must keep out of it at `at`: in force, and no permit says otherwise. */
bool reach_binds(const struct watch *watch, const struct exclusion *exclusion, struct utc at);

/* Whether he can be at the zone and must keep out of it, at `at`. */
bool reach_counts(const struct watch *watch, const struct exclusion *exclusion,
                  const struct known_device *device, enum reach_gait gait, struct utc at);

/*
 * Whether a zone that does not bind at `at` will not before long either: a school's hours begin
 * again after its lunch, and the next day. Shut for long is four hours.
 */
bool reach_shut_for_long(const struct watch *watch, const struct exclusion *exclusion,
                         struct utc at);

#endif
