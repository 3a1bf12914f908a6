/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lonlat.h"

#include "core/plane.h"

#include <math.h>

bool lonlat_valid(struct lonlat at)
{
    return isfinite(at.lon) && isfinite(at.lat) && fabs(at.lon) <= 180 && fabs(at.lat) <= 90;
}

bool lonlat_box_holds(const struct lonlat_box *box, struct lonlat at)
{
    return at.lon >= box->sw.lon && at.lon <= box->ne.lon && at.lat >= box->sw.lat &&
           at.lat <= box->ne.lat;
}

double lonlat_distance(struct lonlat a, struct lonlat b)
{
    double dlon = remainder(b.lon - a.lon, 360); // the short way round, also across 180
    struct plane mean = plane_at((struct lonlat){ a.lon, (a.lat + b.lat) / 2 });

    return hypot(dlon * mean.east, (b.lat - a.lat) * mean.north);
}
