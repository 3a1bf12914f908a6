/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lookup.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_LEAST = 16 };

/* Fowler, Noll and Vo's FNV-1a, 64 bits. */
uint64_t name_hash(const char *name)
{
    uint64_t hash = 14695981039346656037u;

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 1099511628211u;
    return hash ^ hash >> 32;
}

static bool is_of(const struct lookup *lookup, const struct lookup_place *place, const char *name)
{
    return strcmp(lookup->name_of(lookup->of, place->above - 1), name) == 0;
}

/* The place of `name`, or the free one where it belongs; there always is one. */
static struct lookup_place *place_of(const struct lookup *lookup, const char *name,
                                     uint32_t *out_hash)
{
    uint64_t hash = name_hash(name);
    struct lookup_place *place = &lookup->places[(uint32_t)hash % lookup->n_places];

    *out_hash = (uint32_t)(hash >> 32);
    // There always is a free place.
    while (place->above != 0 && (place->hash != *out_hash || !is_of(lookup, place, name)))
        place = place + 1 < lookup->places + lookup->n_places ? place + 1 : lookup->places;
    return place;
}

bool lookup_init(struct lookup *lookup, size_t room, lookup_name *name_of, const void *of)
{
    size_t places = room + room / 2 + PLACES_LEAST; // a third is free: some two looks a name

    *lookup = (struct lookup){ 0 };
    if (room > LOOKUP_MAX)
        return false;
    *lookup = (struct lookup){ .places = calloc(places, sizeof(struct lookup_place)),
                               .n_places = (uint32_t)places,
                               .name_of = name_of,
                               .of = of };
    return lookup->places != NULL;
}

void lookup_fini(struct lookup *lookup)
{
    free(lookup->places);
    *lookup = (struct lookup){ 0 };
}

bool lookup_find(const struct lookup *lookup, const char *name, size_t *out_number)
{
    uint32_t hash;
    const struct lookup_place *place = lookup->places ? place_of(lookup, name, &hash) : NULL;

    if (place == NULL || place->above == 0)
        return false;
    *out_number = place->above - 1;
    return true;
}

bool lookup_put(struct lookup *lookup, const char *name, size_t number)
{
    uint32_t hash;
    struct lookup_place *place = lookup->places ? place_of(lookup, name, &hash) : NULL;

    if (place == NULL || place->above != 0 || lookup->n + 1 == lookup->n_places ||
        number >= LOOKUP_MAX)
        return false;
    *place = (struct lookup_place){ hash, (uint32_t)number + 1 };
    lookup->n++;
    return true;
}
