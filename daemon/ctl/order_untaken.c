/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_untaken.h"

#include "adapter/conf/units.h"
#include "adapter/print.h"
#include "core/plural.h"
#include "core/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION_MAX = 2 * NAME_MAX_CHARS + 16, SUBJECT_MAX = 2 * NAME_MAX_CHARS + 2 };

/* What a map's digits round away, in metres. */
static const double same_circle = 0.1;

static const char between[] = ", \t";

/* ---- the same, written otherwise ---- */

/* Word for word, however they are parted. */
static bool are_same_words(const char *one, const char *other)
{
    for (;;) {
        size_t n = strcspn(one += strspn(one, between), between);
        size_t m = strcspn(other += strspn(other, between), between);

        if (n != m || strncmp(one, other, n) != 0)
            return false;
        if (n == 0)
            return true;
        one += n;
        other += m;
    }
}

static bool is_same_number(const char *one, const char *other)
{
    char *end, *other_end;
    double number = strtod(one, &end), other_number = strtod(other, &other_end);

    return end != one && other_end != other && number == other_number;
}

/* As it is written in the order's text; false where it is not. */
static bool is_written(const struct order *order, struct order_text_held *text, const char *kind,
                       const char *id, const char *key, const char *value)
{
    char section[SECTION_MAX], *written;
    bool same;

    snprintf(section, sizeof section, "%s %s", kind, id);
    written = order_text_find(text, order, section, key);
    same = written != NULL && (are_same_words(written, value) ||
                               (strcmp(key, "age") == 0 && is_same_number(written, value)));
    free(written);
    return same;
}

static bool is_instant(struct utc now, const struct civil *civil, const char *value)
{
    struct fault unheard;
    struct utc at;

    return civil_parse(civil, value, &at, &unheard) && at.ms == now.ms;
}

static bool is_metres(double now, const char *value)
{
    struct fault unheard;
    double metres;

    return unit_parse(UNIT_DISTANCE, value, 0, ZONE_RADIUS_MAX_M, &metres, &unheard) &&
           metres == now;
}

static bool is_same_in_order(const struct order *now, const struct civil *civil,
                             struct order_text_held *text, const char *key, const char *value)
{
    if (strcmp(key, "from") == 0)
        return is_instant(now->from, civil, value);
    if (strcmp(key, "served") == 0)
        return is_instant(now->served, civil, value);
    if (strcmp(key, "until") == 0)
        return is_instant(now->until, civil, value);
    return is_written(now, text, "order", now->id, key, value);
}

/* ---- what is told ---- */

static void tell(struct meter *meter, const char *subject, const char *key, const char *value)
{
    meter_wipe(meter);
    print_line(stderr, "breachctl: %s: %s: \"%.80s\" is not taken: --update takes shapes alone",
               subject, key, value);
}

size_t order_untaken_order(const struct order *now, const struct civil *civil,
                           const struct sheet_section *order, struct order_text_held *text,
                           struct meter *meter)
{
    size_t n = 0;

    for (size_t i = 0; i < ORDER_KEYS; i++) {
        const char *value = order->values[i];

        if (order_keys[i].of != ORDER_KEY_ORDER || value == NULL ||
            is_same_in_order(now, civil, text, order_keys[i].name, value))
            continue;
        tell(meter, now->id, order_keys[i].name, value);
        n++;
    }
    return n;
}

/* The circle that the table says, beside another drawing, is not that of the folder. */
static bool is_other_circle(const struct exclusion *now, const char *centre, const char *radius)
{
    struct fault unheard;
    struct zone *said = NULL;
    struct lonlat at;
    double metres;
    bool same = latlon_parse(centre, &at, &unheard) &&
                unit_parse(UNIT_DISTANCE, radius, ZONE_RADIUS_MIN_M, ZONE_RADIUS_MAX_M, &metres,
                           &unheard) &&
                zone_from_circle(at, metres, &said, &unheard) &&
                zone_moved(now->zone, said) <= same_circle;

    zone_destroy(said);
    return !same;
}

size_t order_untaken_zone(const struct exclusion *now, const struct sheet_section *zone,
                          struct order_text_held *text, struct meter *meter)
{
    const char *warn = zone->values[order_key_find("warn")],
               *schedule = zone->values[order_key_find("schedule")],
               *buffer = zone->values[order_key_find("buffer")];
    size_t n = 0;

    if (warn != NULL && !is_metres(now->warn, warn))
        tell(meter, now->subject, "warn", warn), n++;
    if (schedule != NULL &&
        !is_written(now->order, text, "zone", now->subject, "schedule", schedule))
        tell(meter, now->subject, "schedule", schedule), n++;
    if (buffer != NULL && !is_metres(0, buffer))
        tell(meter, now->subject, "buffer", buffer), n++;
    if (zone->said_radius != NULL && is_other_circle(now, zone->said_centre, zone->said_radius)) {
        char both[160];

        snprintf(both, sizeof both, "%.60s, %.60s", zone->said_centre, zone->said_radius);
        tell(meter, now->subject, "centre, radius", both);
        n++;
    }
    return n;
}

size_t order_untaken_missing(const struct rulebook *rules, const struct order_sheet *sheet)
{
    size_t n = 0, deleted = 0;

    for (size_t i = 0; i < rulebook_counts(rules).exclusions; i++) {
        const struct exclusion *now = rulebook_exclusion(rules, i);

        if (order_sheet_find(sheet, now->subject) != NULL)
            continue;
        deleted += order_sheet_find(sheet, now->order->id) != NULL;
        if (++n <= ORDER_UNTAKEN_NAMED_MAX)
            print_line(stderr, "breachctl: %s: is not in the map, and stays as it is",
                       now->subject);
    }
    if (n > ORDER_UNTAKEN_NAMED_MAX)
        print_line(stderr, "breachctl: and %zu more zone%s, which stay",
                   n - ORDER_UNTAKEN_NAMED_MAX, plural(n - ORDER_UNTAKEN_NAMED_MAX));
    return deleted;
}
