/* SPDX-License-Identifier: Apache-2.0 */
/* rulebook_build.c - orders, zones and permits come in one by one; what does not fit is refused. */
#include "core/rulebook.h"

#include "core/index.h"
#include "core/rulebook_parts.h"
#include "core/wording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A copy that other orders may share; NULL gives NULL. */
static const char *word(struct rulebook *rulebook, const char *text)
{
    size_t nth = rulebook->word_of.n;
    const char *copy;

    if (text == NULL)
        return NULL;
    if (lookup_find(&rulebook->word_of, text, &nth))
        return rulebook->words[nth];
    copy = arena_text(&rulebook->arena, text);
    if (copy != NULL && nth < RULEBOOK_WORDS && lookup_put(&rulebook->word_of, copy, nth))
        rulebook->words[nth] = copy;
    return copy;
}

/* What was given has been copied. */
static bool is_whole(const char *copy, const char *given)
{
    return copy != NULL || given == NULL;
}

/* Copies every text of `order` into the arena; false when memory is out. */
static bool copy_order(struct rulebook *rulebook, const struct order *order, struct order *out)
{
    struct arena *arena = &rulebook->arena;
    char *packed = order->text != NULL ? wording_pack(order->text) : NULL;

    *out = *order;
    out->id = arena_text(arena, order->id);
    out->kind = word(rulebook, order->kind);
    out->clause = word(rulebook, order->clause);
    out->respondent = arena_text(arena, order->respondent);
    out->area = word(rulebook, order->area);
    out->monitoring = word(rulebook, order->monitoring);
    out->text = arena_text(arena, packed);
    free(packed);
    return out->id && out->kind && out->respondent && is_whole(out->clause, order->clause) &&
           is_whole(out->area, order->area) && is_whole(out->monitoring, order->monitoring) &&
           is_whole(out->text, order->text);
}

/* The number of `id`, new or known. Only a new one is counted. */
static size_t respondent_number(struct rulebook *rulebook, const char *id)
{
    size_t nth = rulebook->count.respondents;

    if (lookup_find(&rulebook->respondent_of, id, &nth))
        return nth;
    lookup_put(&rulebook->respondent_of, id, nth);
    rulebook->respondents[nth].id = id;
    rulebook->count.respondents++;
    return nth;
}

static bool named_before(const char *const *devices, size_t nth)
{
    for (size_t i = 0; i < nth; i++) {
        if (strcmp(devices[i], devices[nth]) == 0)
            return true;
    }
    return false;
}

/* Each device is nobody else's, and not too many are carried. Looks before anything is changed. */
static bool check_devices(const struct rulebook *rulebook, const struct order *order,
                          const char *const *devices, size_t n_devices, struct fault *why)
{
    size_t respondent = SIZE_MAX, carried, added = 0;

    lookup_find(&rulebook->respondent_of, order->respondent, &respondent);
    for (size_t i = 0; i < n_devices; i++) {
        if (!lookup_find(&rulebook->device_of, devices[i], &carried))
            added += !named_before(devices, i);
        else if (rulebook->devices[carried].respondent != respondent)
            return fault_set(why, "devices: %s is carried by %s, so %s cannot carry it", devices[i],
                             rulebook->respondents[rulebook->devices[carried].respondent].id,
                             order->respondent);
    }
    if (rulebook->count.devices + added > rulebook->room.devices)
        return fault_set(why, "devices: no room for more than %zu", rulebook->room.devices);
    if (respondent != SIZE_MAX)
        added += rulebook->respondents[respondent].n_devices;
    if (added > RESPONDENT_DEVICES_MAX)
        return fault_set(why, "devices: %zu of %s are more than %d", added, order->respondent,
                         RESPONDENT_DEVICES_MAX);
    return true;
}

static bool check_order(const struct rulebook *rulebook, const struct order *order,
                        struct fault *why)
{
    size_t known;

    if (lookup_find(&rulebook->order_of, order->id, &known))
        return fault_set(why, "order %s: there is another one of that id", order->id);
    if (rulebook->count.orders == rulebook->room.orders)
        return fault_set(why, "order %s: no room for more than %zu", order->id,
                         rulebook->room.orders);
    if (order->from.ms >= order->until.ms)
        return fault_set(why, "until: not after from");
    if (order->served.ms != UTC_NEVER.ms && order->served.ms >= order->until.ms)
        return fault_set(why, "served: not before until");
    return true;
}

