/* SPDX-License-Identifier: Apache-2.0 */
/* order_add.c - every error is reported; a rejected value is cleared, to find the next error. */
#include "adapter/conf/order_add.h"

#include "adapter/conf/geojson.h"
#include "adapter/conf/order_take.h"
#include "adapter/conf/order_text.h"
#include "adapter/conf/wkt.h"

#include <stdlib.h>
#include <string.h>

/* 30 mph: what may pass through a zone between two pings in a street. */
static const int64_t permit_long_ms = 31LL * 24 * 60 * 60 * 1000;
static const double street_speed = 13.4;

/* The order with the text that it was read from; false when memory is out. */
static bool put_order(const struct order_adding *adding, const struct order_draft *draft,
                      struct order_values *values, struct fault *why)
{
    char *text = order_text_print(draft);
    bool ok = text != NULL && order_text_digest(text, values->order.digest);

    values->order.text = text;
    ok = ok ? rulebook_add_order(adding->rulebook, &values->order, values->devices,
                                 values->n_devices, why)
            : fault_set(why, "out of memory");
    free(text);
    return ok;
}

/* Takes away the device that the fault names; all of them when it is about their number. */
static void drop_device(struct order_values *values, const char *named)
{
    size_t length = strcspn(named, " "), i = 0;

    while (i < values->n_devices && (strlen(values->devices[i]) != length ||
                                     strncmp(values->devices[i], named, length) != 0))
        i++;
    if (i == values->n_devices) {
        values->n_devices = 0;
        return;
    }
    values->devices[i] = values->devices[--values->n_devices];
}

/* Clears the rejected field, so that validation can report the next error; false: it cannot. */
static bool clear_rejected(struct order_values *values, const struct fault *why)
{
    if (strncmp(why->text, "until:", 6) == 0)
        values->order.from = UTC_ALWAYS;
    else if (strncmp(why->text, "served:", 7) == 0)
        values->order.served = UTC_NEVER;
    else if (strncmp(why->text, "devices: ", 9) == 0)
        drop_device(values, why->text + 9);
    else
        return false;
    return true;
}

/* Of the key that a fault of the form `key: why` is about; else of the section. */
static int line_of(const struct order_draft *draft, const struct fault *why)
{
    const struct pair *pair = draft->pairs;
    size_t n = strcspn(why->text, ":");

    // The keys of one section.
    while (pair != NULL && (strlen(pair->key) != n || memcmp(pair->key, why->text, n) != 0))
        pair = pair->next;
    return pair != NULL ? pair->line : draft->line;
}

/* To each zone of the order how often the busiest of its devices is expected to send. */
static void hand_interval(const struct order_adding *adding, struct order_draft *draft,
                          const struct order_values *values)
{
    const struct orderfile_options *options = adding->options;
    int64_t least = options->ping_interval_ms;

    for (size_t i = 0; i < values->n_devices; i++) {
        int64_t ms =
            device_ping_interval(options->kinds, values->devices[i], options->ping_interval_ms);

        least = i == 0 || ms < least ? ms : least;
    }
    while ((draft = draft->next_of_order) != NULL) // the sections of one order
        draft->ping_interval_ms = least;
}

/* An order is added whatever is wrong with it, so that its zones and permits are checked too. */
static void add_order(const struct order_adding *adding, struct order_draft *draft)
{
    struct complaints *complaints = adding->complaints;
    struct order_take take = { draft, adding->options->civil, complaints };
    struct order_values values = { 0 };
    struct fault why, doubts[ORDER_DOUBTS_MAX];

    draft->refused |= !order_draft_order(&take, adding->arena, &values);
    // What was refused is cleared: from, served, and each device once.
    while (!put_order(adding, draft, &values, &why)) {
        complain(complaints, draft->file, line_of(draft, &why), "%s", why.text);
        draft->refused = true;
        if (!clear_rejected(&values, &why))
            break;
    }
    hand_interval(adding, draft, &values);
    if (draft->refused)
        return;
    for (size_t i = order_doubts(&values.order, doubts); i > 0; i--)
        complain_softly(complaints, draft->file, line_of(draft, &doubts[i - 1]), "%s",
                        doubts[i - 1].text);
    if (values.order.monitoring == NULL)
        complain_softly(complaints, draft->file, draft->line,
                        "monitoring: not given: why may this person be tracked at all?");
    if (draft->next_of_order == NULL)
        complain_softly(complaints, draft->file, draft->line, "order %s: has no zone",
                        draft->order);
}

