/* SPDX-License-Identifier: Apache-2.0 */
/* order_draft.c - sections to values: one table of keys a kind, one function a key's type. */
#include "adapter/conf/order_draft.h"

#include "adapter/conf/orderfile.h"
#include "adapter/conf/units.h"
#include "adapter/lead.h"
#include "adapter/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { AREA_MAX = 64, CLAUSE_MAX = 32, BY_MAX = 200, TEXT_MAX = 4096, WORD_LIST_MAX = 512 };

static const char *const order_keys[] = { "kind",   "clause", "respondent", "devices",
                                          "area",   "age",    "monitoring", "from",
                                          "served", "until",  NULL };
static const char *const zone_keys[] = { "centre", "radius", "wkt",      "geojson",
                                         "buffer", "warn",   "schedule", NULL };
static const char *const permit_keys[] = { "zones", "from", "until", "by", "why", NULL };

static const struct lonlat nowhere = { NAN, NAN };

static const char order_kinds[] = "DVPN DVPO DAPN DAPO non-molestation restraining bail other";
static const char monitorings[] = "consent dapo bail licence";

static bool refuse(const struct order_draft *draft, const struct pair *pair, const char *why,
                   struct complaints *complaints)
{
    complain(complaints, draft->file, pair->line, "%s: %s", pair->key, why);
    return false;
}

static const char a_name[] = "1..64 letters, digits, - _ .";

/* Reports that "VALUE" is not what the key wants. */
static bool refuse_value(const struct order_draft *draft, const struct pair *pair,
                         const char *value, const char *wanted, struct complaints *complaints)
{
    struct fault why;

    fault_set(&why, "\"%.80s\" is not %s", value, wanted);
    return refuse(draft, pair, why.text, complaints);
}

static bool must_be_given(const struct order_draft *draft, const char *key,
                          struct complaints *complaints)
{
    complain(complaints, draft->file, draft->line, "%s%s%s: %s must be given", draft->order,
             draft->name ? "/" : "", draft->name ? draft->name : "", key);
    return false;
}

const char *order_draft_kind_name(enum order_draft_kind kind)
{
    static const char *const names[] = { "order", "zone", "permit" };
    _Static_assert(sizeof names / sizeof *names == ORDER_DRAFT_KINDS, "a name for each kind");

    return names[kind];
}

const struct pair *order_draft_find(const struct order_draft *draft, const char *key)
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
static bool check_keys(const struct order_draft *draft, const char *const *known,
                       struct complaints *complaints)
{
    bool ok = true;

    for (const struct pair *pair = draft->pairs; pair != NULL; pair = pair->next) {
        const char *const *key = known;

        while (*key != NULL && strcmp(*key, pair->key) != 0)
            key++;
        if (*key == NULL)
            ok = refuse(draft, pair, "no such key here", complaints);
        else if (order_draft_find(draft, pair->key) != pair)
            ok = refuse(draft, pair, "given twice", complaints);
    }
    return ok;
}

static bool take_time(const struct order_draft *draft, const char *key, bool needed,
                      struct utc absent, struct utc *out, struct complaints *complaints)
{
    const struct pair *pair = order_draft_find(draft, key);
    struct fault why;

    *out = absent;
    if (pair == NULL)
        return !needed || must_be_given(draft, key, complaints);
    if (utc_parse(pair->value, out))
        return true;
    fault_set(&why, "\"%.80s\" %s", pair->value, utc_flaw(pair->value));
    return refuse(draft, pair, why.text, complaints);
}

/* A text of 1 to `max` bytes of UTF-8 without control characters; NULL when absent. */
static bool take_text(const struct order_draft *draft, const char *key, size_t max,
                      const char **out, struct complaints *complaints)
{
    const struct pair *pair = order_draft_find(draft, key);
    size_t length = pair ? strlen(pair->value) : 0;
    struct fault why;

    *out = pair ? pair->value : NULL;
    if (pair == NULL)
        return true;
    if (length < 1 || length > max) {
        fault_set(&why, "has %zu characters, not 1..%zu", length, max);
        return refuse(draft, pair, why.text, complaints);
    }
    return text_is_clean(pair->value, &why) || refuse(draft, pair, why.text, complaints);
}

static bool take_word(const struct order_draft *draft, const char *key, const char *list,
                      bool needed, const char **out, struct complaints *complaints)
{
    const struct pair *pair = order_draft_find(draft, key);
    char why[WORD_LIST_MAX];

    *out = pair ? pair->value : NULL;
    if (pair == NULL)
        return !needed || must_be_given(draft, key, complaints);
    if (word_among(pair->value, list))
        return true;
    snprintf(why, sizeof why, "\"%.40s\" is none of: %s", pair->value, list);
    return refuse(draft, pair, why, complaints);
}

