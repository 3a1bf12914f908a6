/* SPDX-License-Identifier: Apache-2.0 */
#include "core/vicinity_parts.h"

#include "core/device_watch.h"
#include "core/motion.h"
#include "core/reach.h"

#include <assert.h>
#include <math.h>

/* What a zone is to a silence: it binds, binds only since that was told, or does not. */
enum { BINDS, BINDS_SINCE, SHUT, BINDINGS };

static_assert(ZONES_OVER_ONE_PLACE_MAX + RESPONDENT_ORDERS_MAX + BINDINGS * VICINITY_NEAREST <=
                  QUESTION_ZONES_MAX,
              "all over one place are chosen beside the first of each order and the nearest");

/* When a silence that goes on was told first; `at`: there is none. */
static struct utc first_alerted(const struct vicinity_choice *choice, struct utc at)
{
    for (size_t i = 0; i < choice->who->n_devices; i++) {
        const struct known_device *device = choice->track->devices[i];

        if (device->silent != 0)
            at = utc_earlier(at, device->troubles[TROUBLE_SILENT].alerted);
    }
    return at;
}

static int binding_of(const struct vicinity_choice *choice, const struct exclusion *exclusion,
                      struct utc alerted, struct utc at)
{
    if (!reach_binds(choice->watch, exclusion, at))
        return SHUT;
    return alerted.ms < at.ms &&
                   exclusion_next(exclusion, choice->watch->civil, alerted).ms <= at.ms
               ? BINDS_SINCE
               : BINDS;
}

/* Of one device, as near as that, */
static void add_near(struct vicinity_choice *choice, size_t nth)
{
    const struct known_device *device = choice->track->devices[nth];
    double metres =
        VICINITY_METRES + VICINITY_ACCURACIES * device_watch_accuracy(choice->watch,
                                                                      choice->who->devices[nth],
                                                                      device->newest.accuracy);
    struct vicinity_nearest near = { .room = rulebook_zones_over_one_place(choice->who->n_devices),
                                     .next = INFINITY };

    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        double away = vicinity_ring(choice->who->exclusions[i], device->newest.at);

        if (!(away > metres))
            vicinity_nearest_add(&near, i, isnan(away) ? -INFINITY : away);
    }
    vicinity_add_nearest(choice, &near);
}

/*
 * Metres that he has to go to the zone, or fewer, and what the time that it takes him to turn round
 * would be worth: as reach_from has it.
 */
static double way_from_newest(const struct vicinity_choice *choice,
                              const struct exclusion *exclusion, const struct known_device *device,
                              const struct motion *motion)
{
    double metres = zone_distance(exclusion->zone, device->newest.at, 0), nearer, turning;

    if (isnan(metres))
        return -INFINITY;
    if (!motion->moving)
        return metres;
    nearer = metres - zone_distance(exclusion->zone, motion_along(motion, device->newest.at, 1), 0);
    turning = fmax(hypot(motion->east, motion->north) - nearer, 0) / 2 / MOTION_GAIN;
    return metres + turning * fmax(choice->watch->detect->reach_speed, device->pace);
}

/* The same from either of two places. */
static double way_to(const struct vicinity_choice *choice, const struct exclusion *exclusion,
                     const struct known_device *device, const struct motion *motion)
{
    double way = way_from_newest(choice, exclusion, device, motion), other;

    if (!reach_has_two(device))
        return way;
    other = zone_distance(exclusion->zone, device->elsewhere.at.at, 0);
    return isnan(other) ? -INFINITY : fmin(way, other);
}

/* and `room` of each kind, to be remembered. */
static void find_nearest(struct vicinity_choice *choice, size_t nth, size_t room,
                         struct utc alerted, struct utc at)
{
    const struct known_device *device = choice->track->devices[nth];
    struct surroundings *around = choice->surroundings;
    struct motion motion = motion_newest(device);
    struct vicinity_nearest some[BINDINGS];

    for (int i = 0; i < BINDINGS; i++) {
        some[i].room = room;
        some[i].n = 0;
        some[i].next = INFINITY;
    }
    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        const struct exclusion *exclusion = choice->who->exclusions[i];

        vicinity_nearest_add(&some[binding_of(choice, exclusion, alerted, at)], i,
                             way_to(choice, exclusion, device, &motion));
    }
    for (int i = 0; i < BINDINGS; i++) {
        for (size_t k = 0; k < some[i].n; k++)
            around->nearest[around->n_nearest++] = some[i].zones[k];
    }
}

void vicinity_find_heard(struct vicinity_choice *choice, struct utc at)
{
    struct utc alerted = first_alerted(choice, at);
    size_t n = choice->who->n_devices;

    choice->surroundings->n_nearest = 0;
    for (size_t i = 0; i < n; i++) {
        if (choice->track->devices[i]->heard)
            find_nearest(choice, i, VICINITY_NEAREST / n, alerted, at);
    }
}

void vicinity_add_heard(struct vicinity_choice *choice)
{
    for (size_t i = 0; i < choice->surroundings->n_nearest; i++)
        vicinity_add(choice, choice->surroundings->nearest[i]);
    for (size_t i = 0; choice->question->cause != CAUSE_PING && i < choice->who->n_devices; i++) {
        if (choice->track->devices[i]->heard)
            add_near(choice, i);
    }
}
