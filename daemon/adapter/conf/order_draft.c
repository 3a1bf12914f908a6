/* SPDX-License-Identifier: Apache-2.0 */
/* order_draft.c - sections to values. */
#include "adapter/conf/order_draft.h"

#include "adapter/conf/order_take.h"
#include "adapter/conf/orderfile.h"
#include "adapter/lead.h"
#include "adapter/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { AREA_MAX = 64, CLAUSE_MAX = 32, BY_MAX = 200, TEXT_MAX = 4096 };

static const struct lonlat nowhere = { NAN, NAN };

static const char order_kinds[] = "DVPN DVPO DAPN DAPO non-molestation restraining bail other";
static const char monitorings[] = "consent dapo bail licence";

const char *order_draft_kind_name(enum order_draft_kind kind)
{
    static const char *const names[] = { "order", "zone", "permit" };
    _Static_assert(sizeof names / sizeof *names == ORDER_DRAFT_KINDS, "a name for each kind");

    return names[kind];
}

/* Quotation marks are taken as part of a text: alerts would go to "Basildon" with them. */
static void doubt_quotes(const struct order_take *take, const char *key)
{
    const struct pair *pair = order_draft_find(take->draft, key);

    if (pair != NULL && (pair->value[0] == '"' || pair->value[0] == '\''))
        complain_softly(take->complaints, take->draft->file, pair->line,
                        "%s: the quotation marks are part of it: leave them out", key);
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

bool order_draft_order(const struct order_take *take, struct arena *room, struct order_values *out)
{
    struct order *order = &out->order;
    double age;
    bool ok = order_take_keys(take);

    order->id = take->draft->order;
    ok &= order_take_choice(take, "kind", order_kinds, true, &order->kind);
    ok &= order_take_text(take, "clause", CLAUSE_MAX, &order->clause);
    ok &= order_take_id(take, "respondent", &order->respondent);
    ok &= order_take_devices(take, room, out);
    ok &= order_take_text(take, "area", AREA_MAX, &order->area);
    ok &= order_take_quantity(take, "age", UNIT_COUNT, 10, 120, -1, &age);
    ok &= order_take_choice(take, "monitoring", monitorings, false, &order->monitoring);
    ok &= order_take_time(take, "from", true, UTC_ALWAYS, &order->from);
    ok &= order_take_time(take, "served", false, UTC_NEVER, &order->served);
    ok &= order_take_time(take, "until", false, UTC_NEVER, &order->until);
    doubt_quotes(take, "area");
    order->age = (signed char)age;
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

static bool is_quoted(const struct order_take *take, const struct pair *pair)
{
    return pair != NULL && (pair->value[0] == '"' || pair->value[0] == '\'') &&
           !order_take_refuse(take, pair, "stands in quotation marks: leave them out");
}

/* A radius goes with a centre, and with nothing else. */
static bool check_radius(const struct order_take *take)
{
    const struct pair *radius = order_draft_find(take->draft, "radius");
    bool centre = order_draft_find(take->draft, "centre") != NULL;

    if (centre && radius == NULL)
        return order_take_needs(take, "radius");
    return centre || radius == NULL ||
           order_take_refuse(take, radius, "goes with centre; a polygon has buffer");
}

/* The text of a shape that is none of a circle's. */
static bool take_text_shape(const struct order_take *take, const struct pair *wkt,
                            const struct pair *geojson, struct zone_draft *out)
{
    const struct order_draft *draft = take->draft;
    struct fault why;

    out->format = wkt != NULL ? ZONE_WKT : ZONE_GEOJSON;
    out->text = wkt != NULL ? wkt->value : draft->shape;
    // The ledger keeps it in JSON, and a name that is none would be lost there.
    if (geojson != NULL && !text_is_clean(geojson->value, &why))
        return order_take_refuse(take, geojson, why.text);
    return out->text != NULL ||
           order_take_refuse(take, geojson, draft->shape_why ? draft->shape_why : "out of memory");
}

/* Exactly one of centre, wkt and geojson, and a radius with a centre only. */
static bool take_shape(const struct order_take *take, struct zone_draft *out)
{
    const struct pair *centre = order_draft_find(take->draft, "centre"),
                      *wkt = order_draft_find(take->draft, "wkt"),
                      *geojson = order_draft_find(take->draft, "geojson");
    struct fault why;
    bool ok;

    if ((centre != NULL) + (wkt != NULL) + (geojson != NULL) != 1)
        return order_take_needs(take, "exactly one of centre, wkt and geojson");
    ok = check_radius(take);
    if (is_quoted(take, centre) || is_quoted(take, wkt) || is_quoted(take, geojson))
        return false;
    if (centre == NULL)
        return take_text_shape(take, wkt, geojson, out) && ok;
    if (latlon_parse(centre->value, &out->centre, &why))
        return ok;
    complain_of(take->complaints, take->draft->file, centre->line, "centre", &why);
    return false;
}

bool order_draft_has_shape(const struct zone_draft *values)
{
    return values->text != NULL || !isnan(values->centre.lat);
}

bool order_draft_zone(const struct order_take *take, struct schedule *schedule,
                      struct zone_draft *out)
{
    const struct order_draft *draft = take->draft;
    bool ok = order_take_keys(take);

    *out = (struct zone_draft){ .order = draft->order, .name = draft->name, .centre = nowhere };
    ok &= take_shape(take, out);
    ok &= order_take_quantity(take, "radius", UNIT_DISTANCE, ZONE_RADIUS_MIN_M, ZONE_RADIUS_MAX_M,
                              ZONE_RADIUS_MIN_M, &out->radius);
    ok &= order_take_quantity(take, "buffer", UNIT_DISTANCE, 0, ZONE_RADIUS_MAX_M, 0, &out->buffer);
    ok &= order_take_quantity(take, "warn", UNIT_DISTANCE, 0, ZONE_RADIUS_MAX_M, 0, &out->warn);
    if (out->text == NULL)
        out->radius += out->buffer; // a circle grown is a larger circle
    return order_take_windows(take, "schedule", schedule, &out->schedule) && ok;
}

bool order_draft_permit(const struct order_take *take, struct schedule *every, struct permit *out)
{
    bool ok = order_take_keys(take);

    *out = (struct permit){ .id = take->draft->name };
    ok &= order_take_text(take, "zones", TEXT_MAX - 1, &out->zones);
    if (out->zones != NULL && out->zones[strspn(out->zones, ", \t")] == '\0')
        ok = order_take_refuse(take, order_draft_find(take->draft, "zones"), "names no zone");
    ok &= order_take_time(take, "from", true, UTC_ALWAYS, &out->from);
    ok &= order_take_time(take, "until", true, UTC_NEVER, &out->until);
    ok &= order_take_windows(take, "every", every, &out->every);
    ok &= order_take_text(take, "by", BY_MAX, &out->by);
    ok &= order_take_text(take, "why", TEXT_MAX - 1, &out->why);
    return ok;
}
