/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wgs84.h - the ellipsoid, by the sine of a latitude: Snyder, Map Projections, USGS PP 1395, eq.
 * 4-18 and 4-20. Metres.
 */
#ifndef CORE_WGS84_H
#define CORE_WGS84_H

#include <math.h>

#define WGS84_A      6378137.0            /* half of the equator's diameter */
#define WGS84_E2     6.69437999014131e-3  /* f * (2 - f), f = 1/298.257223563 */
#define WGS84_DEGREE 0.017453292519943295 /* radians */

/* Radius of curvature to the east and west: the prime vertical, N. */
static inline double wgs84_prime_vertical(double sine)
{
    return WGS84_A / sqrt(1 - WGS84_E2 * sine * sine);
}

/* Radius of curvature to the north and south: the meridian, M. */
static inline double wgs84_meridian(double sine)
{
    return wgs84_prime_vertical(sine) * (1 - WGS84_E2) / (1 - WGS84_E2 * sine * sine);
}

/* The circle of one latitude: its radius, and its height over the equator's plane. */
struct wgs84_parallel {
    double sine, radius, height;
};

static inline struct wgs84_parallel wgs84_parallel_at(double degrees)
{
    double sine = sin(degrees * WGS84_DEGREE), n = wgs84_prime_vertical(sine);

    return (struct wgs84_parallel){ sine, n * sqrt(1 - sine * sine), n * (1 - WGS84_E2) * sine };
}

#endif
