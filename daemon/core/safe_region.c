/* SPDX-License-Identifier: Apache-2.0 */
#include "core/safe_region.h"

#include "core/memory.h"

#include <math.h>

/* Of what is measured in two planes: a hundredth, and metres. */
static const double margin_share = 0.01, margin = 5;

/* Degrees: of what is so near to the first zone nothing within `home_reach` looks swapped. */
static const double home_degrees = 4, home_reach = 1;

size_t safety_size(size_t n_devices)
{
    return sizeof(struct safety) + n_devices * sizeof(struct safe_region);
}

void safe_region_stir(const struct respondent *who, struct track *track)
{
    if (!safe_region_quiet(track))
        return;
    if (track->before != NULL)
        memory_take_incidents(track->before, who, track);
    track->safety->quiet = false;
}

bool safe_region_quiet(const struct track *track)
{
    return track->safety != NULL && track->safety->quiet;
}

static bool is_within(struct lonlat at, struct lonlat centre, double degrees)
{
    return fabs(at.lat - centre.lat) <= degrees && fabs(at.lon - centre.lon) <= degrees;
}

/* What is of the past, or not believed, may still matter when no zone says so of the present. */
static bool is_plain(const struct reception *arriving)
{
    return !arriving->elsewhere && !arriving->idle &&
           (arriving->class == ARRIVED_NEW || arriving->class == ARRIVED_FUTURE);
}

bool safe_region_holds(const struct track *track, size_t device_nth,
                       const struct observation *observation)
{
    const struct safe_region *region;

    if (!safe_region_quiet(track) || !is_plain(&observation->arriving))
        return false;
    region = &track->safety->regions[device_nth];
    return lonlat_distance(region->centre, observation->at.at) * (1 + margin_share) +
               observation->horizon <
           region->free;
}

bool safe_region_home(const struct track *track, size_t device_nth, struct lonlat at)
{
    return track->safety != NULL && track->safety->regions[device_nth].home &&
           is_within(at, track->safety->regions[device_nth].centre, home_reach);
}

static bool is_quiet(const struct incident *incident)
{
    return incident->phase == PHASE_NONE && incident->coming_by == 0 && !assessment_alive(incident);
}

void safe_region_note(const struct respondent *who, struct track *track, size_t device_nth,
                      const struct observation *observation)
{
    double free = SAFE_REGION_MAX, ring;
    struct lonlat at = observation->at.at;

    if (track->safety == NULL || !is_plain(&observation->arriving))
        return;
    track_wake(track);
    for (size_t i = 0; i < who->n_exclusions; i++) {
        if (!is_quiet(track->incidents[i]))
            return;
        ring = zone_distance(who->exclusions[i]->zone, at, 0) - who->exclusions[i]->warn;
        free = isnan(ring) ? 0 : fmin(free, ring); // the map gives no answer: it may be here
    }
    track->safety->quiet = true;
    track->safety->regions[device_nth] = (struct safe_region){
        at, (float)fmax(free * (1 - margin_share) - margin, 0),
        who->n_exclusions > 0 && is_within(at, zone_box(who->exclusions[0]->zone).sw, home_degrees)
    };
}
