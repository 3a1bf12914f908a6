/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/geojson.h"

#include "adapter/conf/crs.h"
#include "adapter/conf/shape_kind.h"
#include "core/projected.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Positions found so far, by what they have. */
struct positions {
    size_t flat, high;
};

static bool is_position(const json_t *value, size_t numbers)
{
    bool all = json_array_size(value) == numbers;

    for (size_t i = 0; i < numbers; i++)
        all = all && json_is_number(json_array_get(value, i));
    return all;
}

/* Positions, or lists of them, as deep as the parser let them be. */
static void drop_altitudes(json_t *value, struct positions *found)
{
    json_t *member;
    size_t i;

    found->flat += is_position(value, 2);
    if (is_position(value, 3)) {
        found->high++;
        json_array_remove(value, 2);
        return;
    }
    // The text has ORDERFILE_GEOJSON_MAX bytes, and depth has its limit.
    json_array_foreach(value, i, member) drop_altitudes(member, found);
}

/* A geometry, a Feature or a collection of either. */
static void flatten(json_t *value, struct positions *found)
{
    const char *key;
    json_t *member;
    size_t i;

    // The text has ORDERFILE_GEOJSON_MAX bytes.
    json_array_foreach(value, i, member) flatten(member, found);
    // As many as stand in that text.
    json_object_foreach(value, key, member)
    {
        if (strcmp(key, "coordinates") == 0)
            drop_altitudes(member, found);
        else
            flatten(member, found);
    }
}

/* ---- the system of its coordinates ---- */

/*
 * The name that a `crs` of the specification of 2008, or of the drafts before it, gives; else NULL.
 */
static const char *crs_name(const json_t *crs, char room[32])
{
    const json_t *says = json_object_get(crs, "properties");
    const char *type = json_string_value(json_object_get(crs, "type"));
    const json_t *code = json_object_get(says, "code");

    if (json_is_string(crs))
        return json_string_value(crs);
    if (type != NULL && strcasecmp(type, "name") == 0)
        return json_string_value(json_object_get(says, "name"));
    if (type == NULL || strcasecmp(type, "EPSG") != 0 || !json_is_number(code))
        return NULL;
    snprintf(room, 32, "EPSG:%.0f", json_number_value(code));
    return room;
}

static bool check_crs(const json_t *crs, struct fault *why)
{
    const json_t *link = json_object_get(json_object_get(crs, "properties"), "href");
    char room[32];
    const char *name = crs_name(crs, room);
    struct fault cause;

    if (crs == NULL)
        return true;
    if (json_is_null(crs))
        return fault_set(why, "crs: null says that nobody knows the system of these coordinates: "
                              "leave crs out where it is WGS84");
    if (json_is_string(link))
        return fault_set(why, "crs: %.80s: a link is not followed: " PROJECTED_WANTED,
                         json_string_value(link));
    if (name == NULL)
        return fault_set(why, "crs: names no system: " PROJECTED_WANTED);
    return crs_is_wgs84(name, &cause) || fault_set(why, "crs: %s", cause.text);
}

/*
 * Whether each innermost list begins with two numbers. GEOS 3.11 takes the first two
 * of every one unasked: of [] it reads address 0, of [0.46] what lies behind it.
 */
static bool has_positions(const json_t *coordinates)
{
    const json_t *member;
    size_t i;
    bool ok = true;

    if (!json_is_array(json_array_get(coordinates, 0)))
        return json_is_number(json_array_get(coordinates, 0)) &&
               json_is_number(json_array_get(coordinates, 1));
    // The text has ORDERFILE_GEOJSON_MAX bytes.
    json_array_foreach(coordinates, i, member)
    {
        ok = ok && has_positions(member);
    }
    return ok;
}

static bool check_coordinates(const json_t *coordinates, struct fault *why)
{
    return coordinates == NULL || has_positions(coordinates) ||
           fault_set(why, "coordinates: a position is no list of two numbers, lon and lat");
}

/*
 * Of the object, and of all that it is made of: the specification of 2008 lets each have a
 * system of its own.
 */
static bool check_parts(const json_t *object, struct fault *why)
{
    static const char *const parts[] = { "features", "geometries" };
    const json_t *geometry = json_object_get(object, "geometry"), *one;
    bool ok = check_crs(json_object_get(object, "crs"), why) &&
              check_coordinates(json_object_get(object, "coordinates"), why) &&
              (geometry == NULL || check_parts(geometry, why));
    size_t nth;

    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++) {
        // The text has ORDERFILE_GEOJSON_MAX bytes.
        json_array_foreach(json_object_get(object, parts[i]), nth, one)
        {
            ok = ok && check_parts(one, why);
        }
    }
    return ok;
}

static bool check_features(const json_t *shape, struct fault *why)
{
    const json_t *features = json_object_get(shape, "features");
    size_t n = json_array_size(features);

    if (json_is_array(features) && n == 0)
        return fault_set(why, "a FeatureCollection without features: one polygon is wanted");
    return !json_is_array(features) || n == 1 ||
           fault_set(why, "%zu features: one is wanted: areas of one zone go into a MultiPolygon",
                     n);
}

/* ---- as a whole ---- */

/*
 * Of two members of one name the last counts, as for GEOS: programs write such properties.
 * Numbers and NULs in properties are as large and as many as they like.
 */
static json_t *read_json(const char *text, struct fault *why)
{
    json_error_t error;
    json_t *shape = json_loads(text, JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, &error);

    if (shape == NULL) {
        fault_set(why, "cannot be read as JSON, line %d", error.line);
        fault_add_secret(why, ": %s", error.text);
    }
    return shape;
}

/* The text as GEOS can read it: without altitudes. */
static const char *flat_text(json_t *shape, const char *text, struct arena *arena)
{
    struct positions found = { 0 };
    char *printed;
    const char *flat;

    flatten(shape, &found);
    // With some of either a position has lost something: that is for GEOS to refuse.
    if (found.high == 0 || found.flat > 0)
        return text;
    printed = json_dumps(shape, JSON_COMPACT | JSON_REAL_PRECISION(17));
    flat = printed ? arena_text(arena, printed) : NULL;
    free(printed);
    return flat;
}

const char *geojson_plain(const char *text, struct arena *arena, struct fault *why)
{
    const char *plain = NULL;
    json_t *shape;

    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    if (!shape_kind_is(SHAPE_GEOJSON, text, why))
        return NULL;
    shape = read_json(text, why);
    if (shape == NULL)
        return NULL;
    if (check_parts(shape, why) && check_features(shape, why)) {
        plain = flat_text(shape, text, arena);
        if (plain == NULL)
            fault_set(why, FAULT_MEMORY);
    }
    json_decref(shape);
    return plain;
}
