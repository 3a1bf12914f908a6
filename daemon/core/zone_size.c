/* SPDX-License-Identifier: Apache-2.0 */
/* zone_size.c - how large a zone is. */
#include "core/zone.h"
#include "core/zone_parts.h"

#include <math.h>

double zone_width(const struct zone *zone)
{
    return fmin((zone->box.ne.lon - zone->box.sw.lon) * zone->plane.east,
                (zone->box.ne.lat - zone->box.sw.lat) * zone->plane.north);
}

double zone_radius(const struct zone *zone)
{
    return zone->polygon == NULL ? zone->grown : NAN;
}