static bool take_id(const struct order_draft *draft, const char *key, const char **out,
                    struct complaints *complaints)
{
    const struct pair *pair = order_draft_find(draft, key);

    *out = pair ? pair->value : NULL;
    if (pair == NULL)
        return must_be_given(draft, key, complaints);
    return name_valid(pair->value) || refuse_value(draft, pair, pair->value, a_name, complaints);
}

static bool take_devices(const struct order_draft *draft, struct arena *room,
                         struct order_values *out, struct complaints *complaints)
{
    const struct pair *pair = order_draft_find(draft, "devices");
    char *rest = pair ? arena_text(room, pair->value) : NULL, *one;
    bool ok = true;

    out->n_devices = 0;
    if (pair == NULL)
        return must_be_given(draft, "devices", complaints);
    while ((one = strsep(&rest, ", \t")) != NULL) {
        if (*one == '\0')
            continue;
        if (!name_valid(one))
            ok = refuse_value(draft, pair, one, a_name, complaints);
        else if (out->n_devices == RESPONDENT_DEVICES_MAX)
            return refuse(draft, pair, "more than 8 devices", complaints);
        else
            out->devices[out->n_devices++] = one;
    }
    return ok && (out->n_devices > 0 || refuse(draft, pair, "names no device", complaints));
}

static bool take_quantity(const struct order_draft *draft, const char *key, enum unit_kind unit,
                          double low, double high, double absent, double *out,
                          struct complaints *complaints)
{
    const struct pair *pair = order_draft_find(draft, key);
    struct fault why;

    *out = absent;
    return pair == NULL || unit_parse(unit, pair->value, low, high, out, &why) ||
           refuse(draft, pair, why.text, complaints);
}

/* Fills in what is missing, so that the rest of the order can be checked. */
static void stand_in(struct order_values *values)
{
    struct order *order = &values->order;

    if (order->kind == NULL)
        order->kind = "other";
    if (order->respondent == NULL || !name_valid(order->respondent)) {
        order->respondent = order->id;
        values->n_devices = 0; // nobody's: they may be another one's by right
    }
}

bool order_draft_order(const struct order_draft *draft, struct arena *room,
                       struct order_values *out, struct complaints *complaints)
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
    stand_in(out);
    return ok;
}

/* All of a file as text in `arena`, or NULL and why. */
static const char *read_shape(const struct sources *sources, const char *path, const char *orders,
                              struct arena *arena, struct fault *why)
{
    struct fault cause;
    struct source source;
    char *bytes = NULL;
    const char *text;
    long size;
    size_t n;

    if (!source_open(sources, LAST_GOOD_SHAPE, path, orders, ORDERFILE_GEOJSON_MAX, &source,
                     &cause)) {
        fault_set(why, "%.300s: %s", path, cause.text);
        return NULL;
    }
    if (fseek(source.file, 0, SEEK_END) != 0 || (size = ftell(source.file)) < 0 ||
        fseek(source.file, 0, SEEK_SET) != 0 ||
        (bytes = arena_take(arena, (size_t)size + 1)) == NULL ||
        fread(bytes, 1, (size_t)size, source.file) != (size_t)size)
        bytes = (fault_set(why, "%.300s: cannot be read", path), NULL);
    source_close(&source);
    text = bytes;
    n = bytes != NULL ? (size_t)size : 0;
    if (bytes != NULL && !lead_skip(&text, &n, &cause))
        text = (fault_set(why, "%.300s: %s", path, cause.text), NULL);
    return text;
}

void order_draft_read_shape(struct order_draft *draft, const struct sources *sources,
                            struct arena *arena)
{
    const struct pair *pair =
        draft->kind == ORDER_DRAFT_ZONE ? order_draft_find(draft, "geojson") : NULL;
    const char *slash = strrchr(draft->file, '/');
    char path[1024];
    struct fault why;
    int folder;

    if (pair == NULL || draft->shape != NULL)
        return;
    folder = pair->value[0] == '/' || slash == NULL ? 0 : (int)(slash - draft->file + 1);
    snprintf(path, sizeof path, "%.*s%s", folder, draft->file, pair->value);
    draft->shape = read_shape(sources, path, draft->file, arena, &why);
    if (draft->shape == NULL)
        draft->shape_why = arena_text(arena, why.text);
}

static bool is_quoted(const struct order_draft *draft, const struct pair *pair,
                      struct complaints *complaints)
{
    return pair != NULL && (pair->value[0] == '"' || pair->value[0] == '\'') &&
           !refuse(draft, pair, "stands in quotation marks: leave them out", complaints);
}

