/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/import_rows.h"

#include "adapter/conf/crs.h"
#include "adapter/conf/units.h"
#include "adapter/print.h"
#include "core/index.h"
#include "core/zone.h"
#include "ctl/import_shape.h"
#include "ctl/import_times.h"
#include "ctl/meter.h"
#include "ctl/projection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_ROOM = 64 };

static const double digits = 1e9; // of a degree: 0.1 mm, where a transformation is good to a metre

/* ---- places ---- */

/* Each transformation that PROJ goes by, as it comes to it. */
static void tell_way(struct import_rows *import)
{
    const char *name = projection_name(import->projection);

    if (strcmp(name, import->refused) == 0)
        return;
    snprintf(import->refused, sizeof import->refused, "%s", name);
    meter_wipe(import->meter);
    print_line(stderr, "breachctl: places of %s to WGS84: by %s, accurate to %g m",
               import->projected, name, projection_accuracy(import->projection));
}

/* The projection of that system, kept for the next place. */
static bool project_from(struct import_rows *import, const char *crs, struct fault *why)
{
    if (import->projection != NULL && strcmp(import->projected, crs) == 0)
        return true;
    projection_destroy(import->projection);
    snprintf(import->projected, sizeof import->projected, "%s", crs);
    import->projection = projection_create(crs, &import->place->settings.region, why);
    return import->projection != NULL;
}

bool import_rows_place(struct import_rows *import, const char *crs, double x, double y,
                       struct lonlat *out, struct fault *why)
{
    struct fault other;

    if (crs == NULL)
        crs = import->crs;
    if (crs[0] == '\0' || crs_is_wgs84(crs, &other)) {
        *out = (struct lonlat){ x, y };
        return lonlat_valid(*out) ||
               fault_set(why,
                         "a place at %.9g, %.9g, which are no degrees: --crs says of which system "
                         "it is, as EPSG:27700 of the National Grid",
                         x, y);
    }
    if (!project_from(import, crs, why))
        return false;
    if (!projection_take(import->projection, x, y, out))
        return fault_set(why, "%.60s: a place lies where that system is not used", crs);
    out->lon = round(out->lon * digits) / digits;
    out->lat = round(out->lat * digits) / digits;
    tell_way(import);
    return true;
}

void import_rows_degrees(FILE *file, double degrees)
{
    char number[NUMBER_ROOM];

    snprintf(number, sizeof number, "%.15g", degrees);
    if (strtod(number, NULL) != degrees)
        snprintf(number, sizeof number, "%.17g", degrees);
    fprintf(file, "%s", number);
}

/* ---- rows ---- */

/* A bare number with the unit of its key: `200` is `200 m`, and 27.0 years are 27. */
static const char *with_unit(struct import_rows *import, size_t key, const char *value)
{
    char text[NUMBER_ROOM], *end;
    double number;

    if (value == NULL || order_keys[key].unit == NULL)
        return value;
    number = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(number))
        return value;
    if (number == 0 && !import->place->call->update)
        return NULL; // of a ring that is none
    snprintf(text, sizeof text, "%.10g%s%s", number, order_keys[key].unit[0] != '\0' ? " " : "",
             order_keys[key].unit);
    return arena_text(&import->sheet.arena, text);
}

/* `Her home (new)` as `Her-home--new-`: an id of what is only a name. */
static void make_name(const char *name, size_t nth, char out[NAME_MAX_CHARS + 1])
{
    if (name == NULL || name[0] == '\0') {
        snprintf(out, NAME_MAX_CHARS + 1, "zone-%zu", nth);
        return;
    }
    snprintf(out, NAME_MAX_CHARS + 1, "%s", name);
    for (char *at = out; *at != '\0'; at++) {
        char one[2] = { *at };

        if (!name_valid(one))
            *at = '-';
    }
}

