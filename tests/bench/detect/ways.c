/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/ways.h"

#include <err.h>
#include <math.h>

static const double mph_30 = 13.4112, radius = 100, on_foot = 1.3;
/* The site; its streams of chance are not the behaviours'. */
enum { CIRCLE_100 = 1, KINDS_APART = 1000 };

static const struct kind {
    const char *name;
    enum behaviour behaviour; // by which a stay counts
    double interval, loss;
    double beside;            // metres from the edge, negative inside
    double seconds, accuracy; // of who stays
    double comes;             // m/s, of who stays; 0: he is there
} kinds[WAYS] = {
    [WAY_STRAIGHT] = { "straight through at 60 s, told", DRIVE_30MPH, 60, 0.03, -100, 0, 0 },
    [WAY_BENT] = { "bent way at 60 s, told", DRIVE_30MPH, 60, 0.03, -100, 0, 0 },
    [WAY_PING_GONE] = { "straight, a ping in three missing, told", DRIVE_30MPH, 60, 0.33, -100, 0,
                        0 },
    [WAY_BESIDE_50] = { "50 m beside at 60 s: runs told", PASS_BY, 60, 0.03, 50, 0, 0 },
    [WAY_BESIDE_100] = { "100 m beside at 60 s: runs told", PASS_BY, 60, 0.03, 100, 0, 0 },
    [WAY_POOR] = { "half an hour 10 m deep, accuracy 100, 60 s, told", STAY_LONG, 60, 0.03, -10.5,
                   1800, 100, on_foot },
    [WAY_POOR_40] = { "an hour 15 m deep, accuracy 40, 15 s, told", STAY_LONG, 15, 0.03, -15, 3600,
                      40, on_foot },
    [WAY_POOR_100] = { "an hour 30 m deep, accuracy 100, 60 s, told", STAY_LONG, 60, 0.03, -30,
                       3600, 100, on_foot },
    [WAY_DRIFTS] = { "drifts slowly at 2 Hz, still 20 m beside, no accuracy: runs told",
                     STAND_BESIDE, 0.5, 0, 20, 3600, 0 },
    [WAY_LEAPS] = { "rests 300 m off for 6 h, a lone leap an hour: runs told", STAND_BESIDE, 60, 0,
                    300, 6 * 3600, 0 },
    [WAY_WALKS_10] = { "walks up to 10 m before it and stops, 15 s", STAND_BESIDE, 15, 0.03, 10,
                       600, 0, on_foot },
    [WAY_WALKS_30] = { "walks up to 30 m before it and stops, 15 s", STAND_BESIDE, 15, 0.03, 30,
                       600, 0, on_foot },
    [WAY_DRIVES_10] = { "drives up to 10 m before it and stops, 15 s", STAND_BESIDE, 15, 0.03, 10,
                        600, 0, 8 },
    [WAY_DRIVES_30] = { "drives up to 30 m before it and stops, 15 s", STAND_BESIDE, 15, 0.03, 30,
                        600, 0, 8 },
    [WAY_DRIVES_30_60] = { "drives up to 30 m before it and stops, 60 s", STAND_BESIDE, 60, 0.03,
                           30, 600, 0, 8 },
};

const char *ways_name(enum way_kind kind)
{
    return kinds[kind].name;
}

static struct metres polar(double far, double angle)
{
    return (struct metres){ far * cos(angle), far * sin(angle) };
}

/* From 4 to 5 km off to the turn, and as far on. */
static void drive(const struct kind *kind, double turn, struct rng *rng, struct path *path)
{
    double angle = rng_between(rng, 0, 2 * M_PI), off = kind->beside + radius;
    struct metres by = polar(turn != 0 ? rng_between(rng, 0, 60) : off, angle + M_PI / 2);
    struct metres from = polar(rng_between(rng, 4000, 5000), angle + M_PI);
    struct metres on = polar(4500, angle + turn);

    path_start(path, (struct metres){ by.x + from.x, by.y + from.y });
    path_wait(path, rng_between(rng, 0, 60));
    path_go(path, by, mph_30);
    path_go(path, (struct metres){ by.x + on.x, by.y + on.y }, mph_30);
}

static void stay(const struct kind *kind, struct rng *rng, struct path *path)
{
    double angle = rng_between(rng, 0, 2 * M_PI);
    struct metres spot = polar(radius + kind->beside, angle), from = polar(radius + 600, angle);

    path_start(path, kind->comes > 0 ? from : spot);
    path_wait(path, 300);
    if (kind->comes > 0)
        path_go(path, spot, kind->comes);
    path_wait(path, kind->seconds);
    if (kind->comes > 0)
        path_go(path, from, kind->comes);
    path_wait(path, 300);
}

/* One fix an hour comes from the middle: half of them tell a good accuracy, half 55 m. */
static void leap(struct run *run, struct rng *rng)
{
    double next = rng_between(rng, 3600, 5400);

    for (size_t i = 0; i < run->n; i++) {
        struct fix *fix = &run->fixes[i];

        if (fix->t < next || fix->t > run->end - 600)
            continue;
        next = fix->t + rng_between(rng, 3000, 4200);
        fix->seen.at = polar(rng_between(rng, 0, 50), rng_between(rng, 0, 2 * M_PI));
        fix->seen.accuracy = rng_chance(rng, 0.5) ? 6 : 55;
        fix->distance = hypot(fix->seen.at.x, fix->seen.at.y) - radius;
    }
}

static struct gps receiver(const struct kind *kind, enum way_kind which, struct rng *rng)
{
    struct gps gps = gps_of(SKY_STREET, CLAIM_RIGHT, rng);

    if (kind->accuracy > 0 || which == WAY_DRIFTS)
        gps.burst_next = INFINITY;
    if (kind->accuracy > 0)
        gps.usual = kind->accuracy;
    if (which == WAY_DRIFTS) {
        gps.claim = CLAIM_ABSENT;
        gps.tau = 1800;
        gps.usual = rng_between(rng, 6, 12);
    }
    return gps;
}

void ways_run(struct sim *sim, enum way_kind which, size_t n, struct results *out)
{
    const struct kind *kind = &kinds[which];
    const struct site *site = &sim->sites[CIRCLE_100];
    const struct link link = { kind->loss, 0, 0 };
    struct setting setting = { .behaviour = kind->behaviour, .claim = CLAIM_RIGHT };

    for (size_t i = 0; i < n; i++) {
        struct rng rng = rng_of(sim->seed, KINDS_APART + (uint64_t)which, i);
        double turn = which == WAY_BENT ? rng_between(&rng, 0.7, 1.9) : 0;
        struct gps gps;

        if (kind->seconds > 0)
            stay(kind, &rng, &sim->path);
        else
            drive(kind, turn, &rng, &sim->path);
        if (!truth_find(&sim->path, &site->area, &sim->run.truth))
            errx(1, "%s: too many stays", kind->name);
        gps = receiver(kind, which, &rng);
        run_simulate(&sim->run, &sim->path, &site->area, &gps, &link, kind->interval, &rng);
        if (which == WAY_LEAPS)
            leap(&sim->run, &rng);
        sim_score(sim, &setting, site, false, out);
    }
}
