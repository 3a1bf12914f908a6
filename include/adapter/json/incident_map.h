/* SPDX-License-Identifier: Apache-2.0 */
/*
 * incident_map.h - one incident as GeoJSON (RFC 7946): the zone, the ring in which an approach is
 * told, the pings with their accuracies, the way through those that can be believed, the alerts.
 */
#ifndef ADAPTER_JSON_INCIDENT_MAP_H
#define ADAPTER_JSON_INCIDENT_MAP_H

#include "core/detect.h"
#include "core/order.h"

/* Corners of a ring; of one that has more, as many are left out as must be. */
enum { INCIDENT_MAP_CORNERS_MAX = 2000 };

struct incident_map;

/* Borrows all three until it is destroyed; `exclusion` may be NULL. NULL when memory is out. */
struct incident_map *incident_map_create(const char *incident, const struct exclusion *exclusion,
                                         const struct detect *detect);
void incident_map_destroy(struct incident_map *map); /* NULL is fine */

/*
 * The zone and its ring; a ping by the body of its entry, as it came; an alert by its event. What
 * cannot be read, or has no place, is left out. False when memory is out, or the map gave no
 * answer.
 */
bool incident_map_add_zone(struct incident_map *map);
bool incident_map_add_ping(struct incident_map *map, const char *body, struct utc came);
bool incident_map_add_alert(struct incident_map *map, const char *event);

/* A FeatureCollection; `more`: older ones were left out. The caller frees; NULL: memory is out. */
char *incident_map_print(struct incident_map *map, bool more);

#endif
