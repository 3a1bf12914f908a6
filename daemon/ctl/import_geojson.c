/* SPDX-License-Identifier: Apache-2.0 */
/* import_geojson.c - features with properties; a polygon is a zone, a point the centre of one. */
#include "ctl/import_readers.h"

#include "adapter/conf/crs.h"
#include "ctl/import_features.h"
#include "ctl/meter.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TEXT_ROOM = 64 };

/* ---- the system ---- */

static bool find_system(struct import_rows *import, const json_t *root, const char *otherwise,
                        struct fault *why)
{
    const json_t *crs = json_object_get(root, "crs");
    const char *name =
        json_string_value(json_object_get(json_object_get(crs, "properties"), "name"));
    struct fault not_wgs84;

    if (import->crs[0] != '\0') // --crs
        return true;
    if (crs != NULL && name == NULL)
        return fault_set(why, "crs: names no system: say which by --crs, as EPSG:27700");
    if (name == NULL)
        name = otherwise;
    if (name[0] == '\0')
        return fault_set(why, "does not say in which system its places are: say it by --crs, as "
                              "EPSG:4326 or EPSG:27700");
    if (!crs_is_wgs84(name, &not_wgs84))
        snprintf(import->crs, sizeof import->crs, "%s", name);
    return true;
}

/* ---- geometries ---- */

static bool read_position(struct import_rows *import, const json_t *position, struct lonlat *out,
                          struct fault *why)
{
    const json_t *x = json_array_get(position, 0), *y = json_array_get(position, 1);

    if (!json_is_number(x) || !json_is_number(y))
        return fault_set(why, "geometry: a position without two numbers");
    return import_rows_place(import, NULL, json_number_value(x), json_number_value(y), out, why);
}

static bool put_position(struct import_rows *import, const json_t *position, FILE *file,
                         struct fault *why)
{
    struct lonlat at;

    if (!read_position(import, position, &at, why))
        return false;
    import_rows_degrees(file, at.lon);
    fputc(' ', file);
    import_rows_degrees(file, at.lat);
    return true;
}

/* Positions in `depth` brackets: 1 a ring, 2 a polygon, 3 several. */
static bool put_nested(struct import_rows *import, const json_t *coordinates, int depth, FILE *file,
                       struct fault *why)
{
    size_t n = json_array_size(coordinates);

    if (n == 0)
        return fault_set(why, "geometry: is empty");
    fputc('(', file);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(coordinates, i);

        if (i > 0)
            fputs(", ", file);
        if (depth == 1 ? !put_position(import, one, file, why)
                       : !put_nested(import, one, depth - 1, file, why))
            return false;
    }
    fputc(')', file);
    return true;
}

/* As WKT; the caller frees. A multipolygon of one is that one. */
static char *print_area(struct import_rows *import, const json_t *coordinates, bool several,
                        struct fault *why)
{
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    bool ok = file != NULL || fault_set(why, FAULT_MEMORY);

    if (several && json_array_size(coordinates) == 1) {
        coordinates = json_array_get(coordinates, 0);
        several = false;
    }
    if (ok) {
        fputs(several ? "MULTIPOLYGON " : "POLYGON ", file);
        ok = put_nested(import, coordinates, several ? 3 : 2, file, why);
        ok = (fclose(file) == 0 || fault_set(why, FAULT_MEMORY)) && ok;
    }
    if (ok)
        return text;
    free(text);
    return NULL;
}

static bool take_point(struct import_rows *import, const json_t *position, char out[TEXT_ROOM],
                       struct fault *why)
{
    struct lonlat at;

    if (!read_position(import, position, &at, why))
        return false;
    snprintf(out, TEXT_ROOM, "%.7f, %.7f", at.lat, at.lon);
    return true;
}

/* Fills in the row's shape; *out_area is the caller's to free. */
static bool take_geometry(struct import_rows *import, const json_t *geometry,
                          struct import_row *row, char centre[TEXT_ROOM], char **out_area,
                          struct fault *why)
{
    const char *type = json_string_value(json_object_get(geometry, "type"));
    const json_t *coordinates = json_object_get(geometry, "coordinates");
    bool several = type != NULL && strcmp(type, "MultiPolygon") == 0;