/* The row's order, by what it says or the options do. */
static struct sheet_section *find_order(struct import_rows *import, const char *values[ORDER_KEYS],
                                        struct fault *why)
{
    const char *id = values[0];
    struct sheet_section *order;

    if (id == NULL) {
        fault_set(why, "of which order? a column or property `order`, or --id, says it");
        return NULL;
    }
    if (!name_valid(id)) {
        fault_set(why, "order: \"%.80s\" is not 1..64 letters, digits, - _ .", id);
        return NULL;
    }
    order = order_sheet_section(&import->sheet, NULL, id);
    if (order == NULL)
        fault_set(why, "more than %d orders and zones", ORDER_SHEET_SECTIONS_MAX);
    return order;
}

static bool has_zone(const char *values[ORDER_KEYS])
{
    bool has = false;

    for (size_t i = 0; i < ORDER_KEYS; i++)
        has |= order_keys[i].of == ORDER_KEY_ZONE && values[i] != NULL;
    return has;
}

static bool has_place(const char *values[ORDER_KEYS])
{
    return values[order_key_find("centre")] != NULL || values[order_key_find("wkt")] != NULL;
}

/* Its zone, if the row has one: by any key of a zone, or by a name. */
static bool put_zone(struct import_rows *import, struct sheet_section *order,
                     const struct import_row *row, const char *values[ORDER_KEYS],
                     struct fault *why)
{
    size_t key = order_key_find("zone");
    char name[NAME_MAX_CHARS + 1], subject[2 * NAME_MAX_CHARS + 2];
    struct sheet_section *zone;
    size_t before = import->sheet.n;
    bool ok = true;

    if (!has_zone(values) && values[key] == NULL && row->name == NULL)
        return true;
    if (values[key] != NULL && !name_valid(values[key]))
        return fault_set(why, "zone: \"%.80s\" is not 1..64 letters, digits, - _ .", values[key]);
    make_name(values[key] != NULL ? values[key] : row->name, row->nth, name);
    if (!has_place(values))
        return fault_set(why, "zone %.64s: has no place: a centre and radius, or a shape, say it",
                         name);
    snprintf(subject, sizeof subject, "%s/%s", order->id, name);
    zone = order_sheet_section(&import->sheet, order, name);
    if (zone == NULL)
        return fault_set(why, "more than %d orders and zones", ORDER_SHEET_SECTIONS_MAX);
    if (import->sheet.n == before)
        return fault_set(why,
                         "zone: there is a %.130s before: areas of one zone go into a "
                         "MultiPolygon",
                         subject);
    import_shape_choose(import, zone, values);
    for (size_t i = 0; ok && i < ORDER_KEYS; i++) {
        if (order_keys[i].of == ORDER_KEY_ZONE)
            ok = order_sheet_put(&import->sheet, zone, i, values[i], why);
    }
    return ok;
}

/* Up to a NULL. */
static bool is_one_of(size_t key, const char *const *names)
{
    while (*names != NULL && strcmp(order_keys[key].name, *names) != 0)
        names++;
    return *names != NULL;
}

/*
 * What was given by hand counts: a shapefile's bare date says no time of day, and a map may be
 * years old. Only which order and zone a row is, and where that lies, is the row's own.
 */
static bool is_rows_own(size_t key)
{
    static const char *const own[] = { "id", "zone", "centre", "radius", "wkt", "geojson", NULL };

    return is_one_of(key, own);
}

/* Whom an order binds is said once: neither counts silently for the other. */
static bool is_agreed(const struct import_rows *import, size_t key, const char *of_row,
                      struct fault *why)
{
    static const char *const whom[] = { "respondent", "devices", NULL };
    const char *given = import->place->call->keys[key];

    return given == NULL || of_row == NULL || strcmp(given, of_row) == 0 || !is_one_of(key, whom) ||
           fault_set(why, "%s: \"%.60s\" here, and \"%.60s\" by --%s", order_keys[key].name, of_row,
                     given, order_keys[key].name);
}

