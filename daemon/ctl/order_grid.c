/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_grid.h"

#include "adapter/print.h"
#include "ctl/projection.h"

#include <stdio.h>

static const double most_degrees = 1000;

static bool read_grid(const char *text, double *east, double *north)
{
    int read = 0;

    return sscanf(text, "%lf , %lf %n", east, north, &read) == 2 && text[read] == '\0';
}

bool order_grid_is(const char *text)
{
    double east, north;

    return read_grid(text, &east, &north) && east > most_degrees && north > most_degrees;
}

bool order_grid_centre(const char *text, const struct lonlat_box *region,
                       char out[ORDER_CENTRE_MAX], struct fault *why)
{
    struct projection *grid;
    struct lonlat at;
    double east, north;
    bool ok;

    if (!read_grid(text, &east, &north))
        return fault_set(why, "\"%.60s\" is not like `571340, 188470` (easting, northing)", text);
    grid = projection_create(PROJECTION_GRID, region, why);
    if (grid == NULL)
        return false;
    ok = projection_take(grid, east, north, &at) ||
         fault_set(why, "%.60s: lies outside of the National Grid", text);
    if (ok) {
        snprintf(out, ORDER_CENTRE_MAX, "%.7f, %.7f", at.lat, at.lon);
        print_line(stderr, "breachctl: %s of the National Grid is %s: by %s, accurate to %g m",
                   text, out, projection_name(grid), projection_accuracy(grid));
    }
    projection_destroy(grid);
    return ok;
}
