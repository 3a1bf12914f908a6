/* SPDX-License-Identifier: Apache-2.0 */
#include "core/motion.h"

#include "core/plane.h"

#include <math.h>
#include <stdlib.h>

static const double reported_least = 0.5; // m/s: below, a receiver's course is noise

static const double rested_most = 3600; // seconds: longer is no other rest

enum { PLACES = TRAIL_PLACES + 1, PAIRS = PLACES * (PLACES - 1) / 2 };

double motion_accuracy(const struct detect *detect, double accuracy)
{
    return isnan(accuracy) ? detect->unknown_accuracy : accuracy;
}

static double seconds_between(const struct position *from, const struct position *to)
{
    return (double)(to->time.ms - from->time.ms) / 1000;
}

double motion_blur(const struct detect *detect, const struct position *a, const struct position *b)
{
    return hypot(motion_accuracy(detect, a->accuracy), motion_accuracy(detect, b->accuracy));
}

/*
 * Milliseconds between the places of the trail. The worse the accuracy, the more,
 * so that who goes at MOTION_MOVER from its first place to its last is seen to
 * move: by twice the blur, see motion_of.
 */
static double trail_step(const struct detect *detect, const struct position *now)
{
    double metres = 2 * motion_blur(detect, now, now);

    return fmax(TRAIL_STEP_MS, metres / MOTION_MOVER / TRAIL_PLACES * 1000);
}

/* The `nth` newest step of the trail, from 0; zeroed where there is none yet. */
static const struct step *newest_step(const struct known_device *device, unsigned nth)
{
    return &device->trail[(device->trail_next + 2 * TRAIL_PLACES - 1 - nth) % TRAIL_PLACES];
}

/*
 * The places of the trail that speak of `now`, newest first: the last, and what is not much older.
 */
static size_t trail_before(const struct known_device *device, const struct position *now,
                           const struct position *out[TRAIL_PLACES])
{
    size_t n = 0;

    for (unsigned i = 0; i < TRAIL_PLACES; i++) {
        const struct position *at = &newest_step(device, i)->at;
        int64_t age = now->time.ms - at->time.ms;

        if (at->time.ms != 0 && age >= TRAIL_STEP_MS / 2 &&
            age <= (n == 0 ? TRAIL_AGE_MS : TRAIL_RECENT_MS))
            out[n++] = at;
    }
    return n;
}

static void swap(double *a, double *b)
{
    double kept = *a;

    *a = *b;
    *b = kept;
}

/* Brings the kth smallest to its place, no greater ones before it (Hoare's quickselect, 1961). */
static void select_kth(double *values, size_t n, ptrdiff_t k)
{
    ptrdiff_t low = 0, high = (ptrdiff_t)n - 1;

    while (low < high) {
        double pivot = values[k];
        ptrdiff_t i = low, j = high;

        while (i <= j) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i <= j)
                swap(&values[i++], &values[j--]);
        }
        if (j < k)
            low = i;
        if (k < i)
            high = j;
    }
}

static double median(double *values, size_t n)
{
    double below;

    select_kth(values, n, (ptrdiff_t)n / 2);
    if (n % 2 != 0)
        return values[n / 2];
    below = values[0];
    for (size_t i = 1; i < n / 2; i++)
        below = fmax(below, values[i]);
    return (below + values[n / 2]) / 2;
}

/* Metres around `now`, which is itself the first place; the velocities of all pairs. */
static struct motion estimate(const struct position *const places[PLACES], size_t n)
{
    struct plane plane = plane_at(places[0]->at);
    struct metres at[PLACES];
    double east[PAIRS], north[PAIRS];
    size_t pairs = 0;

    for (size_t i = 0; i < n; i++)
        at[i] = plane_project(&plane, places[i]->at);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            double seconds = seconds_between(places[j], places[i]);

            if (seconds <= 0)
                continue;
            east[pairs] = (at[i].x - at[j].x) / seconds;
            north[pairs++] = (at[i].y - at[j].y) / seconds;
        }
    }
    if (pairs == 0)
        return (struct motion){ 0 };
    return (struct motion){ n, false, median(east, pairs), median(north, pairs), NULL };
}

