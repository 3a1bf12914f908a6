/* SPDX-License-Identifier: Apache-2.0 */
/* polygons.h - a zone's rings as the coordinates of a GeoJSON MultiPolygon. */
#ifndef ADAPTER_JSON_POLYGONS_H
#define ADAPTER_JSON_POLYGONS_H

#include "core/zone.h"

#include <jansson.h>

/*
 * Adds one ring of zone_rings() to the array, of which each member is a polygon: outer rings
 * against the clock, holes with it, closed, as RFC 7946 wants them. Of more than `most` corners
 * every nth.
 */
void polygons_add(json_t *polygons, const struct zone_ring *ring, size_t most);

#endif
