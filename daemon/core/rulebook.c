/* SPDX-License-Identifier: Apache-2.0 */
/* rulebook.c - made, asked, thrown away; rulebook_build.c fills it. */
#include "core/rulebook.h"

#include "core/rulebook_parts.h"

#include <stdlib.h>

static const char *order_name(const void *of, size_t nth)
{
    return ((const struct listed *)of)[nth].order.id;
}

static const char *respondent_name(const void *of, size_t nth)
{
    return ((const struct respondent *)of)[nth].id;
}

static const char *device_name(const void *of, size_t nth)
{
    return ((const struct carried *)of)[nth].id;
}

static const char *exclusion_name(const void *of, size_t nth)
{
    return ((const struct placed *)of)[nth].exclusion.subject;
}

static const char *word_name(const void *of, size_t nth)
{
    return ((const char *const *)of)[nth];
}

struct rulebook *rulebook_create(const struct lonlat_box *region, const struct civil *civil,
                                 struct rulebook_room room)
{
    struct rulebook *made = calloc(1, sizeof *made);

    if (made == NULL)
        return NULL;
    made->region = *region;
    made->civil = *civil;
    made->room = room;
    made->maker = zone_maker_create();
    made->orders = calloc(room.orders + 1, sizeof *made->orders);
    made->respondents = calloc(room.orders + 1, sizeof *made->respondents);
    made->with_zones = calloc(room.orders + 1, sizeof *made->with_zones);
    made->devices = calloc(room.devices + 1, sizeof *made->devices);
    made->exclusions = calloc(room.zones + 1, sizeof *made->exclusions);
    if (made->maker == NULL || made->orders == NULL || made->respondents == NULL ||
        made->with_zones == NULL || made->devices == NULL || made->exclusions == NULL ||
        !lookup_init(&made->order_of, room.orders, order_name, made->orders) ||
        !lookup_init(&made->respondent_of, room.orders, respondent_name, made->respondents) ||
        !lookup_init(&made->device_of, room.devices, device_name, made->devices) ||
        !lookup_init(&made->exclusion_of, room.zones, exclusion_name, made->exclusions) ||
        !lookup_init(&made->word_of, RULEBOOK_WORDS, word_name, made->words)) {
        rulebook_destroy(made);
        return NULL;
    }
    return made;
}

void rulebook_destroy(struct rulebook *rulebook)
{
    if (rulebook == NULL)
        return;
    for (size_t i = 0; i < rulebook->count.exclusions; i++)
        zone_destroy(rulebook->exclusions[i].exclusion.zone);
    zone_maker_destroy(rulebook->maker);
    lookup_fini(&rulebook->word_of);
    lookup_fini(&rulebook->exclusion_of);
    lookup_fini(&rulebook->device_of);
    lookup_fini(&rulebook->respondent_of);
    lookup_fini(&rulebook->order_of);
    free(rulebook->exclusions);
    free(rulebook->devices);
    free(rulebook->with_zones);
    free(rulebook->respondents);
    free(rulebook->orders);
    arena_fini(&rulebook->arena);
    free(rulebook);
}

struct rulebook_counts rulebook_counts(const struct rulebook *rulebook)
{
    return rulebook->count;
}

const struct civil *rulebook_civil(const struct rulebook *rulebook)
{
    return &rulebook->civil;
}

const struct order *rulebook_order(const struct rulebook *rulebook, size_t nth)
{
    return &rulebook->orders[nth].order;
}

const struct exclusion *rulebook_exclusion(const struct rulebook *rulebook, size_t nth)
{
    return &rulebook->exclusions[nth].exclusion;
}

const struct respondent *rulebook_respondent(const struct rulebook *rulebook, size_t nth)
{
    return &rulebook->respondents[nth];
}

const char *respondent_area(const struct respondent *who, struct utc at)
{
    const char *area = NULL;

    for (size_t i = 0; i < who->n_exclusions; i++) {
        const struct order *order = who->exclusions[i]->order;

        if (order->area != NULL && order_in_force(order, at))
            return order->area;
        if (area == NULL)
            area = order->area;
    }
    return area;
}

bool rulebook_find_device(const struct rulebook *rulebook, const char *device,
                          size_t *out_respondent, size_t *out_device)
{
    size_t nth;

    if (!lookup_find(&rulebook->device_of, device, &nth))
        return false;
    *out_respondent = rulebook->devices[nth].respondent;
    *out_device = rulebook->devices[nth].nth;
    return true;
}

bool rulebook_find_order(const struct rulebook *rulebook, const char *id, size_t *out_nth)
{
    return lookup_find(&rulebook->order_of, id, out_nth);
}

bool rulebook_find_respondent(const struct rulebook *rulebook, const char *id, size_t *out_nth)
{
    return lookup_find(&rulebook->respondent_of, id, out_nth);
}

bool rulebook_find_exclusion(const struct rulebook *rulebook, const char *subject, size_t *out_nth)
{
    return lookup_find(&rulebook->exclusion_of, subject, out_nth);
}
