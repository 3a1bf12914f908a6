/* SPDX-License-Identifier: Apache-2.0 */
#include "core/vicinity_parts.h"

#include "core/device_watch.h"
#include "core/doubt.h"
#include "core/observation.h"
#include "core/plane.h"

#include <math.h>
#include <string.h>

/*
 * The zone by which it looks swapped, or not: the first one mostly says so, which is an order's
 * first too.
 */
static void add_decider(struct vicinity_choice *choice, const struct ping *ping)
{
    bool swapped;
    size_t nth = doubt_decided_by(choice->who, ping, &swapped);

    if (nth < choice->who->n_exclusions)
        vicinity_add(choice, nth);
}

/* Looks at all of his zones: what the region around the place is. */
static void find_region(struct vicinity_choice *choice, struct lonlat at, struct region *out)
{
    struct vicinity_nearest nearest = { .room = REGION_ZONES, .next = INFINITY };

    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        double metres = vicinity_ring(choice->who->exclusions[i], at);

        vicinity_nearest_add(&nearest, i, isnan(metres) ? -INFINITY : metres);
    }
    out->centre = at;
    out->clear = nearest.next;
    out->free = nearest.metres[0];
    out->n = nearest.n;
    memcpy(out->zones, nearest.zones, nearest.n * sizeof *out->zones);
}

/* Metres that a ping can reach, as observation_now and observation_past have it. */
static double reach_of(const struct vicinity_choice *choice, const struct known_device *device,
                       const struct ping *ping)
{
    const struct detect *detect = choice->watch->detect;
    double moved = device->heard ? lonlat_distance(device->newest.at, ping->at) : 0;

    return observation_horizon(detect, device, ping, moved, device->heard ? detect->path_ms : 0);
}

static bool in_reach(const struct exclusion *exclusion, struct lonlat at, double reach)
{
    double most = fmax(exclusion->warn, reach);

    return !(zone_distance(exclusion->zone, at, most) > most);
}

/* The same, or a little out of it: that is cheaper to know. */
static bool about_in_reach(const struct exclusion *exclusion, struct lonlat at, double reach)
{
    return !(zone_distance(exclusion->zone, at, 0) > fmax(exclusion->warn, reach));
}

/* The way from the place before to a ping's, in metres around that. */
struct leg {
    struct plane plane;
    struct metres from;
    double squared;
};

static struct leg leg_of(struct lonlat from, struct lonlat to)
{
    struct leg leg = { .plane = plane_at(to) };

    leg.from = plane_project(&leg.plane, from);
    leg.squared = leg.from.x * leg.from.x + leg.from.y * leg.from.y;
    return leg;
}

/* Metres from a circle around the zone's box, with its ring, to the way: to choose by alone. */
static double leg_distance(const struct leg *leg, const struct exclusion *exclusion)
{
    struct lonlat_box box = zone_box(exclusion->zone);
    struct metres sw = plane_project(&leg->plane, box.sw), ne = plane_project(&leg->plane, box.ne);
    struct metres centre = { (sw.x + ne.x) / 2, (sw.y + ne.y) / 2 };
    double along = centre.x * leg->from.x + centre.y * leg->from.y;
    double part = leg->squared > 0 ? fmin(fmax(along / leg->squared, 0), 1) : 0;

    return hypot(centre.x - part * leg->from.x, centre.y - part * leg->from.y) -
           hypot(ne.x - sw.x, ne.y - sw.y) / 2 - exclusion->warn;
}

/* All in reach; of more than there is room for, those that are nearest to the way. */
static void add_all_in_reach(struct vicinity_choice *choice, const struct known_device *device,
                             struct lonlat at, double reach)
{
    struct vicinity_nearest nearest = { .room = QUESTION_ZONES_MAX - choice->n, .next = INFINITY };
    struct leg leg = leg_of(device->heard ? device->newest.at : at, at);

    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        const struct exclusion *exclusion = choice->who->exclusions[i];

        if (!vicinity_has(choice, i) && about_in_reach(exclusion, at, reach))
            vicinity_nearest_add(&nearest, i, leg_distance(&leg, exclusion));
    }
    vicinity_add_nearest(choice, &nearest);
}

static void add_in_reach(struct vicinity_choice *choice, size_t nth, const struct ping *ping)
{
    const struct known_device *device = choice->track->devices[nth];
    struct region *region = &choice->surroundings->regions[nth];
    double reach = reach_of(choice, device, ping), moved;

    if (region->n == 0)
        find_region(choice, ping->at, region);
    moved = lonlat_distance(region->centre, ping->at) * 1.01 + 1; // no rounding may cut it short
    if (reach + moved >= region->clear) {
        find_region(choice, ping->at, region);
        moved = 1;
    }
    if (reach + moved >= region->clear)
        add_all_in_reach(choice, device, ping->at, reach);
    for (size_t i = 0; reach + moved >= region->free && i < region->n; i++) {
        if (in_reach(choice->who->exclusions[region->zones[i]], ping->at, reach))
            vicinity_add(choice, region->zones[i]);
    }
}

/* By the ping and its device as watch_ping has them. */
void vicinity_add_ping(struct vicinity_choice *choice)
{
    const struct question *question = choice->question;
    const struct watch *watch = choice->watch;
    const char *device = choice->who->devices[question->device];
    struct ping seen = device_watch_ping(watch, device, &question->ping);
    struct detect room;
    const struct watch own = device_watch(watch, device, &room);

    choice->watch = &own;
    add_decider(choice, &seen);
    // Of one without a fix no zone is asked, see watch.c, and its place is one for nobody's region.
    if (!seen.no_fix)
        add_in_reach(choice, question->device, &seen);
    choice->watch = watch;
}