struct motion motion_of(const struct known_device *device, const struct ping *ping,
                        const struct position *now, const struct detect *detect)
{
    const struct position *places[PLACES] = { now };
    size_t n = trail_before(device, now, places + 1);
    struct motion motion = { 0 };
    double seconds;

    if (ping->speed >= reported_least && ping->speed <= PING_SPEED_MAX && ping->course >= 0 &&
        ping->course <= 360) {
        double course = ping->course * M_PI / 180;

        return (struct motion){ PLACES, true, ping->speed * sin(course), ping->speed * cos(course),
                                NULL };
    }
    if (n == 0)
        return motion;
    motion = estimate(places, n + 1);
    seconds = seconds_between(places[n], now);
    motion.moving =
        hypot(motion.east, motion.north) * seconds > 2 * motion_blur(detect, places[n], now);
    motion.last = places[1];
    return motion;
}

struct motion motion_newest(const struct known_device *device)
{
    const struct step *last = newest_step(device, 0), *before = newest_step(device, 1);
    const struct position *places[PLACES] = { &last->at, &before->at };
    struct motion motion;

    if (!(last->speed > 0))
        return (struct motion){ 0 };
    motion = estimate(places, 2);
    motion.moving = true;
    return motion;
}

bool motion_reaches(const struct position *known, double metres, struct utc when)
{
    double seconds = fmax((double)llabs(when.ms - known->time.ms) / 1000, 1);

    return metres <= PING_SPEED_MAX * seconds;
}

bool motion_leaps(const struct position *known, const struct position *now, double metres,
                  const struct detect *detect)
{
    return !motion_reaches(known, metres - 2 * motion_blur(detect, known, now), now->time);
}

struct lonlat motion_along(const struct motion *motion, struct lonlat at, double seconds)
{
    struct plane plane = plane_at(at);

    return (struct lonlat){ at.lon + motion->east * seconds / plane.east,
                            at.lat + motion->north * seconds / plane.north };
}

bool motion_surprises(const struct known_device *device, const struct position *now, double moved,
                      const struct detect *detect)
{
    double seconds = fmax(fabs(seconds_between(&device->newest, now)), 1);
    double fast = fmax(MOTION_USUAL_TOP, 1.25 * device->pace);
    double can = fmin(device->pace * seconds + MOTION_GAIN * seconds * seconds / 2, fast * seconds);

    return moved > can + 2 * motion_blur(detect, &device->newest, now);
}

static bool is_near(struct lonlat a, struct lonlat b, double metres)
{
    // A degree of latitude is over 110 km: most who go are told by that alone.
    return fabs(a.lat - b.lat) * 110e3 <= metres && lonlat_distance(a, b) <= metres;
}

static void note_rest(struct known_device *device, const struct position *now, double seconds,
                      const struct detect *detect)
{
    double near = MOTION_REST_M + 2 * motion_blur(detect, now, now);

    if (is_near(device->rests_at, now->at, near)) {
        device->rested = fmin(device->rested + seconds, rested_most);
        return;
    }
    device->rested = 0;
    device->rests_at = now->at;
}

void motion_remember(struct known_device *device, const struct position *now,
                     const struct detect *detect)
{
    const struct step *last = newest_step(device, 0);
    struct step *next = &device->trail[device->trail_next];
    double seconds = seconds_between(&last->at, now);

    if (last->at.time.ms != 0 && seconds * 1000 < trail_step(detect, now))
        return;
    note_rest(device, now, last->at.time.ms != 0 ? seconds : 0, detect);
    *next = (struct step){ *now, 0 };
    if (last->at.time.ms != 0 && seconds * 1000 <= TRAIL_AGE_MS)
        next->speed =
            fmax(lonlat_distance(last->at.at, now->at) - motion_blur(detect, &last->at, now), 0) /
            seconds;
    device->trail_next = (device->trail_next + 1) % TRAIL_PLACES;
    device->pace = 0;
    for (size_t i = 0; i < TRAIL_PLACES; i++)
        device->pace = fmax(device->pace, device->trail[i].speed);
}
