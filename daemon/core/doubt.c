/* SPDX-License-Identifier: Apache-2.0 */
#include "core/doubt.h"

#include "core/health.h"
#include "core/oscillation.h"
#include "core/places.h"
#include "core/radius.h"

#include <math.h>
#include <stdio.h>

enum { HABIT_WEIGHT = 64 }; // pings over which a habit is a mean

/* Degrees: who is so near to a zone is in its country, and who is so far is not. */
static const double near_degrees = 2, far_degrees = 6;

static bool is_about(struct lonlat at, struct lonlat place, double degrees)
{
    return fabs(at.lat - place.lat) <= degrees && fabs(at.lon - place.lon) <= degrees;
}

size_t doubt_decided_by(const struct respondent *who, const struct ping *ping, bool *out_swapped)
{
    struct lonlat swapped = { .lon = ping->at.lat, .lat = ping->at.lon };
    size_t near = who->n_exclusions;

    *out_swapped = false;
    for (size_t i = 0; i < who->n_exclusions; i++) {
        struct lonlat_box box = zone_box(who->exclusions[i]->zone);

        if (is_about(ping->at, box.sw, far_degrees))
            return i;
        if (near == who->n_exclusions && is_about(swapped, box.sw, near_degrees))
            near = i;
    }
    *out_swapped = near < who->n_exclusions;
    return near;
}

bool doubt_looks_swapped(const struct respondent *who, const struct ping *ping)
{
    bool swapped;

    doubt_decided_by(who, ping, &swapped);
    return swapped;
}

static void count_swaps(struct known_device *device, const struct respondent *who,
                        const struct ping *ping)
{
    if (!ping->no_fix || !doubt_looks_swapped(who, ping)) // what looks so is no fix: watch.c
        device->swaps = 0;
    else if (device->swaps < DOUBT_SWAPS)
        device->swaps++;
}

static void learn(struct known_device *device, double accuracy)
{
    if (device->habit_pings < HABIT_WEIGHT)
        device->habit_pings++;
    if (device->habit_pings == 1)
        device->habit = accuracy;
    else
        device->habit *= pow(accuracy / device->habit, 1.0 / device->habit_pings);
}

static bool is_far_worse(const struct known_device *device, double accuracy)
{
    return device->habit_pings >= DOUBT_HABIT && accuracy >= DOUBT_METRES &&
           accuracy >= DOUBT_TIMES * device->habit;
}

/* What is not told, or is no fix, is neither better nor worse. */
static void count_worse(struct known_device *device, const struct ping *ping, struct utc when)
{
    if (isnan(ping->accuracy) || ping->no_fix)
        return;
    if (device->worse > 0 && when.ms - device->worse_since.ms >= DOUBT_HABIT_MS)
        device->habit_pings = device->worse = 0;
    if (!is_far_worse(device, ping->accuracy)) {
        device->worse = 0;
        learn(device, ping->accuracy);
        return;
    }
    if (device->worse == 0)
        device->worse_since = when;
    device->worse += device->worse < DOUBT_WORSE;
}

/* "103 km apart", "200 m apart, to and fro faster than anybody goes" */
static void explain_places(const struct known_device *device, struct utc when,
                           struct health_saying *saying)
{
    double turns = oscillation_apart(device, when),
           apart =
               isnan(turns) ? lonlat_distance(device->newest.at, device->elsewhere.at.at) : turns;
    bool near = apart <= 900;

    snprintf(saying->reason, sizeof saying->reason,
             saying->is
                 ? "it is at two places at once, %.0f %s apart%s: %s; inside at either counts"
                 : "it was at two places at once",
             near ? 100 * ceil(apart / 100) : ceil(apart / 1000), near ? "m" : "km",
             isnan(turns) ? "" : ", to and fro faster than anybody goes",
             saying->type == ALERT_TAMPER
                 ? "some of its pings are made up, or it is deceived"
                 : "by fixes of two kinds, as a phone has them of satellites and of a network");
}

static void explain_accuracy(const struct known_device *device, const struct ping *ping,
                             struct utc when, struct health_saying *saying)
{
    double reported = radius_reported(ping->accuracy, ping->percentile),
           habit = radius_reported(device->habit, ping->percentile); // both as the device has them
    char lasts[DURATION_TEXT_MAX];

    if (saying->is)
        snprintf(saying->reason, sizeof saying->reason,
                 "accuracy %.0f m, and far worse than its usual %.0f m for %s", reported, habit,
                 duration_print(when.ms - device->worse_since.ms, lasts));
    else
        snprintf(saying->reason, sizeof saying->reason,
                 "its accuracy was far worse than its usual %.0f m", habit);
}

void doubt_check_places(const struct watch *watch, const struct respondent *who,
                        struct known_device *device, size_t nth, const struct ping *ping,
                        const struct reception *arriving, struct utc now, struct outcome *out)
{
    struct position at = ping_position(ping, arriving->when);
    struct health_speech speech = { ping, at, true, at.time, now };
    bool alike = places_torn_alike(device, at.time);
    struct health_saying saying = { .trouble = TROUBLE_PLACES,
                                    .type = alike ? ALERT_TAMPER : ALERT_DOUBT,
                                    .cause = alike ? "two-places" : "accuracy",
                                    .was = device->two_places && (device->two_alike || !alike),
                                    .is = places_torn(device, at.time) };

    if (alike && device->two_places && !device->two_alike)
        trouble_worsens(&device->troubles[TROUBLE_PLACES]);
    if (health_may_tell(device, &saying))
        explain_places(device, at.time, &saying);
    health_take(watch, who, device, nth, &saying, &speech, out);
    device->two_places = saying.is;
    device->two_alike = alike;
}

void doubt_check(const struct watch *watch, const struct respondent *who,
                 struct known_device *device, size_t nth, const struct ping *ping,
                 const struct reception *arriving, struct utc now, struct outcome *out)
{
    struct position at = ping_position(ping, arriving->when);
    struct health_speech speech = { ping, at, true, at.time, now };
    struct health_saying sayings[] = {
        { .trouble = TROUBLE_SWAPPED,
          .type = ALERT_DOUBT,
          .cause = "swapped",
          .was = device->swapped,
          .reason = "latitude and longitude look swapped: as told it is far from every zone of "
                    "his, swapped it would be near one" },
        { .trouble = TROUBLE_ACCURACY,
          .type = ALERT_DOUBT,
          .cause = "accuracy",
          .was = device->inaccurate },
    };

    doubt_check_places(watch, who, device, nth, ping, arriving, now, out);
    count_swaps(device, who, ping);
    count_worse(device, ping, at.time);
    sayings[0].is = device->swaps >= DOUBT_SWAPS;
    sayings[1].is = device->worse >= DOUBT_WORSE && !isnan(ping->accuracy) &&
                    at.time.ms - device->worse_since.ms >= DOUBT_WORSE_MS;
    if (health_may_tell(device, &sayings[1]))
        explain_accuracy(device, ping, at.time, &sayings[1]);
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++)
        health_take(watch, who, device, nth, &sayings[i], &speech, out);
    device->swapped = sayings[0].is;
    device->inaccurate = sayings[1].is;
}