static const struct pair *shape_pair(const struct order_draft *draft)
{
    static const char *const shapes[] = { "centre", "wkt", "geojson" };

    for (size_t i = 0; i < 3; i++) {
        const struct pair *pair = order_draft_find(draft, shapes[i]);

        if (pair != NULL)
            return pair;
    }
    return NULL;
}

/* 30 mph for one interval between pings, across the smaller side. */
static void doubt_size(const struct order_adding *adding, const struct order_draft *draft)
{
    double passed = street_speed * (double)draft->ping_interval_ms / 1000, width;
    size_t nth = rulebook_counts(adding->rulebook).exclusions - 1; // the one just added

    width = zone_width(rulebook_exclusion(adding->rulebook, nth)->zone);
    if (width < passed)
        complain_softly(adding->complaints, draft->file, draft->line,
                        "zone %s/%s: %.0f m wide: at 30 mph and a ping in %lld s he may pass "
                        "through unseen",
                        draft->order, draft->name, width,
                        (long long)draft->ping_interval_ms / 1000);
}

static void complain_of_zone(const struct order_adding *adding, const struct order_draft *draft,
                             const struct fault *why)
{
    const struct pair *shape = shape_pair(draft);

    if (strncmp(why->text, "zone ", 5) == 0) // of the section, not of its shape
        complain(adding->complaints, draft->file, draft->line, "%s", why->text);
    else
        complain_of(adding->complaints, draft->file, shape->line, shape->key, why);
}

/* A zone that could not be made was reported; permits may still name it. */
static void keep_name(const struct order_adding *adding, const struct order_draft *draft)
{
    const struct lonlat_box *region = &adding->options->region;
    struct zone_draft spot = { .order = draft->order,
                               .name = draft->name,
                               .centre = { (region->sw.lon + region->ne.lon) / 2,
                                           (region->sw.lat + region->ne.lat) / 2 },
                               .radius = ZONE_RADIUS_MIN_M };
    struct fault said_before;

    rulebook_add_zone(adding->rulebook, &spot, &said_before);
}

/* The text of a shape as GEOS reads it; none, and a complaint, when there is no such. */
static void read_text(const struct order_adding *adding, const struct order_draft *draft,
                      struct zone_draft *values)
{
    struct fault why;

    values->text = values->format == ZONE_GEOJSON ? geojson_plain(values->text, adding->arena, &why)
                                                  : wkt_plain(values->text, adding->arena, &why);
    if (values->text == NULL)
        complain_of_zone(adding, draft, &why);
}

static void add_zone(const struct order_adding *adding, const struct order_draft *draft)
{
    struct arena_place here = arena_here(adding->arena);
    struct order_take take = { draft, adding->options->civil, adding->complaints };
    struct schedule schedule;
    struct zone_draft values;
    struct fault why;
    bool good = order_draft_zone(&take, &schedule, &values);

    if (values.text != NULL)
        read_text(adding, draft, &values);
    if (!order_draft_has_shape(&values)) {
        keep_name(adding, draft);
    } else if (!rulebook_add_zone(adding->rulebook, &values, &why)) {
        complain_of_zone(adding, draft, &why);
        keep_name(adding, draft);
    } else if (good) {
        doubt_size(adding, draft);
    }
    arena_back(adding->arena, here);
}

