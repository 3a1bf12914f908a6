/* SPDX-License-Identifier: Apache-2.0 */
#include "core/geodesic_shape.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { COARSE = 16, FINE = 60 };

double geodesic_metres(const struct geod_geodesic *earth, struct lonlat a, struct lonlat b)
{
    double metres;

    geod_inverse(earth, a.lat, a.lon, b.lat, b.lon, &metres, NULL, NULL);
    return metres;
}

struct lonlat geodesic_from(const struct geod_geodesic *earth, struct lonlat at, double azimuth,
                            double metres)
{
    struct lonlat to;

    geod_direct(earth, at.lat, at.lon, azimuth, metres, &to.lat, &to.lon, NULL);
    return to;
}

static struct lonlat between(struct lonlat a, struct lonlat b, double t)
{
    return (struct lonlat){ a.lon + t * (b.lon - a.lon), a.lat + t * (b.lat - a.lat) };
}

/* The distance has one valley along so short a line: thirds are cut off until it is found. */
static double edge_distance(const struct geod_geodesic *earth, struct lonlat a, struct lonlat b,
                            struct lonlat at)
{
    double best = INFINITY, low, high, step = 1.0 / COARSE;
    int nearest = 0;

    for (int i = 0; i <= COARSE; i++) {
        double metres = geodesic_metres(earth, between(a, b, i * step), at);

        if (metres < best) {
            best = metres;
            nearest = i;
        }
    }
    low = fmax((nearest - 1) * step, 0);
    high = fmin((nearest + 1) * step, 1);
    for (int i = 0; i < FINE; i++) {
        double third = (high - low) / 3;
        double left = geodesic_metres(earth, between(a, b, low + third), at);
        double right = geodesic_metres(earth, between(a, b, high - third), at);

        if (left < right)
            high -= third;
        else
            low += third;
        best = fmin(best, fmin(left, right));
    }
    return best;
}

/* Whether a ray to the east crosses the edge. */
static bool crosses(struct lonlat a, struct lonlat b, struct lonlat at)
{
    return (a.lat > at.lat) != (b.lat > at.lat) &&
           at.lon < a.lon + (at.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon);
}

double shape_distance(const struct geod_geodesic *earth, const struct shape *shape,
                      struct lonlat at)
{
    double best = INFINITY;
    bool inside = false;

    for (size_t r = 0; r < shape->n_rings; r++) {
        const struct shape_ring *ring = &shape->rings[r];

        for (size_t i = 0; i < ring->n; i++) {
            struct lonlat a = ring->corners[i], b = ring->corners[(i + 1) % ring->n];

            best = fmin(best, edge_distance(earth, a, b, at));
            inside ^= crosses(a, b, at);
        }
    }
    return inside ? -best : best;
}

static char *add(char *at, const char *end, const char *text)
{
    return at + snprintf(at, (size_t)(end - at), "%s", text);
}

char *shape_wkt(const struct shape *shape, char text[SHAPE_TEXT_MAX])
{
    const char *end = text + SHAPE_TEXT_MAX;
    char *at = add(text, end, "MULTIPOLYGON (");

    for (size_t r = 0; r < shape->n_rings; r++) {
        const struct shape_ring *ring = &shape->rings[r];

        at = add(at, end, !ring->opens ? ", (" : r == 0 ? "((" : "), ((");
        for (size_t i = 0; i <= ring->n; i++)
            at += snprintf(at, (size_t)(end - at), "%s%.15g %.15g", i ? ", " : "",
                           ring->corners[i % ring->n].lon, ring->corners[i % ring->n].lat);
        at = add(at, end, ")");
    }
    add(at, end, "))");
    return text;
}
