/* SPDX-License-Identifier: Apache-2.0 */
#include "live/earth.h"

#include <math.h>

static const double equator = 6378137.0, flattening = 1 / 298.257223563;

static double squared_eccentricity(void)
{
    return flattening * (2 - flattening);
}

/* Earth-centred, earth-fixed, of a place on the ellipsoid. */
static void to_earth(struct place place, double out[3])
{
    double lat = place.lat * M_PI / 180, lon = place.lon * M_PI / 180;
    double e2 = squared_eccentricity();
    double normal = equator / sqrt(1 - e2 * sin(lat) * sin(lat));

    out[0] = normal * cos(lat) * cos(lon);
    out[1] = normal * cos(lat) * sin(lon);
    out[2] = normal * (1 - e2) * sin(lat);
}

/*
 * The place below or above: the latitude by fixed point, which settles far below a millimetre here.
 */
static struct place from_earth(const double at[3])
{
    double e2 = squared_eccentricity(), across = hypot(at[0], at[1]);
    double lat = atan2(at[2], across * (1 - e2));

    for (int i = 0; i < 8; i++) {
        double normal = equator / sqrt(1 - e2 * sin(lat) * sin(lat));

        lat = atan2(at[2] + e2 * normal * sin(lat), across);
    }
    return (struct place){ lat * 180 / M_PI, atan2(at[1], at[0]) * 180 / M_PI };
}

struct frame frame_at(struct place at)
{
    double lat = at.lat * M_PI / 180, lon = at.lon * M_PI / 180;
    struct frame frame = {
        .at = at,
        .east = { -sin(lon), cos(lon), 0 },
        .north = { -sin(lat) * cos(lon), -sin(lat) * sin(lon), cos(lat) },
        .up = { cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat) },
    };

    to_earth(at, frame.origin);
    return frame;
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* East, north and up of the frame. */
static void into(const struct frame *frame, struct place place, double out[3])
{
    double at[3];

    to_earth(place, at);
    for (int i = 0; i < 3; i++)
        at[i] -= frame->origin[i];
    out[0] = dot(at, frame->east);
    out[1] = dot(at, frame->north);
    out[2] = dot(at, frame->up);
}

static struct place out_of(const struct frame *frame, const double local[3])
{
    double at[3];

    for (int i = 0; i < 3; i++)
        at[i] = frame->origin[i] + local[0] * frame->east[i] + local[1] * frame->north[i] +
                local[2] * frame->up[i];
    return from_earth(at);
}

struct flat frame_flat(const struct frame *frame, struct place place)
{
    double local[3];

    into(frame, place, local);
    return (struct flat){ local[0], local[1] };
}

struct place frame_place(const struct frame *frame, struct flat flat)
{
    double sink = (flat.east * flat.east + flat.north * flat.north) / (2 * equator);

    return out_of(frame, (const double[3]){ flat.east, flat.north, -sink });
}

struct place frame_move(const struct frame *from, const struct frame *to, struct place place)
{
    double local[3];

    into(from, place, local);
    return out_of(to, local);
}
