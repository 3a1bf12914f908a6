/* SPDX-License-Identifier: Apache-2.0 */
#include "core/estimate.h"

#include "core/evidence.h"
#include "core/motion.h"
#include "core/plane.h"

#include <assert.h>
#include <math.h>

static_assert(sizeof(struct estimate) <= 1024, "what a device costs more while it is near");

static const double farthest = 100e3; // metres from the plane's origin: an affine map has an end
static const double twin_m = 0.001;
static const double radius_in_sigmas = 1.5096; // of 68 %, see evidence.c
/*
 * Of what is reckoned: who was not heard for a century may be anywhere, with a variance of 5e13 m2
 * by the motion of who drives.
 */
static const double most = 1e15;

static bool is_far(const struct estimate *estimate, struct lonlat at)
{
    struct plane plane = plane_at(estimate->origin);
    struct metres off = plane_project(&plane, at);

    return fabs(off.x) > farthest || fabs(off.y) > farthest;
}

static void hear(struct estimate *estimate, const struct position *at, struct belief_step *out_step)
{
    struct plane plane;
    struct belief_fix fix = { .when = at->time, .accuracy = at->accuracy };
    bool twin = estimate->heard.ms == at->time.ms;

    if (estimate->belief.n == 0 || is_far(estimate, at->at))
        *estimate = (struct estimate){ .origin = at->at };
    // What is heard is of the present, whatever a clock made of the last one.
    if (estimate->belief.when.ms >= at->time.ms)
        estimate->belief.when = utc_plus(at->time, -1);
    plane = plane_at(estimate->origin);
    fix.at = plane_project(&plane, at->at);
    // Of one instant twice it is the better twin of a coarse one, and no frozen fix.
    fix.at.x += twin ? twin_m : 0;
    belief_hear(&belief_usual, &estimate->belief, &fix, out_step);
    estimate->heard = at->time;
}

/* Who is met again after he was far has the receiver that he had. */
static void hear_next(struct known_device *device, const struct position *at,
                      struct belief_step *out_step)
{
    struct belief *belief = &device->estimate->belief;
    bool met = belief->n == 0;

    hear(device->estimate, at, out_step);
    if (met && belief->n > 0 && device->error_scale > 0)
        belief->scale = device->error_scale;
}

void estimate_hear(struct known_device *device, const struct position *at,
                   struct belief_step *out_step)
{
    struct estimate *estimate = device->estimate;

    assert(estimate != NULL);
    estimate_let_go(device);
    for (size_t i = 0; i < TRAIL_PLACES; i++) {
        const struct position *place = &device->trail[(device->trail_next + i) % TRAIL_PLACES].at;

        if (place->time.ms != 0 && place->time.ms < at->time.ms &&
            (estimate->belief.n == 0 || place->time.ms > estimate->heard.ms))
            hear_next(device, place, out_step);
    }
    // The trail may be too short to say how long he rested, or a receiver seem to go by its errors.
    if (estimate->belief.n > 0)
        estimate->belief.rested = fmax(estimate->belief.rested, device->rested);
    hear_next(device, at, out_step);
}

void estimate_meet(struct known_device *device, const struct position *at,
                   struct belief_step *out_step)
{
    assert(device->estimate != NULL);
    *device->estimate = (struct estimate){ .origin = at->at };
    hear(device->estimate, at, out_step);
}

void estimate_let_go(struct known_device *device)
{
    const struct step *newest =
        &device->trail[(device->trail_next + TRAIL_PLACES - 1) % TRAIL_PLACES];
    struct utc time = estimate_time(device);

    if (time.ms == 0 || newest->at.time.ms - time.ms <= TRAIL_AGE_MS ||
        newest->at.time.ms - device->estimate->heard.ms <= TRAIL_AGE_MS)
        return;
    device->error_scale = device->estimate->belief.scale;
    *device->estimate = (struct estimate){ .origin = { 0 } };
}

struct utc estimate_time(const struct known_device *device)
{
    bool any = device->estimate != NULL && device->estimate->belief.n > 0;

    return any ? device->estimate->belief.when : (struct utc){ 0 };
}

bool estimate_is_newest(const struct known_device *device)
{
    struct utc time = estimate_time(device);

    return device->heard && time.ms != 0 && time.ms == device->newest.time.ms;
}

/* ---- zones ---- */

struct area {
    struct plane plane;
    const struct zone *zone;
};

static double distance(const void *area, struct metres at, double horizon)
{
    const struct area *of = area;

    return zone_distance(of->zone, plane_unproject(&of->plane, at), horizon);
}

static struct area area_of(const struct known_device *device, const struct zone *zone)
{
    return (struct area){ plane_at(device->estimate->origin), zone };
}

