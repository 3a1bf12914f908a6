/* SPDX-License-Identifier: Apache-2.0 */
/* belief_zone.c - how much of a belief lies in a zone now. */
#include "core/belief_parts.h"
#include "core/special.h"

#include <math.h>

static const double beyond = 6;      // sd: farther off, or deeper, than any mass
static const double round_small = 8; // sd: a circle of a lesser radius is reckoned as one
static const double flat = 10;       // metres sd: to less, each edge is straight
static const double heavy = 0.03;    // a component of less weight is not worth six distances
static const double too_light = 1e-5;
static const double leap_m = 30;
static const double look_back_s = 10, closes_in = 0.5; // m/s
static const double vague_m = 40;     // sd of a place, beyond which it is not at an edge
static const double undecided = 1e-3; // a mass nearer to 0 or 1 is not worth leaning

/* A zone, and one place's distance from it, by which those of other places are bounded. */
struct yardstick {
    const struct belief_zone *zone;
    struct metres at;
    double distance; // negative inside
};

/* Beyond its horizon no component has any mass: the map need not be exact there. */
static struct yardstick yardstick_of(const struct belief *belief, const struct belief_zone *zone)
{
    struct yardstick stick = { zone, belief->components[0].at, 0 };
    double horizon = 0;

    for (uint32_t i = 0; i < belief->n; i++) {
        const struct belief_component *c = &belief->components[i];
        double apart = sqrt(belief_square_of(belief_from(stick.at, c->at)));

        horizon = belief_most(horizon, apart + beyond * sqrt(c->pp));
    }
    stick.distance = zone->distance(zone->area, stick.at, horizon);
    return stick;
}

/*
 * Sankaran's normal form: the squared distance from a round Gaussian's middle, l = (distance /
 * sd)^2, is noncentral chi-square of two degrees of freedom.
 */
static double mass_of_circle(double middle, double radius, double variance)
{
    double k = 2, l = middle * middle / variance, x = radius * radius / variance;
    double h = 1 - 2 * (k + l) * (k + 3 * l) / (3 * (k + 2 * l) * (k + 2 * l));
    double p = (k + 2 * l) / ((k + l) * (k + l)), m = (h - 1) * (1 - 3 * h);
    double mean = 1 + h * p * (h - 1 - (2 - h) * m * p / 2);

    return special_normal((special_power(x / (k + l), h) - mean) /
                          (h * sqrt(2 * p) * (1 + m * p / 2)));
}

/* Half of the variance lies in the ring, the other half around each of its points. */
static double mass_of_ring(const struct belief_zone *zone, struct metres at, double sd)
{
    static const double half_root_3 = 0.86602540378443864676;
    static const struct metres ring[] = { { 1, 0 },
                                          { 0.5, half_root_3 },
                                          { -1, 0 },
                                          { -0.5, half_root_3 },
                                          { 0.5, -half_root_3 },
                                          { -0.5, -half_root_3 } };
    double left = sd * 0.70710678118654752440, sum = 0;

    for (int i = 0; i < 6; i++) {
        struct metres point = belief_along(at, ring[i], sd);

        sum += special_normal(-zone->distance(zone->area, point, beyond * left) / left);
    }
    return sum / 6;
}

/* A component's; *out_distance is a bound where the mass is 0 or 1 by the yardstick alone. */
static double mass(const struct yardstick *stick, const struct belief_component *c,
                   double *out_distance)
{
    const struct belief_zone *zone = stick->zone;
    double sd = sqrt(c->pp), far = beyond * sd;
    double apart = sqrt(belief_square_of(belief_from(stick->at, c->at))), distance;

    *out_distance = stick->distance;
    if (stick->distance - apart > far)
        return 0;
    if (stick->distance + apart < -far)
        return 1;
    distance = apart > 0 ? zone->distance(zone->area, c->at, far) : stick->distance;
    *out_distance = distance;
    if (distance > far)
        return 0;
    if (distance < -far)
        return 1;
    if (zone->radius < round_small * sd)
        return mass_of_circle(distance + zone->radius, zone->radius, c->pp);
    if (isnan(zone->radius) && sd > flat && c->weight > heavy)
        return mass_of_ring(zone, c->at, sd);
    return special_normal(-distance / sd);
}

double belief_inside(const struct belief *belief, const struct belief_zone *zone)
{
    struct yardstick stick;
    double sum = 0, distance;

    if (belief->n == 0)
        return 0;
    stick = yardstick_of(belief, zone);
    for (uint32_t i = 0; i < belief->n; i++) {
        const struct belief_component *c = &belief->components[i];

        if (c->weight > too_light)
            sum += c->weight * mass(&stick, c, &distance);
    }
    return belief_least(sum, 1);
}

/* Whether the component rests, or comes nearer to the zone, from which it is `distance`. */
static bool comes(const struct belief_component *c, const struct belief_zone *zone, double distance)
{
    struct metres before = belief_along(c->at, c->velocity, -look_back_s);

    if (c->mode == BELIEF_STILL)
        return true;
    // No zone is left faster than he goes.
    if (belief_square_of(c->velocity) < closes_in * closes_in)
        return false;
    return zone->distance(zone->area, before, INFINITY) - distance >= closes_in * look_back_s;
}

/* p with log odds added that are a factor in odds. */
static double tilted(double p, double factor)
{
    return p * factor / (1 + p * (factor - 1));
}

/* Squared metres from a place to the way that somebody goes on by, who may stop anywhere on it. */
static double off_the_way(const struct belief_origin *from, double seconds, struct metres at)
{
    struct metres way = { from->velocity.x * seconds, from->velocity.y * seconds };
    struct metres gone = belief_from(from->at, at);
    double length2 = belief_square_of(way);
    double part = length2 > 0 ? (gone.x * way.x + gone.y * way.y) / length2 : 0;

    return belief_square_of(belief_along(gone, way, -belief_least(belief_most(part, 0), 1)));
}

/* Whether this very fix alone speaks for the story: he had rested, and in it he leapt. */
static bool leaps(const struct belief_component *c, const struct belief_origin *from,
                  const struct belief_step *step)
{
    return step->rested >= BELIEF_RESTED_S &&
           (from->born || off_the_way(from, step->seconds, c->at) > leap_m * leap_m + 4 * from->pp);
}

struct belief_view belief_evaluate(const struct belief_model *model, const struct belief *belief,
                                   const struct belief_step *step, const struct belief_zone *zone)
{
    struct belief_view view = { 0, 0 };
    double lean = model->lean * belief->came, factor = special_exp(lean);
    struct yardstick stick;

    if (belief->n == 0)
        return view;
    stick = yardstick_of(belief, zone);
    for (uint32_t i = 0; i < belief->n; i++) {
        const struct belief_component *c = &belief->components[i];
        double distance, p;

        if (!(c->weight > too_light))
            continue;
        p = mass(&stick, c, &distance);
        if (p > undecided && p < 1 - undecided && comes(c, zone, distance))
            p = tilted(p, c->pp > vague_m * vague_m ? special_exp(lean * vague_m / sqrt(c->pp))
                                                    : factor);
        view.inside += c->weight * p;
        if (!leaps(c, &step->origins[i], step))
            view.proven += c->weight * p;
    }
    view.inside = belief_least(view.inside, 1);
    view.proven = belief_least(view.proven, 1);
    return view;
}
