/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/import_shape.h"

#include "adapter/conf/units.h"
#include "adapter/print.h"
#include "core/zone.h"
#include "ctl/meter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_ROOM = 64, DRAWN_MAX = 2 * NAME_MAX_CHARS + 96 };

/* A shape that is nowhere farther from the circle that it was is still that circle. */
static const double same_circle = 0.1; // metres: what seven digits of a degree may round away

/* Metres between a circle and a shape; NaN: one of them is none. */
static double apart(struct lonlat centre, double radius, const struct zone *shape)
{
    struct zone *circle = NULL;
    struct fault unheard;
    double moved = NAN;

    if (zone_from_circle(centre, radius, &circle, &unheard))
        moved = zone_moved(circle, shape);
    zone_destroy(circle);
    return moved;
}

/* The circle around the middle of the shape, as high as it is: of a drawn circle, that circle. */
static void circle_of(const struct zone *shape, struct lonlat *out_centre, double *out_radius)
{
    struct lonlat_box box = zone_box(shape);

    *out_centre = (struct lonlat){ (box.sw.lon + box.ne.lon) / 2, (box.sw.lat + box.ne.lat) / 2 };
    *out_radius = lonlat_distance((struct lonlat){ out_centre->lon, box.sw.lat },
                                  (struct lonlat){ out_centre->lon, box.ne.lat }) /
                  2;
}

/* What the drawing is: of a zone that may not have moved at all, once that is known. */
static void tell_drawn(struct import_rows *import, struct sheet_section *zone, const char *text)
{
    if (import->place->call->update) {
        zone->drawn = arena_text(&import->sheet.arena, text);
        return;
    }
    meter_wipe(import->meter);
    print_line(stderr, "breachctl: %s", text);
}

/* A circle that was moved or made larger as a whole is one still. */
static bool keep_circle(struct import_rows *import, const struct zone *shape, double radius,
                        struct sheet_section *zone, const char *values[ORDER_KEYS])
{
    struct order_sheet *sheet = &import->sheet;
    char centre_text[NUMBER_ROOM], radius_text[NUMBER_ROOM], text[DRAWN_MAX];
    struct lonlat at;
    double fresh;

    circle_of(shape, &at, &fresh);
    if (!(apart(at, fresh, shape) <= same_circle))
        return false;
    if (fabs(fresh - radius) <= same_circle)
        fresh = radius;
    snprintf(centre_text, sizeof centre_text, "%.9g, %.9g", at.lat, at.lon);
    snprintf(radius_text, sizeof radius_text, "%.10g m", round(fresh * 10) / 10);
    snprintf(text, sizeof text, "%s/%s: its circle was drawn anew, and is one of %s now", zone->id,
             zone->name, radius_text);
    tell_drawn(import, zone, text);
    values[order_key_find("centre")] = arena_text(&sheet->arena, centre_text);
    values[order_key_find("radius")] = arena_text(&sheet->arena, radius_text);
    values[order_key_find("wkt")] = NULL;
    return true;
}

/* The drawing as a zone; NULL: it is none, which the check of the whole tells. */
static struct zone *draw(struct import_rows *import, const char *wkt)
{
    struct zone *shape = NULL;
    struct fault unheard;

    if (import->maker == NULL)
        import->maker = zone_maker_create();
    if (import->maker != NULL)
        zone_from_text(import->maker, ZONE_WKT, wkt, 0, &shape, &unheard);
    return shape;
}

void import_shape_choose(struct import_rows *import, struct sheet_section *zone,
                         const char *values[ORDER_KEYS])
{
    size_t centre = order_key_find("centre"), radius = order_key_find("radius"),
           wkt = order_key_find("wkt");
    struct zone *shape;
    struct fault unheard;
    struct lonlat at;
    double metres, moved = NAN;
    char text[DRAWN_MAX];

    if (values[wkt] == NULL || values[centre] == NULL)
        return;
    shape = draw(import, values[wkt]);
    if (shape != NULL && values[radius] != NULL && latlon_parse(values[centre], &at, &unheard) &&
        unit_parse(UNIT_DISTANCE, values[radius], ZONE_RADIUS_MIN_M, ZONE_RADIUS_MAX_M, &metres,
                   &unheard))
        moved = apart(at, metres, shape);
    if (moved <= same_circle) {
        values[wkt] = NULL;
    } else {
        zone->said_centre = arena_text(&import->sheet.arena, values[centre]);
        zone->said_radius = arena_text(&import->sheet.arena, values[radius]);
        if (isnan(moved) || !keep_circle(import, shape, metres, zone, values)) {
            values[centre] = values[radius] = NULL;
            snprintf(text, sizeof text,
                     "%s/%s: was drawn anew, by up to %.1f m: a polygon, and no circle", zone->id,
                     zone->name, moved);
        }
        if (!isnan(moved) && values[centre] == NULL)
            tell_drawn(import, zone, text);
    }
    zone_destroy(shape);
}