/* Whether one of the windows opens between the two; a change of clocks may be a step between. */
static bool opens_between(const struct schedule *every, const struct civil *civil, struct utc from,
                          struct utc until)
{
    while (from.ms < until.ms && !schedule_open(every, civil, from))
        from = schedule_next(every, civil, from);
    return from.ms < until.ms;
}

/* One that excuses everything for so long that the order is hardly one. */
static void doubt_length(const struct order_adding *adding, const struct order_draft *draft,
                         const struct permit *permit, const struct order *order)
{
    struct utc from = utc_later(order->from, permit->from);
    struct utc until = utc_earlier(order->until, permit->until);
    bool whole = from.ms == order->from.ms && until.ms == order->until.ms;

    if (permit->every == NULL && (whole || until.ms - from.ms > permit_long_ms))
        complain_softly(adding->complaints, draft->file, draft->line,
                        "permit %s/%s: excuses %s without a break for %s: nothing there is a "
                        "breach, is that meant?",
                        draft->order, draft->name,
                        permit->zones != NULL ? "its zones" : "every zone",
                        whole ? "all of its order's time" : "more than 31 days");
}

/* One that never holds: lawful to write, and never meant. */
static void doubt_permit(const struct order_adding *adding, const struct order_draft *draft,
                         const struct permit *permit)
{
    const struct order *order;
    struct utc from, until;
    size_t nth;

    if (!rulebook_find_order(adding->rulebook, draft->order, &nth))
        return;
    order = rulebook_order(adding->rulebook, nth);
    from = utc_later(order->from, permit->from);
    until = utc_earlier(order->until, permit->until);
    if (from.ms >= until.ms)
        complain_softly(adding->complaints, draft->file, draft->line,
                        "permit %s/%s: lies outside of its order, which %s", draft->order,
                        draft->name,
                        permit->until.ms <= order->from.ms ? "begins later" : "has ended by then");
    else if (permit->every != NULL &&
             !opens_between(permit->every, adding->options->civil, from, until))
        complain_softly(adding->complaints, draft->file, draft->line,
                        "permit %s/%s: none of its windows lies within its time and its order's",
                        draft->order, draft->name);
    else
        doubt_length(adding, draft, permit, order);
}

static void add_permit(const struct order_adding *adding, const struct order_draft *draft)
{
    struct order_take take = { draft, adding->options->civil, adding->complaints };
    struct schedule every;
    struct permit values;
    struct fault why;

    bool good = order_draft_permit(&take, &every, &values);

    // A second time at the most: then it has no `from` that could be wrong.
    while (!rulebook_add_permit(adding->rulebook, draft->order, &values, &why)) {
        complain(adding->complaints, draft->file, line_of(draft, &why), "%s", why.text);
        if (strncmp(why.text, "until:", 6) != 0)
            return;
        values.from = UTC_ALWAYS; // what else is wrong?
        good = false;
    }
    if (good)
        doubt_permit(adding, draft, &values);
}

static bool has_next(const struct order_adding *adding, const struct order_draft *draft)
{
    return draft != NULL && !orderfile_stopped(adding->options);
}

void order_add_all(const struct order_adding *adding, struct order_draft *first)
{
    // A section of the folder each turn.
    for (struct order_draft *draft = first; has_next(adding, draft); draft = draft->next)
        order_draft_read_shape(draft, adding->options->sources, adding->arena);
    // A section of the folder each turn.
    for (struct order_draft *draft = first; has_next(adding, draft); draft = draft->next) {
        if (draft->kind == ORDER_DRAFT_ORDER)
            add_order(adding, draft);
    }
    arena_fini(adding->order_keys);
    // A section of the folder each turn.
    for (const struct order_draft *draft = first; has_next(adding, draft); draft = draft->next) {
        if (draft->kind == ORDER_DRAFT_ZONE)
            add_zone(adding, draft);
    }
    // A section of the folder each turn.
    for (const struct order_draft *draft = first; has_next(adding, draft); draft = draft->next) {
        if (draft->kind == ORDER_DRAFT_PERMIT)
            add_permit(adding, draft);
    }
}