bool rulebook_add_order(struct rulebook *rulebook, const struct order *order,
                        const char *const *devices, size_t n_devices, struct fault *why)
{
    struct listed *listed = &rulebook->orders[rulebook->count.orders];
    size_t known;

    if (!check_order(rulebook, order, why) ||
        !check_devices(rulebook, order, devices, n_devices, why))
        return false;
    if (!copy_order(rulebook, order, &listed->order))
        return fault_set(why, "order %s: out of memory", order->id);
    listed->respondent = respondent_number(rulebook, listed->order.respondent);
    lookup_put(&rulebook->order_of, listed->order.id, rulebook->count.orders++);
    for (size_t i = 0; i < n_devices; i++) {
        struct carried *carried = &rulebook->devices[rulebook->count.devices];

        if (lookup_find(&rulebook->device_of, devices[i], &known))
            continue; // named by another order of the same respondent
        carried->id = arena_text(&rulebook->arena, devices[i]);
        if (carried->id == NULL)
            return fault_set(why, "order %s: out of memory", order->id);
        carried->respondent = (uint32_t)listed->respondent;
        carried->nth = (uint32_t)rulebook->respondents[listed->respondent].n_devices++;
        lookup_put(&rulebook->device_of, carried->id, rulebook->count.devices++);
    }
    return true;
}

/* The whole zone lies in the region, or would if latitude and longitude changed places. */
static bool check_region(const struct lonlat_box *region, struct lonlat_box box, struct fault *why)
{
    struct lonlat_box turned = { { box.sw.lat, box.sw.lon }, { box.ne.lat, box.ne.lon } };
    bool swapped = lonlat_box_holds(region, turned.sw) && lonlat_box_holds(region, turned.ne);

    if (lonlat_box_holds(region, box.sw) && lonlat_box_holds(region, box.ne))
        return true;
    fault_set(why, "outside the region %.5g..%.5g, %.5g..%.5g%s", region->sw.lat, region->ne.lat,
              region->sw.lon, region->ne.lon,
              swapped ? ": latitude and longitude are swapped, here or in region?" : "");
    return fault_add_secret(why, " (latitude %.5f..%.5f, longitude %.5f..%.5f)", box.sw.lat,
                            box.ne.lat, box.sw.lon, box.ne.lon);
}

/*
 * A place may be wrong in so many ways that no zone comes of it: then the bare corner is looked at.
 */
static bool make_zone(struct rulebook *rulebook, const struct zone_draft *draft,
                      struct zone **out_zone, struct fault *why)
{
    struct lonlat_box corner = { draft->centre, draft->centre };

    if (draft->text != NULL)
        return zone_from_text(rulebook->maker, draft->format, draft->text, draft->buffer, out_zone,
                              why);
    return check_region(&rulebook->region, corner, why) &&
           zone_from_circle(draft->centre, draft->radius, out_zone, why);
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo): tells one shape from another, and hides nothing. */
static uint64_t mix(uint64_t digest, const void *bytes, size_t n)
{
    for (const unsigned char *at = bytes; n > 0; at++, n--)
        digest = (digest ^ *at) * 1099511628211U;
    return digest;
}

static int64_t shape_of(const struct zone_draft *draft)
{
    double numbers[] = { draft->buffer, draft->warn, draft->centre.lon, draft->centre.lat,
                         draft->radius };
    uint64_t digest = mix(14695981039346656037U, numbers, (draft->text ? 2 : 5) * sizeof *numbers);

    if (draft->text != NULL)
        digest = mix(digest, draft->text, strlen(draft->text));
    return (int64_t)digest;
}

