/* SPDX-License-Identifier: Apache-2.0 */
#include "core/projected.h"

#include <math.h>

static const double most_degrees = 1000; // somewhat more than anybody writes by mistake
static const double grid_east = 700000, grid_north = 1300000;

/* The grid begins south-west of Scilly, so nothing in it is negative. */
static bool is_grid(double east, double north)
{
    return east <= grid_east && north <= grid_north;
}

bool projected_not(const struct lonlat_box *box, struct fault *why)
{
    double low = fmin(box->sw.lon, box->sw.lat), east = box->ne.lon, north = box->ne.lat;
    double most = fmax(fmax(fabs(low), fabs(east)), fabs(north));

    if (!isfinite(most) || most <= most_degrees)
        return true;
    if (low >= 0 && (is_grid(east, north) || is_grid(north, east)))
        fault_set(why, PROJECTED_GRID ": " PROJECTED_WANTED);
    else
        fault_set(why, PROJECTED_OTHER ": " PROJECTED_WANTED);
    return fault_add_secret(why, " (%.10g..%.10g, %.10g..%.10g)", box->sw.lon, box->ne.lon,
                            box->sw.lat, box->ne.lat);
}
