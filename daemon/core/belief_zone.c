/* SPDX-License-Identifier: Apache-2.0 */
/* belief_zone.c - how much of a belief lies in a zone now. */
#include "core/belief_parts.h"
#include "core/special.h"

#include <math.h>

static const double beyond = 6;      // sd: farther off, or deeper, than any mass
static const double round_small = 8; // sd: a circle of a lesser radius is reckoned as one
static const double flat = 10;       // metres sd: to less, each edge is straight
static const double too_light = 1e-5;

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
    static const struct metres ring[] = {
        { 1, 0 },  { 0.5, half_root_3 },   { -0.5, half_root_3 },
        { -1, 0 }, { -0.5, -half_root_3 }, { 0.5, -half_root_3 }
    };
    double left = sd * 0.70710678118654752440, sum = 0;

    for (int i = 0; i < 6; i++) {
        struct metres point = belief_along(at, ring[i], sd);

        sum += special_normal(-zone->distance(zone->area, point, beyond * left) / left);
    }
    return sum / 6;
}

static double mass(const struct belief_zone *zone, struct metres at, double variance)
{
    double sd = sqrt(variance), distance = zone->distance(zone->area, at, beyond * sd);

    if (distance > beyond * sd)
        return 0;
    if (distance < -beyond * sd)
        return 1;
    if (zone->radius < round_small * sd)
        return mass_of_circle(distance + zone->radius, zone->radius, variance);
    if (isnan(zone->radius) && sd > flat)
        return mass_of_ring(zone, at, sd);
    return special_normal(-distance / sd);
}

double belief_inside(const struct belief *belief, const struct belief_zone *zone)
{
    double sum = 0;

    for (uint32_t i = 0; i < belief->n; i++) {
        const struct belief_component *c = &belief->components[i];

        if (c->weight > too_light)
            sum += c->weight * mass(zone, c->at, c->pp);
    }
    return belief_least(sum, 1);
}