static struct placed *place(struct rulebook *rulebook, const struct zone_draft *draft,
                            const char *subject, struct fault *why)
{
    struct arena *arena = &rulebook->arena;
    struct placed *placed = &rulebook->exclusions[rulebook->count.exclusions];
    struct schedule *schedule = draft->schedule ? arena_take(arena, sizeof *schedule) : NULL;
    char *kept = arena_text(arena, subject);

    if (kept == NULL || (draft->schedule != NULL && schedule == NULL)) {
        fault_set(why, "zone %s: out of memory", subject);
        return NULL;
    }
    if (schedule != NULL)
        *schedule = *draft->schedule;
    placed->exclusion = (struct exclusion){ .subject = kept,
                                            .name = strchr(kept, '/') + 1,
                                            .shape = shape_of(draft),
                                            .warn = draft->warn,
                                            .schedule = schedule };
    placed->exclusion.place = placed->exclusion.shape;
    return placed;
}

bool rulebook_add_zone(struct rulebook *rulebook, const struct zone_draft *draft, struct fault *why)
{
    char subject[2 * NAME_MAX_CHARS + 2];
    struct listed *listed;
    struct placed *placed;
    struct zone *zone = NULL;
    size_t nth;

    snprintf(subject, sizeof subject, "%s/%s", draft->order, draft->name);
    if (!lookup_find(&rulebook->order_of, draft->order, &nth))
        return fault_set(why, "zone %s: there is no order %s", subject, draft->order);
    listed = &rulebook->orders[nth];
    if (lookup_find(&rulebook->exclusion_of, subject, &nth))
        return fault_set(why, "zone %s: there is another one of that id", subject);
    if (rulebook->count.exclusions == rulebook->room.zones)
        return fault_set(why, "zone %s: no room for more than %zu", subject, rulebook->room.zones);
    if (rulebook->respondents[listed->respondent].n_exclusions == RESPONDENT_ZONES_MAX)
        return fault_set(why, "zone %s: more than %d zones for %s", subject, RESPONDENT_ZONES_MAX,
                         listed->order.respondent);
    if (listed->zones == NULL && rulebook->with_zones[listed->respondent] == RESPONDENT_ORDERS_MAX)
        return fault_set(why, "zone %s: more than %d orders with zones for %s", subject,
                         RESPONDENT_ORDERS_MAX, listed->order.respondent);
    if (!make_zone(rulebook, draft, &zone, why))
        return false;
    placed = check_region(&rulebook->region, zone_box(zone), why)
                 ? place(rulebook, draft, subject, why)
                 : NULL;
    if (placed == NULL) {
        zone_destroy(zone);
        return false;
    }
    placed->exclusion.zone = zone;
    placed->exclusion.order = &listed->order;
    if (listed->zones == NULL)
        rulebook->with_zones[listed->respondent]++;
    placed->next_of_order = listed->zones;
    listed->zones = placed;
    rulebook->respondents[listed->respondent].n_exclusions++;
    lookup_put(&rulebook->exclusion_of, placed->exclusion.subject, rulebook->count.exclusions++);
    return true;
}

static bool has_zone(const struct listed *listed, const char *name)
{
    const struct placed *placed = listed->zones;

    while (placed != NULL && strcmp(placed->exclusion.name, name) != 0) // the zones of one order
        placed = placed->next_of_order;
    return placed != NULL;
}

/* Each zone that the permit names is one of the order's; all that are not are told. */
static bool check_permit_zones(const struct listed *listed, const struct permit *permit,
                               struct fault *why)
{
    const char *at = permit->zones ? permit->zones : "";
    char missing[FAULT_TEXT_MAX / 2] = "";
    size_t length = 0;

    while (*(at += strspn(at, ", \t")) != '\0') {
        char name[NAME_MAX_CHARS + 1];
        size_t n = strcspn(at, ", \t");

        snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1), at);
        if (!has_zone(listed, name) && length < sizeof missing)
            length += (size_t)snprintf(missing + length, sizeof missing - length, "%s%s",
                                       length > 0 ? ", " : "", name);
        at += n;
    }
    return length == 0 ||
           fault_set(why, "zones: order %s has no zone %s", listed->order.id, missing);
}

