/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_update.h"

#include "adapter/conf/units.h"
#include "adapter/print.h"
#include "core/plural.h"
#include "core/revision.h"
#include "core/rulebook.h"
#include "ctl/meter.h"
#include "ctl/order_redraw.h"
#include "ctl/order_untaken.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION_MAX = 2 * NAME_MAX_CHARS + 16 };

/* What a map's digits round away; and a buffer is drawn with round corners, a little off. */
static const double same_shape = 0.1, same_of_buffer = 0.001;

static const char *value_of(const struct sheet_section *zone, const char *key)
{
    return zone->values[order_key_find(key)];
}

/* The shape as the sheet has it; NULL and why. */
static struct zone *shape_of(struct zone_maker *maker, const struct sheet_section *zone,
                             struct fault *why)
{
    const char *wkt = value_of(zone, "wkt"), *centre = value_of(zone, "centre"),
               *radius = value_of(zone, "radius");
    struct zone *made = NULL;
    struct fault cause = { .text = "has no shape" };
    struct lonlat at;
    double metres;
    bool ok = wkt != NULL ? zone_from_text(maker, ZONE_WKT, wkt, 0, &made, &cause)
                          : centre != NULL && radius != NULL && latlon_parse(centre, &at, &cause) &&
                                unit_parse(UNIT_DISTANCE, radius, ZONE_RADIUS_MIN_M,
                                           ZONE_RADIUS_MAX_M, &metres, &cause) &&
                                zone_from_circle(at, metres, &made, &cause);

    if (!ok)
        fault_set(why, "%.64s/%.64s: %.300s%.80s", zone->id, zone->name, cause.text, cause.secret);
    return made;
}

/* How far a shape may be off and still be the one that was exported. */
static double same_within(const struct exclusion *now, struct order_text_held *text)
{
    char section[SECTION_MAX], *buffer;
    struct fault unheard;
    double metres = 0;

    snprintf(section, sizeof section, "zone %s", now->subject);
    buffer = order_text_find(text, now->order, section, "buffer");
    if (buffer != NULL)
        unit_parse(UNIT_DISTANCE, buffer, 0, ZONE_RADIUS_MAX_M, &metres, &unheard);
    free(buffer);
    return same_shape + metres * same_of_buffer;
}

struct update {
    const struct order_place *place;
    struct rulebook *rules; // as they are
    struct zone_maker *maker;
    struct order_text_held text; // of the order that was compared last
    const struct sheet_section **moved;
    size_t n_moved, n;
    size_t untaken; // what the map says otherwise, and is no shape
};

enum moved { MOVED, STAYS, UNKNOWN };

/* Tells of a zone that has moved. */
static enum moved find_moved(struct update *update, const struct sheet_section *zone,
                             struct meter *meter, struct fault *why)
{
    const struct rulebook *rules = update->rules;
    char subject[2 * NAME_MAX_CHARS + 2], metres[REVISION_METRES_MAX];
    const struct exclusion *now;
    struct zone *drawn;
    double moved;
    size_t nth;

    snprintf(subject, sizeof subject, "%s/%s", zone->id, zone->name);
    if (!rulebook_find_exclusion(rules, subject, &nth)) {
        fault_set(why, "%.140s: is no zone of the folder, and --update makes none", subject);
        return UNKNOWN;
    }
    now = rulebook_exclusion(rules, nth);
    drawn = shape_of(update->maker, zone, why);
    if (drawn == NULL)
        return UNKNOWN;
    moved = zone_moved(now->zone, drawn);
    zone_destroy(drawn);
    update->untaken += order_untaken_zone(now, zone, &update->text, meter);
    if (moved <= same_within(now, &update->text))
        return STAYS;
    meter_wipe(meter);
    if (zone->drawn != NULL)
        print_line(stderr, "breachctl: %s", zone->drawn);
    print_line(stderr, "breachctl: %s: moved by %s", subject, revision_metres(moved, metres));
    return MOVED;
}

/* ---- all of them ---- */

/* An order's own keys; of one that is not there its zones tell, or it has none. */
static void compare_order(struct update *update, const struct sheet_section *order,
                          struct meter *meter)
{
    size_t nth;

    if (rulebook_find_order(update->rules, order->id, &nth))
        update->untaken += order_untaken_order(rulebook_order(update->rules, nth),
                                               &update->place->civil, order, &update->text, meter);
    if (rulebook_find_order(update->rules, order->id, &nth) || order->first_zone != NULL)
        return;
    update->untaken++;
    meter_wipe(meter);
    print_line(stderr, "breachctl: %s: is no order of the folder, and --update makes none",
               order->id);
}

static bool find_all(struct update *update, const struct order_sheet *sheet, struct fault *why)
{
    struct meter meter;
    bool ok = true;

    update->moved = calloc(sheet->n + 1, sizeof(const struct sheet_section *));
    if (update->moved == NULL)
        return fault_set(why, FAULT_MEMORY);
    meter_begin(&meter, "import, comparing", sheet->n);
    for (size_t i = 0; ok && i < sheet->n; i++) {
        const struct sheet_section *zone = sheet->of[i];
        enum moved is = zone->of != NULL ? find_moved(update, zone, &meter, why) : STAYS;

        if (zone->of == NULL)
            compare_order(update, zone, &meter);
        meter_at(&meter, i);
        update->n += zone->of != NULL;
        ok = is != UNKNOWN;
        if (is == MOVED)
            update->moved[update->n_moved++] = zone;
    }
    meter_end(&meter);
    return ok;
}

/* False where the map says what was not taken: whoever drew it thinks that it is so now. */
static bool tell_done(struct update *update, const struct order_sheet *sheet, struct fault *why)
{
    update->untaken += order_untaken_missing(update->rules, sheet);
    print_line(stderr, "breachctl: %zu of %zu zone%s moved", update->n_moved, update->n,
               plural(update->n));
    return update->untaken == 0 ||
           fault_set(why,
                     "%zu thing%s of the map %s not taken, as told above: write that into the "
                     "file, or import the map by --replace",
                     update->untaken, plural(update->untaken), update->untaken == 1 ? "is" : "are");
}

bool order_update(const struct order_place *place, const struct order_sheet *sheet,
                  struct fault *why)
{
    struct update update = { .place = place, .maker = zone_maker_create() };
    bool ok = order_place_lock(place, why);

    if (ok) {
        update.rules = order_place_check(place, NULL, 0, false);
        ok = (update.rules != NULL && update.maker != NULL) ||
             fault_set(why, "the orders are refused as they are: mend them first");
    }
    ok = ok && find_all(&update, sheet, why) &&
         (update.n_moved == 0 || order_redraw(place, update.moved, update.n_moved, why));
    if (ok)
        ok = tell_done(&update, sheet, why);
    order_text_let_go(&update.text);
    free(update.moved);
    rulebook_destroy(update.rules);
    zone_maker_destroy(update.maker);
    return ok;
}
