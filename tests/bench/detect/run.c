/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/run.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>

static const double null_island = 5e6; // metres from Essex to 0,0

const struct link link_usual = { 0.03, 0.02, 0.005 };

void run_add(struct run *run, const struct fix *fix)
{
    if (run->n == run->room) {
        run->room = run->room == 0 ? 4096 : 2 * run->room;
        run->fixes = reallocarray(run->fixes, run->room, sizeof *run->fixes);
        if (run->fixes == NULL)
            err(1, "run");
    }
    run->fixes[run->n++] = *fix;
}

static int by_arrival(const void *a, const void *b)
{
    const struct fix *x = a, *y = b;

    if (x->arrival != y->arrival)
        return x->arrival < y->arrival ? -1 : 1;
    return (x->t > y->t) - (x->t < y->t);
}

void run_sort(struct run *run)
{
    qsort(run->fixes, run->n, sizeof *run->fixes, by_arrival);
}

void run_fini(struct run *run)
{
    free(run->fixes);
    *run = (struct run){ 0 };
}

static void send(struct run *run, struct fix *fix, const struct link *link, struct rng *rng)
{
    bool lost = rng_chance(rng, link->loss), held = rng_chance(rng, link->held);
    bool twice = rng_chance(rng, link->twice);

    fix->arrival = fix->t + 0.2 + rng_exponential(rng, 0.8) + (held ? rng_between(rng, 5, 120) : 0);
    if (lost)
        return;
    run_add(run, fix);
    if (!twice)
        return;
    fix->arrival += rng_exponential(rng, 5);
    run_add(run, fix);
}

void run_simulate(struct run *run, const struct path *path, const struct area *area,
                  struct gps *gps, const struct link *link, double interval, struct rng *rng)
{
    size_t leg = 0;

    run->n = 0;
    run->end = path_end(path);
    for (double t = interval * rng_unit(rng); t < run->end; t += interval) {
        struct metres at = path_at(path, t, &leg);
        struct fix fix = { .t = t, .true_distance = area_distance(area, at) };

        fix.seen = gps_fix(gps, t, at, area->core, rng);
        fix.error = hypot(fix.seen.at.x - at.x, fix.seen.at.y - at.y);
        fix.distance = fix.seen.null ? null_island : area_distance(area, fix.seen.at);
        send(run, &fix, link, rng);
    }
    run_sort(run);
}

void run_hold(struct run *run, double from, double until)
{
    double row = 0;

    for (size_t i = 0; i < run->n; i++) {
        struct fix *fix = &run->fixes[i];

        if (fix->t >= from && fix->t < until)
            fix->arrival = until + 1 + (row += 0.001);
    }
    run_sort(run);
}
