/* SPDX-License-Identifier: Apache-2.0 */
/* observation.h - what one ping shows of one zone: evidence, the way there, and what is to come. */
#ifndef CORE_OBSERVATION_H
#define CORE_OBSERVATION_H

#include "core/assessment.h"
#include "core/motion.h"

/* What a ping brings to every zone alike. */
struct observation {
    struct known_device *device; /* as it was before the ping, but for its estimate: step */
    const struct ping *ping;
    struct reception arriving;
    struct position at;
    double moved;         /* metres from the newest position; 0 when it was never heard of */
    int64_t gap_ms;       /* and the time between */
    double horizon;       /* metres: a zone farther off, in which nothing goes on, is passed over */
    struct motion motion; /* filled when the first zone asks for it */
    bool motion_known;
    struct belief_step step; /* filled when the first zone near has its estimate hear the ping */
    bool estimated;
};

/*
 * Metres beyond which a zone in which nothing goes on is passed over, ring or no ring: `moved` and
 * `gap_ms` as above. It rises with both, for a gap up to [detect] path.
 */
double observation_horizon(const struct detect *detect, const struct known_device *device,
                           const struct ping *ping, double moved, int64_t gap_ms);

struct observation observation_of(const struct watch *watch, struct known_device *device,
                                  const struct ping *ping, struct reception arriving);

/* Has the device's estimate hear the ping, once, as the first zone near it asks. */
void observation_hear(struct observation *observation);

/*
 * What the ping makes of this device's score and of the side, and where it was since the pings
 * before: see weighing.c. For observation_now.
 */
void observation_weigh(struct assessment *assessment, struct observation *observation);
void observation_check_between(struct assessment *assessment,
                               const struct observation *observation);
void observation_check_back(struct assessment *assessment, const struct observation *observation);

/*
 * What it says by itself, when its weight is known: see observation_alone.c. The third that counts
 * holds the incident, and so does what most of its device's pings say: testimony.h.
 */
void observation_weigh_alone(struct assessment *assessment, const struct observation *observation);

/* Whether this ping alone has him inside; what the map does not answer is never outside. */
bool observation_says_inside(struct assessment *assessment);

/*
 * One more ping that had him inside, by itself, as of `when`; true when they are three, or more.
 * Several in one breath are one, and another device of his with a clock behind sets nothing back.
 */
bool observation_count_alone(struct incident *incident, struct utc when);

/* A ping of the present. True when it mattered to this zone. */
bool observation_now(struct assessment *assessment, struct observation *observation,
                     struct outcome *out);

/*
 * A ping of a device that is at two places, from where it cannot have come to; or a late one that
 * was overtaken for the third time: see observation_past. Inside, it makes at least a `possible`
 * incident, which goes on until no place of the device was inside for PLACES_TORN_MS. It fills the
 * assessment's distance and probability.
 */
bool observation_elsewhere(struct assessment *assessment, struct outcome *out);

/*
 * Of a ping that moves nothing, implausible or coarse by where he was: inside by itself to 98 % it
 * counts like a stray, and the third is handed to observation_elsewhere. True when it mattered.
 */
bool observation_alone(struct assessment *assessment, const struct observation *observation,
                       struct outcome *out);

/*
 * A ping of the past. One of the present that a newer one from outside overtook, and that has him
 * inside for the third time, is handed to observation_elsewhere.
 */
bool observation_past(struct assessment *assessment, const struct observation *observation,
                      struct outcome *out);

#endif
