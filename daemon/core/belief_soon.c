/* SPDX-License-Identifier: Apache-2.0 */
/* belief_soon.c - whether the way that he goes on by will lead into a zone: see belief.h. */
#include "core/belief_parts.h"
#include "core/special.h"

#include <math.h>

static const double too_light = 1e-4;
static const double improbable = 3;     // sd: what is farther off has a share of 0.001
static const double least_speed = 0.1;  // m/s: of slower ones the course is not known
static const double least_variance = 1; // m2
static const double same_place = 0.02;  // part of the way, by which a nearer instant is no other
enum { INSTANTS = 2 };

/* Of what his velocity may turn into: of who goes somewhere, a quarter of what the model has. */
static const double restless = 0.25;

/* A component's way from now on: straight, as the mean of its velocity only gets less. */
struct way {
    const struct belief_model *model;
    const struct belief_component *c;
    const struct belief_zone *zone;
    double width, within; // metres: of the zone with its rim, and of that alone
    double speed;         // m/s, now
    double seconds;
};

/* From the rim. */
static double distance(const struct way *way, struct metres at, double horizon)
{
    return way->zone->distance(way->zone->area, at, horizon + way->within) - way->within;
}

static double spread(const struct way *way, double seconds)
{
    const struct belief_component *c = way->c;
    struct belief_gait gait = belief_gait_of(way->model, (enum belief_mode)c->mode, seconds);
    double b = gait.reach;
    double variance = c->pp + 2 * b * c->pv + b * b * c->vv + restless * gait.qpp;

    return sqrt(belief_most(variance, least_variance));
}

/* Of a way that passes the edge at that distance, the part that leads in, somewhere across. */
static double across(const struct way *way, double distance, double sd)
{
    return special_normal(-distance / sd) - special_normal(-(distance + way->width) / sd);
}

/* When he has gone so many metres, which he will. */
static double seconds_to(const struct way *way, double metres)
{
    double tau = way->model->tau[way->c->mode];
    double left = 1 - metres / (way->speed * tau);

    return left > 0 ? belief_least(-tau * special_log(left), way->seconds) : way->seconds;
}

/*
 * How far he has gone when he is nearest to a round zone that was `before` off at the beginning and
 * is `after` off when he has gone `gone`: by the law of cosines. Of another shape it is a guess.
 */
static double nearest(const struct way *way, double before, double after, double gone)
{
    double from = before + way->width / 2, to = after + way->width / 2;

    return (from * from - to * to + gone * gone) / (2 * gone);
}

/* The likeliest instant of one component: at first as if it led straight there. */
static double of_component(const struct way *way)
{
    double most =
        way->speed * belief_gait_of(way->model, (enum belief_mode)way->c->mode, way->seconds).reach;
    double reach = most + improbable * spread(way, way->seconds), best = 0, gone;
    double before = distance(way, way->c->at, reach);

    if (before > reach)
        return 0;
    if (way->speed < least_speed || !(most > 0))
        return across(way, before, spread(way, way->seconds));
    gone = belief_least(belief_most(before, 0) + way->width / 2, most);
    for (int i = 0; i < INSTANTS && gone > 0; i++) {
        struct metres at = belief_along(way->c->at, way->c->velocity, gone / way->speed);
        double after = distance(way, at, INFINITY), next;

        if (isnan(after))
            return NAN;
        best = belief_most(best, across(way, after, spread(way, seconds_to(way, gone))));
        next = belief_least(nearest(way, before, after, gone), most);
        if (fabs(next - gone) < same_place * gone + 1)
            return best;
        gone = next;
    }
    return gone > 0 ? best : belief_most(best, across(way, before, spread(way, 0)));
}

double belief_soon(const struct belief_model *model, const struct belief *belief, double seconds,
                   const struct belief_zone *zone, double width, double within)
{
    double sum = 0;

    if (belief->n == 0)
        return NAN;
    for (uint32_t i = 0; i < belief->n; i++) {
        const struct belief_component *c = &belief->components[i];
        struct way way = {
            model, c, zone, width + 2 * within, within, sqrt(belief_square_of(c->velocity)), seconds
        };

        if (c->mode != BELIEF_STILL && c->weight >= too_light)
            sum += c->weight * of_component(&way);
    }
    return sum;
}
