/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/incident_map.h"

#include "adapter/json/known.h"
#include "adapter/json/polygons.h"
#include "core/evidence.h"
#include "core/motion.h"
#include "core/radius.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

struct incident_map {
    const char *incident;
    const struct exclusion *exclusion;
    const struct detect *detect;
    json_t *features, *way;
    struct utc newest; // of the pings on the way
    size_t pings;
};

struct incident_map *incident_map_create(const char *incident, const struct exclusion *exclusion,
                                         const struct detect *detect)
{
    struct incident_map *map = calloc(1, sizeof *map);

    if (map == NULL)
        return NULL;
    *map = (struct incident_map){ .incident = incident,
                                  .exclusion = exclusion,
                                  .detect = detect,
                                  .features = json_array(),
                                  .way = json_array() };
    if (map->features != NULL && map->way != NULL)
        return map;
    incident_map_destroy(map);
    return NULL;
}

void incident_map_destroy(struct incident_map *map)
{
    if (map == NULL)
        return;
    json_decref(map->features);
    json_decref(map->way);
    free(map);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *instant(struct utc at)
{
    char text[UTC_TEXT_MAX];

    return json_string(utc_print(at, text));
}

static json_t *place(double lon, double lat)
{
    return json_pack("[f,f]", lon, lat);
}

/* Takes both, also when it fails. */
static bool add(struct incident_map *map, const char *type, json_t *coordinates, json_t *properties)
{
    json_t *feature = json_pack("{s:s,s:o,s:{s:s,s:o}}", "type", "Feature", "properties",
                                properties, "geometry", "type", type, "coordinates", coordinates);

    return feature != NULL && json_array_append_new(map->features, feature) == 0;
}

/* ---- the zone ---- */

static void add_ring(const struct zone_ring *ring, void *arg)
{
    polygons_add(arg, ring, INCIDENT_MAP_CORNERS_MAX);
}

static bool add_edge(struct incident_map *map, const char *what, double around)
{
    json_t *polygons = json_array();

    if (!zone_rings_around(map->exclusion->zone, around, add_ring, polygons)) {
        json_decref(polygons);
        return false;
    }
    return add(map, "MultiPolygon", polygons,
               json_pack("{s:s,s:s,s:f}", "what", what, "zone", map->exclusion->subject, "metres",
                         around));
}

bool incident_map_add_zone(struct incident_map *map)
{
    if (map->exclusion == NULL || map->exclusion->zone == NULL)
        return true;
    return add_edge(map, "zone", 0) &&
           (map->exclusion->warn <= 0 || add_edge(map, "ring", map->exclusion->warn));
}

/* ---- the way ---- */

/* What the ping is worth by itself: how judging took it is for `breachctl explain`. */
static const char *grade_of(const struct incident_map *map, const struct ping *ping,
                            double accuracy)
{
    if (ping->no_fix)
        return "no-fix";
    if (ping->time.ms < map->newest.ms)
        return "late";
    if (map->detect->mast > 0 && accuracy > map->detect->mast)
        return "mast";
    return accuracy > map->detect->coarse ? "coarse" : "good";
}

static json_t *ping_properties(struct incident_map *map, const struct ping *ping, struct utc came)
{
    double radius = radius_usual(ping->accuracy, ping->percentile);
    double accuracy = motion_accuracy(map->detect, radius), distance = NAN;

    if (map->exclusion != NULL && map->exclusion->zone != NULL)
        distance = zone_distance(map->exclusion->zone, ping->at, INFINITY);
    return json_pack("{s:s,s:I,s:s,s:o,s:o,s:o,s:o,s:o,s:s}", "what", "ping", "number",
                     (json_int_t)++map->pings, "device", ping->device, "time", instant(ping->time),
                     "came", instant(came), "accuracy", number(radius), "depth", number(-distance),
                     "inside",
                     isnan(distance) ? json_null() : number(evidence_inside(distance, accuracy)),
                     "grade", grade_of(map, ping, accuracy));
}

/* Through what is newer each time: what came late lies beside the way. */
static bool go_on(struct incident_map *map, const struct ping *ping)
{
    if (ping->no_fix || ping->time.ms < map->newest.ms)
        return true;
    map->newest = ping->time;
    return json_array_append_new(map->way, place(ping->at.lon, ping->at.lat)) == 0;
}

bool incident_map_add_ping(struct incident_map *map, const char *body, struct utc came)
{
    json_t *json = json_loads(body, 0, NULL);
    struct ping ping;
    bool read = known_ping_of(json_object_get(json, "ping"), &ping) && ping_has_place(&ping);

    json_decref(json);
    return !read ||
           (add(map, "Point", place(ping.at.lon, ping.at.lat), ping_properties(map, &ping, came)) &&
            go_on(map, &ping));
}

/* ---- alerts ---- */

bool incident_map_add_alert(struct incident_map *map, const char *event)
{
    json_t *json = json_loads(event, 0, NULL), *data = json_object_get(json, "data");
    json_t *ping = json_object_get(data, "ping");
    double lon = json_number_value(json_object_get(ping, "lon"));
    double lat = json_number_value(json_object_get(ping, "lat"));
    bool ok = true;

    if (json_is_number(json_object_get(ping, "lat")))
        ok = add(map, "Point", place(lon, lat),
                 json_pack("{s:s,s:O?,s:O?,s:O?,s:O?,s:O?}", "what", "alert", "id",
                           json_object_get(json, "id"), "type", json_object_get(json, "type"),
                           "time", json_object_get(json, "time"), "severity",
                           json_object_get(data, "severity"), "reason",
                           json_object_get(data, "reason")));
    json_decref(json);
    return ok;
}

char *incident_map_print(struct incident_map *map, bool more)
{
    bool ok = json_array_size(map->way) < 2 ||
              add(map, "LineString", json_incref(map->way), json_pack("{s:s}", "what", "way"));
    json_t *json = ok ? json_pack("{s:s,s:s,s:b,s:O}", "type", "FeatureCollection", "incident",
                                  map->incident, "more", more, "features", map->features)
                      : NULL;
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;

    json_decref(json);
    return text;
}
