/* SPDX-License-Identifier: Apache-2.0 */
/*
 * geojson.h - a GeoJSON shape as GEOS can read it. RFC 7946 lets a position have an altitude,
 * which many programs write and which GEOS 3.11 refuses; where a zone is, it does not matter. The
 * specification of 2008 lets every object have a `crs`, which GEOS passes over; there it does.
 */
#ifndef ADAPTER_CONF_GEOJSON_H
#define ADAPTER_CONF_GEOJSON_H

#include "core/arena.h"
#include "core/fault.h"

/*
 * The text without its altitudes, in arena memory; or within `text` itself where not every position
 * has one. NULL and why: what is no JSON; a `crs` anywhere in it that is not WGS84, by its name
 * (the numbers would be degrees of another ellipsoid, and nobody would see it), or that is null or
 * a link; a collection of any other number of features than one.
 */
const char *geojson_plain(const char *text, struct arena *arena, struct fault *why);

#endif
