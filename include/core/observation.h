/* SPDX-License-Identifier: Apache-2.0 */
/* observation.h - what one ping shows of one zone: evidence, the way there, and what is to come. */
#ifndef CORE_OBSERVATION_H
#define CORE_OBSERVATION_H

#include "core/assessment.h"
#include "core/motion.h"

/* What a ping brings to every zone alike. */
struct observation {
    const struct known_device *device; /* as it was before the ping */
    const struct ping *ping;
    struct reception arriving;
    struct position at;
    double moved;         /* metres from the newest position; 0 when it was never heard of */
    int64_t gap_ms;       /* and the time between */
    double horizon;       /* metres: a zone farther off, in which nothing goes on, is passed over */
    struct motion motion; /* filled when the first zone asks for it */
    bool motion_known;
    struct known_device *hearer; /* the device again, whose estimate the first zone near has hear */
    struct belief_step step;
    bool estimated;
};

struct observation observation_of(const struct watch *watch, struct known_device *device,
                                  const struct ping *ping, struct reception arriving);

/* A ping of the present. True when it mattered to this zone. */
bool observation_now(struct assessment *assessment, struct observation *observation,
                     struct outcome *out);

/*
 * A ping from where its device cannot have come to, of a device that is at two
 * places: inside, it makes at least a `possible` incident, which goes on until no
 * place of the device was inside for PLACES_TORN_MS.
 */
bool observation_elsewhere(struct assessment *assessment, struct outcome *out);

/* A ping of the past. */
bool observation_past(struct assessment *assessment, const struct observation *observation,
                      struct outcome *out);

#endif
