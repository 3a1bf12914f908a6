/* SPDX-License-Identifier: Apache-2.0 */
/*
 * projection.h - coordinates of another system, the National Grid's above all, as degrees of WGS84,
 * by PROJ. Which transformation that was, and how accurate it claims to be, is for the operator to
 * see: with the grid of the Ordnance Survey (OSTN15) among PROJ's files it is a metre, without it
 * some more. PROJ asks no network.
 */
#ifndef CTL_PROJECTION_H
#define CTL_PROJECTION_H

#include "core/fault.h"
#include "core/lonlat.h"

#define PROJECTION_GRID "EPSG:27700" /* OSGB36 / British National Grid */

struct projection;

/*
 * From the system `crs`, by any name that PROJ knows (`EPSG:27700`, `urn:ogc:def:crs:EPSG::27700`),
 * with x before y, for places of the region. NULL and why: no such system, or no transformation
 * whose accuracy is known.
 */
struct projection *projection_create(const char *crs, const struct lonlat_box *region,
                                     struct fault *why);
void projection_destroy(struct projection *projection); /* NULL is fine */

/* False: that place has no image, or only one of an accuracy that nobody knows. */
bool projection_take(struct projection *projection, double x, double y, struct lonlat *out);

/* How the newest place was taken: `OSGB36 to WGS 84 (6)`, and metres. */
const char *projection_name(const struct projection *projection);
double projection_accuracy(const struct projection *projection);

#endif
