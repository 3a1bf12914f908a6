/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/geojson_json.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Positions found so far, by what they have. */
struct positions {
    size_t flat, high;
};

static bool is_position(const json_t *value, size_t numbers)
{
    bool all = json_array_size(value) == numbers;

    for (size_t i = 0; i < numbers; i++)
        all = all && json_is_number(json_array_get(value, i));
    return all;
}

/* Positions, or lists of them, as deep as the parser let them be. */
static void drop_altitudes(json_t *value, struct positions *found)
{
    json_t *member;
    size_t i;

    found->flat += is_position(value, 2);
    if (is_position(value, 3)) {
        found->high++;
        json_array_remove(value, 2);
        return;
    }
    json_array_foreach(value, i, member) drop_altitudes(member, found);
}

/* A geometry, a Feature or a collection of either. */
static void flatten(json_t *value, struct positions *found)
{
    const char *key;
    json_t *member;
    size_t i;

    json_array_foreach(value, i, member) flatten(member, found);
    json_object_foreach(value, key, member)
    {
        if (strcmp(key, "coordinates") == 0)
            drop_altitudes(member, found);
        else
            flatten(member, found);
    }
}

const char *geojson_flat(const char *text, struct arena *arena)
{
    json_t *shape = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    struct positions found = { 0 };
    const char *flat = text;
    char *printed = NULL;

    flatten(shape, &found);
    // With some of either a position has lost something: that is for GEOS to refuse.
    if (found.high > 0 && found.flat == 0) {
        printed = json_dumps(shape, JSON_COMPACT | JSON_REAL_PRECISION(17));
        flat = printed ? arena_text(arena, printed) : NULL;
    }
    free(printed);
    json_decref(shape);
    return flat;
}