    if (geometry == NULL || json_is_null(geometry))
        return true; // its properties may have a shape
    if (type != NULL && strcmp(type, "Point") == 0) {
        row->values[order_key_find("centre")] = centre;
        return take_point(import, coordinates, centre, why);
    }
    if (type == NULL || (!several && strcmp(type, "Polygon") != 0))
        return fault_set(why,
                         "geometry: a %.40s is no area: polygons, and points with a radius, "
                         "are taken",
                         type != NULL ? type : "thing without a type");
    *out_area = print_area(import, coordinates, several, why);
    row->values[order_key_find("wkt")] = *out_area;
    return *out_area != NULL;
}

/* ---- properties ---- */

/* A property as text, in the sheet's memory; NULL for what is none. */
static const char *property_text(struct import_rows *import, const json_t *value)
{
    char number[TEXT_ROOM];

    if (json_is_string(value) && json_string_length(value) > 0)
        return arena_text(&import->sheet.arena, json_string_value(value));
    if (!json_is_number(value))
        return NULL;
    snprintf(number, sizeof number, "%.15g", json_number_value(value));
    return arena_text(&import->sheet.arena, number);
}

static void take_properties(struct import_rows *import, const json_t *properties,
                            struct import_row *row)
{
    json_t *object = (json_t *)(uintptr_t)properties, *value;
    const char *name;

    json_object_foreach(object, name, value)
    {
        size_t key = strcasecmp(name, "order") == 0 ? 0 : order_key_find(name);

        if (strcasecmp(name, "name") == 0)
            row->name = property_text(import, value);
        else if (strcasecmp(name, "times") == 0)
            row->times = property_text(import, value);
        // What calls itself `id` may be anything: QGIS numbers features so.
        else if (key < ORDER_KEYS && strcasecmp(name, "id") != 0 &&
                 strcmp(order_keys[key].name, "geojson") != 0)
            row->values[key] = property_text(import, value);
    }
}

static bool take_feature(struct import_rows *import, const json_t *feature, size_t nth,
                         struct fault *why)
{
    struct import_row row = { .nth = nth };
    char centre[TEXT_ROOM], *area = NULL;
    struct fault cause;
    bool ok;

    take_properties(import, json_object_get(feature, "properties"), &row);
    ok = take_geometry(import, json_object_get(feature, "geometry"), &row, centre, &area, &cause);
    // Each feature is a zone: one without a place is no order without a zone, as a table has them.
    if (ok && row.values[order_key_find("wkt")] == NULL &&
        row.values[order_key_find("centre")] == NULL)
        ok = fault_set(&cause, "geometry: there is none, and no property has a centre or a shape");
    ok = ok ? import_rows_put(import, &row, why)
            : fault_set(why, "feature %zu: %.400s", nth, cause.text);
    free(area);
    return ok;
}

static bool take_all(struct import_rows *import, struct import_features *features,
                     struct fault *why)
{
    struct meter meter;
    size_t nth = 0;
    bool ok = true;
    json_t *one;

    meter_begin(&meter, "import, reading", (uint64_t)(features->end - features->text));
    import->meter = &meter;
    while (ok && (one = import_features_next(features, &ok, why)) != NULL) {
        meter_at(&meter, (uint64_t)(features->at - features->text));
        ok = take_feature(import, one, ++nth, why);
        json_decref(one);
    }
    import->meter = NULL;
    meter_end(&meter);
    return ok && (nth > 0 || fault_set(why, "holds no feature: a FeatureCollection is wanted"));
}

bool import_geojson(struct import_rows *import, const char *text, size_t n, const char *crs,
                    struct fault *why)
{
    struct import_features features;
    const char *type;
    bool ok;

    import->each = "feature";
    ok = import_features_open(&features, text, n, why) &&
         find_system(import, features.root, crs, why);
    type = json_string_value(json_object_get(features.root, "type"));
    if (ok && type != NULL && strcmp(type, "Feature") == 0)
        ok = take_feature(import, features.root, 1, why);
    else
        ok = ok && take_all(import, &features, why);
    import_features_close(&features);
    return ok;
}