static struct belief_zone zone_of(const struct area *area)
{
    return (struct belief_zone){ distance, area, zone_radius(area->zone) };
}

struct belief_view estimate_evaluate(const struct known_device *device,
                                     const struct belief_step *step, const struct zone *zone)
{
    struct area area = area_of(device, zone);
    struct belief_zone as = zone_of(&area);

    return belief_evaluate(&belief_usual, &device->estimate->belief, step, &as);
}

double estimate_inside(const struct known_device *device, const struct zone *zone)
{
    struct area area = area_of(device, zone);
    struct belief_zone as = zone_of(&area);

    return belief_inside(&device->estimate->belief, &as);
}

static double distance_of_last(const struct area *area, const struct belief_step *step)
{
    return zone_distance(area->zone, plane_unproject(&area->plane, step->last), INFINITY);
}

bool estimate_was_outside(const struct known_device *device, const struct belief_step *step,
                          const struct zone *zone)
{
    struct area area = area_of(device, zone);

    return distance_of_last(&area, step) > 0;
}

bool estimate_was_vague(const struct known_device *device, const struct belief_step *step,
                        const struct zone *zone, double sure)
{
    struct area area = area_of(device, zone);
    double now = device->estimate->belief.deviation;

    return now > 0 && step->deviation >= ESTIMATE_VAGUE * now &&
           evidence_inside(distance_of_last(&area, step), radius_in_sigmas * step->deviation) <
               sure;
}

double estimate_was(const struct known_device *device, const struct belief_step *step,
                    const struct zone *zone)
{
    struct area area = area_of(device, zone);
    struct belief_zone as = zone_of(&area);

    return distance_of_last(&area, step) <= 0
               ? belief_was(&belief_usual, &device->estimate->belief, step, &as)
               : 0;
}

double estimate_way(const struct known_device *device, const struct belief_step *step,
                    const struct zone *zone)
{
    struct area area = area_of(device, zone);
    struct belief_zone as = zone_of(&area);

    return belief_way(&belief_usual, &device->estimate->belief, step, &as);
}

double estimate_way_before(const struct known_device *device, const struct belief_step *step,
                           const struct zone *zone)
{
    struct area area = area_of(device, zone);
    struct belief_zone as = zone_of(&area);

    return belief_way_before(&belief_usual, &device->estimate->belief, step, &as);
}

double estimate_soon(const struct known_device *device, const struct zone *zone, double seconds,
                     double within)
{
    struct area area = area_of(device, zone);
    struct belief_zone as = zone_of(&area);

    return belief_soon(&belief_usual, &device->estimate->belief, seconds, &as, zone_width(zone),
                       within);
}

/* ---- what comes back from disk ---- */

static bool is_number(double value)
{
    return fabs(value) <= most; // NaN is not
}

static bool is_positive(double value)
{
    return value >= 0 && value <= most;
}

static bool is_component(const struct belief_component *c)
{
    return c->weight >= 0 && c->weight <= 1.001 && is_number(c->at.x) && is_number(c->at.y) &&
           is_number(c->velocity.x) && is_number(c->velocity.y) && is_number(c->slow.x) &&
           is_number(c->slow.y) && is_positive(c->pp) && is_number(c->pv) && is_number(c->pu) &&
           is_positive(c->vv) && is_number(c->vu) && is_positive(c->uu) && c->mode < BELIEF_MODES &&
           c->quality < BELIEF_QUALITIES;
}

static bool is_origin(const struct belief_origin *o)
{
    return is_number(o->at.x) && is_number(o->at.y) && is_number(o->velocity.x) &&
           is_number(o->velocity.y) && is_positive(o->pp) && is_number(o->pv) &&
           is_positive(o->vv) && o->mode < BELIEF_MODES && o->born <= 1;
}

bool estimate_settle(const struct estimate *estimate)
{
    const struct belief *belief = &estimate->belief;
    double sum = 0;
    bool ok = belief->n <= BELIEF_COMPONENTS && belief->when.ms >= 0 &&
              belief->when.ms < UTC_END.ms && estimate->heard.ms >= 0 &&
              estimate->heard.ms < UTC_END.ms && is_number(belief->last.x) &&
              is_number(belief->last.y) && is_positive(belief->rested) &&
              is_positive(belief->deviation) && belief->came >= 0 && belief->came <= 1 &&
              is_positive(belief->seconds) && lonlat_valid(estimate->origin);

    if (belief->n == 0)
        return true;
    for (uint32_t i = 0; ok && i < belief->n; i++) {
        ok = is_component(&belief->components[i]) &&
             (i >= BELIEF_ORIGINS || is_origin(&belief->origins[i]));
        sum += belief->components[i].weight;
    }
    return ok && belief->scale > 0 && belief->scale <= 10 && fabs(sum - 1) < 0.01;
}
