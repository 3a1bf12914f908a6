/* SPDX-License-Identifier: Apache-2.0 */
/* belief_way.c - whether the way from the fix before led through a zone: a bridge a component. */
#include "core/belief_parts.h"
#include "core/special.h"

#include <math.h>

static const double too_light = 5e-3;
static const double sure = 0.999;
static const double improbable = 3;  // sd: what is farther off has a share of 0.001
static const double singular = 1e-9; // a determinant below has no inverse worth using
static const double long_way = 400;  // metres: more points
static const double least_variance = 0.01;
enum { POINTS = 7, POINTS_LONG = 11 };

/* A symmetric 2 x 2 matrix of place and velocity, and one that is not. */
struct spread {
    double pp, pv, vv;
};
struct cross {
    double pp, pv, vp, vv; // start's place with end's place, with end's velocity, ...
};

/* One component's way: two ends, each with its spread, and how they go together. */
struct bridge {
    struct metres from, to, leaving, arriving; // places, velocities
    struct spread start, end;
    struct cross both;
    double seconds, q; // q: m2/s3 of white acceleration between them
};

/* The start as the end tells of it: one step of Rauch, Tung and Striebel. */
static void smooth(struct bridge *bridge, const struct belief_gait *gait)
{
    double e = gait->keep, b = gait->reach;
    struct spread s = bridge->start, end = bridge->end;
    double fpp = s.pp + 2 * b * s.pv + b * b * s.vv + gait->qpp;
    double fpv = e * (s.pv + b * s.vv) + gait->qpv, fvv = e * e * s.vv + gait->qvv;
    double det = fpp * fvv - fpv * fpv;
    double cpp = s.pp + b * s.pv, cpv = e * s.pv, cvp = s.pv + b * s.vv, cvv = e * s.vv;
    double gpp, gpv, gvp, gvv, dpp = end.pp - fpp, dpv = end.pv - fpv, dvv = end.vv - fvv;
    struct metres off = belief_from(belief_along(bridge->from, bridge->leaving, b), bridge->to);
    struct metres turn = belief_along(bridge->arriving, bridge->leaving, -e);

    if (!(det > singular))
        return;
    gpp = (cpp * fvv - cpv * fpv) / det;
    gpv = (cpv * fpp - cpp * fpv) / det;
    gvp = (cvp * fvv - cvv * fpv) / det;
    gvv = (cvv * fpp - cvp * fpv) / det;
    bridge->from = belief_along(belief_along(bridge->from, off, gpp), turn, gpv);
    bridge->leaving = belief_along(belief_along(bridge->leaving, off, gvp), turn, gvv);
    bridge->start.pp += gpp * (gpp * dpp + gpv * dpv) + gpv * (gpp * dpv + gpv * dvv);
    bridge->start.pv += gvp * (gpp * dpp + gpv * dpv) + gvv * (gpp * dpv + gpv * dvv);
    bridge->start.vv += gvp * (gvp * dpp + gvv * dpv) + gvv * (gvp * dpv + gvv * dvv);
    bridge->both = (struct cross){ gpp * end.pp + gpv * end.pv, gpp * end.pv + gpv * end.vv,
                                   gvp * end.pp + gvv * end.pv, gvp * end.pv + gvv * end.vv };
}

/* Of who went in mode `mode`, in that gap: from rest and to rest there is half of a way. */
static struct bridge bridge_of(const struct belief_model *model, const struct belief_component *c,
                               const struct belief_origin *from, enum belief_mode mode,
                               double seconds)
{
    double s2 = belief_square(model->speed[mode]), tau = model->tau[mode];
    bool same = from->mode == (uint32_t)mode, stops = c->mode == BELIEF_STILL;

    return (struct bridge){ .from = from->at,
                            .to = c->at,
                            .leaving = same ? from->velocity : (struct metres){ 0, 0 },
                            .arriving = stops ? (struct metres){ 0, 0 } : c->velocity,
                            .start = { from->pp, same ? from->pv : 0, same ? from->vv : s2 },
                            .end = { c->pp, stops ? 0 : c->pv, stops ? 0 : c->vv },
                            .seconds = seconds,
                            // Velocity is stiffer than white acceleration when that is long.
                            .q = 2 * s2 / tau * (seconds > tau ? tau / seconds : 1) };
}

