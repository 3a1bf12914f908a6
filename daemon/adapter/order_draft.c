/* SPDX-License-Identifier: Apache-2.0 */
/* order_draft.c - sections to values: one table of keys a kind, one function a key's type. */
#include "adapter/order_draft.h"

#include "adapter/orderfile.h"
#include "adapter/units.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { AREA_MAX = 64, CLAUSE_MAX = 32, WORD_LIST_MAX = 512, ZONES_TEXT_MAX = 4096 };

static const char *const order_keys[] = { "kind",   "clause", "respondent", "devices",
                                          "area",   "age",    "monitoring", "from",
                                          "served", "until",  NULL };
static const char *const zone_keys[] = { "centre", "radius", "wkt",      "geojson",
                                         "buffer", "warn",   "schedule", NULL };
static const char *const permit_keys[] = { "zones", "from", "until", "by", "why", NULL };

static const char order_kinds[] = "DVPN DVPO DAPN DAPO non-molestation restraining bail other";
static const char monitorings[] = "consent dapo bail licence";

static bool refuse(const struct draft *draft, const struct pair *pair, const char *why,
                   struct complaints *complaints)
{
    complain(complaints, draft->file, pair->line, "%s: %s", pair->key, why);
    return false;
}

static bool must_be_given(const struct draft *draft, const char *key, struct complaints *complaints)
{
    complain(complaints, draft->file, draft->line, "%s%s%s: %s must be given", draft->order,
             draft->name ? "/" : "", draft->name ? draft->name : "", key);
    return false;
}

const struct pair *draft_find(const struct draft *draft, const char *key)
{
    for (const struct pair *pair = draft->pairs; pair != NULL; pair = pair->next) {
        if (strcmp(pair->key, key) == 0)
            return pair;
    }
    return NULL;
}

static bool word_among(const char *word, const char *list)
{
    size_t length = strlen(word);

    for (const char *at = list; *at != '\0'; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");

        if (n == length && memcmp(at, word, n) == 0)
            return true;
        at += n;
    }
    return false;
}

/* Each key is one of `known` and stands there once. */
static bool check_keys(const struct draft *draft, const char *const *known,
                       struct complaints *complaints)
{
    bool ok = true;

    for (const struct pair *pair = draft->pairs; pair != NULL; pair = pair->next) {
        const char *const *key = known;

        while (*key != NULL && strcmp(*key, pair->key) != 0)
            key++;
        if (*key == NULL)
            ok = refuse(draft, pair, "no such key here", complaints);
        else if (draft_find(draft, pair->key) != pair)
            ok = refuse(draft, pair, "given twice", complaints);
    }
    return ok;
}

static bool take_time(const struct draft *draft, const char *key, bool needed, struct utc absent,
                      struct utc *out, struct complaints *complaints)
{
    const struct pair *pair = draft_find(draft, key);

    *out = absent;
    if (pair == NULL)
        return !needed || must_be_given(draft, key, complaints);
    if (!utc_parse(pair->value, out))
        return refuse(draft, pair, "not like 2020-06-09T12:00:00+01:00", complaints);
    return true;
}

/* A text of 1 to `max` characters without control characters; NULL when absent. */
static bool take_text(const struct draft *draft, const char *key, size_t max, const char **out,
                      struct complaints *complaints)
{
    const struct pair *pair = draft_find(draft, key);

    *out = pair ? pair->value : NULL;
    if (pair == NULL)
        return true;
    if (pair->value[0] == '\0' || strlen(pair->value) > max)
        return refuse(draft, pair, "must have 1 to a few dozen characters", complaints);
    for (const char *at = pair->value; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return refuse(draft, pair, "holds a control character", complaints);
    }
    return true;
}

static bool take_word(const struct draft *draft, const char *key, const char *list, bool needed,
                      const char **out, struct complaints *complaints)
{
    const struct pair *pair = draft_find(draft, key);
    char why[WORD_LIST_MAX];

    *out = pair ? pair->value : NULL;
    if (pair == NULL)
        return !needed || must_be_given(draft, key, complaints);
    if (word_among(pair->value, list))
        return true;
    snprintf(why, sizeof why, "\"%.40s\" is none of: %s", pair->value, list);
    return refuse(draft, pair, why, complaints);
}

static bool take_id(const struct draft *draft, const char *key, const char **out,
                    struct complaints *complaints)
{
    const struct pair *pair = draft_find(draft, key);

    *out = pair ? pair->value : NULL;
    if (pair == NULL)
        return must_be_given(draft, key, complaints);
    return name_valid(pair->value) ||
           refuse(draft, pair, "must be 1..64 letters, digits, - _ .", complaints);
}

static bool take_devices(const struct draft *draft, struct arena *room, struct order_values *out,
                         struct complaints *complaints)
{
    const struct pair *pair = draft_find(draft, "devices");
    char *rest = pair ? arena_text(room, pair->value) : NULL, *one;

    out->n_devices = 0;
    if (pair == NULL)
        return must_be_given(draft, "devices", complaints);
    while ((one = strsep(&rest, ", \t")) != NULL) {
        if (*one == '\0')
            continue;
        if (!name_valid(one))
            return refuse(draft, pair, "an id is 1..64 letters, digits, - _ .", complaints);
        if (out->n_devices == RESPONDENT_DEVICES_MAX)
            return refuse(draft, pair, "more than 8 devices", complaints);
        out->devices[out->n_devices++] = one;
    }
    return out->n_devices > 0 || refuse(draft, pair, "names no device", complaints);
}

static bool take_quantity(const struct draft *draft, const char *key, enum unit_kind unit,
                          double low, double high, double absent, double *out,
                          struct complaints *complaints)
{
    const struct pair *pair = draft_find(draft, key);
    struct fault why;