/* Exactly one of centre, wkt and geojson, and a radius with a centre only. */
static bool take_shape(const struct order_draft *draft, struct zone_draft *out,
                       struct complaints *complaints)
{
    const struct pair *centre = order_draft_find(draft, "centre"),
                      *wkt = order_draft_find(draft, "wkt");
    const struct pair *geojson = order_draft_find(draft, "geojson"),
                      *radius = order_draft_find(draft, "radius");
    struct fault why;
    bool ok = true;

    if ((centre != NULL) + (wkt != NULL) + (geojson != NULL) != 1)
        return must_be_given(draft, "exactly one of centre, wkt and geojson", complaints);
    if (centre != NULL && radius == NULL)
        ok = must_be_given(draft, "radius", complaints);
    if (is_quoted(draft, centre, complaints) || is_quoted(draft, wkt, complaints) ||
        is_quoted(draft, geojson, complaints))
        return false;
    if (centre == NULL && radius != NULL)
        ok = refuse(draft, radius, "goes with centre; a polygon has buffer", complaints);
    if (centre != NULL)
        return (latlon_parse(centre->value, &out->centre, &why) ||
                (complain_of(complaints, draft->file, centre->line, "centre", &why), false)) &&
               ok;
    out->format = wkt != NULL ? ZONE_WKT : ZONE_GEOJSON;
    out->text = wkt != NULL ? wkt->value : draft->shape;
    // The ledger keeps it in JSON, and a name that is none would be lost there.
    if (geojson != NULL && !text_is_clean(geojson->value, &why))
        return refuse(draft, geojson, why.text, complaints);
    if (out->text == NULL)
        return refuse(draft, geojson, draft->shape_why ? draft->shape_why : "out of memory",
                      complaints);
    return ok;
}

/* `…16:30 ; Sat 09:00-12:00`: the blank makes a comment of Saturday, and nobody would know. */
static bool comment_is_schedule(const char *comment)
{
    const char *at = comment ? comment + strspn(comment, ";# \t") : "";
    struct schedule unused;
    struct fault why;
    char text[128];

    snprintf(text, sizeof text, "%.*s", (int)strcspn(at, ";#\r\n"), at);
    return schedule_parse(text, &unused, &why);
}

bool order_draft_has_shape(const struct zone_draft *values)
{
    return values->text != NULL || !isnan(values->centre.lat);
}

bool order_draft_zone(const struct order_draft *draft, struct schedule *schedule,
                      struct zone_draft *out, struct complaints *complaints)
{
    const struct pair *weekly = order_draft_find(draft, "schedule");
    struct fault why;
    bool ok = check_keys(draft, zone_keys, complaints);

    *out = (struct zone_draft){ .order = draft->order, .name = draft->name, .centre = nowhere };
    ok &= take_shape(draft, out, complaints);
    ok &= take_quantity(draft, "radius", UNIT_DISTANCE, ZONE_RADIUS_MIN_M, ZONE_RADIUS_MAX_M,
                        ZONE_RADIUS_MIN_M, &out->radius, complaints);
    ok &= take_quantity(draft, "buffer", UNIT_DISTANCE, 0, ZONE_RADIUS_MAX_M, 0, &out->buffer,
                        complaints);
    ok &= take_quantity(draft, "warn", UNIT_DISTANCE, 0, ZONE_RADIUS_MAX_M, 0, &out->warn,
                        complaints);
    if (out->text == NULL)
        out->radius += out->buffer; // a circle grown is a larger circle
    if (weekly == NULL)
        return ok;
    if (!schedule_parse(weekly->value, schedule, &why))
        return refuse(draft, weekly, why.text, complaints);
    out->schedule = schedule;
    if (comment_is_schedule(weekly->comment))
        return refuse(draft, weekly,
                      "a blank before ; makes a comment of the next window: leave it out",
                      complaints);
    return ok;
}

bool order_draft_permit(const struct order_draft *draft, struct permit *out,
                        struct complaints *complaints)
{
    bool ok = check_keys(draft, permit_keys, complaints);

    *out = (struct permit){ .id = draft->name };
    ok &= take_text(draft, "zones", TEXT_MAX - 1, &out->zones, complaints);
    if (out->zones != NULL && out->zones[strspn(out->zones, ", \t")] == '\0')
        ok = refuse(draft, order_draft_find(draft, "zones"), "names no zone", complaints);
    ok &= take_time(draft, "from", true, UTC_ALWAYS, &out->from, complaints);
    ok &= take_time(draft, "until", true, UTC_NEVER, &out->until, complaints);
    ok &= take_text(draft, "by", BY_MAX, &out->by, complaints);
    ok &= take_text(draft, "why", TEXT_MAX - 1, &out->why, complaints);
    return ok;
}
