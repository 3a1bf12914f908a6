/* SPDX-License-Identifier: Apache-2.0 */
/* belief_bridge.c - between two ends that are known, by what places a way led. */
#include "core/belief_parts.h"
#include "core/special.h"

#include <math.h>

static const double sure = 0.999;
static const double improbable = 3;  // sd: what is farther off has a share of 0.001
static const double singular = 1e-9; // a determinant below has no inverse worth using
static const double long_way = 400;  // metres: more points
static const double least_variance = 0.01;
enum { POINTS = 7, POINTS_LONG = 11, POINTS_A_LEG = 2 };

static const double cornered = 0.5;   // of ways that turn, those that do so at a corner
static const double sharp = 0.3;      // sine of the least turn that is one
static const double least_speed2 = 4; // m2/s2: of slower ones the course is not known
static const double longest = 1.5;    // times the gap, that both legs may take

double belief_restless(const struct belief_model *model, enum belief_mode mode, double seconds)
{
    double tau = model->tau[mode];

    // Velocity is stiffer than white acceleration when that is long.
    return 2 * belief_square(model->speed[mode]) / tau * (seconds > tau ? tau / seconds : 1);
}

void belief_smooth(struct belief_bridge *bridge, const struct belief_gait *gait)
{
    double e = gait->keep, b = gait->reach;
    struct belief_spread s = bridge->start, end = bridge->end;
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
    bridge->both =
        (struct belief_cross){ gpp * end.pp + gpv * end.pv, gpp * end.pv + gpv * end.vv,
                               gvp * end.pp + gvv * end.pv, gvp * end.pv + gvv * end.vv };
}

/* The probability of being inside at `part`, 0..1, of the way. */
static double inside_at(const struct belief_bridge *bridge, double part,
                        const struct belief_zone *zone)
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

/* On the cubic curve. */
static double inside_on_curve(const struct belief_bridge *bridge, const struct belief_zone *zone)
{
    double length2 = belief_square_of(belief_from(bridge->from, bridge->to));
    int points = length2 > long_way * long_way ? POINTS_LONG : POINTS;
    double best = 0;

    for (int i = 1; i <= points && best <= sure; i++)
        best = belief_most(best, inside_at(bridge, (double)i / (points + 1), zone));
    return best;
}

/* The same way with one corner: seconds straight on from the start, and straight to the end. */
struct corner {
    double on, back;
};

/* False: the velocities at the ends do not meet between them. */
static bool find_corner(const struct belief_bridge *bridge, struct corner *out)
{
    struct metres u = bridge->leaving, w = bridge->arriving;
    struct metres way = belief_from(bridge->from, bridge->to);
    double u2 = belief_square_of(u), w2 = belief_square_of(w), turn = u.x * w.y - u.y * w.x;

    if (!(u2 > least_speed2 && w2 > least_speed2 && turn * turn > sharp * sharp * u2 * w2))
        return false;
    *out =
        (struct corner){ (way.x * w.y - way.y * w.x) / turn, (u.x * way.y - u.y * way.x) / turn };
    return out->on > 0 && out->back > 0 && out->on + out->back <= longest * bridge->seconds;
}

/* Of who is so many seconds from an end: the farther, the less is known where. */
static double spread_off(const struct belief_spread *end, double seconds)
{
    return end->pp + seconds * seconds * end->vv;
}

static double inside_by(struct metres at, double variance, const struct belief_zone *zone)
{
    double sd = sqrt(belief_most(variance, least_variance));

    return special_normal(-zone->distance(zone->area, at, 2 * improbable * sd) / sd);
}

double belief_starts_in(const struct belief_bridge *bridge, const struct belief_zone *zone)
{
    return inside_by(bridge->from, bridge->start.pp, zone);
}

static double inside_on_legs(const struct belief_bridge *bridge, const struct corner *corner,
                             const struct belief_zone *zone)
{
    double best = inside_by(
        belief_along(bridge->from, bridge->leaving, corner->on),
        (spread_off(&bridge->start, corner->on) + spread_off(&bridge->end, corner->back)) / 2,
        zone);

    for (int i = 1; i <= POINTS_A_LEG && best <= sure; i++) {
        double on = corner->on * i / (POINTS_A_LEG + 1),
               back = corner->back * i / (POINTS_A_LEG + 1);

        best = belief_most(best, inside_by(belief_along(bridge->from, bridge->leaving, on),
                                           spread_off(&bridge->start, on), zone));
        best = belief_most(best, inside_by(belief_along(bridge->to, bridge->arriving, -back),
                                           spread_off(&bridge->end, back), zone));
    }
    return best;
}

double belief_crosses(const struct belief_bridge *bridge, const struct belief_zone *zone)
{
    double curve = inside_on_curve(bridge, zone);
    struct corner corner;

    if (!find_corner(bridge, &corner))
        return curve;
    return (1 - cornered) * curve + cornered * inside_on_legs(bridge, &corner, zone);
}

/*
 * Metres that the way may lead beside the line between its ends. The curve lies in the hull of its
 * ends and of what is a third of the way on from each by the velocity there (as Bézier's); who
 * turns at a corner is no farther off than half of what he can go; sds add up at the most, and no
 * weight of Hermite's is over 1, or 4/27 of the seconds.
 */
static double bulge(const struct belief_bridge *bridge)
{
    double s = bridge->seconds;
    double fast2 =
        belief_most(belief_square_of(bridge->leaving), belief_square_of(bridge->arriving));
    double sd = sqrt(bridge->q * s * s * s / 192) + sqrt(bridge->start.pp) + sqrt(bridge->end.pp) +
                4 * s / 27 * (sqrt(bridge->start.vv) + sqrt(bridge->end.vv));

    return sqrt(fast2) * s / 2 + improbable * sd;
}

bool belief_passes(const struct belief_bridge *bridge, const struct belief_zone *zone)
{
    double length = sqrt(belief_square_of(belief_from(bridge->from, bridge->to)));
    double spare = 2 * bulge(bridge);

    // No place on the line between the ends is nearer than half of what they are farther together.
    return zone->distance(zone->area, bridge->to, length + spare) +
               zone->distance(zone->area, bridge->from, length + spare) - length >
           spare;
}
