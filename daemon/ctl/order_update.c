/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_update.h"

#include "adapter/conf/order_text.h"
#include "adapter/conf/units.h"
#include "adapter/print.h"
#include "core/plural.h"
#include "core/revision.h"
#include "core/rulebook.h"
#include "ctl/order_edit.h"
#include "ctl/order_find.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION_MAX = 2 * NAME_MAX_CHARS + 16 };

/* What a map's digits round away; and a buffer is drawn with round corners, a little off. */
static const double same_shape = 0.1, same_of_buffer = 0.001;

static const char *const shape_keys[] = { "centre", "radius", "wkt", "geojson", "buffer", NULL };

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
static double same_within(const struct exclusion *now)
{
    char section[SECTION_MAX], *buffer = NULL;
    struct fault unheard;
    double metres = 0;

    snprintf(section, sizeof section, "zone %s", now->subject);
    if (now->order->text != NULL)
        buffer = order_text_find(now->order->text, section, "buffer");
    if (buffer != NULL)
        unit_parse(UNIT_DISTANCE, buffer, 0, ZONE_RADIUS_MAX_M, &metres, &unheard);
    free(buffer);
    return same_shape + metres * same_of_buffer;
}

enum moved { MOVED, STAYS, UNKNOWN };

/* Tells of a zone that has moved. */
static enum moved find_moved(struct zone_maker *maker, const struct rulebook *rules,
                             const struct sheet_section *zone, struct fault *why)
{
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
    drawn = shape_of(maker, zone, why);
    if (drawn == NULL)
        return UNKNOWN;
    moved = zone_moved(now->zone, drawn);
    zone_destroy(drawn);
    if (moved <= same_within(now))
        return STAYS;
    print_line(stderr, "breachctl: %s: moved by %s", subject, revision_metres(moved, metres));
    return MOVED;
}

/* The text with the zone's shape as the sheet has it; the caller frees. */
static char *redrawn(const char *text, const char *name, const char *section,
                     const struct sheet_section *zone)
{
    struct order_edit_line lines[3];
    size_t n = 0;
    char *folded = NULL, *made;
    bool ok = true;

    if (value_of(zone, "wkt") != NULL) {
        folded = order_sheet_fold(value_of(zone, "wkt"));
        ok = folded != NULL;
        lines[n++] = (struct order_edit_line){ "wkt", folded };
    } else {
        lines[n++] = (struct order_edit_line){ "centre", value_of(zone, "centre") };
        lines[n++] = (struct order_edit_line){ "radius", value_of(zone, "radius") };
    }
    made = ok ? order_edit(text, name, section, shape_keys, "", lines, n) : NULL;
    free(folded);
    return made;
}

/* The file in which the zone stands, with its shape as the sheet has it; the caller frees. */
static char *redraw(const struct order_place *place, const struct sheet_section *zone,
                    char section[SECTION_MAX], char name[ORDER_FILE_NAME_MAX], struct fault *why)
{
    char *text, *fresh;

    snprintf(section, SECTION_MAX, "zone %s/%s", zone->id, zone->name);
    text = order_find_file(place, section, name, why);
    fresh = text != NULL ? redrawn(text, name, section, zone) : NULL;
    if (text != NULL && fresh == NULL)
        fault_set(why, FAULT_MEMORY);
    free(text);
    return fresh;
}

/* Whether it would be taken, with all others as they are. */
static bool try_zone(const struct order_place *place, const struct sheet_section *zone,
                     struct fault *why)
{
    char name[ORDER_FILE_NAME_MAX], section[SECTION_MAX];
    char *fresh = redraw(place, zone, section, name, why);
    struct rulebook *rules = fresh != NULL ? order_place_check(place, name, fresh, false) : NULL;
    bool ok = rules != NULL;

    if (fresh != NULL && !ok)
        fault_set(why, "refused: nothing in %.300s was changed", place->folder);
    rulebook_destroy(rules);
    free(fresh);
    return ok;
}

/* Its section as it is then, on stdout; and its file in place. */
static bool put_zone(const struct order_place *place, const struct sheet_section *zone,
                     struct fault *why)
{
    char name[ORDER_FILE_NAME_MAX], section[SECTION_MAX];
    char *fresh = NULL, *shown = NULL;
    bool ok =
        order_place_lock(place, why) && (fresh = redraw(place, zone, section, name, why)) != NULL;

    if (ok && (shown = order_edit_section(fresh, name, section)) == NULL)
        ok = fault_set(why, FAULT_MEMORY);
    if (ok) {
        print_line(stdout, "; %s/%s", place->folder, name);
        order_place_show(shown);
    }
    ok = ok && order_place_put(place, name, fresh, true, why);
    free(shown);
    free(fresh);
    return ok;
}

/* ---- all of them: first whether each is taken, then each into its file ---- */

struct update {
    const struct order_place *place;
    struct rulebook *rules;
    struct zone_maker *maker;
    const struct sheet_section **moved;
    size_t n_moved, n;
};

static bool find_all(struct update *update, const struct order_sheet *sheet, struct fault *why)
{
    size_t room = 0;

    for (const struct sheet_section *at = sheet->first; at != NULL; at = at->next)
        room++;
    update->moved = calloc(room + 1, sizeof(const struct sheet_section *));
    if (update->moved == NULL)
        return fault_set(why, FAULT_MEMORY);
    for (const struct sheet_section *at = sheet->first; at != NULL; at = at->next) {
        enum moved is = at->of != NULL ? find_moved(update->maker, update->rules, at, why) : STAYS;

        update->n += at->of != NULL;
        if (is == UNKNOWN || (is == MOVED && !try_zone(update->place, at, why)))
            return false;
        if (is == MOVED)
            update->moved[update->n_moved++] = at;
    }
    return true;
}

/* A disk that is full, or somebody's change meanwhile, may still stop it half-way. */
static bool put_all(const struct update *update, struct fault *why)
{
    for (size_t i = 0; i < update->n_moved; i++) {
        const struct sheet_section *zone = update->moved[i];
        struct fault cause;

        if (put_zone(update->place, zone, &cause))
            continue;
        if (i == 0)
            return fault_set(why, "%s", cause.text);
        return fault_set(why,
                         "%.300s; %zu of %zu zones that moved are in place, as told above, and "
                         "%.64s/%.64s and all behind it are not",
                         cause.text, i, update->n_moved, zone->id, zone->name);
    }
    return true;
}

bool order_update(const struct order_place *place, const struct order_sheet *sheet,
                  struct fault *why)
{
    struct update update = { .place = place,
                             .rules = order_place_check(place, "", NULL, false),
                             .maker = zone_maker_create() };
    bool ok = (update.rules != NULL && update.maker != NULL) ||
              fault_set(why, "the orders are refused as they are: mend them first");

    ok = ok && find_all(&update, sheet, why) && put_all(&update, why);
    if (ok)
        print_line(stderr, "breachctl: %zu of %zu zone%s moved", update.n_moved, update.n,
                   plural(update.n));
    free(update.moved);
    rulebook_destroy(update.rules);
    zone_maker_destroy(update.maker);
    return ok;
}
