/* SPDX-License-Identifier: Apache-2.0 */
/* belief_way.c - whether the way of late led through a zone: a bridge a component. */
#include "core/belief_parts.h"

static const double too_light = 5e-3;
static const double moving_least = 0.5;
static const double mast_pp = BELIEF_MAST_M * BELIEF_MAST_M / 2.3; // m2: a mast places nobody

/* Of who went in mode `mode`, in that gap: from rest and to rest there is half of a way. */
static struct belief_bridge bridge_of(const struct belief_model *model,
                                      const struct belief_component *c,
                                      const struct belief_origin *from, enum belief_mode mode,
                                      double seconds)
{
    double s2 = belief_square(model->speed[mode]);
    bool same = from->mode == (uint32_t)mode, stops = c->mode == BELIEF_STILL;

    return (struct belief_bridge){ .from = from->at,
                                   .to = c->at,
                                   .leaving = same ? from->velocity : (struct metres){ 0, 0 },
                                   .arriving = stops ? (struct metres){ 0, 0 } : c->velocity,
                                   .start = { from->pp, same ? from->pv : 0, same ? from->vv : s2 },
                                   .end = { c->pp, stops ? 0 : c->pv, stops ? 0 : c->vv },
                                   .seconds = seconds,
                                   .q = belief_restless(model, mode, seconds) };
}

/* Of one component. */
static double way(const struct belief_model *model, const struct belief_component *c,
                  const struct belief_origin *from, double seconds, const struct belief_zone *zone)
{
    enum belief_mode mode = (enum belief_mode)(c->mode != BELIEF_STILL ? c->mode : from->mode);
    struct belief_bridge bridge;

    if (mode == BELIEF_STILL || from->born || c->weight < too_light)
        return 0;
    bridge = bridge_of(model, c, from, mode, seconds);
    if (belief_passes(&bridge, zone))
        return 0;
    if (c->mode != BELIEF_STILL) {
        struct belief_gait gait = belief_gait_of(model, mode, seconds);

        belief_smooth(&bridge, &gait);
    }
    return belief_crosses(&bridge, zone);
}

static bool goes(const struct belief_origin *origin)
{
    return !origin->born && origin->mode != BELIEF_STILL;
}

/*
 * The gap before, of one component: where he went on to says how he came to its end, and so where
 * he turned.
 */
static double way_before(const struct belief_model *model, const struct belief_component *c,
                         const struct belief_origin *middle, const struct belief_origin *from,
                         const struct belief_step *step, const struct belief_zone *zone)
{
    enum belief_mode mode = (enum belief_mode)middle->mode, now = (enum belief_mode)c->mode;
    struct belief_bridge last, bridge;
    struct belief_gait gait;

    if (now == BELIEF_STILL || !goes(middle) || !goes(from) || c->weight < too_light)
        return 0;
    last = bridge_of(model, c, middle, now, step->seconds);
    gait = belief_gait_of(model, now, step->seconds);
    belief_smooth(&last, &gait);
    bridge = (struct belief_bridge){ .from = from->at,
                                     .to = last.from,
                                     .leaving = from->velocity,
                                     .arriving = last.leaving,
                                     .start = { from->pp, from->pv, from->vv },
                                     .end = last.start,
                                     .seconds = step->seconds_before,
                                     .q = belief_restless(model, mode, step->seconds_before) };
    if (belief_passes(&bridge, zone))
        return 0;
    gait = belief_gait_of(model, mode, step->seconds_before);
    belief_smooth(&bridge, &gait);
    return belief_crosses(&bridge, zone);
}

/* Where the component was a fix before, as far as its going on tells. */
static double was(const struct belief_model *model, const struct belief_component *c,
                  const struct belief_origin *from, double seconds, const struct belief_zone *zone)
{
    struct belief_bridge bridge;

    if (from->born || c->weight < too_light || from->pp > mast_pp)
        return 0;
    bridge = bridge_of(model, c, from, (enum belief_mode)from->mode, seconds);
    if (from->mode == BELIEF_STILL && c->mode == BELIEF_STILL) { // he is where he was
        bridge.from = c->at;
        bridge.start.pp = c->pp;
    } else if (from->mode == (uint32_t)c->mode) {
        struct belief_gait gait = belief_gait_of(model, (enum belief_mode)from->mode, seconds);

        belief_smooth(&bridge, &gait);
    }
    return belief_starts_in(&bridge, zone);
}

static bool is_short(double seconds)
{
    return seconds > 0 && seconds <= BELIEF_WAY_S;
}

double belief_way(const struct belief_model *model, const struct belief *belief,
                  const struct belief_step *step, const struct belief_zone *zone)
{
    double moving = 0, sum = 0;

    if (!is_short(step->seconds))
        return 0;
    for (uint32_t i = 0; i < belief->n; i++) {
        bool still =
            belief->components[i].mode == BELIEF_STILL && step->origins[i].mode == BELIEF_STILL;

        moving += still ? 0 : belief->components[i].weight;
    }
    if (moving < moving_least)
        return 0;
    for (uint32_t i = 0; i < belief->n; i++)
        sum += belief->components[i].weight *
               way(model, &belief->components[i], &step->origins[i], step->seconds, zone);
    return sum;
}

double belief_was(const struct belief_model *model, const struct belief *belief,
                  const struct belief_step *step, const struct belief_zone *zone)
{
    double sum = 0;

    for (uint32_t i = 0; i < belief->n && is_short(step->seconds); i++)
        sum += belief->components[i].weight *
               was(model, &belief->components[i], &step->origins[i], step->seconds, zone);
    return sum;
}

double belief_way_before(const struct belief_model *model, const struct belief *belief,
                         const struct belief_step *step, const struct belief_zone *zone)
{
    double sum = 0;

    if (!is_short(step->seconds) || !is_short(step->seconds_before))
        return 0;
    for (uint32_t i = 0; i < belief->n; i++)
        sum += belief->components[i].weight * way_before(model, &belief->components[i],
                                                         &step->origins[i], &step->before[i], step,
                                                         zone);
    return sum;
}