/* The same; false when memory is out: without its zones a permit would be one for all of them. */
static bool copy_permit(struct arena *arena, const struct permit *permit, struct permit *out)
{
    struct schedule *every = permit->every ? arena_take(arena, sizeof *every) : NULL;

    if (permit->every != NULL && every == NULL)
        return false;
    if (every != NULL)
        *every = *permit->every;
    *out = *permit;
    out->every = every;
    out->id = arena_text(arena, permit->id);
    out->by = arena_text(arena, permit->by);
    out->why = arena_text(arena, permit->why);
    out->zones = arena_text(arena, permit->zones);
    return out->id != NULL && is_whole(out->by, permit->by) && is_whole(out->why, permit->why) &&
           is_whole(out->zones, permit->zones);
}

bool rulebook_add_permit(struct rulebook *rulebook, const char *order, const struct permit *permit,
                         struct fault *why)
{
    struct arena *arena = &rulebook->arena;
    struct listed *listed;
    struct granted *granted;
    size_t nth;

    if (!lookup_find(&rulebook->order_of, order, &nth))
        return fault_set(why, "permit %s/%s: there is no order %s", order, permit->id, order);
    listed = &rulebook->orders[nth];
    // The permits of one order.
    for (granted = listed->permits; granted != NULL; granted = granted->next_of_order) {
        if (strcmp(granted->permit.id, permit->id) == 0)
            return fault_set(why, "permit %s/%s: there is another one of that id", order,
                             permit->id);
    }
    if (permit->from.ms >= permit->until.ms)
        return fault_set(why, "until: not after from");
    if (!check_permit_zones(listed, permit, why))
        return false;
    granted = arena_take(arena, sizeof *granted);
    if (granted == NULL || !copy_permit(arena, permit, &granted->permit))
        return fault_set(why, "out of memory");
    granted->next_of_order = listed->permits;
    listed->permits = granted;
    return true;
}

/* Gives each zone of an order its own list of the permits that cover it. */
static bool seal_permits(struct rulebook *rulebook, const struct listed *listed)
{
    // The zones of one order.
    for (struct placed *placed = listed->zones; placed != NULL; placed = placed->next_of_order) {
        struct exclusion *exclusion = &placed->exclusion;
        size_t n = 0;

        // The permits of one order.
        for (struct granted *g = listed->permits; g != NULL; g = g->next_of_order)
            n += permit_covers(&g->permit, exclusion->name);
        if (n == 0)
            continue;
        exclusion->permits = arena_take(&rulebook->arena, n * sizeof *exclusion->permits);
        if (exclusion->permits == NULL)
            return false;
        // The permits of one order.
        for (struct granted *g = listed->permits; g != NULL; g = g->next_of_order) {
            if (permit_covers(&g->permit, exclusion->name))
                exclusion->permits[exclusion->n_permits++] = &g->permit;
        }
    }
    return true;
}

bool rulebook_seal(struct rulebook *rulebook, struct fault *why)
{
    struct arena *arena = &rulebook->arena;

    for (size_t i = 0; i < rulebook->count.respondents; i++) {
        struct respondent *who = &rulebook->respondents[i];

        who->devices = arena_take(arena, who->n_devices * sizeof *who->devices);
        who->exclusions = arena_take(arena, who->n_exclusions * sizeof *who->exclusions);
        if (who->devices == NULL || who->exclusions == NULL)
            return fault_set(why, "out of memory");
        who->n_exclusions = 0; // counted again as they are put in
    }
    for (size_t i = 0; i < rulebook->count.orders; i++) {
        if (!seal_permits(rulebook, &rulebook->orders[i]))
            return fault_set(why, "out of memory");
    }
    for (size_t i = 0; i < rulebook->count.devices; i++) {
        const struct carried *carried = &rulebook->devices[i];

        rulebook->respondents[carried->respondent].devices[carried->nth] = carried->id;
    }
    for (size_t i = 0; i < rulebook->count.exclusions; i++) {
        struct exclusion *exclusion = &rulebook->exclusions[i].exclusion;
        const struct listed *listed = (const struct listed *)exclusion->order;
        struct respondent *who = &rulebook->respondents[listed->respondent];

        who->exclusions[who->n_exclusions++] = exclusion;
        for (size_t k = 0; k < who->n_devices; k++)
            exclusion->shape = (int64_t)mix((uint64_t)exclusion->shape, who->devices[k],
                                            strlen(who->devices[k]) + 1);
    }
    return true;
}
