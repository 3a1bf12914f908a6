/* SPDX-License-Identifier: Apache-2.0 */
/* area.h - the true zone in metres around its own middle; nothing of core's geometry is in it. */
#ifndef DETECT_AREA_H
#define DETECT_AREA_H

#include "core/plane.h"

#include <stddef.h>

enum { AREA_CORNERS_MAX = 128 };

/* A circle around 0,0 when there are no corners; else a ring, not closed. */
struct area {
    double radius;
    size_t n;
    struct metres corners[AREA_CORNERS_MAX];
    struct metres core; /* the deepest place, */
    double depth;       /* and how deep that is */
    double reach;       /* metres from `core` within which all of it lies */
};

struct area area_circle(double radius);
/* `corners` in metres around wherever the caller has its origin; n is at most AREA_CORNERS_MAX. */
struct area area_polygon(const struct metres *corners, size_t n);

/* Metres from the edge, negative inside. */
double area_distance(const struct area *area, struct metres at);

/*
 * A place in direction `angle` (radians) from the core that is `distance` from the edge; negative
 * inside, and not below -depth.
 */
struct metres area_place(const struct area *area, double angle, double distance);

/* How far the area stretches from its core in direction `angle`, measured along it. */
double area_support(const struct area *area, double angle);

#endif