/* The probability of being inside at `part`, 0..1, of the way. */
static double inside_at(const struct bridge *bridge, double part, const struct belief_zone *zone)
{
    double t = part, r = 1 - t, s = bridge->seconds;
    double a = (1 + 2 * t) * r * r, b = t * r * r * s;       // Hermite's: from, leaving,
    double c = t * t * (3 - 2 * t), d = t * t * (t - 1) * s; // to, arriving
    struct metres at = { 0, 0 };
    double variance = bridge->q * s * s * s * t * t * t * r * r * r / 3, sd;

    at = belief_along(belief_along(at, bridge->from, a), bridge->leaving, b);
    at = belief_along(belief_along(at, bridge->to, c), bridge->arriving, d);
    variance += a * a * bridge->start.pp + 2 * a * b * bridge->start.pv + b * b * bridge->start.vv;
    variance += c * c * bridge->end.pp + 2 * c * d * bridge->end.pv + d * d * bridge->end.vv;
    variance += 2 * (a * c * bridge->both.pp + a * d * bridge->both.pv + b * c * bridge->both.vp +
                     b * d * bridge->both.vv);
    sd = sqrt(belief_most(variance, least_variance));
    return special_normal(-zone->distance(zone->area, at, 6 * sd) / sd);
}

static double inside_on(const struct bridge *bridge, double length, const struct belief_zone *zone)
{
    int points = length > long_way ? POINTS_LONG : POINTS;
    double best = 0;

    for (int i = 1; i <= points && best <= sure; i++)
        best = belief_most(best, inside_at(bridge, (double)i / (points + 1), zone));
    return best;
}

/*
 * Metres that the way may lead beside the line between its ends. The curve lies in the hull of its
 * ends and of what is a third of the way on from each by the velocity there (as Bézier's); sds add
 * up at the most, and no weight of Hermite's is over 1, or 4/27 of the seconds.
 */
static double bulge(const struct bridge *bridge)
{
    double s = bridge->seconds;
    double fast2 =
        belief_most(belief_square_of(bridge->leaving), belief_square_of(bridge->arriving));
    double sd = sqrt(bridge->q * s * s * s / 192) + sqrt(bridge->start.pp) + sqrt(bridge->end.pp) +
                4 * s / 27 * (sqrt(bridge->start.vv) + sqrt(bridge->end.vv));

    return sqrt(fast2) * s / 3 + improbable * sd;
}

/* Of one component. */
static double way(const struct belief_model *model, const struct belief_component *c,
                  const struct belief_origin *from, double seconds, const struct belief_zone *zone)
{
    enum belief_mode mode = (enum belief_mode)(c->mode != BELIEF_STILL ? c->mode : from->mode);
    double length = sqrt(belief_square_of(belief_from(from->at, c->at))), spare;
    struct bridge bridge;

    if (mode == BELIEF_STILL || from->born || c->weight < too_light)
        return 0;
    bridge = bridge_of(model, c, from, mode, seconds);
    // No place on the line between the ends is nearer than half of what they are farther together.
    spare = 2 * bulge(&bridge);
    if (zone->distance(zone->area, c->at, length + spare) +
            zone->distance(zone->area, from->at, length + spare) - length >
        spare)
        return 0;
    if (c->mode != BELIEF_STILL) {
        struct belief_gait gait = belief_gait_of(model, mode, seconds);

        smooth(&bridge, &gait);
    }
    return inside_on(&bridge, length, zone);
}

double belief_way(const struct belief_model *model, const struct belief *belief,
                  const struct belief_step *step, const struct belief_zone *zone)
{
    double moving = 0, sum = 0;

    if (!(step->seconds > 0) || step->seconds > BELIEF_WAY_S)
        return 0;
    for (uint32_t i = 0; i < belief->n; i++) {
        bool still =
            belief->components[i].mode == BELIEF_STILL && step->origins[i].mode == BELIEF_STILL;

        moving += still ? 0 : belief->components[i].weight;
    }
    if (moving < 0.5)
        return 0;
    for (uint32_t i = 0; i < belief->n; i++)
        sum += belief->components[i].weight *
               way(model, &belief->components[i], &step->origins[i], step->seconds, zone);
    return sum;
}