    *out = absent;
    return pair == NULL || unit_parse(unit, pair->value, low, high, out, &why) ||
           refuse(draft, pair, why.text, complaints);
}

bool draft_order(const struct draft *draft, struct arena *room, struct order_values *out,
                 struct complaints *complaints)
{
    struct order *order = &out->order;
    double age;
    bool ok = check_keys(draft, order_keys, complaints);

    order->id = draft->order;
    ok &= take_word(draft, "kind", order_kinds, true, &order->kind, complaints);
    ok &= take_text(draft, "clause", CLAUSE_MAX, &order->clause, complaints);
    ok &= take_id(draft, "respondent", &order->respondent, complaints);
    ok &= take_devices(draft, room, out, complaints);
    ok &= take_text(draft, "area", AREA_MAX, &order->area, complaints);
    ok &= take_quantity(draft, "age", UNIT_COUNT, 10, 120, -1, &age, complaints);
    ok &= take_word(draft, "monitoring", monitorings, false, &order->monitoring, complaints);
    ok &= take_time(draft, "from", true, UTC_ALWAYS, &order->from, complaints);
    ok &= take_time(draft, "served", false, UTC_NEVER, &order->served, complaints);
    ok &= take_time(draft, "until", false, UTC_NEVER, &order->until, complaints);
    order->age = (int)age;
    return ok;
}

const char *draft_shape(const struct draft *draft, const struct pair *pair, struct arena *arena,
                        struct complaints *complaints)
{
    const char *slash = strrchr(draft->file, '/');
    char path[1024], *text = NULL;
    FILE *file;
    size_t n;

    snprintf(path, sizeof path, "%.*s%s",
             pair->value[0] == '/' || slash == NULL ? 0 : (int)(slash - draft->file + 1),
             draft->file, pair->value);
    file = fopen(path, "re");
    if (file == NULL) {
        complain(complaints, draft->file, pair->line, "geojson: %s: %s", path, strerror(errno));
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    n = (size_t)ftell(file);
    rewind(file);
    if (n > ORDERFILE_GEOJSON_MAX)
        complain(complaints, draft->file, pair->line, "geojson: %s: larger than %d bytes", path,
                 ORDERFILE_GEOJSON_MAX);
    else if ((text = arena_take(arena, n + 1)) == NULL || fread(text, 1, n, file) != n) {
        complain(complaints, draft->file, pair->line, "geojson: %s: cannot be read", path);
        text = NULL;
    }
    fclose(file);
    return text;
}

/* Exactly one of centre, wkt and geojson. */
static bool take_shape(const struct draft *draft, struct arena *room, struct zone_draft *out,
                       struct complaints *complaints)
{
    const struct pair *centre = draft_find(draft, "centre"), *wkt = draft_find(draft, "wkt");
    const struct pair *geojson = draft_find(draft, "geojson");
    struct fault why;

    if ((centre != NULL) + (wkt != NULL) + (geojson != NULL) != 1)
        return must_be_given(draft, "exactly one of centre, wkt and geojson", complaints);
    if (draft_find(draft, "radius") == NULL && centre != NULL)
        return must_be_given(draft, "radius", complaints);
    if (draft_find(draft, "radius") != NULL && centre == NULL)
        return refuse(draft, draft_find(draft, "radius"), "goes with centre; a polygon has buffer",
                      complaints);
    if (centre != NULL)
        return latlon_parse(centre->value, &out->centre, &why) ||
               refuse(draft, centre, why.text, complaints);
    out->format = wkt != NULL ? ZONE_WKT : ZONE_GEOJSON;
    out->text = wkt != NULL ? wkt->value : draft_shape(draft, geojson, room, complaints);
    return out->text != NULL;
}

bool draft_zone(const struct draft *draft, struct arena *room, struct schedule *schedule,
                struct zone_draft *out, struct complaints *complaints)
{
    const struct pair *weekly = draft_find(draft, "schedule");
    struct fault why;
    bool ok = check_keys(draft, zone_keys, complaints);

    *out = (struct zone_draft){ .order = draft->order, .name = draft->name };
    ok &= take_shape(draft, room, out, complaints);
    ok &= take_quantity(draft, "radius", UNIT_DISTANCE, ZONE_RADIUS_MIN_M, ZONE_RADIUS_MAX_M, 0,
                        &out->radius, complaints);
    ok &= take_quantity(draft, "buffer", UNIT_DISTANCE, 0, ZONE_RADIUS_MAX_M, 0, &out->buffer,
                        complaints);
    ok &= take_quantity(draft, "warn", UNIT_DISTANCE, 0, ZONE_RADIUS_MAX_M, 0, &out->warn,
                        complaints);
    if (out->text == NULL)
        out->radius += out->buffer; // a circle grown is a larger circle
    if (weekly == NULL)
        return ok;
    out->schedule = schedule;
    return (schedule_parse(weekly->value, schedule, &why) ||
            refuse(draft, weekly, why.text, complaints)) &&
           ok;
}

bool draft_permit(const struct draft *draft, struct permit *out, struct complaints *complaints)
{
    bool ok = check_keys(draft, permit_keys, complaints);

    *out = (struct permit){ .id = draft->name };
    ok &= take_text(draft, "zones", ZONES_TEXT_MAX, &out->zones, complaints);
    ok &= take_time(draft, "from", true, UTC_ALWAYS, &out->from, complaints);
    ok &= take_time(draft, "until", true, UTC_NEVER, &out->until, complaints);
    ok &= take_text(draft, "by", 200, &out->by, complaints);
    ok &= take_text(draft, "why", 1000, &out->why, complaints);
    return ok;
}
