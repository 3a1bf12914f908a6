/* SPDX-License-Identifier: Apache-2.0 */
#include "core/witness.h"

#include "core/device_watch.h"
#include "core/evidence.h"
#include "core/testimony.h"

#include <math.h>

/* A fresh position before a stale one, then the surer, then the nearer. */
static bool says_more(const struct witness *one, const struct witness *than)
{
    if (than->device == SIZE_MAX || one->stale != than->stale)
        return than->device == SIZE_MAX || !one->stale;
    if (one->score != than->score)
        return one->score > than->score;
    return isnan(one->distance) || one->distance < than->distance;
}

/*
 * Whether the device's score speaks for its being inside. Where nothing grave is open, it is worth
 * nothing at a place that is surely outside: it is of another ping, a leap that was doubted or one
 * that a late ping has overtaken.
 */
static bool is_alive(const struct assessment *assessment, size_t nth, double distance)
{
    const struct position *newest = &assessment->track->devices[nth]->newest;
    const struct incident *incident = assessment->incident;
    bool outside =
        distance > 2 * device_watch_accuracy(assessment->watch, assessment->who->devices[nth],
                                             newest->accuracy);

    return (incident->scores[nth] > 0 || (incident->inside_by >> nth & 1) != 0) &&
           !(outside && incident->phase <= PHASE_APPROACH);
}

struct witness witness_find(const struct assessment *assessment, struct utc stale_before)
{
    struct witness best = { .device = SIZE_MAX, .distance = NAN };

    for (size_t i = 0; i < assessment->who->n_devices; i++) {
        const struct known_device *device = assessment->track->devices[i];
        struct witness one = { .device = i, .stale = device->newest.time.ms < stale_before.ms };

        if (!device->heard)
            continue;
        one.distance = zone_distance(assessment->exclusion->zone, device->newest.at, INFINITY);
        one.alive = is_alive(assessment, i, one.distance);
        one.score = one.alive ? assessment->incident->scores[i] : -EVIDENCE_SURE;
        if (says_more(&one, &best))
            best = one;
    }
    return best;
}

bool witness_lacks(const struct assessment *assessment)
{
    const struct incident *incident = assessment->incident;

    for (size_t i = 0; i < assessment->who->n_devices; i++) {
        struct lonlat at = assessment->track->devices[i]->newest.at;
        double distance = zone_distance(assessment->exclusion->zone, at, INFINITY);

        if (is_alive(assessment, i, distance))
            return false;
    }
    return incident->elsewhere_by == 0 && !testimony_has_lasted(&incident->testimony);
}
