/* SPDX-License-Identifier: Apache-2.0 */
#include "core/index.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_LEAST = 16 };

static bool is_of_name(char letter)
{
    char lower = (char)(letter | 0x20);

    return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
           letter == '_' || letter == '.';
}

bool name_valid(const char *name)
{
    size_t n = 0;

    while (n <= NAME_MAX_CHARS && is_of_name(name[n]))
        n++;
    return n >= 1 && n <= NAME_MAX_CHARS && name[n] == '\0';
}

/* Fowler, Noll and Vo's FNV-1a, 64 bits. */
uint64_t name_hash(const char *name)
{
    uint64_t hash = 14695981039346656037u;

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 1099511628211u;
    return hash ^ hash >> 32;
}

uint32_t name_mark(const char *name)
{
    uint32_t mark = (uint32_t)name_hash(name);

    return mark != 0 ? mark : 1;
}

/* The place of `name`, or the free one where it belongs; there always is one. */
static struct index_place *place_of(const struct index *index, const char *name, uint32_t *out_hash)
{
    uint64_t hash = name_hash(name);
    struct index_place *place = &index->places[(uint32_t)hash % index->n_places];

    *out_hash = (uint32_t)(hash >> 32);
    // There always is a free place.
    while (place->name != NULL && (place->hash != *out_hash || strcmp(place->name, name) != 0))
        place = place + 1 < index->places + index->n_places ? place + 1 : index->places;
    return place;
}

bool index_init(struct index *index, size_t room)
{
    size_t places = room + room / 2 + PLACES_LEAST; // a third is free: some two looks a name

    *index = (struct index){ 0 };
    if (room > INDEX_MAX)
        return false;
    *index = (struct index){ .places = calloc(places, sizeof(struct index_place)),
                             .n_places = (uint32_t)places };
    return index->places != NULL;
}

void index_fini(struct index *index)
{
    free(index->places);
    *index = (struct index){ 0 };
}

bool index_find(const struct index *index, const char *name, size_t *out_number)
{
    uint32_t hash;
    const struct index_place *place = index->places ? place_of(index, name, &hash) : NULL;

    if (place == NULL || place->name == NULL)
        return false;
    *out_number = place->number;
    return true;
}

bool index_put(struct index *index, const char *name, size_t number)
{
    uint32_t hash;
    struct index_place *place = index->places ? place_of(index, name, &hash) : NULL;

    if (place == NULL || place->name != NULL || index->n + 1 == index->n_places ||
        number >= INDEX_MAX)
        return false;
    *place = (struct index_place){ name, hash, (uint32_t)number };
    index->n++;
    return true;
}
