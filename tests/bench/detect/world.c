/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/world.h"

#include <math.h>

static const double walking = 1.4, mph_30 = 13.4112;

const double world_beside[BESIDE] = { 10, 20, 30, 50, 100 };

static const struct {
    const char *name;
    bool enters;
} behaviours[BEHAVIOURS] = {
    [STAY_LONG] = { "visit of 1 to 20 min", true },
    [STAY_SHORT] = { "dash of 30 to 60 s", true },
    [WALK_THROUGH] = { "walk through", true },
    [CYCLE_THROUGH] = { "cycle through", true },
    [DRIVE_THROUGH] = { "drive through", true },
    [DRIVE_30MPH] = { "drive through the middle, 30 mph", true },
    [PASS_BY] = { "pass by", false },
    [STAND_BESIDE] = { "stand beside, an hour", false },
    [LIVE_BESIDE] = { "live beside, a day", false },
    [STAY_BUFFERED] = { "visit out of coverage", true },
    [FAR_AWAY] = { "far away, wild fixes", false },
    [REAL_MOVEMENT] = { "real movement", true },
};

const char *behaviour_name(enum behaviour behaviour)
{
    return behaviours[behaviour].name;
}

bool behaviour_enters(enum behaviour behaviour)
{
    return behaviours[behaviour].enters;
}

static double any_angle(struct rng *rng)
{
    return rng_between(rng, 0, 2 * M_PI);
}

/* Foot, cycle or wheels. */
static double any_speed(struct rng *rng)
{
    double u = rng_unit(rng);

    if (u < 0.4)
        return rng_between(rng, 1.0, 1.8);
    return u < 0.6 ? rng_between(rng, 3, 7) : rng_between(rng, 8, 20);
}

/* From half a kilometre off, to the spot, and away again another way. */
static void visit(const struct area *area, struct rng *rng, double depth, double seconds,
                  struct path *path)
{
    double angle = any_angle(rng), away = rng_between(rng, 300, 800), speed = any_speed(rng);
    struct metres spot = area_place(area, angle, -depth);

    path_start(path, area_place(area, angle + rng_between(rng, -0.4, 0.4), away));
    path_wait(path, rng_between(rng, 60, 180));
    path_go(path, spot, speed);
    path_wait(path, seconds);
    path_go(path, area_place(area, angle + rng_between(rng, -0.4, 0.4), away), speed);
    path_wait(path, 180);
}

static void through(const struct area *area, struct rng *rng, double offset, double speed,
                    struct path *path)
{
    double angle = any_angle(rng), run = area->reach + 20 * speed + rng_between(rng, 100, 1000);
    double c = cos(angle), s = sin(angle), length = run + area->reach + 60 * speed + 300;
    struct metres middle = { area->core.x - offset * s, area->core.y + offset * c };

    path_start(path, (struct metres){ middle.x - run * c, middle.y - run * s });
    path_wait(path, rng_between(rng, 120, 180));
    path_go(path, (struct metres){ middle.x + length * c, middle.y + length * s }, speed);
    path_wait(path, 180);
}

/* Of any chord that is at least 10 m deep somewhere. */
static double any_offset(const struct area *area, struct rng *rng)
{
    double most = fmax(area->depth - TRUTH_DEEP_M - 1, 0);

    return rng_between(rng, -most, most);
}

static void pass_by(const struct area *area, struct rng *rng, struct path *path)
{
    double angle = any_angle(rng), speed = any_speed(rng), c = cos(angle), s = sin(angle);
    double off = area_support(area, angle) + rng_between(rng, 15, 150);
    double run = area->reach + 20 * speed + rng_between(rng, 100, 500);
    struct metres foot = { area->core.x + off * c, area->core.y + off * s };

    path_start(path, (struct metres){ foot.x - run * s, foot.y + run * c });
    path_wait(path, rng_between(rng, 60, 180));
    path_go(path, (struct metres){ foot.x + run * s, foot.y - run * c }, speed);
    path_wait(path, 180);
}

/* Outside only: from the home straight away from the core, never across the area. */
static void live_beside(const struct area *area, struct rng *rng, struct path *path)
{
    double angle = any_angle(rng), off = area_support(area, angle) + rng_between(rng, 15, 60);
    double c = cos(angle), s = sin(angle);
    struct metres home = { area->core.x + off * c, area->core.y + off * s };

    path_start(path, home);
    while (path_end(path) < 86400) {
        double away = rng_between(rng, 50, 3000), aside = rng_between(rng, -20, 20);
        bool errand = rng_chance(rng, 0.5);
        double speed = errand && away > 300 ? any_speed(rng) : walking;
        struct metres garden = { home.x + aside * s, home.y - aside * c };
        struct metres there = { home.x + away * c, home.y + away * s };

        path_wait(path, rng_between(rng, 1200, 3 * 3600));
        path_go(path, errand ? there : garden, speed);
        path_wait(path, rng_between(rng, 60, 3600));
        path_go(path, home, speed);
    }
}

static void far_away(const struct area *area, struct rng *rng, struct path *path)
{
    double angle = any_angle(rng);

    path_start(path, area_place(area, angle, rng_between(rng, 2000, 8000)));
    path_wait(path, 1800);
    path_go(path, area_place(area, angle, rng_between(rng, 2000, 8000)), any_speed(rng));
    path_wait(path, 1200);
}

void world_walk(enum behaviour behaviour, const struct area *area, struct rng *rng, size_t nth,
                struct path *path)
{
    switch (behaviour) {
    case STAY_LONG:
        visit(area, rng, rng_between(rng, 11, fmin(area->depth, 150)),
              rng_log_between(rng, 60, 1200), path);
        break;
    case STAY_BUFFERED:
        visit(area, rng, rng_between(rng, 11, fmin(area->depth, 150)),
              rng_log_between(rng, 60, 1200), path);
        path_wait(path, 4000);
        break;
    case STAY_SHORT:
        visit(area, rng, rng_between(rng, 11, 20), rng_between(rng, 30, 60), path);
        break;
    case WALK_THROUGH:
        through(area, rng, any_offset(area, rng), rng_between(rng, 1.0, 1.8), path);
        break;
    case CYCLE_THROUGH:
        through(area, rng, any_offset(area, rng), rng_between(rng, 3, 7), path);
        break;
    case DRIVE_THROUGH:
        through(area, rng, any_offset(area, rng), rng_between(rng, 8, 30), path);
        break;
    case DRIVE_30MPH:
        through(area, rng, 0, mph_30, path);
        break;
    case PASS_BY:
        pass_by(area, rng, path);
        break;
    case STAND_BESIDE:
        path_start(path, area_place(area, any_angle(rng), world_beside[nth % BESIDE]));
        path_wait(path, 3600);
        break;
    case LIVE_BESIDE:
        live_beside(area, rng, path);
        break;
    case FAR_AWAY:
        far_away(area, rng, path);
        break;
    case REAL_MOVEMENT:
    case BEHAVIOURS:
        break;
    }
}
