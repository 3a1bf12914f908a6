/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/gps.h"

#include <math.h>

static const double radius_in_sigmas = 1.5096; // 68 % of a round Gaussian
enum { WILD_CALM = 5 };

static const double swell_tau = 120, swell_size = 0.25;
static const double going = 0.3; // m/s since the fix before

static const struct {
    const char *name;
    double low, high;   // metres: the usual 68 % radius
    double burst_every; // seconds; 0: never
} skies[SKIES] = {
    [SKY_OPEN] = { "open sky, 3 to 6 m", 3, 6, 0 },
    [SKY_STREET] = { "street, 6 to 15 m", 6, 15, 3600 },
    [SKY_CANYON] = { "urban canyon, 15 to 40 m", 15, 40, 900 },
};

const char *sky_name(enum sky sky)
{
    return skies[sky].name;
}

const char *claim_name(enum claim claim)
{
    static const char *const names[CLAIMS] = { "right", "optimistic by 2", "absent" };

    return names[claim];
}

struct gps gps_of(enum sky sky, enum claim claim, struct rng *rng)
{
    struct gps gps = { .sky = sky,
                       .claim = claim,
                       .usual = rng_log_between(rng, skies[sky].low, skies[sky].high),
                       .tau = rng_log_between(rng, 10, 600),
                       .swell = swell_size * rng_normal(rng),
                       .slow = { rng_normal(rng), rng_normal(rng) },
                       .was = { NAN, NAN },
                       .moving = 1,
                       .burst_next = INFINITY,
                       .calm_left = WILD_CALM };

    if (skies[sky].burst_every > 0)
        gps.burst_next = rng_exponential(rng, skies[sky].burst_every);
    return gps;
}

/* One step of a Gauss-Markov process of variance 1. */
static double drift(double before, double kept, struct rng *rng)
{
    return kept * before + sqrt(1 - kept * kept) * rng_normal(rng);
}

static void advance(struct gps *gps, double t, struct rng *rng)
{
    double kept = exp(-(t - gps->last) / gps->tau);
    double swell_kept = exp(-(t - gps->last) / swell_tau);

    gps->slow.x = drift(gps->slow.x, kept, rng);
    gps->slow.y = drift(gps->slow.y, kept, rng);
    gps->swell = swell_size * drift(gps->swell / swell_size, swell_kept, rng);
    if (t >= gps->burst_next) {
        double angle = rng_between(rng, 0, 2 * M_PI), far = rng_between(rng, 2, 5) * gps->usual;

        gps->burst = (struct metres){ far * cos(angle), far * sin(angle) };
        gps->burst_until = t + rng_exponential(rng, 25);
        gps->burst_next = gps->burst_until + rng_exponential(rng, skies[gps->sky].burst_every);
    }
    gps->last = t;
}

static double claimed(const struct gps *gps, double radius)
{
    return gps->claim == CLAIM_ABSENT ? NAN : gps->claim == CLAIM_OPTIMISTIC ? radius / 2 : radius;
}

/* A row of wild fixes begins: how many, where, and how sure they say they are. */
static void go_wild(struct gps *gps, struct metres target, struct rng *rng)
{
    bool mast = rng_chance(rng, 0.5);

    gps->wild_left = 1 + (int)((mast && gps->claim != CLAIM_ABSENT ? 3 : 2) * rng_unit(rng));
    gps->calm_left = WILD_CALM;
    gps->wild_accuracy = mast ? rng_log_between(rng, 500, 15000) : rng_between(rng, 5, 20);
    gps->wild_at =
        (struct metres){ target.x + rng_between(rng, -5, 5), target.y + rng_between(rng, -5, 5) };
}

struct seen gps_fix(struct gps *gps, double t, struct metres at, struct metres target,
                    struct rng *rng)
{
    double radius, claim, sigma;
    struct seen seen = { 0 };
    // Of a first fix nothing tells that he goes.
    bool goes = hypot(at.x - gps->was.x, at.y - gps->was.y) > going * (t - gps->last);

    advance(gps, t, rng);
    gps->was = at;
    claim = radius = gps->usual * exp(gps->swell);
    if (goes) {
        radius *= gps->moving;
        claim = gps->moving_reported ? radius : claim;
    }
    if (gps->wild && gps->wild_left == 0 && gps->calm_left-- <= 0 && rng_chance(rng, 1.0 / 40))
        go_wild(gps, target, rng);
    if (gps->wild_left > 0) {
        gps->wild_left--;
        // A receiver that says nothing of its accuracy says nothing of a mast's either.
        return (struct seen){ .at = gps->wild_at,
                              .accuracy = gps->claim == CLAIM_ABSENT ? NAN : gps->wild_accuracy,
                              .null = rng_chance(rng, 0.1) };
    }
    if (rng_chance(rng, 0.002)) { // an outlier; half of the receivers notice
        radius *= rng_between(rng, 3, 10);
        claim = rng_chance(rng, 0.5) ? radius : claim;
    }
    sigma = radius / radius_in_sigmas;
    seen.at.x = at.x + sigma * (sqrt(0.8) * gps->slow.x + sqrt(0.2) * rng_normal(rng));
    seen.at.y = at.y + sigma * (sqrt(0.8) * gps->slow.y + sqrt(0.2) * rng_normal(rng));
    if (t < gps->burst_until) {
        seen.at.x += gps->burst.x;
        seen.at.y += gps->burst.y;
        claim *= 1.5;
    }
    seen.accuracy = claimed(gps, claim);
    return seen;
}
