/* SPDX-License-Identifier: Apache-2.0 */
#include "core/witness.h"

#include "core/motion.h"

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
 * How sure the device's place makes that it is inside. Where nothing grave is open, a score is
 * worth nothing at a place that is surely outside: it is of another ping, a leap that was doubted
 * or one that a late ping has overtaken.
 */
static double score_there(const struct assessment *assessment, size_t nth, double distance)
{
    const struct position *newest = &assessment->track->devices[nth]->newest;
    double score = assessment->incident->scores[nth];
    bool outside = distance > 2 * motion_accuracy(assessment->watch->detect, newest->accuracy);

    return outside && assessment->incident->phase <= PHASE_APPROACH ? fmin(score, 0) : score;
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
        one.score = score_there(assessment, i, one.distance);
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

        if (incident->scores[i] > 0 && score_there(assessment, i, distance) > 0)
            return false;
    }
    return incident->elsewhere_by == 0;
}