static const char *choose(struct import_rows *import, size_t key, const char *of_row)
{
    const char *given = import->place->call->keys[key];

    of_row = with_unit(import, key, of_row);
    if (given == NULL || (of_row != NULL && is_rows_own(key)))
        return of_row;
    given = with_unit(import, key, given); // NULL: --warn 0 is no ring, whatever a row says
    import->overruled[key] += of_row != NULL && (given == NULL || strcmp(of_row, given) != 0);
    return given;
}

void import_rows_tell_overruled(const struct import_rows *import)
{
    for (size_t i = 0; i < ORDER_KEYS; i++) {
        if (import->overruled[i] > 0)
            print_line(stderr, "breachctl: --%s %s: in place of what %zu %s%s", order_keys[i].name,
                       import->place->call->keys[i], import->overruled[i], import->each,
                       import->overruled[i] == 1 ? " says" : "s say");
    }
}

static const char *const timed[] = { "from", "served", "until", NULL };

/* An instant as it was before a map took its offset away, or wrote it in its own way. */
static const char *whole(struct import_rows *import, const struct import_row *row, size_t key)
{
    const char *value = row->values[key], *times = row->times;
    char instant[UTC_TEXT_MAX];

    return value != NULL && is_one_of(key, timed) &&
                   ((times != NULL &&
                     import_times_find(times, order_keys[key].name, value, instant)) ||
                    import_times_rewrite(value, instant))
               ? arena_text(&import->sheet.arena, instant)
               : value;
}

/* Beside `times`, an instant that a map wrote and that is not there was changed in the map. */
static bool is_timed(const struct import_rows *import, const struct import_row *row, size_t key,
                     struct fault *why)
{
    const char *value = row->values[key];
    char instant[UTC_TEXT_MAX];

    return value == NULL || row->times == NULL || import->place->call->keys[key] != NULL ||
           !is_one_of(key, timed) || !import_times_bare(value) ||
           import_times_find(row->times, order_keys[key].name, value, instant) ||
           fault_set(why,
                     "%s: \"%.60s\" has no offset, and is not the instant that `times` has: write "
                     "it like 2026-06-20T17:00:00Z, or give --%s",
                     order_keys[key].name, value, order_keys[key].name);
}

/* A device's id whose end was cut off may be another's. */
static bool is_whole(const struct import_rows *import, const struct import_row *row,
                     struct fault *why)
{
    for (size_t i = 0; import->text_most > 0 && i < ORDER_KEYS; i++) {
        // A shape is geometry there, and no text.
        if (row->values[i] != NULL && strcmp(order_keys[i].name, "wkt") != 0 &&
            strlen(row->values[i]) >= import->text_most)
            return fault_set(why,
                             "%s: has all %zu bytes that such a file keeps, so its end may be cut "
                             "off: save it as GeoPackage or GeoJSON",
                             order_keys[i].name, import->text_most);
    }
    return true;
}

bool import_rows_put(struct import_rows *import, const struct import_row *row, struct fault *why)
{
    const char *values[ORDER_KEYS] = { NULL };
    struct sheet_section *order = NULL;
    struct fault cause;
    bool ok = is_whole(import, row, &cause);

    for (size_t i = 0; ok && i < ORDER_KEYS; i++) {
        values[i] = choose(import, i, whole(import, row, i));
        ok = is_agreed(import, i, row->values[i], &cause) && is_timed(import, row, i, &cause);
    }
    ok = ok && (order = find_order(import, values, &cause)) != NULL;
    for (size_t i = 0; ok && i < ORDER_KEYS; i++) {
        if (order_keys[i].of == ORDER_KEY_ORDER)
            ok = order_sheet_put(&import->sheet, order, i, values[i], &cause);
    }
    ok = ok && put_zone(import, order, row, values, &cause);
    import->rows += ok;
    return ok || fault_set(why, "%s %zu: %.400s", import->each, row->nth, cause.text);
}
