/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/polygons.h"

/* Twice the area, in square degrees: over 0 when the corners go round against the clock. */
static double turning(const struct zone_ring *ring)
{
    double sum = 0;

    for (size_t i = 0; i + 1 < ring->n; i++)
        sum += ring->corners[i].lon * ring->corners[i + 1].lat -
               ring->corners[i + 1].lon * ring->corners[i].lat;
    return sum;
}

void polygons_add(json_t *polygons, const struct zone_ring *ring, size_t most)
{
    json_t *corners = json_array();
    bool turned = (turning(ring) > 0) == ring->hole;
    size_t step = 1 + ring->n / most;

    for (size_t i = 0; i + 1 < ring->n; i += step) {
        const struct lonlat *at = &ring->corners[turned ? ring->n - 1 - i : i];

        json_array_append_new(corners, json_pack("[f,f]", at->lon, at->lat));
    }
    json_array_append(corners, json_array_get(corners, 0)); // closed
    while (json_array_size(polygons) <= ring->polygon)
        json_array_append_new(polygons, json_array());
    json_array_append_new(json_array_get(polygons, ring->polygon), corners);
}
